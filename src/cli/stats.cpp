#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "execute/commands.hpp"
#include "review/pull_statistics.hpp"

namespace changelog::cli {

namespace {

int run_stats(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    Diagnostics diagnostics;
    Session session(settings, call.output, diagnostics);
    execute::Engine& engine = session.engine();
    review::Statistics statistics;
    try {
        statistics = review::pull_statistics(session.connection(), engine.ledger(),
                                             {engine.render_context().attic}, diagnostics);
    } catch (const postgres::DatabaseError& error) {
        execute::report_server_error(error.error, {}, "", diagnostics);
    }
    statistics.environment = call.arguments.value("--env").value_or("");
    if (diagnostics.has_errors()) {
        call.output.fail("stats", diagnostics);
        return exit_code_for(diagnostics);
    }
    call.output.report(diagnostics);
    call.output.data(review::to_json(statistics));
    return kOk;
}

}  // namespace

const Command stats_command = {
    "stats",
    "Write down how large a database is, for reviews that have no database.",
    "`stats pull` reads sizes, row estimates, counters of writes and what is applied, in one read-only "
    "transaction, and\n"
    "prints them as JSON that can be committed. There are no data in it, no host and no credentials. "
    "`changelog review\n"
    "--stats FILE` reads it; docs/review.md tells what for.",
    {},
    {{"ACTION", "pull", true, false, {"pull"}}},
    {"changelog stats pull --env production --output-file .changelog/production.json",
     "changelog stats pull --url postgresql://replica/app"},
    {"json"},
    run_stats};

}  // namespace changelog::cli
