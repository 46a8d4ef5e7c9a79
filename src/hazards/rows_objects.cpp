// What statements about whole tables, other objects, and rows lock and work on.
#include "hazards/conditions.hpp"
#include "hazards/lock_letters.hpp"
#include "hazards/relations.hpp"

#include <array>

namespace changelog::hazards {

using namespace letters;

namespace {

/// LOCK TABLE: the mode is the number of the server's LOCKMODE, in the same order as ours.
template <Lock Mode>
bool asks_for(const Step& step) {
    const Node& mode = child(*step.node, "mode");
    return mode.is_number_integer() && mode.get<int>() == static_cast<int>(Mode);
}

bool is_sequence(const Step& step) { return step.kind.starts_with("SEQUENCE"); }

}  // namespace

// clang-format off
std::span<const LockRule> storage_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        // kind                    condition                      relations        lock work
        {"SET OPTIONS",            no<option_needs_exclusive>,    itself,          SUE, quick},
        {"SET OPTIONS",            option_needs_exclusive,        itself,          AE, quick},
        {"SET LOGGED",             always,                        itself,          AE, rewrite},
        {"SET LOGGED",             always,                        own_indexes,     AE, build},
        {"SET LOGGED",             always,                        own_sequences,   AE, quick, k15},
        {"SET UNLOGGED",           always,                        itself,          AE, rewrite},
        {"SET UNLOGGED",           always,                        own_indexes,     AE, build},
        {"SET UNLOGGED",           always,                        own_sequences,   AE, quick, k15},
        {"SET WITHOUT OIDS",       always,                        itself,          AE, quick},
        {"SET ACCESS METHOD",      always,                        itself,          AE, quick, k15},
        {"SET ACCESS METHOD",      changes_access_method,         itself,          AE, rewrite, k15},
        {"SET TABLESPACE",         always,                        itself,          AE, quick},
        {"SET TABLESPACE",         changes_tablespace,            itself,          AE, rewrite},
        {"REPLICA IDENTITY",       always,                        itself,          AE, quick},
        {"REPLICA IDENTITY",       always,                        named_index,     S, quick},
        {"ENABLE ROW SECURITY",    always,                        itself,          AE, quick},
        {"DISABLE ROW SECURITY",   always,                        itself,          AE, quick},
        {"FORCE ROW SECURITY",     always,                        itself,          AE, quick},
        {"OWNER TO",               always,                        itself,          AE, quick},
        {"OF",                     always,                        itself,          AE, quick},
        {"NOT OF",                 always,                        itself,          AE, quick},
        {"ENABLE TRIGGER",         always,                        itself,          SRE, quick},
        {"ENABLE TRIGGER",         names_trigger,                 partitions,      SRE, quick},
        {"DISABLE TRIGGER",        always,                        itself,          SRE, quick},
        {"DISABLE TRIGGER",        names_trigger,                 partitions,      SRE, quick},
        {"ENABLE RULE",            always,                        itself,          AE, quick},
        {"RENAME TABLE",           always,                        itself,          AE, quick},
        {"SET SCHEMA TABLE",       always,                        itself,          AE, quick},
        {"SET SCHEMA TABLE",       always,                        own_sequences,   AE, quick},
        {"GRANT",                  always,                        itself,          AS, quick, k18},
        {"COMMENT ON TABLE",       always,                        itself,          SUE, quick},
        {"COMMENT ON COLUMN",      always,                        itself,          SUE, quick},
        {"COMMENT ON VIEW",        always,                        itself,          SUE, quick},
        {"COMMENT ON MATERIALIZED VIEW", always,                  itself,          SUE, quick},
        {"COMMENT ON INDEX",       always,                        itself,          SUE, quick},
        {"COMMENT ON SEQUENCE",    always,                        itself,          SUE, quick},
        {"COMMENT ON CONSTRAINT",  always,                        itself,          AS, quick},
        {"COMMENT ON TRIGGER",     always,                        itself,          AS, quick},
        {"COMMENT ON POLICY",      always,                        itself,          AS, quick},

