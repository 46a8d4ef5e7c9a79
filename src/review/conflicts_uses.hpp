// What a changeset does to each object, by what commutes with what.
#pragma once

#include "changelog/footprint.hpp"

#include "graph/objects.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace changelog::review {

/// A way to use an object; a changeset may use it in several.
enum class Way : std::uint8_t {
    read,      ///< it must be there as it is
    read_all,  ///< of the columns of a table: all of them (SELECT *)
    check,     ///< of rows: a new constraint or index goes over them
    insert,    ///< of rows
    add,       ///< of the columns of a table: one more
    change,    ///< of the columns of a table: one of them is changed or dropped
    write,     ///< it is made, changed or dropped
};
inline constexpr std::size_t kWays = 7;

using Ways = std::uint8_t;  ///< a set, by bits

constexpr Ways bit(Way way) { return static_cast<Ways>(1U << static_cast<unsigned>(way)); }

/// Of each way, the ways that do not commute with it.
constexpr std::array<Ways, kWays> kAgainst = [] {
    std::array<Ways, kWays> out{};
    constexpr std::pair<Way, Way> pairs[] = {
        {Way::read, Way::change},  {Way::read, Way::write},      {Way::read, Way::insert},
        {Way::read_all, Way::add}, {Way::read_all, Way::change}, {Way::read_all, Way::write},
        {Way::check, Way::write},  {Way::insert, Way::write},    {Way::add, Way::write},
        {Way::change, Way::write}, {Way::write, Way::write},
    };
    for (const auto& [a, b] : pairs) {
        out[static_cast<std::size_t>(a)] |= bit(b);
        out[static_cast<std::size_t>(b)] |= bit(a);
    }
    return out;
}();

struct Use {
    Ways ways = 0;
    Access access = Access::require;  ///< the gravest
    bool tentative = true;            ///< of all that is not only required
};

/// The uses of one changeset, what follows from its touches included (docs/graph.md). `selects_all`: its SQL
/// has a `*` in place of columns. `inserts_only` tells of a table whether nothing but inserts happens to its
/// rows.
std::map<graph::ObjectId, Use> uses_of(const Footprint& footprint, bool selects_all,
                                       const std::function<bool(const ObjectName&)>& inserts_only,
                                       graph::Objects& objects);

}  // namespace changelog::review
