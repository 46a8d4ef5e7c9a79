// Two branches' changesets that do not commute: merging them in one order gives another schema, or an error,
// than in the other order.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace changelog::review {

struct Conflict {
    std::size_t ours = 0, theirs = 0;  ///< indexes into the changelogs of the two branches
    std::vector<ObjectRef> objects;    ///< what both touch, sorted
    std::string reason;                ///< "both create table public.orders"
    bool unknown = false;              ///< nothing is known to collide: one of them cannot be seen through
};

/// One side: the changesets at `indexes` are those that it has and the merge base has not.
struct Branch {
    const Changelog& changelog;
    const Graph& graph;
    std::vector<std::size_t> indexes;
};

/// All pairs that do not commute, in the order of ours, then theirs. Reading the same thing, adding two
/// columns to one table, or two rows to it commutes; see docs/review.md. Linear in the footprints and the
/// pairs found.
std::vector<Conflict> conflicts(const Branch& ours, const Branch& theirs);

}  // namespace changelog::review
