// The dependency graph of a changelog's changesets, and the order that it gives.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/footprint.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace changelog {

enum class EdgeReason : std::uint8_t {
    use_after_create,  ///< `to` needs what `from` makes or alters
    change_after_use,  ///< `to` drops or alters what `from` uses
    change_after_change,
    declared,  ///< dependsOn
    barrier,   ///< one of the two cannot be seen through
};

/// `from` must be applied before `to`; both are indexes into the changelog's changesets.
struct Edge {
    std::size_t from = 0, to = 0;
    EdgeReason reason = EdgeReason::declared;
    ObjectRef object;  ///< what causes it; unused for declared and barrier
};

/// Vertices are the changelog's changesets by index.
struct Graph {
    std::vector<Footprint> footprints;
    std::vector<Edge> edges;         ///< sorted by (to, from); at most one per pair
    std::vector<std::size_t> order;  ///< a topological order: the changelog's own wherever that is one
};

/// Builds the graph and orders it. Cycles and unknown dependencies are reported; then `order` is the
/// changelog's own.
Graph resolve(const Changelog& changelog, const RenderContext& context, Diagnostics& diagnostics);

/// Every changeset that `index` needs, itself included, in applied order.
std::vector<std::size_t> ancestors_of(const Graph& graph, std::size_t index);
/// Every changeset that needs `index`, without itself, in applied order.
std::vector<std::size_t> dependents_of(const Graph& graph, std::size_t index);

}  // namespace changelog
