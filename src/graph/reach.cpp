// Walks along the edges of a graph, which are sorted by (to, from).
#include "changelog/graph.hpp"

namespace changelog {

namespace {

using EdgeRange = std::pair<std::vector<Edge>::const_iterator, std::vector<Edge>::const_iterator>;

EdgeRange edges_into(const Graph& graph, std::size_t index) {
    const auto before = [](const Edge& edge, std::size_t to) { return edge.to < to; };
    const auto first = std::lower_bound(graph.edges.begin(), graph.edges.end(), index, before);
    return {first, std::lower_bound(first, graph.edges.end(), index + 1, before)};
}

std::vector<std::size_t> marked_in_order(const Graph& graph, const std::vector<bool>& marked) {
    std::vector<std::size_t> out;
    for (const std::size_t index : graph.order)
        if (marked[index]) out.push_back(index);
    return out;
}

}  // namespace

std::vector<std::size_t> ancestors_of(const Graph& graph, std::size_t index) {
    std::vector<bool> marked(graph.order.size());
    if (index >= marked.size()) return {};
    std::vector<std::size_t> open = {index};
    marked[index] = true;
    while (!open.empty()) {
        const auto [first, last] = edges_into(graph, open.back());
        open.pop_back();
        for (auto edge = first; edge != last; ++edge) {
            if (marked[edge->from]) continue;
            marked[edge->from] = true;
            open.push_back(edge->from);
        }
    }
    return marked_in_order(graph, marked);
}

std::vector<std::size_t> dependents_of(const Graph& graph, std::size_t index) {
    std::vector<bool> marked(graph.order.size());
    if (index >= marked.size()) return {};
    marked[index] = true;
    for (const std::size_t later : graph.order) {  // topological, so what comes before is decided
        const auto [first, last] = edges_into(graph, later);
        if (std::any_of(first, last, [&](const Edge& edge) { return marked[edge.from]; }))
            marked[later] = true;
    }
    marked[index] = false;
    return marked_in_order(graph, marked);
}

}  // namespace changelog
