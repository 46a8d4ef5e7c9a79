#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/session.hpp"
#include "report/run.hpp"
#include "report/visible.hpp"

namespace changelog::cli {

namespace {

int run_accept(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    const std::string changeset = call.arguments.value("ID").value_or("");
    const auto reason = call.arguments.value("--reason");
    if (!reason || reason->empty()) throw UsageError("'accept' needs --reason: it is kept in the history");
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("accept", diagnostics);
        return exit_code_for(diagnostics);
    }
    Session session(settings, call.output, diagnostics);
    const execute::RunReport run = session.engine().accept(project.changelog, changeset, *reason);
    call.output.report(diagnostics);
    if (call.output.format() == Format::json)
        call.output.data(report::run_json("accept", run, session.target(), diagnostics));
    else if (!diagnostics.has_errors())
        call.output.say("accepted: '" + report::visible(changeset) + "' is what the file says now");
    return session.exit_code(run, diagnostics);
}

}  // namespace

const Command accept_command = {
    "accept",
    "Take an edited changeset for the one that was applied.",
    "For when a changeset was edited after it was applied and the database is right all the same. Nothing is "
    "run; the\n"
    "history gets a row with the reason.",
    {{"--reason", "TEXT", "Why; kept in the history.", {}, {}}},
    {{"ID", "The changeset: its id, or path::id::author.", true, false, {}}},
    {"changelog accept add-orders-note --reason \"only the comment was changed\""},
    {"text", "json"},
    run_accept};

}  // namespace changelog::cli
