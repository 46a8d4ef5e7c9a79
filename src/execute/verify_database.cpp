#include "execute/verify_database.hpp"

#include "postgres/connection_string.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace changelog::execute {

void VerifyServer::stop() noexcept {
    stopped_ = true;
    const std::lock_guard guard(mutex_);
    if (running_ != nullptr) running_->cancellation().request();
}

void VerifyServer::runs_on(Engine* now) {
    const std::lock_guard guard(mutex_);
    running_ = now;
    if (stopped_ && now != nullptr) now->cancellation().request();
}

std::string with_database(const std::string& url, const std::string& database) {
    postgres::ConnectionParameters parameters;
    if (!url.empty()) parameters = postgres::parse_connection_string(url);
    parameters["dbname"] = database;
    std::string out;
    for (const auto& [name, value] : parameters) {
        out += (out.empty() ? "" : " ") + name + "='";
        for (const char c : value) {
            if (c == '\'' || c == '\\') out += '\\';
            out += c;
        }
        out += '\'';
    }
    return out;
}

namespace {

/// Of two runs on one server none takes the other's for its own.
std::string new_name(postgres::Connection& connection) {
    static std::atomic<unsigned> count = 0;
    return fmt::format("changelog_verify_{}_{}_{}", ::getpid(), connection.backend_pid(), ++count);
}

}  // namespace

VerifyDatabase::VerifyDatabase(VerifyServer& server, Diagnostics& diagnostics) : server_(server) {
    {
        postgres::Connection admin(server.url);
        name_ = new_name(admin);
        // template1 may hold what somebody put there.
        admin.execute(fmt::format("CREATE DATABASE {} TEMPLATE template0", sql::identifier(name_)));
    }
    try {
        connection_ = std::make_unique<postgres::Connection>(with_database(server.url, name_));
        connection_->on_notice([](const std::string&) {});
        if (!server.setup.empty()) connection_->execute(server.setup);
        engine_ = std::make_unique<Engine>(*connection_, server.engine, server.listener, diagnostics);
    } catch (const postgres::DatabaseError&) {
        connection_.reset();
        postgres::Connection(server.url)
            .execute(fmt::format("DROP DATABASE {} WITH (FORCE)", sql::identifier(name_)));
        throw;
    }
    server.runs_on(engine_.get());
}

VerifyDatabase::~VerifyDatabase() {
    server_.runs_on(nullptr);
    engine_.reset();
    connection_.reset();
    try {
        postgres::Connection(server_.url)
            .execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql::identifier(name_)));
    } catch (const postgres::DatabaseError&) {
        return;  // a scratch server goes away anyway; on another one the name says what it is
    }
}

}  // namespace changelog::execute
