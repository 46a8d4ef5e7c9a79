#include "report/graph.hpp"

#include "graph/formats.hpp"
#include "report/json.hpp"

namespace changelog::report {

std::string graph_json(const Changelog& changelog, const Graph& graph,
                       const std::optional<std::vector<std::size_t>>& subset,
                       const Diagnostics& diagnostics) {
    Json out = answer("graph", diagnostics);
    out.update(Json::parse(graph::format_graph(changelog, graph, graph::GraphFormat::json, subset)));
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