        {"DROP TABLE",             always,                        tree,            AE, quick},
        {"DROP TABLE",             always,                        tree_indexes,    AE, quick},
        {"DROP TABLE",             always,                        own_sequences,   AE, quick},
        {"DROP TABLE",             always,                        all_referenced,  AE, quick},
        {"DROP TABLE",             always,                        parent_table,    AE, quick},
        {"DROP TABLE",             always,                        default_partition_of_parent, AE, quick},
        {"DROP TABLE",             drops_dependents,              referencing,     AE, quick},
        {"DROP TABLE",             drops_dependents,              views_on_relation, AE, quick},
        {"TRUNCATE",               always,                        tree,            AE, quick},
        {"TRUNCATE",               always,                        indexes,         AE, quick},
        {"TRUNCATE",               always,                        parent_table,    AS, quick, kAnyVersion,
         k14},
        {"TRUNCATE",               restarts_sequences,            own_sequences,   AE, quick},
        {"TRUNCATE",               drops_dependents,              referencing,     AE, quick},
        {"TRUNCATE",               drops_dependents,              referencing_indexes, AE, quick},
        {"VACUUM",                 always,                        itself,          SUE, scan},
        {"VACUUM FULL",            always,                        itself,          AE, rewrite},
        {"VACUUM FULL",            always,                        own_indexes,     AE, build},
        {"ANALYZE",                always,                        partitions,      SUE, quick},
        {"ANALYZE",                always,                        leaf_indexes,    AS, quick},
        {"LOCK TABLE",             asks_for<AS>,                  tree,            AS, quick},
        {"LOCK TABLE",             asks_for<AS>,                  viewed_relations, AS, quick},
        {"LOCK TABLE",             asks_for<RS>,                  tree,            RS, quick},
        {"LOCK TABLE",             asks_for<RS>,                  viewed_relations, RS, quick},
        {"LOCK TABLE",             asks_for<RE>,                  tree,            RE, quick},
        {"LOCK TABLE",             asks_for<RE>,                  viewed_relations, RE, quick},
        {"LOCK TABLE",             asks_for<SUE>,                 tree,            SUE, quick},
        {"LOCK TABLE",             asks_for<SUE>,                 viewed_relations, SUE, quick},
        {"LOCK TABLE",             asks_for<S>,                   tree,            S, quick},
        {"LOCK TABLE",             asks_for<S>,                   viewed_relations, S, quick},
        {"LOCK TABLE",             asks_for<SRE>,                 tree,            SRE, quick},
        {"LOCK TABLE",             asks_for<SRE>,                 viewed_relations, SRE, quick},
        {"LOCK TABLE",             asks_for<E>,                   tree,            E, quick},
        {"LOCK TABLE",             asks_for<E>,                   viewed_relations, E, quick},
        {"LOCK TABLE",             asks_for<AE>,                  tree,            AE, quick},
        {"LOCK TABLE",             asks_for<AE>,                  viewed_relations, AE, quick},
    });
    return rows;
}

