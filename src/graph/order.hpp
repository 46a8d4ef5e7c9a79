// Orders the vertices of a graph, or says why they have no order.
#pragma once

#include "graph/hazards.hpp"

#include <optional>
#include <vector>

namespace changelog::graph {

/// The topological order that takes the smallest vertex first wherever there is a choice: numbers that are in
/// a valid order already stay where they are. Nothing if there are cycles. Arrows must be sorted by (to,
/// from).
std::optional<std::vector<Vertex>> stable_order(std::size_t vertices, const std::vector<Arrow>& arrows);

/// For each knot of vertices that need each other, a shortest cycle through its smallest vertex, as the
/// arrows from a vertex to one that it needs: each arrow's `from` is the next one's `to`.
std::vector<std::vector<Arrow>> cycles(std::size_t vertices, const std::vector<Arrow>& arrows);

}  // namespace changelog::graph
