// How edges are put into words.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include <string>

namespace changelog::graph {

/// "db/a.yaml:3:5 changeset 'a'"
std::string place(const ChangeSet& changeset);

/// "db/a.yaml:3:5 changeset 'a' needs table public.b, made by db/b.yaml:9:5 changeset 'b'"
std::string sentence(const Changelog& changelog, const Edge& edge);

/// "needs table public.b", "waits for a change that cannot be seen through": what an edge is called in a
/// drawing.
std::string label(const Edge& edge);

/// A cycle as a path of `to` needs `from`, one arrow per line.
void report_cycle(const Changelog& changelog, const std::vector<Edge>& cycle, Diagnostics& diagnostics);

}  // namespace changelog::graph
