#include "report/graph.hpp"

#include "changelog/plan.hpp"

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "graph/formats.hpp"

namespace changelog::cli {

namespace {

using Subset = std::optional<std::vector<std::size_t>>;

/// With --changeset: it and what it needs.
Subset subset_of(const Project& project, const Arguments& arguments, Diagnostics& diagnostics) {
    const auto name = arguments.value("--changeset");
    if (!name) return std::nullopt;
    const auto index = find_changeset(project.changelog, *name, diagnostics);
    return index ? ancestors_of(project.graph, *index) : Subset();
}

int run_graph(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    Subset subset;
    if (!diagnostics.has_errors()) subset = subset_of(project, call.arguments, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("graph", diagnostics);
        return exit_code_for(diagnostics);
    }
    if (call.output.format() == Format::json) {
        call.output.data(report::graph_json(project.changelog, project.graph, subset, diagnostics));
        return kOk;
    }
    call.output.report(diagnostics);
    const auto format = graph::graph_format(call.output.format_name()).value_or(graph::GraphFormat::text);
    call.output.data(graph::format_graph(project.changelog, project.graph, format, subset));
    return kOk;
}

}  // namespace

const Command graph_command = {"graph",
                               "Print which changeset depends on which, and why.",
                               "Needs no database. Changesets stand in the order in which they are applied; "
                               "each edge names the object that causes "
                               "it.",
                               {{"--changeset", "ID", "Only this changeset and what it needs."}},
                               {},
                               {"changelog graph", "changelog graph --format dot | dot -Tsvg > graph.svg",
                                "changelog graph --format mermaid --changeset add-orders-note"},
                               {"text", "dot", "mermaid", "json"},
                               run_graph};

}  // namespace changelog::cli