std::span<const LockRule> object_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        {"CREATE TRIGGER",         always,                        itself,          SRE, quick},
        {"CREATE TRIGGER",         is_for_rows,                   partitions,      SRE, quick},
        {"CREATE TRIGGER",         always,                        other_relation,  AS, quick},
        {"DROP TRIGGER",           always,                        partitions,      AE, quick},
        {"RENAME TRIGGER",         always,                        itself,          AE, quick},
        {"RENAME TRIGGER",         always,                        partitions,      AE, quick, k15},
        {"DROP FUNCTION",          drops_dependents,              function_tables, AE, quick},
        {"CREATE FUNCTION",        always,                        read_relations,  AS, quick},
        {"CREATE RULE",            always,                        itself,          AE, quick},
        {"DROP RULE",              always,                        itself,          AE, quick},
        {"RENAME RULE",            always,                        itself,          AE, quick},
        {"CREATE POLICY",          always,                        itself,          AE, quick},
        {"ALTER POLICY",           always,                        itself,          AE, quick},
        {"DROP POLICY",            always,                        itself,          AE, quick},
        {"RENAME POLICY",          always,                        itself,          AE, quick},
        {"PUBLISH",                always,                        itself,          SUE, quick},

        {"CREATE VIEW",            always,                        read_relations,  AS, quick},
        {"CREATE VIEW",            replaces_view,                 itself,          AE, quick},
        {"DROP VIEW",              no<is_missing>,                itself,          AE, quick},
        {"DROP VIEW",              drops_dependents,              views_on_relation, AE, quick},
        {"DROP MATERIALIZED VIEW", no<is_missing>,                itself,          AE, quick},
        {"DROP MATERIALIZED VIEW", always,                        own_indexes,     AE, quick},
        {"RENAME VIEW",            always,                        itself,          AE, quick},
        {"RENAME VIEW COLUMN",     always,                        itself,          AE, quick},
        {"RENAME MATERIALIZED VIEW", always,                      itself,          AE, quick},
        {"SET SCHEMA VIEW",        always,                        itself,          AE, quick},
        {"SET SCHEMA MATERIALIZED VIEW", always,                  itself,          AE, quick},
        {"VIEW SET OPTIONS",       no<is_materialized>,           itself,          AE, quick},
        {"VIEW SET OPTIONS",       is_materialized,               itself,          SUE, quick},
        {"VIEW SET DEFAULT",       always,                        itself,          AE, quick},
        {"VIEW OWNER TO",          always,                        itself,          AE, quick},
        {"CREATE MATERIALIZED VIEW", always,                      read_relations,  AS, quick},
        {"CREATE MATERIALIZED VIEW", with_data,                   queried_relations, AS, quick},
        {"CREATE MATERIALIZED VIEW", with_data,                   queried_tables,  AS, scan},
        {"CREATE MATERIALIZED VIEW", with_data,                   queried_indexes, AS, quick},
        {"CREATE MATERIALIZED VIEW", with_data,                   queried_tree_indexes, AS, quick, k16},
        {"CREATE TABLE AS",        always,                        queried_relations, AS, quick},
        {"CREATE TABLE AS",        always,                        queried_tables,  AS, scan},
        {"CREATE TABLE AS",        always,                        queried_indexes, AS, quick},
        {"CREATE TABLE AS",        always,                        queried_tree_indexes, AS, quick, k16},
        {"REFRESH",                empties,                       itself,          AE, quick},
        {"REFRESH",                empties,                       own_indexes,     AE, quick},
        {"REFRESH",                refills,                       itself,          AE, rewrite},
        {"REFRESH",                refills,                       own_indexes,     AE, build},
        {"REFRESH",                is_concurrent,                 itself,          E, scan},
        {"REFRESH",                is_concurrent,                 own_indexes,     RE, quick},
        {"REFRESH",                with_data,                     view_relations,  AS, scan},
        {"REFRESH",                with_data,                     view_indexes,    AS, quick},

        {"ALTER SEQUENCE",         always,                        itself,          SRE, quick},
        {"ALTER SEQUENCE",         owned_by,                      owner_table,     AS, quick},
        {"RENAME SEQUENCE",        always,                        itself,          AE, quick},
        {"SET SCHEMA SEQUENCE",    always,                        itself,          AE, quick},
        {"SEQUENCE OWNER TO",      is_sequence,                   itself,          AE, quick},
        {"DROP SEQUENCE",          no<is_missing>,                itself,          AE, quick},
        {"DROP SEQUENCE",          drops_dependents,              tables_of_sequence, AE, quick},
        {"CREATE SEQUENCE",        owned_by,                      owner_table,     AS, quick},
        {"CREATE TABLE",           always,                        sequences_of_query, AS, quick, k15, k16},
        {"ALTER DOMAIN",           checks_values,                 domain_tables,   S, scan},
        {"DROP TYPE",              drops_dependents,              type_tables,     AE, quick},
        {"DROP DOMAIN",            drops_dependents,              domain_tables,   AE, quick},
        {"DROP SCHEMA",            drops_dependents,              schema_relations, AE, quick},
    });
    return rows;
}

