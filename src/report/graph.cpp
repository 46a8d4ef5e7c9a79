#include "report/graph.hpp"

#include "report/json.hpp"

namespace changelog::report {

namespace {

const char* name_of(EdgeReason reason) {
    switch (reason) {
        case EdgeReason::use_after_create: return "use_after_create";
        case EdgeReason::change_after_use: return "change_after_use";
        case EdgeReason::change_after_change: return "change_after_change";
        case EdgeReason::declared: return "declared";
        case EdgeReason::barrier: return "barrier";
    }
    return "declared";
}

bool has_object(const Edge& edge) { return edge.reason != EdgeReason::declared && edge.reason != EdgeReason::barrier; }

/// Why the one comes after the other, in words.
std::string label(const Edge& edge) {
    switch (edge.reason) {
        case EdgeReason::use_after_create: return "needs " + to_string(edge.object);
        case EdgeReason::change_after_use: return "changes what it uses: " + to_string(edge.object);
        case EdgeReason::change_after_change: return "both change " + to_string(edge.object);
        case EdgeReason::declared: return "dependsOn";
        case EdgeReason::barrier: return "opaque SQL";
    }
    return {};
}

/// An id is enough where it is the only one of its kind.
std::vector<std::string> short_names(const Changelog& changelog) {
    std::map<std::string, int> uses;
    for (const ChangeSet& changeset : changelog.changesets) ++uses[changeset.key.id];
    std::vector<std::string> names;
    for (const ChangeSet& changeset : changelog.changesets)
        names.push_back(uses[changeset.key.id] == 1 ? changeset.key.id : to_string(changeset.key));
    return names;
}

std::string escaped(std::string_view text, std::string_view special, auto&& replace) {
    std::string out;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) out += replace(c);
        else out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
}

std::string dot_string(std::string_view text) {
    return '"' + escaped(text, "\"\\", [](char c) { return std::string{'\\', c}; }) + '"';
}

std::string mermaid_string(std::string_view text) {
    const auto entity = [](char c) { return fmt::format("#{};", static_cast<int>(static_cast<unsigned char>(c))); };
    return '"' + escaped(text, "\"#<>&`", entity) + '"';
}

std::map<std::size_t, std::vector<const Edge*>> by_target(const Graph& graph) {
    std::map<std::size_t, std::vector<const Edge*>> out;
    for (const Edge& edge : graph.edges) out[edge.to].push_back(&edge);
    return out;
}

}  // namespace

std::string graph_text(const Changelog& changelog, const Graph& graph) {
    const auto names = short_names(changelog);
    const auto incoming = by_target(graph);
    std::string out;
    for (const std::size_t index : graph.order) {
        out += names[index] + '\n';
        const auto found = incoming.find(index);
        if (found == incoming.end()) continue;
        for (const Edge* edge : found->second) out += fmt::format("  after {}  ({})\n", names[edge->from], label(*edge));
    }
    return out;
}

std::string graph_dot(const Changelog& changelog, const Graph& graph) {
    const auto names = short_names(changelog);
    std::string out = "digraph changelog {\n  rankdir=LR;\n  node [shape=box];\n";
    for (const std::size_t index : graph.order) out += fmt::format("  c{} [label={}];\n", index, dot_string(names[index]));
    for (const Edge& edge : graph.edges)
        out += fmt::format("  c{} -> c{} [label={}];\n", edge.from, edge.to, dot_string(label(edge)));
    return out + "}\n";
}

std::string graph_mermaid(const Changelog& changelog, const Graph& graph) {
    const auto names = short_names(changelog);
    std::string out = "graph LR\n";
    for (const std::size_t index : graph.order) out += fmt::format("  c{}[{}]\n", index, mermaid_string(names[index]));
    for (const Edge& edge : graph.edges)
        out += fmt::format("  c{} -->|{}| c{}\n", edge.from, mermaid_string(label(edge)), edge.to);
    return out;
}

std::string graph_json(const Changelog& changelog, const Graph& graph, const Diagnostics& diagnostics) {
    Json nodes = Json::array(), edges = Json::array(), order = Json::array();
    for (std::size_t i = 0; i < changelog.changesets.size(); ++i) {
        const ChangeSet& changeset = changelog.changesets[i];
        Json node = {{"index", i}, {"id", changeset.key.id}, {"author", changeset.key.author}, {"path", changeset.key.path}};
        node["file"] = changeset.stored_path;
        node["line"] = changeset.at.line;
        if (i < graph.footprints.size() && graph.footprints[i].barrier) node["opaque"] = graph.footprints[i].barrier_reason;
        nodes.push_back(std::move(node));
    }
    for (const Edge& edge : graph.edges) {
        Json item = {{"from", edge.from}, {"to", edge.to}, {"reason", name_of(edge.reason)}};
        if (has_object(edge)) item["object"] = to_string(edge.object);
        edges.push_back(std::move(item));
    }
    for (const std::size_t index : graph.order) order.push_back(index);
    Json out = answer("graph", diagnostics);
    out["changesets"] = std::move(nodes);
    out["edges"] = std::move(edges);
    out["order"] = std::move(order);
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
