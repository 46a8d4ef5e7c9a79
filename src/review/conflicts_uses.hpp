// What a changeset does to each object, by what commutes with what.
#pragma once

#include "changelog/footprint.hpp"

#include "graph/objects.hpp"
#include "review/changed_aspects.hpp"
#include "review/row_changes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace changelog::review {

/// A way to use an object; a changeset may use it in several.
enum class Way : std::uint8_t {
    read,          ///< it must be there as it is
    read_all,      ///< of the columns of a table: all of them (SELECT *)
    check,         ///< of rows: a new constraint or index goes over them
    insert,        ///< of rows
    add,           ///< of the columns of a table: one more
    change,        ///< of the columns of a table: one of them is changed or dropped
    write,         ///< it is made, changed or dropped
    set_default,   ///< of a column, and of the rows that are inserted without it
    set_not_null,  ///< of a column; of some columns of a table
    fill,          ///< of a column, or of some: rows are changed by it, or where it has some value
    adjust,        ///< of a table: a setting; of a schema: rights on all that is in it
    copy,          ///< of a table: its whole shape (LIKE)
    shape,         ///< of a table: a part of what is copied
    populate,      ///< of a schema: something more in it
    comment,       ///< it gets another comment
    rights,        ///< somebody gets or loses rights on it
};
inline constexpr std::size_t kWays = 16;

using Ways = std::uint32_t;  ///< a set, by bits

constexpr Ways bit(Way way) { return static_cast<Ways>(1U << static_cast<unsigned>(way)); }

/// Of each way, the ways that do not commute with it.
constexpr std::array<Ways, kWays> kAgainst = [] {
    std::array<Ways, kWays> out{};
    constexpr std::pair<Way, Way> pairs[] = {
        {Way::read, Way::change},
        {Way::read, Way::write},
        {Way::read, Way::insert},
        {Way::read_all, Way::add},
        {Way::read_all, Way::change},
        {Way::read_all, Way::write},
        {Way::check, Way::write},
        {Way::insert, Way::write},
        {Way::add, Way::write},
        {Way::change, Way::write},
        {Way::write, Way::write},
        {Way::set_default, Way::set_default},
        {Way::set_default, Way::write},
        {Way::set_default, Way::insert},
        {Way::set_not_null, Way::set_not_null},
        {Way::set_not_null, Way::write},
        {Way::set_not_null, Way::fill},
        {Way::adjust, Way::adjust},
        {Way::adjust, Way::write},
        {Way::adjust, Way::populate},
        {Way::copy, Way::shape},
        {Way::comment, Way::comment},
        {Way::rights, Way::rights},
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
/// has a `*` in place of columns. `rows` is what happens to the rows of each table.
std::map<graph::ObjectId, Use> uses_of(const Footprint& footprint, bool selects_all,
                                       const std::map<ObjectName, RowChange>& rows,
                                       const ChangedAspects& aspects, graph::Objects& objects);

}  // namespace changelog::review
