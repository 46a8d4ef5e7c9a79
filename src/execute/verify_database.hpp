// A database of its own for a proof, with an engine on it.
#pragma once

#include "execute/engine.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace changelog::execute {

/// What all databases of a run share.
struct VerifyServer {
    std::string url;
    std::string setup;  ///< SQL that is run in each new database
    std::string from;   ///< a database that each new one is a copy of, without `setup`; empty: they are empty
    bool take_over = false;  ///< the next one is that database itself, which nobody else needs any more
    EngineOptions engine;
    Listener listener;
    std::set<std::string> roles;  ///< that the run made: they are the server's, and go with each database

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
    const std::string& name() const { return name_; }
    /// Disconnects, so that copies can be made of it. Nothing but name() may be used afterwards.
    void let_go();

  private:
    VerifyServer& server_;
    std::string name_;
    std::unique_ptr<postgres::Connection> connection_;
    std::unique_ptr<Engine> engine_;
};

/// While it lives, new roles of the server are taken for those of the run.
class RoleWatch {
  public:
    RoleWatch(VerifyServer& server, postgres::Connection& connection);
    ~RoleWatch();
    RoleWatch(const RoleWatch&) = delete;
    RoleWatch& operator=(const RoleWatch&) = delete;

  private:
    VerifyServer& server_;
    postgres::Connection& connection_;
    std::set<std::string> before_;
};

/// Drops the databases that killed runs left on this server: nobody is connected to them, and their names say
/// that they are older than an hour. What may not be dropped stays.
void remove_left_databases(const std::string& url);

/// The connection string with another database in it. Throws DatabaseError if libpq cannot read it.
std::string with_database(const std::string& url, const std::string& database);

}  // namespace changelog::execute
