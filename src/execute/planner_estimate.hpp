// How long the work of a statement may take. Rough on purpose: a range from a fast machine with everything
// in memory to a slow one that reads from its disk.
#pragma once

#include "hazards/lock.hpp"
#include "postgres/sizes.hpp"

#include <cstdint>
#include <string_view>

namespace changelog::execute {

/// Where an estimate comes from.
enum class Basis : std::uint8_t {
    fixed,       ///< the statement's form alone tells: it changes the system catalogs only
    statistics,  ///< sizes of the relations and the speeds below
    unknown,     ///< no estimate can be made
};

/// "static", "statistics", "unknown"
std::string_view to_string(Basis basis);

struct Estimate {
    double low = 0, high = 0;  ///< seconds; without meaning where the basis is `unknown`
    Basis basis = Basis::fixed;

    bool known() const { return basis != Basis::unknown; }
    Estimate& operator+=(const Estimate& other);
};

/// Work per second, slow and fast.
struct Speed {
    double slow, fast;
};

// The constants behind every estimate; docs/plan.md tells what they were measured on.
inline constexpr Speed kScanBytes = {200e6, 2000e6};   ///< reading a table
inline constexpr Speed kScanRows = {4e6, 25e6};        ///< and checking a condition for each row
inline constexpr Speed kBuildRows = {0.6e6, 4e6};      ///< sorting and writing an index
inline constexpr Speed kRewriteBytes = {40e6, 250e6};  ///< writing a table again, with its WAL
inline constexpr Speed kRewriteRows = {0.5e6, 4e6};
inline constexpr Estimate kCatalogChange = {0.001, 0.01};  ///< for each statement

/// What is done to one relation. `concurrently`: an index is built in two passes.
Estimate work_estimate(hazards::Work work, const postgres::RelationSize& size, bool concurrently);

/// UPDATE, DELETE and MERGE: between nothing and every row; `every`: all of them, for sure.
Estimate rows_estimate(const postgres::RelationSize& size, bool every);

}  // namespace changelog::execute
