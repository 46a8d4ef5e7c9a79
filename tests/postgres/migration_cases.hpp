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
std::vector<MigrationCase> falling_cases();
std::vector<MigrationCase> multirange_cases();  ///< PostgreSQL 14
std::vector<MigrationCase> composite_cases();
std::vector<MigrationCase> statistics_cases();
std::vector<MigrationCase> acl_cases();
std::vector<MigrationCase> cases_of_17();
std::vector<MigrationCase> not_null_cases();  ///< PostgreSQL 18
std::vector<MigrationCase> cases_of_18();

}  // namespace changelog::tests
