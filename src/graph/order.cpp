// The only file that includes Boost.Graph, whose headers are slow to compile.
#include "graph/order.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>

#include <deque>
#include <queue>

namespace changelog::graph {

namespace {

bool before_target(const Arrow& arrow, Vertex vertex) { return arrow.to < vertex; }

/// The arrows that point at a vertex.
std::pair<std::size_t, std::size_t> incoming(const std::vector<Arrow>& arrows, Vertex vertex) {
    const auto first = std::lower_bound(arrows.begin(), arrows.end(), vertex, before_target);
    const auto last = std::lower_bound(first, arrows.end(), vertex + 1, before_target);
    return {static_cast<std::size_t>(first - arrows.begin()),
            static_cast<std::size_t>(last - arrows.begin())};
}

std::vector<std::size_t> components(std::size_t vertices, const std::vector<Arrow>& arrows) {
    using Adjacency = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
    Adjacency adjacency(vertices);
    for (const Arrow& arrow : arrows) boost::add_edge(arrow.from, arrow.to, adjacency);
    std::vector<std::size_t> component(vertices);
    boost::strong_components(adjacency, boost::make_iterator_property_map(
                                            component.begin(), boost::get(boost::vertex_index, adjacency)));
    return component;
}

/// Breadth first against the arrows, within the vertices of one component.
std::vector<Arrow> shortest_cycle(Vertex start, const std::vector<Arrow>& arrows,
                                  const std::vector<std::size_t>& component) {
    std::unordered_map<Vertex, std::size_t> reached_by;  // the arrow over which a vertex was met
    std::deque<Vertex> queue = {start};
    while (!queue.empty()) {
        const Vertex vertex = queue.front();
        queue.pop_front();
        for (auto [i, end] = incoming(arrows, vertex); i < end; ++i) {
            const Vertex needed = arrows[i].from;
            if (component[needed] != component[start] || !reached_by.emplace(needed, i).second) continue;
            if (needed != start) {
                queue.push_back(needed);
                continue;
            }
            std::vector<Arrow> cycle;
            for (Vertex at = start; cycle.empty() || at != start; at = cycle.back().to)
                cycle.push_back(arrows[reached_by.at(at)]);
            std::reverse(cycle.begin(), cycle.end());
            return cycle;
        }
    }
    return {};
}

}  // namespace

std::optional<std::vector<Vertex>> stable_order(std::size_t vertices, const std::vector<Arrow>& arrows) {
    std::vector<std::uint32_t> missing(vertices), first(vertices + 1);
    for (const Arrow& arrow : arrows) {
        ++missing[arrow.to];
        ++first[arrow.from + 1];
    }
    for (std::size_t i = 0; i < vertices; ++i) first[i + 1] += first[i];
    std::vector<Vertex> targets(arrows.size());
    std::vector<std::uint32_t> filled(first.begin(), first.end() - 1);
    for (const Arrow& arrow : arrows) targets[filled[arrow.from]++] = arrow.to;

    std::priority_queue<Vertex, std::vector<Vertex>, std::greater<>> ready;
    for (Vertex i = 0; i < vertices; ++i)
        if (missing[i] == 0) ready.push(i);
    std::vector<Vertex> order;
    order.reserve(vertices);
    while (!ready.empty()) {
        const Vertex vertex = ready.top();
        ready.pop();
        order.push_back(vertex);
        for (std::uint32_t i = first[vertex]; i < first[vertex + 1]; ++i)
            if (--missing[targets[i]] == 0) ready.push(targets[i]);
    }
    if (order.size() != vertices) return std::nullopt;
    return order;
}

std::vector<std::vector<Arrow>> cycles(std::size_t vertices, const std::vector<Arrow>& arrows) {
    const std::vector<std::size_t> component = components(vertices, arrows);
    std::vector<std::vector<Arrow>> found;
    std::vector<std::uint8_t> done(vertices);
    for (Vertex i = 0; i < vertices; ++i) {
        if (done[component[i]] != 0) continue;
        done[component[i]] = 1;
        std::vector<Arrow> cycle =
            shortest_cycle(i, arrows, component);  // empty unless it is a knot or a loop
        if (!cycle.empty()) found.push_back(std::move(cycle));
    }
    return found;
}

}  // namespace changelog::graph
