#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "report/diagnostics.hpp"

namespace changelog::cli {

namespace {

bool would_be_lenient(const Diagnostics& diagnostics, const Settings& settings) {
    if (settings.load.lenient) return false;
    return std::any_of(diagnostics.items().begin(), diagnostics.items().end(), [](const Diagnostic& item) {
        return item.severity == Severity::error && (item.code == "CL1203" || item.code == "CL1102");
    });
}

/// As if the database were empty: every changeset is looked at.
void check_all(const Project& project, const Settings& settings, const UndoDemands& demands,
               Diagnostics& diagnostics) {
    PendingSet all;
    for (const std::size_t index : project.graph.order) all.pending.push_back({index, Action::apply});
    check_undo(project.changelog, project.graph, offline_context(settings), all, demands, diagnostics);
}

int run_validate(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    const UndoDemands demands{call.arguments.has("--require-rollback"),
                              call.arguments.has("--require-lossless")};
    if (!diagnostics.has_errors()) check_all(project, settings, demands, diagnostics);
    const report::ValidationCounts counts{project.file_count(), project.changelog.changesets.size()};
    if (call.output.format() == Format::json) {
        call.output.data(report::validation_json(counts, diagnostics));
        return exit_code_for(diagnostics);
    }
    call.output.data(report::diagnostics_text(diagnostics, call.output.colour_on_stdout()));
    call.output.data(report::validation_summary(counts, diagnostics) + '\n');
    if (would_be_lenient(diagnostics, settings))
        call.output.say(
            "hint: --lenient turns unknown keys into warnings; they then have no effect, as in Liquibase");
    return exit_code_for(diagnostics);
}

}  // namespace

const Command validate_command = {
    "validate",
    "Check the changelog without a database.",
    "Reads every file and reports everything that is wrong with it, each with file, line, column and what "
    "was probably\n"
    "meant, then one line of counts. The exit code is 3 if there are errors.",
    {{"--require-rollback", "", "Report changesets that need a rollback block and have none.", {}, {}},
     {"--require-lossless", "", "Report changesets whose undo would lose data.", {}, {}}},
    {},
    {"changelog validate", "changelog validate --changelog-file db/changelog.yaml --format json"},
    {"text", "json"},
    run_validate};

}  // namespace changelog::cli
