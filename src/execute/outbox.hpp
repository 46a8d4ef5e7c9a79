// Collects the statements of a transaction and sends them in as few messages as it can.
#pragma once

#include "changelog/statement.hpp"

#include "postgres/connection.hpp"

#include <string>

namespace changelog::execute {

class Outbox {
  public:
    explicit Outbox(postgres::Connection& connection) : connection_(connection) {}

    void add(const Statement& statement);
    void add(const std::string& sql);
    /// Sends what is collected. Throws DatabaseError; the transaction, if one was begun, has then failed.
    void flush();

  private:
    postgres::Connection& connection_;
    std::string text_;
};

/// Ends whatever transaction is open; a connection that is gone has ended it already.
void roll_back(postgres::Connection& connection) noexcept;

/// Text for a comment: a comment ends with its line, and a line break must not smuggle SQL into a script.
std::string one_line(std::string text);

/// A statement as text for a message or a script: the semicolon stands on a line of its own where a comment
/// would swallow it.
std::string terminated(const std::string& sql);

}  // namespace changelog::execute
