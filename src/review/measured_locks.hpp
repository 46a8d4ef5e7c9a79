// The locks of a plan beside those that a scratch server was seen to take.
#pragma once

#include "execute/trace_update.hpp"
#include "review/review.hpp"

#include <set>
#include <vector>

namespace changelog::review {

/// What was measured. `stated`: the plan for the server's version, of the same changesets as the review's.
struct Measured {
    const Changelog& head;
    const execute::Plan& stated;
    const std::vector<execute::TracedChangeSet>& traced;
    /// Tables and views. Of indexes and sequences nobody sees the locks but through their table.
    std::set<ObjectName> relations;
};

/// Compares statement by statement, and fills in the proof. A statement of which nobody could tell what it
/// does gets the locks that were measured.
void compare_locks(const Measured& measured, Review& review, Proof& proof);

}  // namespace changelog::review
