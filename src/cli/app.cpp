#include "cli/app.hpp"

#include "changelog/codes.hpp"

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "cli/logging.hpp"
#include "cli/output.hpp"
#include "cli/parser.hpp"
#include "cli/signals.hpp"
#include "postgres/connection.hpp"
#include "report/diagnostics.hpp"

#include <csignal>
#include <cstdio>

namespace changelog::cli {

namespace {

int run_command(const CommandLine& line, Output& output) {
    if (line.arguments.has("--version")) {
        Call call{line.arguments, output};
        return version_command.run(call);
    }
    if (line.arguments.has("--help")) {
        output.data(line.command == nullptr ? help() : help_for(*line.command));
        return kOk;
    }
    if (line.command == nullptr)
        throw UsageError("no command given", {}, "`changelog --help` lists the commands.");
    start_logging(line.arguments.times("--verbose"), false);
    Call call{line.arguments, output};
    return line.command->run(call);
}

int internal_error(Output& output, const std::string& command, std::string_view what) {
    Diagnostics diagnostics;
    Diagnostic& item =
        diagnostics.add(Severity::error, codes::internal, {}, fmt::format("internal error: {}", what));
    item.why =
        "This is a fault of changelog itself. What was committed to the database stays as its history says.";
    output.fail(command, diagnostics);
    return kInternal;
}

/// The session was lost outside of a run, which reports its own errors.
int database_error(Output& output, const std::string& command, const postgres::DatabaseError& error) {
    Diagnostics diagnostics;
    const bool lost = error.error.connection_lost;
    Diagnostic& item = diagnostics.add(
        Severity::error, lost ? codes::connection_lost : codes::statement_failed, {}, error.error.message);
    item.server = error.error;
    output.fail(command, diagnostics);
    return lost ? kUsage : kFailedUnchanged;
}

int run_guarded(const CommandLine& line, Output& output) {
    const std::string name(line.command == nullptr ? "changelog" : line.command->name);
    try {
        return run_command(line, output);
    } catch (const UsageError& error) {
        output.fail(name, error.diagnostics);
        return exit_code_for(error.diagnostics);
    } catch (const postgres::DatabaseError& error) {
        return database_error(output, name, error);
    } catch (const std::exception& error) {
        return internal_error(output, name, error.what());
    } catch (...) {
        return internal_error(output, name, "unknown");
    }
}

/// The command line is not understood, but whoever asks for JSON must get it all the same.
int refuse_line(int argc, char** argv, const Diagnostics& diagnostics) {
    Arguments arguments;
    std::string command = "changelog";
    bool named = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--format=json" ||
            (word == "--format" && i + 1 < argc && argv[i + 1] == std::string_view("json")))
            arguments.set("--format", {"json"});
        if (!named && find_command(word) != nullptr) {
            command = word;
            named = true;
        }
    }
    Output output(arguments);
    output.fail(command, diagnostics);
    output.finish();
    return kUsage;
}

}  // namespace

int run(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away must not end a run half-way
    try {
        const CommandLine line = parse_command_line(argc, argv);
        Output output(line.arguments);
        int code = run_guarded(line, output);
        if (const int number = SignalWatch::received(); number != 0)
            code = number == SIGINT ? kInterrupted : kTerminated;
        return output.finish() || code != kOk ? code : kUsage;
    } catch (const UsageError& error) {
        return refuse_line(argc, argv, error.diagnostics);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error CL9001: internal error: %s\n", error.what());
        return kInternal;
    }
}

}  // namespace changelog::cli
