// One runner at a time: a session advisory lock, taken by polling (a blocking wait deadlocks with CREATE
// INDEX CONCURRENTLY).
#pragma once

#include "changelog/diagnostics.hpp"

#include "postgres/connection.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace changelog::postgres {

class RunnerLock {
  public:
    /// `name` tells ledgers in one database apart (schema and table). Calls `waiting` with who holds it, at
    /// most every few seconds; what it throws ends the wait. Reports CL4003 after `patience`, CL4009 behind a
    /// proxy that pools transactions, CL4007 as soon as `cancelled` says so.
    RunnerLock(Connection& connection, const std::string& name, std::chrono::milliseconds patience,
               const std::function<void(const std::string&)>& waiting, Diagnostics& diagnostics,
               const std::function<bool()>& cancelled = {});
    ~RunnerLock();
    RunnerLock(const RunnerLock&) = delete;
    RunnerLock& operator=(const RunnerLock&) = delete;

    bool held() const { return held_; }
    /// Throws DatabaseError with connection_lost if the session that holds the lock is not the one that took
    /// it.
    void check() const;

    /// The advisory lock's key for a name: the first 64 bits of the SHA-256 of "changelog", a NUL and the
    /// name.
    static long long key_of(const std::string& name);

  private:
    bool obtain(std::chrono::milliseconds patience, const std::function<void(const std::string&)>& waiting,
                const std::function<bool()>& cancelled);

    Connection& connection_;
    long long key_ = 0;
    int pid_ = 0;
    bool held_ = false;
};

/// Who holds the lock: "pid 4711 (changelog, user alice from 10.0.0.7, connected since 2026-01-31
/// 10:00:00+00)"; empty if nobody does.
std::string lock_holder(Connection& connection, long long key);

}  // namespace changelog::postgres
