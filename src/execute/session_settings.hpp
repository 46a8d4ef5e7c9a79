// The session as a run found it: what a changeset sets must not reach the next one, nor the history.
#pragma once

#include "changelog/statement.hpp"

#include "postgres/connection.hpp"

#include <string>
#include <vector>

namespace changelog::execute {

/// SQL that brings role and settings of the session back to what they are now.
std::string restoring_sql(postgres::Connection& connection);

/// Whether the statement may change a setting or the role: SET, RESET, DISCARD, set_config().
bool may_change_settings(const Statement& statement);
bool may_change_settings(const std::vector<Statement>& statements);

/// SET CONSTRAINTS, which holds until its transaction ends.
bool sets_constraints(const std::vector<Statement>& statements);

}  // namespace changelog::execute
