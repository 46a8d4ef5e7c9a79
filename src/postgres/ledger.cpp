#include "postgres/ledger.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "postgres/ledger_schema.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

// The columns of a HistoryRow, in its order. `at` in UTC, so that it reads the same everywhere.
constexpr std::string_view history_columns =
    "seq, deployment, event, id, author, path, checksum, definition, rollback, statements, step, tag, "
    "contexts, labels, "
    "comment, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), actor, tool_version, "
    "extract(epoch FROM duration)";

std::optional<int> optional_number(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    return std::stoi(*text);
}

HistoryRow history_row(const std::vector<std::optional<std::string>>& values) {
    const auto text = [&](std::size_t column) { return values.at(column).value_or(""); };
    HistoryRow row;
    row.seq = std::stoll(text(0));
    row.deployment = text(1);
    row.event = text(2);
    row.key = {text(3), text(4), text(5)};
    row.checksum = text(6);
    row.definition = text(7);
    row.rollback = text(8);
    row.statements = text(9);
    row.step = optional_number(values.at(10));
    row.tag = text(11);
    row.contexts = text(12);
    row.labels = text(13);
    row.comment = text(14);
    row.at = text(15);
    row.actor = text(16);
    row.tool_version = text(17);
    row.seconds = values.at(18) ? std::stod(text(18)) : 0;
    return row;
}

std::string where_key(const ChangeSetKey& key, const Connection& connection) {
    return fmt::format("(id, author, path) = ({}, {}, {})", connection.quote(key.id),
                       connection.quote(key.author), connection.quote(key.path));
}

/// Somebody else made the same thing at the same moment: IF NOT EXISTS does not keep two sessions apart.
bool is_race(const std::string& sqlstate) {
    return sqlstate == "23505" || sqlstate == "42P07" || sqlstate == "42710" || sqlstate == "XX000";
}

void report_rights(const ServerError& error, const LedgerOptions& options, const std::string& user,
                   Diagnostics& diagnostics) {
    const std::string schema = sql::identifier(options.schema), role = sql::identifier(user);
    Diagnostic& problem =
        diagnostics.error(codes::no_ledger_rights, {},
                          fmt::format("the history table {}.{} cannot be created", schema, options.table));
    problem.server = error;
    if (error.sqlstate == "3F000") {
        problem.why = "The schema does not exist.";
        problem.next = {fmt::format("CREATE SCHEMA {}", schema)};
        return;
    }
    if (error.sqlstate == "25006") {
        problem.why = "The session is read-only: a standby, or default_transaction_read_only.";
        return;
    }
    problem.why = "PostgreSQL 15 and newer let only the owner create tables in the schema public.";
    problem.next = {fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO {}", schema, role)};
}

}  // namespace

Ledger::Ledger(Connection& connection, LedgerOptions options)
    : connection_(connection), options_(std::move(options)) {
    if (!options_.schema.empty()) return;
    options_.schema = connection_.execute("SELECT coalesce(current_schema(), 'public')").text(0, 0);
}

std::string Ledger::qualified_table() const { return sql::qualified({options_.schema, options_.table}); }

bool Ledger::exists() {
    if (!present_) present_ = inspect_ledger(connection_, options_).table;
    return present_;
}

bool Ledger::check_shape(Diagnostics& diagnostics) {
    const LedgerState state = inspect_ledger(connection_, options_);
    if (!state.table) return true;
    if (!state.differences.empty()) {
        Diagnostic& problem =
            diagnostics.error(codes::ledger_shape, {},
                              fmt::format("{} is not the history table of this tool", qualified_table()));
        problem.why = join(state.differences, "; ") + ".";
        problem.next = {"name another table for the history, or rename this one"};
        return false;
    }
    if (!state.readable) return refuse_rights("read", "SELECT", diagnostics);
    present_ = true;
    return true;
}

bool Ledger::check_writable(Diagnostics& diagnostics) {
    const LedgerState state = inspect_ledger(connection_, options_);
    return !state.table || state.writable || refuse_rights("written", "SELECT, INSERT", diagnostics);
}

bool Ledger::refuse_rights(std::string_view what, std::string_view rights, Diagnostics& diagnostics) {
    const std::string role = sql::identifier(connection_.target().user);
    Diagnostic& problem =
        diagnostics.error(codes::no_ledger_rights, {},
                          fmt::format("the history table {} cannot be {}", qualified_table(), what));
    problem.next = {fmt::format("GRANT {} ON {} TO {}", rights, qualified_table(), role)};
    const std::string schema = sql::identifier(options_.schema);
    if (connection_.query("SELECT pg_catalog.has_schema_privilege($1, 'USAGE')", {options_.schema})
            .text(0, 0) != "t")
        problem.next.push_back(fmt::format("GRANT USAGE ON SCHEMA {} TO {}", schema, role));
    return false;
}

bool Ledger::ensure(Diagnostics& diagnostics) {
    // A second runner may be creating it too; the one that comes second finds it at the next look.
    for (int attempt = 0; attempt < 3; ++attempt) {
        const LedgerState state = inspect_ledger(connection_, options_);
        if (state.table && !(check_shape(diagnostics) && check_writable(diagnostics))) return false;
        if (state.table && state.view && state.index) return true;
        try {
            if (!create(state.table, state.view, diagnostics)) return false;
        } catch (const DatabaseError& failure) {
            if (!is_race(failure.error.sqlstate) || attempt == 2) throw;
        }
    }
    return false;
}

