#include "cli/session.hpp"

#include "changelog/codes.hpp"

#include "cli/logging.hpp"
#include "postgres/connection_string.hpp"
#include "postgres/session.hpp"
#include "report/run.hpp"
#include "report/visible.hpp"

#include <csignal>

namespace changelog::cli {

using execute::Event;
using execute::Outcome;

namespace {

[[noreturn]] void no_database() {
    Diagnostics diagnostics;
    Diagnostic& item = diagnostics.add(Severity::error, codes::no_connection_given, {}, "no database given");
    item.next = {"give --url, or set CHANGELOG_URL or DATABASE_URL, or libpq's PGHOST and PGDATABASE",
                 "try it without a server of your own: --url scratch:"};
    throw UsageError(std::move(diagnostics));
}

[[noreturn]] void cannot_connect(const postgres::DatabaseError& error, const std::string& url) {
    Diagnostics diagnostics;
    if (!postgres::looks_like_connection_string(url)) {
        diagnostics.add(Severity::error, codes::cannot_connect, {}, "not a connection string").next = {
            error.error.hint};
        throw UsageError(std::move(diagnostics));
    }
    const std::string place =
        url.empty() ? "the database that libpq's environment variables name" : postgres::redact(url);
    Diagnostic& item =
        diagnostics.add(Severity::error, codes::cannot_connect, {}, "cannot connect to " + place);
    item.why = error.error.message;
    item.server = error.error;
    item.server->statement.clear();
    if (postgres::password_needs_encoding(url))
        item.next = {
            "write special characters in the password percent-encoded: / as %2F, @ as %40, ? as %3F, # as "
            "%23"};
    throw UsageError(std::move(diagnostics));
}

bool lacks_rights(const Diagnostics& diagnostics) {
    return std::any_of(diagnostics.items().begin(), diagnostics.items().end(),
                       [](const Diagnostic& item) { return item.code == codes::no_ledger_rights; });
}

}  // namespace

execute::EngineOptions engine_options(const Settings& settings, bool allow_commands) {
    execute::EngineOptions options;
    options.ledger.schema = settings.history_schema;
    options.ledger.table = settings.history_table;
    options.default_schema = settings.default_schema_given ? settings.default_schema : "";
    options.lock_patience = settings.lock_wait;
    options.allow_commands = allow_commands;
    options.parameters = settings.load.parameters;
    options.retain = settings.retain;
    return options;
}

std::unique_ptr<postgres::Connection> connect(const std::string& url) {
    std::unique_ptr<postgres::Connection> connection;
    try {
        connection = std::make_unique<postgres::Connection>(url);
    } catch (const postgres::DatabaseError& error) {
        cannot_connect(error, url);
    }
    if (Diagnostics found; !postgres::server_is_supported(connection->target(), found))
        throw UsageError(std::move(found));
    return connection;
}

std::unique_ptr<postgres::ScratchServer> start_scratch(const std::string& url, bool keep, Output& output) {
    auto wanted = postgres::parse_scratch_url(url);
    if (!wanted) throw UsageError("'" + url + "' is no scratch:[VERSION]");
    wanted->keep = keep;
    Diagnostics found;
    auto server = postgres::ScratchServer::start(*wanted, found);
    if (!server) throw UsageError(std::move(found));
    if (keep) output.warn("scratch server: " + server->url());
    return server;
}

Session::Session(const Settings& settings, Output& output, Diagnostics& diagnostics, bool allow_commands)
    : output_(output) {
    if (!settings.url_known) no_database();
    std::string url = settings.url;
    if (url.starts_with("scratch:")) {
        scratch_ = start_scratch(url, settings.keep_scratch, output_);
        url = scratch_->url();
    }
    connection_ = connect(url);
    output_.say("target: " + report::target_line(connection_->target()));
    connection_->on_notice([this](const std::string& text) {
        const std::string shown = report::visible(text, report::Lines::many);
        if (text.starts_with("warning")) return output_.warn(shown);
        log_detail(shown);
    });
    engine_ = std::make_unique<execute::Engine>(
        *connection_, engine_options(settings, allow_commands), [this](const Event& event) { listen(event); },
        diagnostics);
    watch_.emplace([this] { engine_->cancellation().request(); });
}

Session::~Session() = default;

void Session::listen(const Event& event) {
    const std::string line = report::event_line(event);
    if (line.empty()) return;
    if (event.to_stdout && output_.format() == Format::text) return output_.data(line + '\n');
    if (event.kind == Event::Kind::waiting_for_lock || event.kind == Event::Kind::warning)
        return output_.warn(line);
    if (event.kind == Event::Kind::changeset_started || event.kind == Event::Kind::changeset_skipped)
        return log_detail(line);
    output_.say(line);
}

ExitCode Session::exit_code(const execute::RunReport& run, const Diagnostics& diagnostics) const {
    if (const int number = SignalWatch::received();
        number != 0)  // also where it came too late to stop anything
        return number == SIGINT ? kInterrupted : kTerminated;
    const ExitCode called_for = exit_code_for(diagnostics);
    switch (run.outcome) {
        case Outcome::done:
            return called_for;
        case Outcome::history_mismatch:
            return lacks_rights(diagnostics) ? kFailedUnchanged : kHistoryMismatch;
        case Outcome::failed_unchanged:
            return kFailedUnchanged;
        case Outcome::failed_partly:
            return kFailedPartly;
        case Outcome::lock_not_obtained:
            return kLocked;
        case Outcome::cancelled:
            return kInterrupted;
        case Outcome::refused:
            return called_for == kOk ? kUsage : called_for;
    }
    return kInternal;
}

}  // namespace changelog::cli
