// Which data a statement would destroy.
#pragma once

#include "postgres/connection.hpp"

#include <string>
#include <vector>

namespace changelog::execute {

/// "rows of public.orders", "values of public.orders.note": what the statement drops and what the database
/// holds now. Empty tables and columns that are NULL throughout are no loss, nor are views.
/// `seen_through` becomes false where the statement runs code that cannot be read.
std::vector<std::string> data_at_risk(const std::string& statement, const std::string& default_schema,
                                      postgres::Connection& connection, bool& seen_through);

}  // namespace changelog::execute