bool Ledger::create(bool has_table, bool has_view, Diagnostics& diagnostics) {
    const bool within = connection_.in_transaction();
    const std::string ddl = (has_table ? create_ledger_index(options_) : create_ledger_table(options_)) +
                            (has_view ? "" : create_ledger_view(options_));
    try {
        connection_.execute((within ? "SAVEPOINT changelog_ledger;" : "BEGIN;") + ddl +
                            (within ? "RELEASE changelog_ledger" : "COMMIT"));
    } catch (const DatabaseError& failure) {
        if (connection_.lost()) throw;
        if (connection_.in_transaction())
            connection_.execute(within ? "ROLLBACK TO SAVEPOINT changelog_ledger; RELEASE changelog_ledger"
                                       : "ROLLBACK");
        const std::string& state = failure.error.sqlstate;
        if (state != "42501" && state != "3F000" && state != "25006") throw;
        report_rights(failure.error, options_, connection_.target().user, diagnostics);
        return false;
    }
    return true;
}

std::vector<AppliedChangeSet> Ledger::applied(bool definitions) {
    std::vector<AppliedChangeSet> out;
    if (!exists()) return out;
    const Rows found = connection_.execute(
        fmt::format("SELECT seq, event, id, author, path, checksum, tag{} FROM ({}) AS current ORDER BY seq",
                    definitions ? ", definition" : "", current_query(qualified_table())));
    out.reserve(found.rows.size());
    for (const auto& row : found.rows) {
        AppliedChangeSet& item = out.emplace_back();
        item.seq = std::stoll(row[0].value_or("0"));
        item.event = row[1].value_or("");
        item.key = {row[2].value_or(""), row[3].value_or(""), row[4].value_or("")};
        item.checksum = row[5].value_or("");
        item.tag = row[6].value_or("");
        if (definitions) item.definition = row[7].value_or("");
    }
    return out;
}

std::vector<HistoryRow> Ledger::rows(const std::string& from_where_order) {
    std::vector<HistoryRow> out;
    if (!exists()) return out;
    const Rows found =
        connection_.execute(fmt::format("SELECT {} FROM {}", history_columns, from_where_order));
    out.reserve(found.rows.size());
    for (const auto& row : found.rows) out.push_back(history_row(row));
    return out;
}

std::vector<HistoryRow> Ledger::history(std::optional<std::size_t> count) {
    if (!count) return rows(qualified_table() + " ORDER BY seq");
    auto newest = rows(fmt::format("{} ORDER BY seq DESC LIMIT {}", qualified_table(), *count));
    std::reverse(newest.begin(), newest.end());
    return newest;
}

std::vector<HistoryRow> Ledger::applied_rows(std::optional<std::size_t> count) {
    return rows(fmt::format("({}) AS current ORDER BY seq DESC{}", current_query(qualified_table()),
                            count ? fmt::format(" LIMIT {}", *count) : ""));
}

std::string Ledger::definition_of(const ChangeSetKey& key) {
    if (!exists()) return "";
    const Rows found =
        connection_.execute(fmt::format("SELECT definition FROM ({}) AS current WHERE {}",
                                        current_query(qualified_table()), where_key(key, connection_)));
    return found.empty() ? "" : found.text(0, 0);
}

bool Ledger::is_applied(const ChangeSetKey& key) {
    if (!exists()) return false;
    const Rows found = connection_.execute(fmt::format(
        "SELECT event <> 'rolled_back' FROM {} WHERE {} AND event IN ('applied', 'reran', 'marked_ran', "
        "'adopted', 'rolled_back') ORDER BY seq DESC LIMIT 1",
        qualified_table(), where_key(key, connection_)));
    return !found.empty() && found.text(0, 0) == "t";
}

std::vector<HistoryRow> Ledger::last_started(const std::string& condition) {
    return rows(fmt::format(
        "(SELECT DISTINCT ON (id, author, path) * FROM {} WHERE event IN ('started', 'applied', "
        "'reran', 'marked_ran', 'adopted', 'rolled_back') ORDER BY id, author, path, seq DESC) AS last "
        "WHERE event = 'started' AND {} ORDER BY seq",
        qualified_table(), condition));
}

std::vector<HistoryRow> Ledger::interrupted() { return last_started("statements IS NOT NULL"); }

std::vector<HistoryRow> Ledger::interrupted_rollbacks() { return last_started("statements IS NULL"); }

std::vector<HistoryRow> Ledger::runs_of(const ChangeSetKey& key) {
    const std::string where = where_key(key, connection_);
    return rows(fmt::format(
        "{0} WHERE {1} AND event IN ('applied', 'reran', 'marked_ran', 'adopted') AND seq > coalesce((SELECT "
        "max(seq) FROM {0} WHERE {1} AND event = 'rolled_back'), 0) ORDER BY seq DESC",
        qualified_table(), where));
}

}  // namespace changelog::postgres
