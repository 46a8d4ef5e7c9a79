// What a branch does to the history: which changesets it adds, edits, removes, renames.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include "review/statistics.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace changelog::review {

enum class ChangeKind : std::uint8_t { added, edited, removed, renamed };

std::string_view to_string(ChangeKind kind);

struct ChangedChangeSet {
    ChangeKind kind = ChangeKind::added;
    std::optional<std::size_t> head, base;  ///< indexes into the two changelogs
    std::vector<std::string> differences;   ///< of meaning, for edited ones: one line each
    std::vector<std::string> applied_in;    ///< environments that have it applied, as far as statistics say
    bool runs = false;                      ///< an update runs it: added, or edited with runOnChange
    /// An edit, a removal or a rename that an environment which has applied it will refuse. Without any
    /// list of what is applied, all that the base has counts as applied.
    bool breaks_history = false;
};

struct HistoryChanges {
    std::vector<ChangedChangeSet> changesets;  ///< in the order of head, removed ones last
    /// Of those in both whose order towards each other is another now, as far as it matters: pairs of ids
    /// that the graph does not order.
    std::vector<std::string> notes;
};

/// Compares by key and checksum; a changeset that vanished and one that came with the same checksum is a
/// rename.
HistoryChanges history_changes(const Changelog& base, const Changelog& head,
                               const std::vector<Statistics>& statistics);

struct GraphChanges {
    std::vector<std::size_t> added;  ///< changesets of head that base has not
    std::vector<Edge> edges;         ///< of head's graph that end or begin at one of them
    std::vector<Edge> lost;          ///< of base's graph (its indexes), between changesets that both have
};

GraphChanges graph_changes(const Changelog& base, const Graph& base_graph, const Changelog& head,
                           const Graph& head_graph);

}  // namespace changelog::review
