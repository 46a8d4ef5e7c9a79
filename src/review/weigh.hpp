// How grave a finding is, given how large the tables are: what takes long on a large table is nothing on a
// small one.
#pragma once

#include "changelog/catalog.hpp"

#include "execute/planner_estimate.hpp"
#include "review/findings.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::review {

/// Below both, work is over before anybody notices.
inline constexpr std::uint64_t kSmallRows = 10'000, kSmallBytes = 10 * 1024 * 1024;
/// Above, work under a lock that makes others wait is an error.
inline constexpr std::uint64_t kLargeRows = 1'000'000;
/// Seconds: a lock that makes others wait for longer is an error.
inline constexpr double kLongHold = 10;

struct TableSize {
    std::optional<std::uint64_t> rows, bytes;  ///< nothing: not known
};

struct Weighing {
    std::function<TableSize(const ObjectName&)> size_of;
    std::function<std::string(const ObjectName&)> shown;   ///< a name as people read it
    const catalog::Catalog& catalog;                       ///< tells which table an index is of
    bool milder = true;                                    ///< sizes are new enough to make anything milder
    bool graver = true;                                    ///< large tables make errors of warnings
    std::optional<execute::Estimate> hold = std::nullopt;  ///< of the statement's locks
};

/// Whether the rule is about work that grows with the table.
bool grows_with_size(std::string_view code);

/// Puts what is known of the tables' sizes into a finding that grows with them: a note on small ones, an
/// error on large ones that it keeps others out of. The largest table counts; one whose size is not known may
/// be large.
void weigh(LocatedFinding& finding, const Weighing& weighing);

/// "ACCESS EXCLUSIVE on orders: reads and writes wait while it is written anew.", a line for each relation
/// that somebody waits for or that is worked on; at most four.
std::string lock_sentences(const std::vector<hazards::RelationFacts>& relations,
                           const std::function<std::string(const ObjectName&)>& shown);

std::string shown_rows(std::uint64_t rows);                    ///< "52,000,000 rows"
std::string shown_bytes(std::uint64_t bytes);                  ///< "16.8 GB": of 1024, as PostgreSQL counts
std::string shown_seconds(const execute::Estimate& estimate);  ///< "about 41-70 s"

}  // namespace changelog::review
