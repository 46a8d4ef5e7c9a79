#include "report/status.hpp"

#include "changelog/codes.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/session.hpp"

namespace changelog::cli {

namespace {

/// What a crash cut off half-way; the next run of the command goes on there.
void warn_of_interrupted(postgres::Ledger& ledger, Diagnostics& diagnostics) {
    const auto warn = [&](const postgres::HistoryRow& row, std::string_view what, std::string next) {
        Diagnostic& item = diagnostics.warning(codes::interrupted_changeset, {},
                                               fmt::format("{} '{}' was interrupted at statement {}", what,
                                                           row.key.id, row.step.value_or(0) + 1));
        item.changeset = to_string(row.key);
        item.next = {std::move(next)};
    };
    for (const postgres::HistoryRow& row : ledger.interrupted()) warn(row, "changeset", "changelog update");
    for (const postgres::HistoryRow& row : ledger.interrupted_rollbacks())
        warn(row, "the rollback of changeset",
             fmt::format("changelog rollback --changeset '{}'", row.key.id));
}

/// Nothing is known of what is applied, so nothing may be said of it.
bool unreadable(const Diagnostics& diagnostics) {
    return std::any_of(diagnostics.items().begin(), diagnostics.items().end(), [](const Diagnostic& item) {
        return item.code == codes::no_ledger_rights || item.code == codes::ledger_shape;
    });
}

int run_status(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("status", diagnostics);
        return exit_code_for(diagnostics);
    }
    Session session(settings, call.output, diagnostics);
    SelectOptions select;
    select.selection = settings.selection;
    const execute::StatusReport status = session.engine().status(project.changelog, project.graph, select);
    if (unreadable(diagnostics)) {
        call.output.fail("status", diagnostics);
        return exit_code_for(diagnostics);
    }
    if (status.ledger_exists && !diagnostics.has_errors())
        warn_of_interrupted(session.engine().ledger(), diagnostics);
    if (call.output.format() == Format::json) {
        call.output.data(report::status_json(project.changelog, status, diagnostics));
    } else {
        call.output.data(report::status_text(project.changelog, status, call.output.width(),
                                             call.arguments.has("--verbose")));
        call.output.report(diagnostics);
    }
    if (diagnostics.has_errors()) return exit_code_for(diagnostics);
    return call.arguments.has("--check") && !status.selection.pending.empty() ? kPending : kOk;
}

}  // namespace

const Command status_command = {
    "status",
    "Show what is applied, pending and different.",
    "Changes nothing. With --check the exit code is 4 when something is pending, and 5 when the history does "
    "not fit the\n"
    "files, which is what a program that starts wants to know. With -v, changesets that are skipped are "
    "listed too.",
    {{"--check", "", "Exit with 4 if anything is pending.", {}, {}}},
    {},
    {"changelog status --url postgresql://localhost/app", "changelog status --check --format json"},
    {"text", "json"},
    run_status};

}  // namespace changelog::cli
