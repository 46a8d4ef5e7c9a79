// Statements outside a transaction, each recorded so that a run that was killed can be taken up again.
#pragma once

#include "changelog/statement.hpp"

#include "postgres/connection.hpp"

#include <functional>
#include <string>
#include <vector>

namespace changelog::execute {

/// Whether PostgreSQL can run the statement together with the row that records its step, so that a crash
/// cannot repeat it. CALL and DO may end transactions themselves and are not among them.
bool fits_into_a_transaction(const Statement& statement);

/// What CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY find when they are run again. True if nothing
/// is left to do, because a run that was killed before it could say so has done it (`resumed`). An invalid
/// index is dropped before it is built again (manual, CREATE INDEX, "Building Indexes Concurrently"); `tell`
/// is told.
bool is_done_already(postgres::Connection& connection, const std::string& sql, bool resumed,
                     const std::function<void(std::string)>& tell);

/// Settings and roles that the first `count` statements have set end with the session: sets them again.
void set_again(postgres::Connection& connection, const std::vector<Statement>& statements, std::size_t count);

/// A statement that ends or opens a transaction takes the history's row away from the change. Throws
/// DatabaseError.
[[noreturn]] void fail_with(std::string message);

}  // namespace changelog::execute
