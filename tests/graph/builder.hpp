// Changelogs for graph tests: each changeset is a line of touches.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include <memory>
#include <string>
#include <vector>

namespace changelog::test {

/// An operation that touches what it is told: "+t" creates table t, "-t.a" drops column a of t, "~rows t"
/// writes rows,
/// ".f()" requires function f, "~t:k" alters constraint k; "?" behind makes a touch tentative; "!" alone is a
/// barrier.
std::unique_ptr<Operation> touching(const std::string& touches);

/// A changelog with one changeset for each entry, "id: touches", all at different lines of one file. Touches
/// before and after a ";" belong to different operations.
Changelog changelog_of(const std::vector<std::string>& changesets);

/// resolve() on an empty catalog; fails the test on diagnostics.
Graph graph_of(const Changelog& changelog);
Graph graph_of(const Changelog& changelog, Diagnostics& diagnostics);

/// "a>b c>d": the edges by ids.
std::string edges(const Changelog& changelog, const Graph& graph);
/// "a b c"
std::string ids(const Changelog& changelog, const std::vector<std::size_t>& indexes);
std::string order(const std::vector<std::string>& changesets);

}  // namespace changelog::test
