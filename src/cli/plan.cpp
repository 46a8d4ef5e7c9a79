#include "report/plan.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/session.hpp"

namespace changelog::cli {

namespace {

execute::UpdateOptions update_options(const Arguments& arguments, const Settings& settings) {
    execute::UpdateOptions options;
    options.transactions = settings.transactions;
    options.select = select_options(arguments, settings);
    return options;
}

execute::Plan make_plan(Call& call, const Settings& settings, const Project& project,
                        Diagnostics& diagnostics) {
    const execute::UpdateOptions options = update_options(call.arguments, settings);
    if (is_offline(settings)) {
        call.output.say("no database given: this is the plan for an empty one");
        return plan_empty(project.changelog, project.graph, options, offline_context(settings), diagnostics);
    }
    Session session(settings, call.output, diagnostics);
    try {
        return plan_update(session.engine(), session.connection(), project.changelog, project.graph, options,
                           diagnostics);
    } catch (const postgres::DatabaseError& error) {
        execute::report_server_error(error.error, {}, "", diagnostics);
        return {};
    }
}

int run_plan(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("plan", diagnostics);
        return exit_code_for(diagnostics);
    }
    call.output.report(std::exchange(diagnostics, {}));
    const execute::Plan plan = make_plan(call, settings, project, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("plan", diagnostics);
        return exit_code_for(diagnostics);
    }
    if (call.output.format() == Format::json) {
        call.output.data(report::plan_json(project.changelog, plan, diagnostics));
        return kOk;
    }
    call.output.report(diagnostics);
    call.output.data(
        report::plan_text(project.changelog, plan, call.output.width(), call.arguments.has("--verbose")));
    return kOk;
}

}  // namespace

const Command plan_command = {
    "plan",
    "Show what update would do here, statement by statement.",
    "Changes nothing: the database is read in one read-only transaction. For each statement that would run: "
    "the locks\n"
    "that it takes of what is there already, whom they keep waiting and for about how long, the transaction, "
    "and how\n"
    "well it can be undone. Without a database that is the plan for an empty one. docs/plan.md tells how to "
    "read it.",
    {{"--count", "N", "Only the first N that would run.", {}, {}},
     {"--to", "TAG", "Up to and including the changeset that sets this tag.", {}, {"--tag"}},
     {"--changeset", "ID", "Only this changeset and what it needs: an id, or path::id::author.", {}, {}},
     {"--ignore-missing", "", "Go on although applied changesets are missing from the files.", {}, {}}},
    {},
    {"changelog plan --url postgresql://localhost/app", "changelog plan --changeset add-orders-note",
     "changelog plan --format json | jq .verdict"},
    {"text", "json"},
    run_plan};

}  // namespace changelog::cli
