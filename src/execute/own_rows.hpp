// Rows of tables and of the catalog that the running transaction has written.
#pragma once

#include <string>
#include <string_view>

namespace changelog::execute {

/// The condition that a row was written by the running transaction since one of its ids was given: not older
/// than that id, and in progress although we see the row, so our own. Ids of what ran within it PostgreSQL
/// does not list. `row` is an alias, `since` an expression of type xid.
std::string is_own_row(std::string_view row, std::string_view since);

}  // namespace changelog::execute
