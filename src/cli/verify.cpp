#include "execute/verify.hpp"

#include "changelog/codes.hpp"

#include "cli/commands.hpp"
#include "cli/logging.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/session.hpp"
#include "report/run.hpp"
#include "report/verify.hpp"

#include <fstream>
#include <sstream>

namespace changelog::cli {

namespace {

/// Where the databases of the run are made.
struct Server {
    std::unique_ptr<postgres::ScratchServer> scratch;
    std::string url;
};

/// A proof writes and drops, so a database that only lies about in the environment is never taken for it.
Server choose_server(const Arguments& arguments, const Settings& settings, Output& output) {
    Server server;
    const auto given = arguments.value("--scratch-url");
    const std::string url = arguments.value("--url").value_or("");
    if (!url.empty() && !url.starts_with("scratch:"))
        throw UsageError("verify does not run on a database of yours", {},
                         "It makes databases of its own: --url scratch:[VERSION] starts a server for them, "
                         "--scratch-url names one.");
    if (given && given->starts_with("scratch:")) throw UsageError("scratch: goes with --url");
    if (given) {
        if (postgres::redact(*given) != *given)
            output.warn(
                "warning: a password in --scratch-url shows in the process list; PGPASSWORD or ~/.pgpass do "
                "not");
        server.url = *given;
        return server;
    }
    const std::string wanted = settings.url.starts_with("scratch:") ? settings.url : "scratch:";
    server.scratch = start_scratch(wanted, settings.keep_scratch, output);
    server.url = server.scratch->url();
    return server;
}

void check_server(const Server& server, Output& output) {
    const auto connection = connect(server.url);
    output.say("target: databases of its own beside " + report::target_line(connection->target()));
    const postgres::Rows rights = connection->execute(
        "SELECT rolcreatedb OR rolsuper, rolname FROM pg_catalog.pg_roles WHERE rolname = current_user");
    if (rights.text(0, 0) == "t") return;
    Diagnostics diagnostics;
    Diagnostic& item = diagnostics.add(Severity::error, codes::no_scratch_database, {},
                                       fmt::format("{} may not create databases", rights.text(0, 1)));
    item.next = {fmt::format("ALTER ROLE {} CREATEDB", rights.text(0, 1)),
                 "or leave --scratch-url out: then a server is started from the installed binaries"};
    throw UsageError(std::move(diagnostics));
}

std::string setup_of(const Arguments& arguments) {
    const auto path = arguments.value("--setup");
    if (!path) return {};
    std::ifstream in(*path, std::ios::binary);
    if (!in) throw UsageError("cannot read '" + *path + "'");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

execute::VerifyOptions options_of(const Arguments& arguments, const Settings& settings) {
    execute::VerifyOptions options;
    options.engine = engine_options(settings, arguments.has("--allow-commands"));
    options.selection = settings.selection;
    options.transactions = settings.transactions;
    options.only = arguments.values("--changeset");
    options.data = arguments.has("--data");
    options.setup = setup_of(arguments);
    return options;
}

void show(Call& call, const report::VerifyView& view, const Diagnostics& diagnostics) {
    Output& output = call.output;
    if (output.format() == Format::json) return output.data(report::verify_json(view, diagnostics));
    output.report(diagnostics);
    if (output.format_name() == "junit")
        output.data(report::verify_junit(view));
    else
        output.data(report::verify_text(view, output.width(), output.colour_on_stdout()));
    if (call.arguments.has("--verbose")) output.say(report::verify_timings(view.report.timings));
}

int run_verify(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    const execute::VerifyOptions options = options_of(call.arguments, settings);
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    if (diagnostics.has_errors()) {
        call.output.fail("verify", diagnostics);
        return exit_code_for(diagnostics);
    }
    call.output.report(std::exchange(diagnostics, {}));

    const Server server = choose_server(call.arguments, settings, call.output);
    check_server(server, call.output);
    const auto listen = [](const execute::Event& event) {
        if (const std::string line = report::event_line(event); !line.empty()) log_detail(line);
    };
    execute::Verifier verifier(server.url, options, listen, diagnostics);
    const SignalWatch watch([&verifier] { verifier.stop(); });
    const execute::VerifyReport found = verifier.run(project.changelog, project.graph);
    if (found.refused) {
        call.output.fail("verify", diagnostics);
        return exit_code_for(diagnostics);
    }
    const report::VerifyView view{
        project.changelog,
        found,
        {call.arguments.has("--require-rollback"), call.arguments.has("--require-lossless")}};
    show(call, view, diagnostics);
    if (found.cancelled) return kInterrupted;
    return report::is_good(view) ? kOk : kInvalid;
}

}  // namespace

const Command verify_command = {
    "verify",
    "Prove on a throw-away server that every changeset can be undone.",
    "Makes databases of its own, applies changeset after changeset, rolls each back, compares what the "
    "database holds\n"
    "with what was there before, and applies it again. Then everything is rolled back, and applied in one "
    "go. The exit\n"
    "code is 3 if something failed. docs/verify.md tells what is compared.",
    {{"--data", "", "Put rows into tables, so that constraints, casts and losses meet some.", {}, {}},
     {"--scratch-url",
      "URL",
      "Make the databases on this server instead of a throw-away one; they are dropped in the end.",
      {},
      {}},
     {"--changeset", "ID", "Prove only this one, with what it needs applied; may be repeated.", {}, {}, true},
     {"--setup", "FILE", "SQL to be run in each new database: what the changelog expects to find.", {}, {}},
     {"--require-rollback", "", "Fail if a changeset cannot be undone.", {}, {}},
     {"--require-lossless", "", "Fail if the undo of a changeset loses data.", {}, {}},
     {"--allow-commands", "", "Let executeCommand run programs on this machine.", {}, {}}},
    {},
    {"changelog verify", "changelog verify --data --require-rollback",
     "changelog verify --url scratch:17 --format junit --output-file verify.xml",
     "changelog verify --changeset add-orders-note"},
    {"text", "json", "junit"},
    run_verify};

}  // namespace changelog::cli
