// From what the user gave to an open session: which database, which default schema.
#pragma once

#include "changelog/diagnostics.hpp"

#include "postgres/connection.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace changelog::postgres {

/// The connection string: `option` (--url), else CHANGELOG_URL, else DATABASE_URL, else "" for libpq's own
/// environment (PGHOST, PGSERVICE, ...) if there is any of it. Nothing if no database is named at all: the
/// caller's CL0003.
std::optional<std::string> choose_url(const std::string& option,
                                      const std::map<std::string, std::string>& environment);

/// The variables of this process that choose_url looks at.
std::map<std::string, std::string> connection_environment();

struct SessionOptions {
    std::string url;
    std::string default_schema;  ///< as stored; empty: the session's current_schema()
    std::string application_name = "changelog";
};

struct Session {
    Connection connection;
    std::string default_schema;  ///< as stored
};

/// Reports CL0004 (no connection, or no such schema) or CL0005 (server too old), and gives null.
std::unique_ptr<Session> open_session(const SessionOptions& options, Diagnostics& diagnostics);

/// Reports CL0005 if the server is older than PostgreSQL 13.
bool server_is_supported(const Target& target, Diagnostics& diagnostics);

}  // namespace changelog::postgres
