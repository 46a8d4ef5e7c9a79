#include "execute/engine.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/outbox.hpp"
#include "execute/rows.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::execute {

void Cancellation::request() noexcept {
    requested_ = true;
    const std::lock_guard guard(mutex_);
    if (connection_ != nullptr) connection_->cancel();
}

void Cancellation::watch(postgres::Connection* connection) {
    const std::lock_guard guard(mutex_);
    connection_ = connection;
}

namespace {

/// The schema of unqualified names, on this session and for the history. Throws DatabaseError if there is
/// none of the name that was asked for.
EngineOptions with_schema(postgres::Connection& connection, EngineOptions options) {
    std::string& schema = options.default_schema;
    if (schema.empty()) {
        schema = connection.execute("SELECT pg_catalog.current_schema()").text(0, 0);
        if (schema.empty()) schema = "public";  // search_path names no schema that exists
    } else {
        const postgres::Rows found =
            connection.query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", {schema});
        if (found.empty()) {
            ServerError error;
            error.sqlstate = "3F000";
            error.message = "schema \"" + schema + "\" does not exist";
            error.hint = "create it, or give another --default-schema";
            throw postgres::DatabaseError(std::move(error));
        }
        connection.query(
            "SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', "
            "pg_catalog.quote_ident($1), "
            "nullif(pg_catalog.current_setting('search_path'), '')), false)",
            {schema});
    }
    if (options.ledger.schema.empty()) options.ledger.schema = schema;
    return options;
}

}  // namespace

Engine::Engine(postgres::Connection& connection, EngineOptions options, Listener listener,
               Diagnostics& diagnostics)
    : connection_(connection),
      options_(with_schema(connection, std::move(options))),
      listener_(std::move(listener)),
      diagnostics_(diagnostics),
      ledger_(connection, options_.ledger),
      default_schema_(options_.default_schema) {}

RenderContext Engine::render_context() const {
    RenderContext context;
    context.default_schema = default_schema_;
    context.server_version = connection_.target().server_version;
    context.attic = options_.attic;
    context.retain = options_.retain;
    return context;
}

StatusReport Engine::status(const Changelog& changelog, const Graph& graph, SelectOptions options) {
    StatusReport report;
    report.ledger_exists = ledger_.exists();
    if (report.ledger_exists && ledger_.check_shape(diagnostics_)) report.applied = ledger_.applied();
    options.stored_definition = [this](const ChangeSetKey& key) { return ledger_.definition_of(key); };
    report.selection = select_pending(changelog, graph, report.applied, options, diagnostics_);
    return report;
}

RunReport Engine::tag(const std::string& name) {
    RunReport report;
    report.deployment = new_deployment_id();
    report.outcome = Outcome::refused;
    if (!ledger_.ensure(diagnostics_)) return report;
    const std::vector<AppliedChangeSet> applied = ledger_.applied();
    if (applied.empty()) {
        diagnostics_.add(Severity::error, codes::unknown_changeset, {},
                         "nothing is applied yet, so there is nothing to tag");
        return report;
    }
    postgres::LedgerRow row;
    row.deployment = report.deployment;
    row.event = "tagged";
    row.key = applied.back().key;
    row.tag = name;
    connection_.execute(ledger_.insert_sql({row}));
    report.outcome = Outcome::done;
    return report;
}

RunReport Engine::accept(const Changelog& changelog, const std::string& name, const std::string& reason) {
    RunReport report;
    report.deployment = new_deployment_id();
    report.outcome = Outcome::refused;
    const auto index = find_changeset(changelog, name, diagnostics_);
    if (!index || !ledger_.ensure(diagnostics_)) return report;
    const ChangeSet& changeset = changelog.changesets[*index];
    const std::vector<AppliedChangeSet> applied = ledger_.applied();
    const bool is_applied = std::any_of(applied.begin(), applied.end(),
                                        [&](const auto& row) { return row.key == changeset.key; });
    if (!is_applied) {
        diagnostics_.error(codes::unknown_changeset, changeset.at,
                           fmt::format("changeset '{}' is not applied", changeset.key.id));
        return report;
    }
    postgres::LedgerRow row = ledger_row(changeset, nullptr, report.deployment, "accepted");
    row.comment = reason;
    row.tag.clear();
    connection_.execute(ledger_.insert_sql({row}));
    report.outcome = Outcome::done;
    return report;
}

Diagnostic& report_server_error(const ServerError& error, Position at, const std::string& changeset,
                                Diagnostics& diagnostics, bool cancelled) {
    const std::string_view code = error.connection_lost                    ? codes::connection_lost
                                  : cancelled && error.sqlstate == "57014" ? codes::cancelled
                                                                           : codes::statement_failed;
    Diagnostic& item = diagnostics.error(code, at, trim(error.message));
    item.changeset = changeset;
    item.server = error;
    if (!changeset.empty()) item.why = "in changeset " + changeset;
    return item;
}

}  // namespace changelog::execute
