#include "execute/lock_trace.hpp"

#include "execute/outbox.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::execute {

namespace {

using hazards::Lock;
using hazards::RelationFacts;
using hazards::Work;

constexpr int kFlushesStatistics = 150000;  ///< pg_stat_force_next_flush()

/// A transaction block is open; or the statement ends the transaction itself.
bool needs_no_block(const ServerError& error) {
    return error.sqlstate == "25001" || error.sqlstate == "2D000";
}

ServerError ended_transaction() {
    ServerError error;
    error.message = "the statement ended the transaction";
    return error;
}

void send(postgres::Connection& connection, const Statement& statement) {
    Outbox outbox(connection);
    outbox.add(statement);
    outbox.flush();
}

bool is_table(char kind) { return kind == 'r' || kind == 'm'; }

}  // namespace

const RelationFacts* TracedStatement::relation(const ObjectName& name) const {
    for (const RelationFacts& each : relations)
        if (each.name == name) return &each;
    return nullptr;
}

Lock TracedStatement::strongest() const {
    Lock out = Lock::none;
    for (const RelationFacts& each : relations) out = std::max(out, each.lock);
    return out;
}

LockTrace::LockTrace(postgres::Connection& connection) : connection_(connection) {
    connection_.on_notice([this](const std::string& text) { notices_.push_back(text); });
    try {  // what the server reports is looked for in English
        connection_.execute("SET lc_messages = 'C'");
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
    }
}

LockTrace::~LockTrace() {
    connection_.on_notice([](const std::string&) {});
}

TracedStatement LockTrace::run(const Statement& statement, Then then) {
    TracedStatement out;
    out.sql = statement.sql;
    if (!run_inside(statement, then, out)) run_outside(statement, out);
    return out;
}

/// False if the statement is refused in a transaction block.
bool LockTrace::run_inside(const Statement& statement, Then then, TracedStatement& out) {
    try {
        connection_.execute(
            "BEGIN; SET LOCAL client_min_messages = debug1; SET LOCAL enable_seqscan = off; SET LOCAL "
            "enable_indexonlyscan = off");
        const Relations before = look(false);
        notices_.clear();
        send(connection_, statement);
        if (!connection_.in_transaction()) {
            out.error = ended_transaction();
            return true;
        }
        connection_.execute("SET CONSTRAINTS ALL IMMEDIATE");  // what is deferred takes its locks now
        const LockModes locks = own_locks();
        checked_ = tables_of_checked_keys();
        settle(before, look(true), locks, out);
        connection_.execute(then == Then::commit ? "COMMIT" : "ROLLBACK");
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
        roll_back(connection_);
        out.relations.clear();
        if (needs_no_block(error.error) && statement.stdin_data.empty() && !statement.rows) return false;
        out.error = error.error;
    }
    return true;
}

void LockTrace::run_outside(const Statement& statement, TracedStatement& out) {
    out.outside_transaction = true;
    checked_.clear();
    const Relations before = look(false);
    try {
        const LockModes locks =
            watch_locks(connection_, statement.sql, [&] { send(connection_, statement); });
        settle(before, look(true), locks, out);
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
        roll_back(connection_);
        out.error = error.error;
    }
}

LockTrace::Relations LockTrace::look(bool after) {
    if (!connection_.in_transaction() && connection_.target().server_version >= kFlushesStatistics)
        connection_.execute("SELECT pg_catalog.pg_stat_force_next_flush()");
    // The size is asked for afterwards only: it would lock the relation for a moment.
    const postgres::Rows found = connection_.execute(fmt::format(
        "SELECT c.oid::text, n.nspname, c.relname, c.relkind, "
        "coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::text, coalesce(i.indrelid, 0)::text, {}, "
        "pg_catalog.pg_stat_get_xact_tuples_returned(c.oid)::text, "
        "pg_catalog.pg_stat_get_vacuum_count(c.oid)::text FROM pg_catalog.pg_class c JOIN "
        "pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_index i ON i.indexrelid "
        "= "
        "c.oid WHERE c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f') AND c.relpersistence <> 't' AND "
        "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
        after ? "coalesce(pg_catalog.pg_relation_size(c.oid), 0)::text" : "'0'"));
    Relations out;
    for (const auto& row : found.rows) {
        const auto text = [&](std::size_t column) { return row.at(column).value_or(""); };
        Relation& relation = out[static_cast<Oid32>(std::stoul(text(0)))];
        relation.name = {text(1), text(2)};
        relation.kind = text(3).at(0);
        relation.file = text(4);
        relation.table = static_cast<Oid32>(std::stoul(text(5)));
        relation.size = std::stoll(text(6));
        relation.rows_read = std::stoll(text(7));
        relation.vacuums = std::stoll(text(8));
    }
    return out;
}

