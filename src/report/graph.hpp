// The dependency graph in the forms that people, Graphviz, Mermaid and programs read.
#pragma once

#include <string>

#include "changelog/graph.hpp"

namespace changelog::report {

std::string graph_text(const Changelog& changelog, const Graph& graph);
std::string graph_dot(const Changelog& changelog, const Graph& graph);
std::string graph_mermaid(const Changelog& changelog, const Graph& graph);
std::string graph_json(const Changelog& changelog, const Graph& graph, const Diagnostics& diagnostics);

}  // namespace changelog::report
