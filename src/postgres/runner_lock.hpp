// One runner at a time: a session advisory lock, taken by polling (a blocking wait deadlocks with CREATE INDEX CONCURRENTLY).
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "changelog/diagnostics.hpp"
#include "postgres/connection.hpp"

namespace changelog::postgres {

class RunnerLock {
  public:
    /// `name` tells ledgers in one database apart (schema and table). Calls `waiting` with who holds it, at most every few
    /// seconds. Reports CL4003 after `patience`, CL4009 behind a proxy that pools transactions.
    RunnerLock(Connection& connection, const std::string& name, std::chrono::milliseconds patience,
               const std::function<void(const std::string&)>& waiting, Diagnostics& diagnostics);
    ~RunnerLock();
    RunnerLock(const RunnerLock&) = delete;
    RunnerLock& operator=(const RunnerLock&) = delete;

    bool held() const { return held_; }
    /// Throws DatabaseError with connection_lost if the session that holds the lock is not the one that took it.
    void check() const;

  private:
    Connection& connection_;
    long long key_ = 0;
    int pid_ = 0;
    bool held_ = false;
};

}  // namespace changelog::postgres
