// The plain names of steps by what the parse tree calls them.
#pragma once

#include <string>
#include <string_view>

namespace changelog::hazards {

/// AT_AddColumn -> "ADD COLUMN"; the name itself without "AT_" where there is none.
std::string command_name(std::string_view subtype);
/// CONSTR_FOREIGN -> "FOREIGN KEY"
std::string constraint_name(std::string_view contype);
/// OBJECT_MATVIEW -> "MATERIALIZED VIEW"
std::string object_name(std::string_view object_type);
/// CreateTrigStmt -> "CREATE TRIGGER"; "" where there is none.
std::string statement_name(std::string_view kind);

}  // namespace changelog::hazards
