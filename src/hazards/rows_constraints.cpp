// What commands about constraints and indexes lock and work on.
#include "hazards/conditions.hpp"
#include "hazards/lock_letters.hpp"
#include "hazards/relations.hpp"

#include <array>

namespace changelog::hazards {

using namespace letters;

// clang-format off
std::span<const LockRule> constraint_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        // kind                condition                     relations            lock work
        {"ADD CHECK",          always,                       tree,                AE, quick},
        {"ADD CHECK",          validates,                    storage,             AE, scan},
        {"ADD NOT NULL",       always,                       tree,                AE, quick},
        {"ADD NOT NULL",       validates,                    storage_unproven,    AE, scan},

        // From 18 on, every constraint that is added locks the descendants first, whatever it is.
        {"ADD FOREIGN KEY",    always,                       partitions,          SRE, quick},
        {"ADD FOREIGN KEY",    always,                       tree,                SRE, quick, k18},
        {"ADD FOREIGN KEY",    always,                       referenced,          SRE, quick},
        {"ADD FOREIGN KEY",    always,                       referenced_key,      AS, quick, k15, k16},
        // A partition that has the key already is only tied to it; its own triggers on the other side go.
        {"ADD FOREIGN KEY",    partition_has_key,            referenced,          AE, quick},
        {"ADD FOREIGN KEY",    checks_key,                   leaves_without_key,  SRE, scan},
        {"ADD FOREIGN KEY",    checks_key,                   indexes_without_key, AS, quick},
        // Of a table that this run made there are no rows to look for.
        {"ADD FOREIGN KEY",    both<checks_key, stands>,     referenced,          SRE, scan},
        {"ADD FOREIGN KEY",    checks_key,                   referenced_indexes,  AS, quick},
        {"TABLE REFERENCES",   no<references_itself>,        referenced,          SRE, quick},
        {"TABLE REFERENCES",   no<references_itself>,        referenced_key,      AS, quick, k15, k16},

        {"VALIDATE CONSTRAINT", always,                      tree,                SUE, quick},
        {"VALIDATE CONSTRAINT", either<is_unvalidated_check, constraint_unknown>, storage, SUE, scan},
        {"VALIDATE CONSTRAINT", is_unvalidated_key,          leaves,              SUE, scan},
        {"VALIDATE CONSTRAINT", is_unvalidated_key,          indexes,             AS, quick},
        {"VALIDATE CONSTRAINT", is_unvalidated_key,          referenced,          RS, scan},
        {"VALIDATE CONSTRAINT", is_unvalidated_key,          referenced_indexes,  AS, quick},

        {"ALTER CONSTRAINT",   always,                       partitions,          AE, quick},
        {"ALTER CONSTRAINT",   enforces,                     leaves,              AE, scan},
        {"ALTER CONSTRAINT",   enforces,                     indexes,             AS, quick},
        {"ALTER CONSTRAINT",   enforces,                     referenced,          SRE, scan},
        {"ALTER CONSTRAINT",   enforces,                     referenced_indexes,  AS, quick},

        {"DROP CONSTRAINT",    always,                       tree,                AE, quick},
        {"DROP CONSTRAINT",    always,                       referenced,          AE, quick},
        {"DROP CONSTRAINT",    always,                       index_of_constraint, AE, quick},
        {"DROP CONSTRAINT",    both<drops_dependents, is_referenced_key>, referencing, AE, quick},
        {"RENAME CONSTRAINT",  always,                       itself,              AE, quick},
        {"RENAME CONSTRAINT",  either<is_check, constraint_unknown>, tree,        AE, quick},
        {"RENAME CONSTRAINT",  always,                       own_constraint_index, SUE, quick},

        {"ADD UNIQUE",         always,                       itself,              AE, quick},
        {"ADD UNIQUE",         always,                       tree,                AE, quick, k18},
        // Partitions get theirs as by CREATE INDEX; children that inherit get none.
        {"ADD UNIQUE",         builds_index,                 leaf_children,       S, quick},
        {"ADD UNIQUE",         builds_index,                 leaves_to_index,     S, build},
        {"ADD UNIQUE",         builds_index,                 indexes_to_attach,   S, quick},
        {"ADD UNIQUE",         builds_index,                 own_leaf,            AE, build},
        {"ADD UNIQUE",         renames_index,                using_index,         SUE, quick},
        {"ADD UNIQUE",         keeps_index_name,             using_index,         AS, quick},
        {"ADD PRIMARY KEY",    always,                       itself,              AE, quick},
        {"ADD PRIMARY KEY",    always,                       tree,                AE, quick, k18},
        {"ADD PRIMARY KEY",    key_is_nullable,              tree,                AE, quick},
        {"ADD PRIMARY KEY",    builds_index,                 leaf_children,       S, quick},
        {"ADD PRIMARY KEY",    builds_index,                 leaves_to_index,     S, build},
        {"ADD PRIMARY KEY",    builds_index,                 indexes_to_attach,   S, quick},
        {"ADD PRIMARY KEY",    builds_index,                 own_leaf,            AE, build},
        {"ADD PRIMARY KEY",    key_is_nullable,              storage,             AE, scan},
        {"ADD PRIMARY KEY",    renames_index,                using_index,         SUE, quick},
        {"ADD PRIMARY KEY",    keeps_index_name,             using_index,         AS, quick},
        {"ADD EXCLUDE",        always,                       itself,              AE, quick},
        {"ADD EXCLUDE",        always,                       tree,                AE, quick, k18},
        {"ADD EXCLUDE",        always,                       own_leaf,            AE, build},
        {"ADD EXCLUDE",        always,                       leaf_children,       S, build},
    });
    return rows;
}

