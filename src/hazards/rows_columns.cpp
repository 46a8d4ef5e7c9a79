// What commands about columns lock and work on.
#include "hazards/conditions.hpp"
#include "hazards/lock_letters.hpp"
#include "hazards/relations.hpp"

#include <array>

namespace changelog::hazards {

using namespace letters;

// clang-format off
std::span<const LockRule> column_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        // kind            condition                         relations                      lock work
        {"ADD COLUMN",     column_is_new,                    tree,                          AE, quick},
        {"ADD COLUMN",     column_exists,                    itself,                        AE, quick},
        {"ADD COLUMN",     rewrites_for_column,              storage,                       AE, rewrite},
        {"ADD COLUMN",     rewrites_for_column,              indexes,                       AE, build},
        {"ADD COLUMN",     column_is_new,                    sequences_of_default,          RE, quick},
        // Constraints that stand with a new column; all rows have the same value, and still they are read.
        {"COLUMN CHECK",   both<column_is_new, validates>,   storage,                       AE, scan},
        {"COLUMN UNIQUE",  column_is_new,                    storage,                       AE, build},
        {"COLUMN PRIMARY KEY", column_is_new,                storage,                       AE, build},
        {"COLUMN FOREIGN KEY", column_is_new,                referenced,                    SRE, quick},
        {"COLUMN FOREIGN KEY", column_is_new,                referenced_key,                AS, quick, k15,
         k16},
        {"COLUMN FOREIGN KEY", both<column_is_new, has_default_clause>, leaves,             AE, scan},
        {"COLUMN FOREIGN KEY", both<column_is_new, has_default_clause>, indexes,            AS, quick},
        {"COLUMN FOREIGN KEY", both<column_is_new, has_default_clause>, referenced,         SRE, scan},
        {"COLUMN FOREIGN KEY", both<column_is_new, has_default_clause>, referenced_indexes, AS, quick},

        {"DROP COLUMN",    always,                           tree,                          AE, quick},
        {"DROP COLUMN",    always,                           indexes_of_column,             AE, quick},
        {"DROP COLUMN",    always,                           referenced_by_column,          AE, quick},
        {"DROP COLUMN",    always,                           sequences_of_column,           AE, quick},
        {"DROP COLUMN",    drops_dependents,                 views_of_column,               AE, quick},
        {"DROP COLUMN",    drops_dependents,                 referencing_column,            AE, quick},
        {"RENAME COLUMN",  always,                           tree,                          AE, quick},

        {"SET NOT NULL",   always,                           tree,                          AE, quick},
        {"SET NOT NULL",   always,                           storage_unproven,              AE, scan},
        {"DROP NOT NULL",  always,                           tree,                          AE, quick},
        {"SET DEFAULT",    always,                           tree,                          AE, quick},
        {"SET DEFAULT",    always,                           sequences_of_query,            AS, quick, k15,
         k16},
        {"SET STATISTICS", always,                           tree,                          SUE, quick},
        {"SET COLUMN OPTIONS", always,                       itself,                        SUE, quick},
        {"SET STORAGE",    always,                           tree,                          AE, quick},
        {"SET COMPRESSION", always,                          tree,                          AE, quick},

        {"ADD IDENTITY",   always,                           itself,                        AE, quick},
        {"DROP IDENTITY",  always,                           itself,                        AE, quick},
        {"DROP IDENTITY",  always,                           sequence_of_column,            AE, quick},
        {"SET IDENTITY",   always,                           itself,                        AE, quick},
        {"SET IDENTITY",   always,                           sequence_of_column,            SRE, quick},

        {"DROP EXPRESSION", always,                          tree,                          AE, quick},
        {"SET EXPRESSION", always,                           tree,                          AE, quick, k17},
        {"SET EXPRESSION", is_stored,                        storage,                       AE, rewrite, k17},
        {"SET EXPRESSION", is_stored,                        indexes,                       AE, build, k17},
    });
    return rows;
}

std::span<const LockRule> type_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        {"ALTER TYPE", always,                tree,                         AE, quick},
        {"ALTER TYPE", type_rewrites,         storage,                      AE, rewrite},
        {"ALTER TYPE", type_rewrites,         indexes,                      AE, build},
        // Indexes and keys over the column are made anew, at best out of what is there already.
        {"ALTER TYPE", always,                indexes_of_column,            AE, quick},
        {"ALTER TYPE", type_reindexes,        storage,                      AE, build},
        {"ALTER TYPE", type_reindexes,        rebuilt_indexes,              AE, build},
        {"ALTER TYPE", type_rechecks,         storage,                      AE, scan},
        {"ALTER TYPE", always,                referenced_by_column,         AE, quick},
        {"ALTER TYPE", always,                referenced_by_column_indexes, AS, quick, k15, k16},
        {"ALTER TYPE", foreign_key_rechecked, referenced_by_column,         AE, scan},
        {"ALTER TYPE", foreign_key_rechecked, referenced_by_column_indexes, AS, quick},
        {"ALTER TYPE", always,                referencing_column,           AE, quick},
        {"ALTER TYPE", foreign_key_rechecked, referencing_column,           AE, scan},
        {"ALTER TYPE", foreign_key_rechecked, referencing_column_indexes,   AS, quick},
        // The sequence of an identity column gets the new type, that of a serial column does not.
        {"ALTER TYPE", always,                sequence_of_column,           SRE, quick},
        {"ALTER TYPE", always,                sequences_of_column,          AS, quick, k15, k16},
    });
    return rows;
}
// clang-format on

}  // namespace changelog::hazards
