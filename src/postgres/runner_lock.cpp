#include "postgres/runner_lock.hpp"

#include "changelog/codes.hpp"

#include "core/sha256.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

namespace changelog::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// pg_locks splits a 64-bit key: classid has the upper half, objid the lower, objsubid is 1.
std::string is_our_lock(long long key) {
    return fmt::format(
        "l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (SELECT oid FROM "
        "pg_database WHERE "
        "datname = current_database()) AND (l.classid::bigint << 32 | l.objid::bigint) = {}",
        key);
}

bool try_lock(Connection& connection, long long key) {
    return connection.execute(fmt::format("SELECT pg_try_advisory_lock({})", key)).text(0, 0) == "t";
}

/// The backend that answers just now: behind a proxy it need not be the one of the last statement.
int answering_pid(Connection& connection) {
    return std::stoi(connection.execute("SELECT pg_backend_pid()").text(0, 0));
}

/// Whether the proxy gives a new client the backend that was ours a moment ago. One that has none left for
/// it, or none in time, keeps ours for us.
bool gives_away(Connection& connection, int pid) {
    try {
        Connection other = connection.sibling();
        other.execute("BEGIN");
        const bool ours = answering_pid(other) == pid;
        other.execute("ROLLBACK");
        return ours;
    } catch (const DatabaseError&) {
        return false;
    }
}

/// A proxy makes up the process id that it tells its clients. One that pools transactions gives our backend,
/// which is idle between two statements, to the next client; one that pools sessions does not.
bool pools_transactions(Connection& connection) {
    const int pid = answering_pid(connection);
    if (pid == connection.backend_pid()) return false;
    return gives_away(connection, pid) || answering_pid(connection) != pid;
}

/// Between a half and one and a half times as long, so that several waiting runners do not ask in step.
milliseconds with_jitter(milliseconds pause) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    return milliseconds(pause.count() / 2 +
                        std::uniform_int_distribution<long long>(0, pause.count())(random));
}

/// In short pieces, so that nobody who presses Ctrl-C waits for the next try.
void sleep(milliseconds pause, const std::function<bool()>& cancelled) {
    for (const auto end = Clock::now() + pause; Clock::now() < end && !(cancelled && cancelled());)
        std::this_thread::sleep_for(std::clamp(std::chrono::duration_cast<milliseconds>(end - Clock::now()),
                                               milliseconds{1}, milliseconds{50}));
}

void report_pooler(Diagnostics& diagnostics) {
    Diagnostic& problem =
        diagnostics.error(codes::pooler, {}, "the connection goes through a proxy that pools transactions");
    problem.why =
        "Its statements run in changing sessions of the server, so a session's lock does not keep a second "
        "runner away.";
    problem.next = {"connect to the server itself, past the proxy",
                    "or use a port of the proxy that pools sessions"};
}

}  // namespace

std::string lock_holder(Connection& connection, long long key) {
    const Rows rows = connection.execute(
        "SELECT l.pid, nullif(a.application_name, ''), a.usename, coalesce(host(a.client_addr), 'the "
        "server''s host'), "
        "to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SSOF') FROM pg_locks l LEFT JOIN pg_stat_activity a "
        "USING (pid) "
        "WHERE " +
        is_our_lock(key) + " LIMIT 1");
    if (rows.empty()) return "";
    const auto& row = rows.rows[0];
    // Another user's session shows no more than its process id.
    if (!row[2]) return fmt::format("pid {}", row[0].value_or("?"));
    return fmt::format("pid {} ({}, user {} from {}, connected since {})", row[0].value_or("?"),
                       row[1].value_or("unnamed"), *row[2], row[3].value_or("?"), row[4].value_or("?"));
}

long long RunnerLock::key_of(const std::string& name) {
    const std::string digits = sha256(std::string("changelog") + '\0' + name).substr(0, 16);
    return static_cast<long long>(std::stoull(digits, nullptr, 16));
}

RunnerLock::RunnerLock(Connection& connection, const std::string& name, milliseconds patience,
                       const std::function<void(const std::string&)>& waiting, Diagnostics& diagnostics,
                       const std::function<bool()>& cancelled)
    : connection_(connection), key_(key_of(name)) {
    if (pools_transactions(connection)) {
        report_pooler(diagnostics);
        return;
    }
    held_ = obtain(patience, waiting, cancelled);
    if (held_) {
        pid_ = answering_pid(connection);
        return;
    }
    if (cancelled && cancelled()) {
        diagnostics.error(codes::cancelled, {}, "cancelled while waiting for another runner");
        return;
    }
    const std::string holder = lock_holder(connection, key_);
    Diagnostic& problem =
        diagnostics.error(codes::lock_not_obtained, {},
                          fmt::format("another runner holds the lock; gave up after {:.1f} s",
                                      static_cast<double>(patience.count()) / 1e3));
    problem.why = holder.empty() ? "It let go of it just now." : "It is held by " + holder + ".";
    problem.next = {"try again when that run is over", "or wait longer with --lock-wait"};
}

bool RunnerLock::obtain(milliseconds patience, const std::function<void(const std::string&)>& waiting,
                        const std::function<bool()>& cancelled) {
    const auto deadline = Clock::now() + patience;
    auto next_report = Clock::now();
    for (milliseconds pause{50};; pause = std::min(pause * 2, milliseconds{1000})) {
        if (cancelled && cancelled()) return false;
        if (try_lock(connection_, key_)) return true;
        const auto now = Clock::now();
        if (now >= deadline) return false;
        if (waiting && now >= next_report) {
            waiting(lock_holder(connection_, key_));
            next_report = now + std::chrono::seconds(5);
        }
        const auto left = std::chrono::duration_cast<milliseconds>(deadline - now);
        sleep(std::clamp(with_jitter(pause), milliseconds{1}, std::max(left, milliseconds{1})), cancelled);
    }
}

RunnerLock::~RunnerLock() {
    // In a failed transaction nothing can be run; the lock then goes with the session.
    if (!held_ || connection_.lost() || connection_.transaction_failed()) return;
    try {
        connection_.execute(fmt::format("SELECT pg_advisory_unlock({})", key_));
    } catch (const DatabaseError&) {
        return;  // lost in this moment, and the lock with it
    }
}

void RunnerLock::check() const {
    const Rows rows = connection_.execute(
        fmt::format("SELECT 1 FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.pid = {} AND {}", pid_,
                    is_our_lock(key_)));
    if (!rows.empty()) return;
    ServerError error;
    error.sqlstate = "08006";
    error.message = "the session that holds the runner's lock is gone";
    error.connection_lost = true;
    throw DatabaseError(std::move(error));
}

}  // namespace changelog::postgres