std::span<const LockRule> index_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        {"CREATE INDEX",       is_plain,                     itself,              S, quick},
        {"CREATE INDEX",       is_plain_whole,               partitions,          S, quick},
        {"CREATE INDEX",       builds_now,                   leaves,              S, quick},
        {"CREATE INDEX",       builds_now,                   leaves_to_index,     S, build},
        {"CREATE INDEX",       builds_now,                   indexes_to_attach,   S, quick},
        {"CREATE INDEX",       is_concurrent,                itself,              SUE, quick},
        {"CREATE INDEX",       builds_online,                itself,              SUE, build},
        {"DROP INDEX",         is_plain,                     itself,              AE, quick},
        {"DROP INDEX",         is_plain,                     tree_of_index,       AE, quick},
        {"DROP INDEX",         is_plain,                     attached_indexes,    AE, quick},
        {"DROP INDEX",         is_concurrent,                itself,              SUE, quick},
        {"DROP INDEX",         is_concurrent,                table_of_index,      SUE, quick},
        {"RENAME INDEX",       always,                       itself,              SUE, quick},
        {"INDEX SET OPTIONS",  always,                       itself,              SUE, quick},
        {"INDEX SET STATISTICS", always,                     itself,              SUE, quick},
        {"INDEX SET TABLESPACE", always,                     itself,              AE, quick},
        {"INDEX SET TABLESPACE", index_changes_tablespace,   itself,              AE, build},
        {"INDEX ATTACH PARTITION", always,                   itself,              SUE, quick},
        {"INDEX ATTACH PARTITION", always,                   other_relation,      AE, quick},
        {"INDEX ATTACH PARTITION", always,                   table_of_index,      AS, quick},
        {"INDEX ATTACH PARTITION", always,                   tables_of_other,     AS, quick},
        {"REINDEX",            plain_index,                  leaves_of_index,     S, build},
        {"REINDEX",            plain_index,                  itself,              AE, build},
        {"REINDEX",            plain_table,                  partitions,          S, quick},
        {"REINDEX",            both<plain_table, has_indexes>, leaves,            S, build},
        {"REINDEX",            plain_table,                  indexes,             AE, build},
        {"REINDEX",            online_index,                 leaves_of_index,     SUE, build},
        {"REINDEX",            online_index,                 itself,              SUE, build},
        {"REINDEX",            online_table,                 leaves,              SUE, quick},
        {"REINDEX",            both<online_table, has_indexes>, leaves,           SUE, build},
        {"REINDEX",            online_table,                 indexes,             SUE, build},
        {"CREATE STATISTICS",  always,                       itself,              SUE, quick},
        {"CLUSTER ON",         always,                       itself,              SUE, quick},
        {"VIEW CLUSTER ON",    always,                       itself,              SUE, quick},
        {"VIEW CLUSTER ON",    always,                       named_index,         SUE, quick},
        {"CLUSTER ON",         always,                       named_index,         SUE, quick},
        {"CLUSTER",            always,                       storage,             AE, rewrite},
        {"CLUSTER",            always,                       indexes,             AE, build},
    });
    return rows;
}

std::span<const LockRule> partition_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        {"PARTITION OF",       always,                       itself,              AE, quick},
        {"PARTITION OF",       always,                       matched_indexes,     SUE, quick},
        {"PARTITION OF",       always,                       default_partition,   AE, quick},
        {"PARTITION OF",       default_unproven,             default_partition,   AE, scan},
        {"ATTACH PARTITION",   always,                       itself,              SUE, quick},
        {"ATTACH PARTITION",   always,                       other_relation,      AE, quick},
        {"ATTACH PARTITION",   bound_unproven,               other_relation,      AE, scan},
        {"ATTACH PARTITION",   lacks_index_of_parent,        other_relation,      AE, build},
        {"ATTACH PARTITION",   always,                       matched_indexes,     SUE, quick},
        {"ATTACH PARTITION",   always,                       default_partition,   AE, quick},
        {"ATTACH PARTITION",   default_unproven,             default_partition,   AE, scan},
        {"ATTACH PARTITION",   always,                       all_referenced,      AE, quick},
        {"DETACH PARTITION",   is_plain,                     itself,              AE, quick},
        {"DETACH PARTITION",   is_plain,                     other_relation,      SUE, quick},
        {"DETACH PARTITION",   is_plain,                     other_relation,      AE, quick, k14},
        {"DETACH PARTITION",   both<is_plain, hands_down>,   other_relation,      AE, quick},
        {"DETACH PARTITION",   is_plain,                     indexes_of_other,    AE, quick},
        {"DETACH PARTITION",   is_plain,                     default_partition,   AE, quick},
        {"DETACH PARTITION",   is_concurrent,                itself,              SUE, quick},
        // Once all others have let go of the parent, in a second transaction.
        {"DETACH PARTITION",   is_concurrent,                other_relation,      AE, quick},
        {"DETACH FINALIZE",    always,                       itself,              SUE, quick},
        {"DETACH FINALIZE",    always,                       other_relation,      AE, quick},
        {"INHERIT",            always,                       itself,              AE, quick},
        {"INHERIT",            always,                       other_relation,      SUE, quick},
        {"NO INHERIT",         always,                       itself,              AE, quick},
        {"NO INHERIT",         always,                       other_relation,      AS, quick},
        {"INHERITS FROM",      always,                       itself,              SUE, quick},
        {"LIKE",               always,                       itself,              AS, quick},
    });
    return rows;
}
// clang-format on

}  // namespace changelog::hazards
