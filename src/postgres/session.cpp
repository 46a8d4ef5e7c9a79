#include "postgres/session.hpp"

#include "changelog/codes.hpp"

#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace changelog::postgres {
namespace {

constexpr std::array our_variables = {"CHANGELOG_URL", "DATABASE_URL"};
// Any of them tells libpq where to go. PGUSER and PGPASSWORD alone do not.
constexpr std::array libpq_variables = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE"};

/// Puts the schema first in the search path and keeps the others, so that extensions stay visible.
void set_default_schema(Connection& connection, const std::string& schema) {
    connection.query(
        "SELECT set_config('search_path', concat_ws(', ', quote_ident($1), "
        "nullif(current_setting('search_path'), '')), "
        "false)",
        {schema});
}

std::string current_schema(Connection& connection) {
    return connection.execute("SELECT coalesce(current_schema(), 'public')").text(0, 0);
}

}  // namespace

std::optional<std::string> choose_url(const std::string& option,
                                      const std::map<std::string, std::string>& environment) {
    const auto given = [&](const char* name) {
        const auto found = environment.find(name);
        return found != environment.end() && !found->second.empty();
    };
    if (!option.empty()) return option;
    for (const char* name : our_variables)
        if (given(name)) return environment.at(name);
    for (const char* name : libpq_variables)
        if (given(name)) return "";
    return std::nullopt;
}

std::map<std::string, std::string> connection_environment() {
    std::map<std::string, std::string> out;
    const auto take = [&](const char* name) {
        if (const char* value = std::getenv(name)) out[name] = value;
    };
    for (const char* name : our_variables) take(name);
    for (const char* name : libpq_variables) take(name);
    return out;
}

bool server_is_supported(const Target& target, Diagnostics& diagnostics) {
    if (target.server_version >= oldest_server_version) return true;
    Diagnostic& problem = diagnostics.error(
        codes::server_too_old, {}, fmt::format("PostgreSQL {} is too old", target.server_version_text));
    problem.got = target.server_version_text;
    problem.expected = {fmt::format("PostgreSQL {} or newer", oldest_server_version / 10000)};
    return false;
}

std::unique_ptr<Session> open_session(const SessionOptions& options, Diagnostics& diagnostics) {
    try {
        auto session =
            std::make_unique<Session>(Session{Connection(options.url, options.application_name), ""});
        if (!server_is_supported(session->connection.target(), diagnostics)) return nullptr;
        if (!options.default_schema.empty()) set_default_schema(session->connection, options.default_schema);
        session->default_schema = current_schema(session->connection);
        if (options.default_schema.empty() || session->default_schema == options.default_schema)
            return session;
        Diagnostic& problem = diagnostics.error(
            codes::cannot_connect, {}, fmt::format("the schema '{}' cannot be used", options.default_schema));
        problem.why = "It does not exist, or the user has no USAGE right on it.";
        problem.next = {"CREATE SCHEMA " + sql::identifier(options.default_schema)};
    } catch (const DatabaseError& failure) {
        Diagnostic& problem = diagnostics.error(codes::cannot_connect, {}, "cannot connect to the database");
        problem.why = failure.error.message;
        if (!failure.error.hint.empty()) problem.next = {failure.error.hint};
        problem.server = failure.error;
    }
    return nullptr;
}

}  // namespace changelog::postgres
