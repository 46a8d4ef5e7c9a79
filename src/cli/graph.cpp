#include "report/graph.hpp"

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"

namespace changelog::cli {

namespace {

std::string render(const std::string& format, const Project& project, const Diagnostics& diagnostics) {
    if (format == "dot") return report::graph_dot(project.changelog, project.graph);
    if (format == "mermaid") return report::graph_mermaid(project.changelog, project.graph);
    if (format == "json") return report::graph_json(project.changelog, project.graph, diagnostics);
    return report::graph_text(project.changelog, project.graph);
}

int run_graph(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("graph", diagnostics);
        return exit_code_for(diagnostics);
    }
    if (call.output.format() != Format::json) call.output.report(diagnostics);
    call.output.data(render(call.output.format_name(), project, diagnostics));
    return kOk;
}

}  // namespace

const Command graph_command = {
    "graph",
    "Print which changeset depends on which, and why.",
    "Needs no database. Changesets stand in the order in which they are applied; each edge names the object that causes it.",
    {},
    {},
    {"changelog graph", "changelog graph --format dot | dot -Tsvg > graph.svg", "changelog graph --format mermaid"},
    {"text", "dot", "mermaid", "json"},
    run_graph};

}  // namespace changelog::cli
