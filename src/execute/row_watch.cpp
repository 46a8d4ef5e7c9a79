#include "execute/row_watch.hpp"

#include "core/text.hpp"
#include "execute/own_rows.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::execute {

namespace {

constexpr std::string_view kOrdinaryTables =
    "c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ "
    "'^pg_'";

/// Values as texts that mean the same in every session.
constexpr std::string_view kPlainTexts =
    "SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; SET "
    "LOCAL "
    "extra_float_digits = 3; SET LOCAL bytea_output = 'hex'; SET LOCAL search_path = ''; SET LOCAL "
    "client_encoding "
    "= 'UTF8'";

long long number(const postgres::Rows& rows, std::size_t row, std::size_t column) {
    const std::string text = rows.text(row, column);
    return text.empty() ? 0 : std::stoll(text);
}

}  // namespace

RowWatch::RowWatch(postgres::Connection& connection, const std::set<std::uint64_t>& tables)
    : connection_(connection), tables_(tables) {
    connection_.execute("SAVEPOINT changelog_rows");
    before_ = counters();
    const postgres::Rows files = connection_.execute(
        "SELECT c.oid, coalesce(pg_catalog.pg_relation_filenode(c.oid), 0) FROM pg_catalog.pg_class c WHERE "
        "c.relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_')");
    for (std::size_t i = 0; i < files.rows.size(); ++i)
        files_.emplace(std::stoull(files.text(i, 0)), files.text(i, 1));
    transactions_ = own_transactions();
}

std::map<std::uint64_t, RowWatch::Counts> RowWatch::counters() {
    const postgres::Rows rows = connection_.execute(
        fmt::format("SELECT * FROM (SELECT c.oid, pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) AS i, "
                    "pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) AS u, "
                    "pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) AS d "
                    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                    "WHERE {}) x WHERE i <> 0 OR u <> 0 OR d <> 0",
                    kOrdinaryTables));
    std::map<std::uint64_t, Counts> out;
    for (std::size_t i = 0; i < rows.rows.size(); ++i)
        out[std::stoull(rows.text(i, 0))] = {number(rows, i, 1), number(rows, i, 2), number(rows, i, 3)};
    return out;
}

/// Every transaction and subtransaction that has an id holds a lock on it to the end (manual, pg_locks).
std::set<std::string> RowWatch::own_transactions() {
    const postgres::Rows rows = connection_.execute(
        "SELECT transactionid FROM pg_catalog.pg_locks WHERE locktype = 'transactionid' AND mode = "
        "'ExclusiveLock' AND granted AND pid = pg_catalog.pg_backend_pid()");
    std::set<std::string> out;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) out.insert(rows.text(i, 0));
    return out;
}

std::vector<RowWatch::Changed> RowWatch::changed_tables() {
    std::vector<Changed> out;
    for (const auto& [oid, now] : counters()) {
        const Counts was = before_[oid];
        const Counts change{now.inserted - was.inserted, now.updated - was.updated,
                            now.deleted - was.deleted};
        if (!tables_.contains(oid) || (change.inserted == 0 && change.updated == 0 && change.deleted == 0))
            continue;
        const postgres::Rows name = connection_.execute(fmt::format(
            "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid "
            "= c.relnamespace WHERE c.oid = {}",
            oid));
        out.push_back({oid, {name.text(0, 0), name.text(0, 1)}, change});
    }
    return out;
}

void RowWatch::record(const Changed& table, const std::string& own_rows, bool moves, RowEffects& out) {
    const std::string name = sql::qualified(table.name);
    const Counts& counts = table.counts;
    if (counts.updated > 0)
        out.losses.push_back(fmt::format("what {} updated rows of {} held before", counts.updated, name));
    if (counts.deleted > 0) out.losses.push_back(fmt::format("{} deleted rows of {}", counts.deleted, name));
    // Attempts are counted, also those of a subtransaction that was undone: zero is certain, the rest is not.
    if (counts.inserted <= 0) return;
    if (counts.updated > 0) {  // an updated row carries our transaction's id, too
        out.losses.push_back(fmt::format("which rows of {} are new: it stays as it is", name));
        return;
    }
    if (moves) {  // what was inserted may be the only copy of what was deleted
        out.losses.push_back(fmt::format("which rows of {} came from deleted ones: it stays as it is", name));
        return;
    }
    try {
        RowKeys keys(connection_, table.oid, own_rows);
        if (keys.why_not().empty()) return void(out.inserted.push_back(std::move(keys)));
        out.losses.push_back(keys.why_not());
    } catch (const postgres::DatabaseError& error) {  // the role may write what it may not read
        if (error.error.connection_lost || connection_.lost()) throw;
        connection_.execute("ROLLBACK TO SAVEPOINT changelog_keys; " + std::string(kPlainTexts));
        out.losses.push_back(fmt::format("which rows of {} are new: {}", name, error.error.message));
    }
}

RowEffects RowWatch::finish() {
    const std::vector<Changed> changed = changed_tables();
    std::vector<std::string> own;
    // The savepoint's own id, or the whole transaction's where nothing had been written before.
    for (const std::string& transaction : own_transactions())
        if (!transactions_.contains(transaction)) own.push_back(transaction);
    const postgres::Rows files = connection_.execute(
        "SELECT c.oid, coalesce(pg_catalog.pg_relation_filenode(c.oid), 0) FROM pg_catalog.pg_class c WHERE "
        "c.relkind = 'r'");
    for (std::size_t i = 0; i < files.rows.size(); ++i) {
        const auto was = files_.find(std::stoull(files.text(i, 0)));
        if (was != files_.end() && was->second != files.text(i, 1)) exchanged_.insert(was->first);
    }
    connection_.execute("RELEASE SAVEPOINT changelog_rows");
    const std::string own_rows = own.empty() ? "false" : is_own_row("t", "'" + own.front() + "'::xid");
    RowEffects out;
    const bool moves = std::any_of(changed.begin(), changed.end(),
                                   [](const Changed& table) { return table.counts.deleted > 0; });
    connection_.execute("SAVEPOINT changelog_keys; " + std::string(kPlainTexts));
    for (const Changed& table : changed) record(table, own_rows, moves, out);
    connection_.execute("ROLLBACK TO SAVEPOINT changelog_keys; RELEASE SAVEPOINT changelog_keys");
    return out;
}

}  // namespace changelog::execute
