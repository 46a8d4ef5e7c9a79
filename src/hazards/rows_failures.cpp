// With which error a step is bound to fail, or may fail because of the rows.
#include "hazards/conditions.hpp"
#include "hazards/lock_letters.hpp"

#include <array>

namespace changelog::hazards {

using namespace letters;

namespace {

bool concurrently_parallel(const Step& step) { return concurrent_in_transaction(step); }
bool add_only_on_parent(const Step& step) {
    return column_is_new(step) && step.alone && relation_is_partitioned(step);
}
bool narrows_without_using(const Step& step) {
    return type_may_overflow(step) && child(*step.definition, "raw_default").is_null();
}
bool no_column_index(const Step& step) { return uses_index(step) && relation_is_partitioned(step); }

}  // namespace

// clang-format off
std::span<const FailureRule> failure_table() {
    static constexpr auto rows = std::to_array<FailureRule>({
        {kAnyKind, uses_new_label, "55P04",
         "a new value of an enumeration cannot be used before it is committed"},
        {"ADD COLUMN", lacks_needed_default, "23502",
         "the column is NOT NULL and has no default for the rows that are there", false},
        {"ADD COLUMN", default_has_subquery, "0A000", "a DEFAULT cannot have a sub-query"},
        {"ADD COLUMN", add_only_on_parent, "42P16", "the column must be added to the partitions too"},
        {"DROP COLUMN", restricts_dependents, "2BP01", "other objects depend on the column"},
        {"DROP COLUMN", column_is_inherited, "42P16", "the column comes from the parent"},
        {"RENAME COLUMN", column_is_inherited, "42P16", "the column comes from the parent"},
        {"ADD IDENTITY", column_may_be_null, "55000", "the column must be NOT NULL first"},
        {"DROP EXPRESSION", is_on_read, "0A000", "a virtual column has no stored values to keep", true, k18},
        {"DETACH PARTITION", is_concurrent, "42601",
         "DETACH PARTITION ... CONCURRENTLY came with PostgreSQL 14", true, kAnyVersion, k14},
        {"SET COMPRESSION", always, "42601", "SET COMPRESSION came with PostgreSQL 14", true, kAnyVersion,
         k14},
        {"CREATE TRIGGER", replaces_trigger, "42601",
         "CREATE OR REPLACE TRIGGER came with PostgreSQL 14", true, kAnyVersion, k14},
        {"CREATE INDEX", is_made_for_all, "42601",
         "NULLS NOT DISTINCT came with PostgreSQL 15", true, kAnyVersion, k15},
        {"ADD UNIQUE", is_made_for_all, "42601",
         "NULLS NOT DISTINCT came with PostgreSQL 15", true, kAnyVersion, k15},
        {"MERGE", always, "42601", "MERGE came with PostgreSQL 15", true, kAnyVersion, k15},
        {"SET ACCESS METHOD", always, "42601",
         "ALTER TABLE ... SET ACCESS METHOD came with PostgreSQL 15", true, kAnyVersion, k15},
        {"SET EXPRESSION", always, "42601", "SET EXPRESSION came with PostgreSQL 17", true, kAnyVersion, k17},
        {"SET NOT NULL", not_null_unproven, "23502", "there may be rows without a value", false},

        {"ALTER TYPE", column_is_inherited, "42P16", "the column comes from the parent"},
        {"ALTER TYPE", foreign_key_impossible, "42804",
         "the foreign key would have no way to compare both types"},
        {"ALTER TYPE", is_partition_key, "42P16", "the column is part of the partition key"},
        {"ALTER TYPE", type_has_view, "0A000", "a view uses the column"},
        {"ALTER TYPE", type_has_function, "0A000", "a function with a SQL-standard body uses the column"},
        {"ALTER TYPE", type_has_generated, "42601",
         "a generated column uses the column", true, kAnyVersion, k15},
        {"ALTER TYPE", type_has_generated, "0A000", "a generated column uses the column", true, k15},
        {"ALTER TYPE", type_has_trigger, "0A000", "a trigger names the column"},
        {"ALTER TYPE", type_has_policy, "0A000", "a policy uses the column"},
        {"ALTER TYPE", type_has_publication, "0A000", "a publication names the column", true, k15},
        {"ALTER TYPE", type_not_assignable, "42804",
         "there is no cast without USING, for the values or for the default"},
        {"ALTER TYPE", narrows_without_using, "22003", "values may not fit into the new type", false},

        {"ADD FOREIGN KEY", not_valid_on_partitioned, "42809",
         "NOT VALID foreign keys of partitioned tables came with PostgreSQL 18", true, kAnyVersion, k18},
        {"ADD FOREIGN KEY", validates, "23503", "rows may point at nothing", false},
        {"ADD CHECK", validates, "23514", "rows may violate the condition", false},
        {"ADD UNIQUE", no_column_index, "0A000", "USING INDEX is not supported on partitioned tables"},
        {"ADD UNIQUE", index_is_unfit, "42809",
         "the index is partial, on expressions, not unique, or in another order than the default"},
        {"ADD UNIQUE", index_is_invalid, "55000", "the index is not valid"},
        {"ADD UNIQUE", builds_index, "23505", "there may be duplicates", false},
        {"ADD PRIMARY KEY", no_column_index, "0A000", "USING INDEX is not supported on partitioned tables"},
        {"ADD PRIMARY KEY", index_is_unfit, "42809",
         "the index is partial, on expressions, not unique, or in another order than the default"},
        {"ADD PRIMARY KEY", index_is_invalid, "55000", "the index is not valid"},
        {"ADD PRIMARY KEY", key_not_null_unvalidated, "55000",
         "the NOT NULL constraint of the column is not validated", true, k18},
        {"DROP CONSTRAINT", constraint_is_inherited, "42P16", "the constraint comes from the parent"},
        {"DROP NOT NULL", column_is_key, "42P16", "the column is part of the primary key"},
        {"DROP TABLE", is_view, "42809", "it is a view"},
        {"DROP CONSTRAINT", drops_referenced_key, "2BP01", "foreign keys depend on it"},
        {"DROP INDEX", backs_constraint, "2BP01", "a constraint requires the index"},

        {"CREATE INDEX", concurrently_parallel, "25001", "CONCURRENTLY cannot run inside a transaction"},
        {"CREATE INDEX", is_concurrent_on_partitioned, "0A000",
         "CONCURRENTLY is not supported on partitioned tables"},
        {"DROP INDEX", is_concurrent_on_partitioned, "0A000",
         "the index of a partitioned table cannot be dropped CONCURRENTLY"},
        {"DROP INDEX", concurrently_parallel, "25001", "CONCURRENTLY cannot run inside a transaction"},
        {"REINDEX", concurrently_parallel, "25001", "CONCURRENTLY cannot run inside a transaction"},
        {"DETACH PARTITION", concurrently_parallel, "25001", "CONCURRENTLY cannot run inside a transaction"},
        {"VACUUM", in_transaction, "25001", "VACUUM cannot run inside a transaction"},
        {"VACUUM FULL", in_transaction, "25001", "VACUUM cannot run inside a transaction"},
        {"DETACH PARTITION", concurrent_with_default, "55000", "there is a DEFAULT partition"},
        {"REFRESH", concurrent_refresh_impossible, "55000",
         "the materialized view has no unique index on columns"},
        {"CREATE VIEW", view_changes_columns, "42P16",
         "CREATE OR REPLACE VIEW can only add columns at the end"},
        {"DROP TABLE", has_dependents, "2BP01", "other objects depend on it"},
        {"DROP VIEW", has_dependents, "2BP01", "other objects depend on it"},
        {"DROP FUNCTION", has_dependents, "2BP01", "triggers run it"},
        {"DROP SEQUENCE", has_dependents, "2BP01", "the default of a column asks it"},
        {"TRUNCATE", is_truncated_alone, "0A000", "foreign keys of other tables point at it"},
        {"DROP TYPE", has_dependents, "2BP01", "columns have this type"},
        {"DROP DOMAIN", has_dependents, "2BP01", "columns have this type"},
    });
    return rows;
}
// clang-format on

}  // namespace changelog::hazards