LockModes LockTrace::own_locks() {
    LockModes out;
    add_locks(connection_.execute("SELECT relation::text, mode FROM pg_catalog.pg_locks WHERE pid = "
                                  "pg_catalog.pg_backend_pid() AND locktype = 'relation'"),
              out);
    return out;
}

/// Which side of it is scanned and which is looked up is the planner's choice; both are read.
std::set<Oid32> LockTrace::tables_of_checked_keys() {
    static constexpr std::string_view kMark = "validating foreign key constraint \"";
    std::string names;
    for (const std::string& notice : notices_) {
        const std::size_t at = notice.find(kMark);
        if (at == std::string::npos) continue;
        const std::string rest = notice.substr(at + kMark.size());
        names += (names.empty() ? "" : ", ") + sql::literal(rest.substr(0, rest.find('"')));
    }
    std::set<Oid32> out;
    if (names.empty()) return out;
    const postgres::Rows found = connection_.execute(
        fmt::format("SELECT t::text FROM pg_catalog.pg_constraint k, LATERAL (VALUES (k.conrelid), "
                    "(k.confrelid)) AS s (t) WHERE k.contype = 'f' AND k.conname IN ({})",
                    names));
    for (const auto& row : found.rows) out.insert(static_cast<Oid32>(std::stoul(row.at(0).value_or("0"))));
    return out;
}

void LockTrace::settle(const Relations& before, const Relations& after, const LockModes& locks,
                       TracedStatement& out) {
    std::map<Oid32, Work> work;
    std::set<Oid32> emptied;
    const auto raise = [&](Oid32 oid, Work least) { work[oid] = std::max(work[oid], least); };
    for (const auto& [oid, now] : after) {
        const auto was = before.find(oid);
        if (was == before.end() || !is_table(now.kind)) continue;
        const bool new_file = was->second.file != now.file;
        if (new_file && now.size == 0) emptied.insert(oid);  // TRUNCATE, or there were no rows
        if (new_file && now.size > 0) raise(oid, Work::rewrite);
        if (now.rows_read > was->second.rows_read || now.vacuums > was->second.vacuums ||
            checked_.contains(oid))
            raise(oid, Work::scan);
    }
    std::set<std::string> files;
    for (const auto& [oid, was] : before) files.insert(was.file);
    for (const auto& [oid, now] : after) {
        if (now.kind != 'i' || files.contains(now.file) || emptied.contains(now.table)) continue;
        raise(now.table, Work::build);
        for (const auto& [old, was] : before)  // ALTER TYPE replaces an index by another one of its name
            if (was.kind == 'i' && was.name == now.name && was.table == now.table) raise(old, Work::build);
    }
    for (const auto& [oid, was] : before) {
        const auto lock = locks.find(oid);
        if (lock == locks.end() || new_.contains(oid)) continue;
        out.relations.push_back({was.name, lock->second, work.contains(oid) ? work.at(oid) : Work::none});
    }
    std::sort(out.relations.begin(), out.relations.end(),
              [](const RelationFacts& one, const RelationFacts& other) { return one.name < other.name; });
    if (!leave_out_new_) return;
    for (const auto& [oid, now] : after)
        if (!before.contains(oid)) new_.insert(oid);
}

}  // namespace changelog::execute
