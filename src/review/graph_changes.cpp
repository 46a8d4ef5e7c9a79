#include "review/history.hpp"

#include <algorithm>
#include <map>

namespace changelog::review {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// For each changeset of `from` its index in `to`; kNone where it is missing.
std::vector<std::size_t> places(const Changelog& from, const Changelog& to) {
    std::map<ChangeSetKey, std::size_t> index;
    for (std::size_t i = 0; i < to.changesets.size(); ++i) index.emplace(to.changesets[i].key, i);
    std::vector<std::size_t> out(from.changesets.size(), kNone);
    for (std::size_t i = 0; i < from.changesets.size(); ++i)
        if (const auto found = index.find(from.changesets[i].key); found != index.end())
            out[i] = found->second;
    return out;
}

/// Edges are sorted by (to, from).
bool has_edge(const Graph& graph, std::size_t from, std::size_t to) {
    const auto found = std::lower_bound(
        graph.edges.begin(), graph.edges.end(), std::pair(to, from),
        [](const Edge& edge, const auto& wanted) { return std::pair(edge.to, edge.from) < wanted; });
    return found != graph.edges.end() && found->to == to && found->from == from;
}

}  // namespace

GraphChanges graph_changes(const Changelog& base, const Graph& base_graph, const Changelog& head,
                           const Graph& head_graph) {
    const std::vector<std::size_t> in_base = places(head, base), in_head = places(base, head);
    GraphChanges out;
    for (std::size_t i = 0; i < in_base.size(); ++i)
        if (in_base[i] == kNone) out.added.push_back(i);
    for (const Edge& edge : head_graph.edges)
        if (in_base[edge.from] == kNone || in_base[edge.to] == kNone) out.edges.push_back(edge);
    for (const Edge& edge : base_graph.edges) {
        const std::size_t from = in_head[edge.from], to = in_head[edge.to];
        if (from != kNone && to != kNone && !has_edge(head_graph, from, to)) out.lost.push_back(edge);
    }
    return out;
}

}  // namespace changelog::review