std::span<const LockRule> data_locks() {
    static constexpr auto rows = std::to_array<LockRule>({
        {"SELECT",                 no<locks_rows>,                queried_relations, AS, quick},
        {"SELECT",                 reads_rows,                    queried_tables,  AS, scan},
        {"SELECT",                 no<locks_rows>,                queried_indexes, AS, quick},
        {"SELECT",                 no<locks_rows>,                queried_tree_indexes, AS, quick, k16},
        {"SELECT",                 locks_rows,                    read_relations,  RS, quick},
        {"SELECT",                 locks_rows,                    read_indexes,    RS, quick},
        {"SELECT",                 always,                        sequences_of_query, RE, quick},
        {"SELECT",                 always,                        changed_within,  RE, quick},
        {"SELECT",                 always,                        changed_indexes, RE, quick},
        {"PREPARE",                always,                        read_relations,  AS, quick},
        {"PREPARE",                always,                        changed_within,  RE, quick},
        {"INSERT",                 always,                        itself,          RE, quick},
        {"INSERT",                 always,                        sequences_of_query, RE, quick},
        {"INSERT",                 always,                        sequences_of_rows, RE, quick},
        {"INSERT",                 always,                        changed_within,  RE, quick},
        {"INSERT",                 always,                        changed_indexes, RE, quick},
        {"INSERT",                 always,                        queried_relations, AS, quick},
        {"INSERT",                 always,                        queried_tables,  AS, scan},
        {"INSERT",                 always,                        queried_indexes, AS, quick},
        {"INSERT",                 always,                        queried_tree_indexes, AS, quick, k16},
        {"UPDATE",                 always,                        tree,            RE, quick},
        {"UPDATE",                 finds_no_index,                storage,         RE, scan},
        {"UPDATE",                 always,                        changed_within,  RE, quick},
        {"UPDATE",                 always,                        changed_indexes, RE, quick},
        {"UPDATE",                 always,                        sequences_of_query, RE, quick},
        {"UPDATE",                 always,                        indexes,         RE, quick},
        {"UPDATE",                 always,                        tree_indexes,    RE, quick, k16},
        {"UPDATE",                 always,                        queried_relations, AS, quick},
        {"UPDATE",                 changes_all_rows,              queried_tables,  AS, scan},
        {"UPDATE",                 always,                        queried_indexes, AS, quick},
        {"UPDATE",                 always,                        queried_tree_indexes, AS, quick, k16},
        {"DELETE",                 always,                        tree,            RE, quick},
        {"DELETE",                 finds_no_index,                storage,         RE, scan},
        {"DELETE",                 always,                        changed_within,  RE, quick},
        {"DELETE",                 always,                        changed_indexes, RE, quick},
        {"DELETE",                 always,                        indexes,         RE, quick},
        {"DELETE",                 always,                        tree_indexes,    RE, quick, k16},
        {"DELETE",                 always,                        queried_relations, AS, quick},
        {"DELETE",                 changes_all_rows,              queried_tables,  AS, scan},
        {"DELETE",                 always,                        queried_indexes, AS, quick},
        {"DELETE",                 always,                        queried_tree_indexes, AS, quick, k16},
        {"MERGE",                  always,                        itself,          RE, scan},
        {"MERGE",                  always,                        indexes,         RE, quick},
        {"MERGE",                  always,                        tree_indexes,    RE, quick, k16},
        {"EXPLAIN",                always,                        queried_relations, AS, quick},
        {"EXPLAIN",                always,                        queried_indexes, AS, quick},
        {"EXPLAIN",                always,                        queried_tree_indexes, AS, quick, k16},
        {"MERGE",                  always,                        queried_tables,  AS, scan},
        {"MERGE",                  always,                        queried_indexes, AS, quick},
        {"MERGE",                  always,                        queried_tree_indexes, AS, quick, k16},
        {"COPY",                   copies_in,                     itself,          RE, quick},
        {"COPY",                   copies_in,                     sequences_of_rows, RE, quick},
        {"COPY",                   copies_out,                    itself,          AS, scan},
    });
    return rows;
}
// clang-format on

}  // namespace changelog::hazards
