#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/session.hpp"
#include "report/run.hpp"

namespace changelog::cli {

namespace {

/// Without a database everything counts as pending, as it would be in an empty one.
int print_offline(Call& call, const Settings& settings, const Project& project,
                  const execute::UpdateOptions& options) {
    Diagnostics diagnostics;
    std::string script;
    const PendingSet pending =
        select_pending(project.changelog, project.graph, {}, options.select, diagnostics);
    if (!diagnostics.has_errors())
        check_undo(project.changelog, project.graph, offline_context(settings), pending, options.demands,
                   diagnostics);
    if (!diagnostics.has_errors()) {
        call.output.say("no database given: this is what an empty one would get");
        script = execute::update_script(project.changelog, project.graph, pending, offline_context(settings));
    }
    call.output.script("update", script, diagnostics);
    return exit_code_for(diagnostics);
}

int run_update(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    execute::UpdateOptions options;
    options.select = select_options(call.arguments, settings);
    options.transactions = settings.transactions;
    options.demands = {call.arguments.has("--require-rollback"), call.arguments.has("--require-lossless")};
    const bool dry_run = call.arguments.has("--dry-run");

    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("update", diagnostics);
        return exit_code_for(diagnostics);
    }
    call.output.report(std::exchange(diagnostics, {}));
    if (dry_run && is_offline(settings)) return print_offline(call, settings, project, options);

    Session session(settings, call.output, diagnostics, call.arguments.has("--allow-commands"));
    if (dry_run) {
        const std::string script = session.engine().update_script(project.changelog, project.graph, options);
        call.output.script("update", script, diagnostics);
        return exit_code_for(diagnostics);
    }
    const execute::RunReport run = session.engine().update(project.changelog, project.graph, options);
    call.output.report(diagnostics);
    if (call.output.format() == Format::json)
        call.output.data(report::run_json("update", run, session.target(), diagnostics));
    else
        call.output.say(report::run_summary("update", run));
    if (run.applied != 0) call.output.say("undo: changelog rollback --deployment " + run.deployment);
    return session.exit_code(run, diagnostics);
}

}  // namespace

const Command update_command = {
    "update",
    "Apply what is pending.",
    "Reads the changelog, compares it with the history in the database and applies what is missing, in the "
    "order that\n"
    "the dependency graph gives. With --dry-run the SQL that would run is printed, and nothing else is done; "
    "without a\n"
    "database that is the SQL for an empty one.",
    {{"--count", "N", "Only the first N that would run.", {}, {}},
     {"--to", "TAG", "Up to and including the changeset that sets this tag.", {}, {"--tag"}},
     {"--changeset", "ID", "Only this changeset and what it needs: an id, or path::id::author.", {}, {}},
     {"--dry-run", "", "Print the SQL on stdout and run nothing.", {}, {}},
     {"--ignore-missing", "", "Go on although applied changesets are missing from the files.", {}, {}},
     {"--require-rollback", "", "Refuse changesets that cannot be undone, before anything runs.", {}, {}},
     {"--require-lossless", "", "Refuse changesets whose undo would lose data.", {}, {}},
     {"--allow-commands", "", "Let executeCommand run programs on this machine.", {}, {}}},
    {},
    {"changelog update --url postgresql://localhost/app", "changelog update --dry-run > next.sql",
     "changelog update --url scratch:", "changelog update --changeset add-orders-note --contexts prod"},
    {"text", "json"},
    run_update};

}  // namespace changelog::cli
