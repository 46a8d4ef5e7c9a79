#include "report/history.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

namespace changelog::cli {

namespace {

int run_history(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    const auto count = call.arguments.number("--count", 1);
    Diagnostics diagnostics;
    Session session(settings, call.output, diagnostics);
    postgres::Ledger& ledger = session.engine().ledger();
    std::vector<postgres::HistoryRow> rows;
    if (ledger.exists() && ledger.check_shape(diagnostics)) rows = ledger.history(count);
    if (call.output.format() == Format::json) {
        call.output.data(report::history_json(rows, diagnostics));
    } else {
        if (!diagnostics.has_errors()) call.output.data(report::history_text(rows, call.output.width()));
        call.output.report(diagnostics);
    }
    return exit_code_for(diagnostics);
}

}  // namespace

const Command history_command = {"history",
                                 "Show everything that ever happened to the database.",
                                 "Oldest first: what was applied, run again, rolled back, tagged, adopted or "
                                 "has failed. Rows are never deleted.",
                                 {{"--count", "N", "Only the newest N.", {}, {}}},
                                 {},
                                 {"changelog history --count 20", "changelog history --format json"},
                                 {"text", "json"},
                                 run_history};

}  // namespace changelog::cli
