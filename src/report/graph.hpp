// The dependency graph in the envelope that all JSON answers have.
#pragma once

#include "changelog/graph.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::report {

/// `subset` as for graph::format_graph.
std::string graph_json(const Changelog& changelog, const Graph& graph,
                       const std::optional<std::vector<std::size_t>>& subset, const Diagnostics& diagnostics);

}  // namespace changelog::report
