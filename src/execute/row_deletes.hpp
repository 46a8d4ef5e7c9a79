// Deleting recorded rows of several tables, which may point at each other.
#pragma once

#include "execute/row_keys.hpp"

#include <string_view>
#include <vector>

namespace changelog::execute {

/// The statements that delete these rows. What points at a table goes before it, by the foreign keys that are
/// there now; where tables point at each other, or at themselves, all goes in one statement, at whose end
/// PostgreSQL checks them (manual, CREATE TABLE: NO ACTION; RESTRICT is checked by triggers after it as
/// well).
std::vector<Statement> delete_rows(postgres::Connection& connection, const std::vector<const RowKeys*>& rows);

/// Whether it is such a statement over several tables or keys.
bool is_joined_delete(std::string_view sql);

}  // namespace changelog::execute
