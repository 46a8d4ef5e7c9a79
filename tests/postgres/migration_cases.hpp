// Changes of a schema that have to be undone exactly.
#pragma once

#include <string>
#include <vector>

namespace changelog::tests {

struct MigrationCase {
    std::string setup, change;
    bool back_only = false;  ///< doing it again loses what tells how
};

std::vector<MigrationCase> column_cases();
std::vector<MigrationCase> table_cases();
std::vector<MigrationCase> constraint_cases();
std::vector<MigrationCase> partition_cases();
std::vector<MigrationCase> view_cases();
std::vector<MigrationCase> type_cases();
std::vector<MigrationCase> code_cases();
std::vector<MigrationCase> right_cases();
std::vector<MigrationCase> rename_cases();
std::vector<MigrationCase> mixed_cases();
std::vector<MigrationCase> hard_cases();
std::vector<MigrationCase> owner_cases();

}  // namespace changelog::tests
