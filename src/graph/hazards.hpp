// From accesses to edges: who must come before whom, and why.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include "graph/accesses.hpp"

#include <vector>

namespace changelog::graph {

/// An edge while it is computed with.
struct Arrow {
    Vertex from = 0, to = 0;
    EdgeReason reason = EdgeReason::declared;
    ObjectId object = kNoObject;

    auto operator<=>(const Arrow&) const = default;
};

/// What hazards need to know of each changeset besides its accesses.
struct Traits {
    std::vector<std::uint8_t> conditional;  ///< has preconditions, so it may not happen at all
    std::vector<std::uint8_t> barrier;
};

/// Appends the hazards of all objects. Their number is linear in that of the events.
void add_hazards(Objects& objects, std::vector<std::vector<Event>> events, const Traits& traits,
                 std::vector<Arrow>& out);

/// Appends what keeps each barrier between all before it and all after it, given all other edges.
void add_barriers(const Traits& traits, std::vector<Arrow>& arrows);

}  // namespace changelog::graph
