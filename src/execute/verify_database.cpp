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

/// Of two runs on one server none takes the other's for its own. The second of its making comes first.
std::string new_name(postgres::Connection& connection) {
    static std::atomic<unsigned> count = 0;
    const std::string now =
        connection.execute("SELECT extract(epoch FROM pg_catalog.clock_timestamp())::bigint").text(0, 0);
    return fmt::format("changelog_verify_{}_{}_{}", now, connection.backend_pid(), ++count);
}

std::set<std::string> roles_of(postgres::Connection& connection) {
    std::set<std::string> out;
    for (const auto& row : connection.execute("SELECT rolname FROM pg_catalog.pg_roles").rows)
        out.insert(row.at(0).value_or(""));
    return out;
}

/// Who owns a database needs no more than this to drop it; what is refused stays.
void try_to(postgres::Connection& connection, const std::string& sql) {
    try {
        connection.execute(sql);
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
    }
}

/// Their database is gone. A role that owns something in another one stays.
void drop_roles(postgres::Connection& admin, const std::set<std::string>& roles) {
    for (const std::string& role : roles) try_to(admin, "DROP ROLE IF EXISTS " + sql::identifier(role));
}

}  // namespace

RoleWatch::RoleWatch(VerifyServer& server, postgres::Connection& connection)
    : server_(server), connection_(connection), before_(roles_of(connection)) {}

RoleWatch::~RoleWatch() {
    try {
        for (const std::string& role : roles_of(connection_))
            if (!before_.contains(role)) server_.roles.insert(role);
    } catch (const postgres::DatabaseError&) {
        return;  // the session is gone, or the run was asked to stop
    }
}

void remove_left_databases(const std::string& url) {
    postgres::Connection admin(url);
    const postgres::Rows left = admin.execute(
        "SELECT d.datname FROM pg_catalog.pg_database d WHERE d.datname ~ "
        "'^changelog_verify_[0-9]{1,12}_[0-9]+_[0-9]+$' AND pg_catalog.split_part(d.datname, '_', 3)::bigint "
        "< extract(epoch FROM pg_catalog.clock_timestamp()) - 3600 AND pg_catalog.pg_has_role(d.datdba, "
        "'USAGE') AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)");
    for (const auto& row : left.rows)  // without FORCE: somebody may connect meanwhile
        try_to(admin, "DROP DATABASE IF EXISTS " + sql::identifier(row.at(0).value_or("")));
}

VerifyDatabase::VerifyDatabase(VerifyServer& server, Diagnostics& diagnostics) : server_(server) {
    {
        postgres::Connection admin(server.url);
        name_ = new_name(admin);
        if (server.take_over)
            admin.execute(fmt::format("ALTER DATABASE {} RENAME TO {}", sql::identifier(server.from),
                                      sql::identifier(name_)));
        else  // template1 may hold what somebody put there
            admin.execute(fmt::format("CREATE DATABASE {} TEMPLATE {}", sql::identifier(name_),
                                      sql::identifier(server.from.empty() ? "template0" : server.from)));
    }
    try {
        connection_ = std::make_unique<postgres::Connection>(with_database(server.url, name_));
        connection_->on_notice([](const std::string&) {});
        if (!server.setup.empty() && server.from.empty()) {
            const RoleWatch watch(server, *connection_);
            connection_->execute(server.setup);
        }
        engine_ = std::make_unique<Engine>(*connection_, server.engine, server.listener, diagnostics);
    } catch (const postgres::DatabaseError&) {
        connection_.reset();
        postgres::Connection admin(server.url);
        admin.execute(fmt::format("DROP DATABASE {} WITH (FORCE)", sql::identifier(name_)));
        drop_roles(admin, server.roles);
        throw;
    }
    server.runs_on(engine_.get());
}

void VerifyDatabase::let_go() {
    server_.runs_on(nullptr);
    engine_.reset();
    connection_.reset();
}

VerifyDatabase::~VerifyDatabase() {
    if (engine_) let_go();
    try {
        postgres::Connection admin(server_.url);
        admin.execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql::identifier(name_)));
        drop_roles(admin, server_.roles);
    } catch (const postgres::DatabaseError&) {
        return;  // a scratch server goes away anyway; on another one the name says what it is
    }
}

}  // namespace changelog::execute
