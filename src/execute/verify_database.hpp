// A database of its own for a proof, with an engine on it.
#pragma once

#include "execute/engine.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace changelog::execute {

/// What all databases of a run share.
struct VerifyServer {
    std::string url;
    std::string setup;  ///< SQL that is run in each new database
    EngineOptions engine;
    Listener listener;

    /// Asks whatever runs to stop.
    void stop() noexcept;
    bool stopped() const { return stopped_; }
    void runs_on(Engine* now);

  private:
    std::atomic<bool> stopped_ = false;
    std::mutex mutex_;
    Engine* running_ = nullptr;
};

class VerifyDatabase {
  public:
    /// Makes an empty database. Throws DatabaseError.
    VerifyDatabase(VerifyServer& server, Diagnostics& diagnostics);
    /// Drops it with whatever is still connected.
    ~VerifyDatabase();
    VerifyDatabase(const VerifyDatabase&) = delete;
    VerifyDatabase& operator=(const VerifyDatabase&) = delete;

    postgres::Connection& connection() { return *connection_; }
    Engine& engine() { return *engine_; }

  private:
    VerifyServer& server_;
    std::string name_;
    std::unique_ptr<postgres::Connection> connection_;
    std::unique_ptr<Engine> engine_;
};

/// The connection string with another database in it. Throws DatabaseError if libpq cannot read it.
std::string with_database(const std::string& url, const std::string& database);

}  // namespace changelog::execute
