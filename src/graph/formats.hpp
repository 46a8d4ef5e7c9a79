// A graph for people and programs.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::graph {

enum class GraphFormat { text, dot, mermaid, json };

/// Null for an unknown name.
std::optional<GraphFormat> graph_format(std::string_view name);

/// The graph, or only the changesets of `subset` and the edges between them. In applied order; equal input
/// gives equal text. Ids may hold anything: they are escaped for each format.
std::string format_graph(const Changelog& changelog, const Graph& graph, GraphFormat format,
                         const std::optional<std::vector<std::size_t>>& subset = std::nullopt);

}  // namespace changelog::graph
