#include "graph/formats.hpp"

#include "graph/objects.hpp"
#include "graph/report.hpp"

#include <nlohmann/json.hpp>

namespace changelog::graph {

namespace {

using Json = nlohmann::ordered_json;

/// What is shown: changesets in applied order, edges by (to, from), as the graph has them.
struct Shown {
    const Changelog& changelog;
    const Graph& graph;
    std::vector<std::size_t> vertices;
    std::vector<const Edge*> edges;

    const ChangeSet& changeset(std::size_t index) const { return changelog.changesets[index]; }
};

Shown select(const Changelog& changelog, const Graph& graph,
             const std::optional<std::vector<std::size_t>>& subset) {
    Shown shown{changelog, graph, {}, {}};
    std::vector<bool> wanted(graph.order.size(), !subset);
    if (subset)
        for (const std::size_t index : *subset) wanted.at(index) = true;
    for (const std::size_t index : graph.order)
        if (wanted[index]) shown.vertices.push_back(index);
    for (const Edge& edge : graph.edges)
        if (wanted[edge.from] && wanted[edge.to]) shown.edges.push_back(&edge);
    return shown;
}

/// One line of text: control characters would move the cursor or break the line.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out;
}

std::string dot_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : printable(text)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// Mermaid takes entities; everything that could end a label or begin markup becomes one.
std::string mermaid_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : printable(text)) {
        if (std::string_view("\"#&<>[](){}|;`\\%*_").find(c) != std::string_view::npos) {
            out += fmt::format("#{};", static_cast<int>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string as_text(const Shown& shown) {
    std::unordered_map<std::size_t, std::vector<const Edge*>> incoming;
    for (const Edge* edge : shown.edges) incoming[edge->to].push_back(edge);
    std::string out;
    for (const std::size_t index : shown.vertices) {
        out += printable(to_string(shown.changeset(index).key)) + '\n';
        for (const Edge* edge : incoming[index])
            out += fmt::format("    {} <- {}\n", printable(label(*edge)),
                               printable(to_string(shown.changeset(edge->from).key)));
    }
    return out;
}

std::string as_dot(const Shown& shown) {
    std::string out = "digraph changelog {\n    rankdir=LR;\n    node [shape=box];\n";
    for (const std::size_t index : shown.vertices)
        out +=
            fmt::format("    c{} [label={}, tooltip={}];\n", index, dot_string(shown.changeset(index).key.id),
                        dot_string(to_string(shown.changeset(index).key)));
    for (const Edge* edge : shown.edges)
        out += fmt::format("    c{} -> c{} [label={}];\n", edge->from, edge->to, dot_string(label(*edge)));
    return out + "}\n";
}

std::string as_mermaid(const Shown& shown) {
    std::string out = "flowchart LR\n";
    for (const std::size_t index : shown.vertices)
        out += fmt::format("    c{}[{}]\n", index, mermaid_string(shown.changeset(index).key.id));
    for (const Edge* edge : shown.edges)
        out += fmt::format("    c{} -->|{}| c{}\n", edge->from, mermaid_string(label(*edge)), edge->to);
    return out;
}

std::string_view name_of(EdgeReason reason) {
    switch (reason) {
        case EdgeReason::use_after_create:
            return "use_after_create";
        case EdgeReason::change_after_use:
            return "change_after_use";
        case EdgeReason::change_after_change:
            return "change_after_change";
        case EdgeReason::declared:
            return "declared";
        case EdgeReason::barrier:
            return "barrier";
    }
    return {};
}

Json json_of(const Shown& shown, std::size_t index) {
    const ChangeSet& changeset = shown.changeset(index);
    Json out = {{"index", index},
                {"id", changeset.key.id},
                {"author", changeset.key.author},
                {"path", changeset.key.path}};
    if (changeset.at) out["line"] = changeset.at.line;
    if (shown.graph.footprints[index].barrier) out["barrier"] = shown.graph.footprints[index].barrier_reason;
    return out;
}

Json json_of(const Edge& edge) {
    Json out = {{"from", edge.from}, {"to", edge.to}, {"reason", name_of(edge.reason)}};
    const bool has_object = edge.reason != EdgeReason::declared && edge.reason != EdgeReason::barrier;
    if (has_object) out["object"] = describe(edge.object);
    return out;
}

std::string as_json(const Shown& shown) {
    Json out = {{"changesets", Json::array()}, {"edges", Json::array()}};
    for (const std::size_t index : shown.vertices) out["changesets"].push_back(json_of(shown, index));
    for (const Edge* edge : shown.edges) out["edges"].push_back(json_of(*edge));
    // Text that is not UTF-8 cannot come from a file; should it ever, it must not stop the output.
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::optional<GraphFormat> graph_format(std::string_view name) {
    if (name == "text") return GraphFormat::text;
    if (name == "dot") return GraphFormat::dot;
    if (name == "mermaid") return GraphFormat::mermaid;
    if (name == "json") return GraphFormat::json;
    return std::nullopt;
}

std::string format_graph(const Changelog& changelog, const Graph& graph, GraphFormat format,
                         const std::optional<std::vector<std::size_t>>& subset) {
    const Shown shown = select(changelog, graph, subset);
    switch (format) {
        case GraphFormat::text:
            return as_text(shown);
        case GraphFormat::dot:
            return as_dot(shown);
        case GraphFormat::mermaid:
            return as_mermaid(shown);
        case GraphFormat::json:
            return as_json(shown);
    }
    return {};
}

}  // namespace changelog::graph
