#include "changelog/codes.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"
#include "report/run.hpp"

#include <unistd.h>

#include <iostream>

namespace changelog::cli {

namespace {

execute::RollbackOptions rollback_options(const Arguments& arguments) {
    execute::RollbackOptions options;
    options.count = arguments.number("--count", 1);
    options.to_tag = arguments.value("--to") ? arguments.value("--to") : arguments.value("TAG");
    options.to_date = arguments.value("--date");
    options.deployment = arguments.value("--deployment");
    options.changeset = arguments.value("--changeset");
    options.cascade = arguments.has("--cascade");
    const std::string source = arguments.value("--undo").value_or("auto");
    if (source == "written")
        options.source = execute::UndoSource::written;
    else if (source == "generated")
        options.source = execute::UndoSource::generated;
    else if (source != "auto")
        throw UsageError("--undo is auto, written or generated");
    options.lossless = arguments.has("--require-lossless");
    const int given = (options.count ? 1 : 0) + (options.to_tag ? 1 : 0) + (options.to_date ? 1 : 0) +
                      (options.deployment ? 1 : 0) + (options.changeset ? 1 : 0);
    if (given != 1)
        throw UsageError("say how far: one of --count, --to, --date, --deployment and --changeset");
    if (options.cascade && !options.changeset) throw UsageError("--cascade goes with --changeset");
    return options;
}

/// Only --changeset needs the files, for what depends on it.
struct Files {
    Project project;
    bool usable = false;
};

Files load_files(const Settings& settings, const execute::RollbackOptions& options, Output& output) {
    Files files;
    if (!options.changeset) return files;
    Diagnostics diagnostics;
    files.project = load_project(settings, diagnostics);
    files.usable = !diagnostics.has_errors();
    if (files.usable) return files;
    for (Diagnostic& item : diagnostics.items()) item.severity = Severity::warning;
    output.report(diagnostics);
    output.warn("warning: without the files nobody knows what depends on the changeset");
    return files;
}

/// Nothing can depend on what was applied last, so broken files keep nobody from undoing that.
bool may_go_without_files(const execute::RollbackOptions& options, postgres::Ledger& ledger,
                          Diagnostics& diagnostics) {
    if (options.cascade || !ledger.exists() || !ledger.check_shape(diagnostics))
        return !diagnostics.has_errors();
    const auto is_meant = [&](const postgres::HistoryRow& row) {
        return row.key.id == *options.changeset || to_string(row.key) == *options.changeset;
    };
    const auto rows = ledger.applied_rows();
    const auto found = std::find_if(rows.begin(), rows.end(), is_meant);
    if (found == rows.begin() || found == rows.end()) return true;  // what is not applied the engine refuses
    Diagnostic& item = diagnostics.add(Severity::error, codes::dependents_applied, {},
                                       "the files cannot be read, and others may depend on this changeset");
    item.next = {"correct the files", "or roll back what is newer first",
                 "or add --cascade, which then takes this changeset alone"};
    return false;
}

bool asked_and_agreed(const std::string& database, const std::vector<std::string>& losses, Output& output) {
    if (isatty(STDIN_FILENO) == 0 || !output.stderr_is_terminal()) return false;
    output.warn("this loses " + join(losses, ", "));
    output.warn("type the database's name to agree: ");
    std::string typed;
    std::getline(std::cin, typed);
    return trim(typed) == database;
}

bool has_consent(const Settings& settings, const Session& session, const std::vector<std::string>& losses,
                 Output& output, Diagnostics& diagnostics) {
    const std::string& database = session.target().database;
    if (losses.empty() || session.is_scratch() || settings.confirm == database) return true;
    if (settings.confirm.empty() && asked_and_agreed(database, losses, output)) return true;
    Diagnostic& item = diagnostics.add(Severity::error, codes::rollback_loses_data, {},
                                       "this rollback loses data, and nobody agreed to it");
    for (const std::string& loss : losses) item.why += (item.why.empty() ? "" : "\n") + loss;
    item.got = settings.confirm;
    item.next = {"to agree, add --confirm " + database};
    return false;
}

int run_rollback(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    const execute::RollbackOptions options = rollback_options(call.arguments);
    const Files files = load_files(settings, options, call.output);
    const Changelog* changelog = files.usable ? &files.project.changelog : nullptr;
    const Graph* graph = files.usable ? &files.project.graph : nullptr;

    Diagnostics diagnostics;
    Session session(settings, call.output, diagnostics);
    if (options.changeset && !files.usable &&
        !may_go_without_files(options, session.engine().ledger(), diagnostics)) {
        call.output.fail("rollback", diagnostics);
        return exit_code_for(diagnostics);
    }
    if (call.arguments.has("--dry-run")) {
        const std::string script = session.engine().rollback_script(options, changelog, graph);
        call.output.script("rollback", script, diagnostics);
        return exit_code_for(diagnostics);
    }
    const std::vector<std::string> losses = session.engine().rollback_risks(options, changelog, graph);
    if (!diagnostics.has_errors()) session.engine().ledger().check_writable(diagnostics);
    const bool may_run =  // what must not lose anything needs nobody's consent
        options.lossless || has_consent(settings, session, losses, call.output, diagnostics);
    if (diagnostics.has_errors() || !may_run) {
        call.output.fail("rollback", diagnostics);
        return exit_code_for(diagnostics);
    }
    diagnostics = {};
    const execute::RunReport run = session.engine().rollback(options, changelog, graph);
    call.output.report(diagnostics);
    if (call.output.format() == Format::json)
        call.output.data(report::run_json("rollback", run, session.target(), diagnostics));
    else
        call.output.say(report::run_summary("rollback", run));
    return session.exit_code(run, diagnostics);
}

}  // namespace

const Command rollback_command = {
    "rollback",
    "Undo applied changesets, newest first.",
    "Undoes by what the history keeps of each changeset, so it works although the files are gone or changed. "
    "Refuses\n"
    "before anything runs if one of the changesets cannot be undone. What would lose data needs consent: "
    "--confirm with\n"
    "the name of the database, or typing it on a terminal.",
    {{"--count", "N", "The last N changesets.", {}, {}},
     {"--to", "TAG", "Everything that was applied after this tag.", {}, {"--tag"}},
     {"--date", "TIME", "Everything that was applied after this date or timestamp.", {}, {}},
     {"--deployment", "UUID", "Everything that one update applied; the first characters are enough.", {}, {}},
     {"--changeset", "ID", "This changeset only; refused if applied ones depend on it.", {}, {}},
     {"--cascade", "", "With --changeset: what depends on it goes too.", {}, {}},
     {"--undo", "WHICH", "auto, written (rollback blocks as they are) or generated (without them).", {}, {}},
     {"--require-lossless", "", "Refuse if any data would be lost, whoever agrees to it.", {}, {}},
     {"--dry-run", "", "Print the SQL on stdout and run nothing.", {}, {}}},
    {{"TAG", "The same as --to TAG, as in Liquibase.", false, false, {}}},
    {"changelog rollback --count 1", "changelog rollback --to v1.4 --dry-run",
     "changelog rollback --changeset add-orders-note --cascade",
     "changelog rollback --count 3 --confirm app"},
    {"text", "json"},
    run_rollback};

}  // namespace changelog::cli
