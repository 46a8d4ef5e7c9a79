#include "execute/lock_watch.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <list>
#include <thread>

namespace changelog::execute {

namespace {

using hazards::Lock;

constexpr int kTables = 12;  ///< each takes two sessions
constexpr std::chrono::seconds kPatience{60};

Lock lock_of(const std::string& mode) {
    static constexpr std::array<std::string_view, 9> kModes = {"",
                                                               "AccessShareLock",
                                                               "RowShareLock",
                                                               "RowExclusiveLock",
                                                               "ShareUpdateExclusiveLock",
                                                               "ShareLock",
                                                               "ShareRowExclusiveLock",
                                                               "ExclusiveLock",
                                                               "AccessExclusiveLock"};
    for (std::size_t i = 1; i < kModes.size(); ++i)
        if (kModes.at(i) == mode) return static_cast<Lock>(i);
    return Lock::none;
}

/// Sessions that hold a lock of a table each, until they are told to let go.
class Holders {
  public:
    Holders(postgres::Connection& like, const std::string& text) {
        const postgres::Rows tables = like.query(
            fmt::format(
                "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c JOIN "
                "pg_catalog.pg_namespace n ON n.oid = c.relnamespace, LATERAL (SELECT pg_catalog.strpos($1, "
                "c.relname::text) > 0 OR EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class "
                "x "
                "ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND pg_catalog.strpos($1, "
                "x.relname::text) > 0) OR EXISTS (SELECT FROM pg_catalog.pg_inherits h JOIN "
                "pg_catalog.pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = c.oid AND "
                "pg_catalog.strpos($1, p.relname::text) > 0) AS named) m WHERE c.relkind IN ('r', 'p') AND "
                "c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER "
                "BY m.named DESC, c.oid LIMIT {}",
                kTables),
            {text});
        for (const auto& row : tables.rows)
            for (const char* mode : {"ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"}) {
                postgres::Connection& session = sessions_.emplace_back(like.sibling());
                session.execute(
                    fmt::format("BEGIN; LOCK TABLE ONLY {} IN {} MODE", row.at(0).value_or(""), mode));
            }
    }

    void let_go(const std::string& pid) {
        sessions_.remove_if(
            [&](const postgres::Connection& each) { return std::to_string(each.backend_pid()) == pid; });
    }

  private:
    std::list<postgres::Connection> sessions_;
};

}  // namespace

void add_locks(const postgres::Rows& rows, LockModes& out) {
    for (const auto& row : rows.rows) {
        Lock& lock = out[static_cast<Oid32>(std::stoul(row.at(0).value_or("0")))];
        lock = std::max(lock, lock_of(row.at(1).value_or("")));
    }
}

LockModes watch_locks(postgres::Connection& watched, const std::string& text,
                      const std::function<void()>& work) {
    using Clock = std::chrono::steady_clock;
    Holders holders(watched, text);
    postgres::Connection watcher = watched.sibling();
    const std::string pid = std::to_string(watched.backend_pid());
    LockModes out;
    std::atomic<bool> done = false;
    std::exception_ptr failure;
    std::thread worker([&] {
        try {
            work();
        } catch (...) {  // thrown on below, where somebody can catch it
            failure = std::current_exception();
        }
        done = true;
    });
    const auto deadline = Clock::now() + kPatience;
    try {
        while (!done) {
            // First whom it waits for: what is read next is then what it holds while it waits.
            const postgres::Rows waits =
                watcher.query("SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::int4))::text", {pid});
            add_locks(
                watcher.query("SELECT relation::text, mode FROM pg_catalog.pg_locks WHERE pid = $1::int4 AND "
                              "locktype = 'relation'",
                              {pid}),
                out);
            for (const auto& row : waits.rows) holders.let_go(row.at(0).value_or(""));
            if (Clock::now() > deadline) watched.cancel();
            std::this_thread::sleep_for(std::chrono::microseconds(300));
        }
    } catch (const postgres::DatabaseError&) {
        watched.cancel();
        worker.join();
        throw;
    }
    worker.join();
    if (failure) std::rethrow_exception(failure);
    return out;
}

}  // namespace changelog::execute
