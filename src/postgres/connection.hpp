// One session on a server. The only file pair that knows libpqxx.
#pragma once

#include "changelog/diagnostics.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace changelog::postgres {

/// What the server or the connection to it reported. Carries no password: URLs are redacted before they get
/// here.
class DatabaseError : public std::runtime_error {
  public:
    explicit DatabaseError(ServerError details)
        : std::runtime_error(details.message), error(std::move(details)) {}
    ServerError error;
};

/// A result as text; a missing value is SQL NULL.
struct Rows {
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;

    bool empty() const { return rows.empty(); }
    /// The value of the first row, or "" when it is NULL.
    std::string text(std::size_t row, std::size_t column) const {
        return rows.at(row).at(column).value_or("");
    }
};

struct Target {  ///< where a session is connected to, for people
    std::string host, port, database, user;
    int server_version = 0;  ///< 150020
    std::string server_version_text;
};

class Connection {
  public:
    /// `url` is a libpq URI or key=value string; jdbc:postgresql:// is understood. Empty: libpq's
    /// environment. Throws DatabaseError.
    explicit Connection(const std::string& url, const std::string& application_name = "changelog");
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    const Target& target() const;
    /// Process id of the server's backend. A lost session is never replaced in silence: the next call throws
    /// with `connection_lost`.
    int backend_pid() const;

    /// Runs one or more statements as one message, without parameters. Transactions are the caller's: BEGIN
    /// and COMMIT are statements like others. Returns the last statement's rows.
    Rows execute(const std::string& sql);
    /// One statement with text parameters $1, $2, ...; a missing one is NULL.
    Rows query(const std::string& sql, const std::vector<std::optional<std::string>>& parameters);
    /// COPY ... FROM STDIN: `next` gives a chunk of rows at a time, and nothing at the end.
    void copy_in(const std::string& copy_statement, const std::function<std::optional<std::string>()>& next);

    bool in_transaction() const;      ///< a transaction block is open, failed or not
    bool transaction_failed() const;  ///< a transaction block is open in which a statement failed
    bool lost() const;                ///< the session is gone; every call throws from now on
    void on_notice(std::function<void(const std::string&)> handler);

    /// Another session with the same parameters.
    Connection sibling() const;

    /// Asks the server to cancel what this session runs. May be called from another thread.
    void cancel() noexcept;

    std::string quote(const std::string& text) const;  ///< a string literal for this session

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The oldest server that is supported, as libpq's PQserverVersion.
inline constexpr int oldest_server_version = 130000;

/// The URL or DSN without its password, for messages.
std::string redact(const std::string& url);

}  // namespace changelog::postgres
