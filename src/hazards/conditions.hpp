// Conditions over the catalog: the second column of the table of locks.
#pragma once

#include "hazards/step.hpp"

namespace changelog::hazards {

// Of ADD COLUMN.
bool column_exists(const Step& step);
bool column_is_new(const Step& step);
bool default_is_volatile(const Step& step);  ///< also the one that a domain carries
bool is_generated_stored(const Step& step);
bool is_identity(const Step& step);  ///< or serial
bool is_of_constrained_domain(const Step& step);
bool has_default_clause(const Step& step);
bool rewrites_for_column(const Step& step);   ///< any of the reasons above
bool lacks_needed_default(const Step& step);  ///< NOT NULL without a default
bool default_has_subquery(const Step& step);

// Of columns that exist.
bool not_null_unproven(const Step& step);
bool proof_is_dropped(const Step& step);  ///< by the same ALTER TABLE
bool is_stored_expression(const Step& step);
bool is_stored(const Step& step);  ///< the column is GENERATED ... STORED
bool is_on_read(const Step& step);
bool column_has_view(const Step& step);
bool drops_dependents(const Step& step);  ///< CASCADE
bool restricts_dependents(const Step& step);
bool option_needs_exclusive(const Step& step);
bool column_is_inherited(const Step& step);
bool column_may_be_null(const Step& step);  ///< and is known

// Of a change of type.
bool type_rewrites(const Step& step);
bool type_rechecks(const Step& step);  ///< a CHECK on the column is verified
bool type_reindexes(const Step& step);
bool foreign_key_rechecked(const Step& step);
bool type_not_assignable(const Step& step);
bool foreign_key_impossible(const Step& step);  ///< no comparison between both types
bool type_has_view(const Step& step);
bool type_has_generated(const Step& step);
bool type_has_trigger(const Step& step);
bool type_has_policy(const Step& step);
bool type_has_function(const Step& step);
bool type_has_publication(const Step& step);
bool is_partition_key(const Step& step);
bool type_may_overflow(const Step& step);

// Of constraints.
bool validates(const Step& step);  ///< without NOT VALID and NOT ENFORCED
bool validates_foreign_key(const Step& step);
bool is_unvalidated_check(const Step& step);
bool is_unvalidated_key(const Step& step);  ///< a foreign key
bool is_check(const Step& step);
bool is_foreign_key(const Step& step);
bool constraint_unknown(const Step& step);
bool builds_index(const Step& step);
bool uses_index(const Step& step);
bool renames_index(const Step& step);
bool keeps_index_name(const Step& step);
bool key_is_nullable(const Step& step);
bool index_is_unfit(const Step& step);
bool index_is_invalid(const Step& step);
bool key_not_null_unvalidated(const Step& step);
bool relation_is_partitioned(const Step& step);
bool not_valid_on_partitioned(const Step& step);
bool enforces(const Step& step);
bool is_referenced_key(const Step& step);
bool references_itself(const Step& step);
bool stands(const Step& step);                ///< the relation is older than the run
bool partition_has_key(const Step& step);     ///< some partition has the foreign key already
bool checks_key(const Step& step);            ///< of the rows of some table
bool is_made_for_all(const Step& step);       ///< NULLS NOT DISTINCT
bool drops_referenced_key(const Step& step);  ///< without CASCADE

// Of indexes.
bool is_plain(const Step& step);  ///< not CONCURRENTLY
bool is_concurrent(const Step& step);
bool is_concurrent_on_partitioned(const Step& step);
bool index_exists(const Step& step);
bool builds_now(const Step& step);  ///< CREATE INDEX that is not CONCURRENTLY and does something
bool builds_online(const Step& step);
bool is_only(const Step& step);
bool backs_constraint(const Step& step);
bool names_index(const Step& step);  ///< REINDEX INDEX
bool names_table(const Step& step);  ///< REINDEX TABLE
bool plain_index(const Step& step);  ///< REINDEX INDEX, not CONCURRENTLY
bool plain_table(const Step& step);
bool online_index(const Step& step);
bool online_table(const Step& step);

// Of partitions.
bool bound_unproven(const Step& step);
bool default_unproven(const Step& step);
bool lacks_index_of_parent(const Step& step);
bool is_default_bound(const Step& step);
bool has_default_partition(const Step& step);
bool concurrent_with_default(const Step& step);
bool hands_down(const Step& step);  ///< keys and triggers, which a partition loses when it is detached

// Of other objects.
bool replaces_view(const Step& step);
bool view_changes_columns(const Step& step);
bool with_data(const Step& step);
bool without_data(const Step& step);
bool concurrent_refresh_impossible(const Step& step);
bool checks_values(const Step& step);  ///< ALTER DOMAIN
bool has_dependents(const Step& step);
bool locks_rows(const Step& step);  ///< SELECT ... FOR UPDATE
bool reads_rows(const Step& step);
bool changes_all_rows(const Step& step);  ///< without WHERE
bool finds_no_index(const Step& step);    ///< all rows are read to find those to change
bool is_missing(const Step& step);        ///< and IF EXISTS says that it may be
bool replaces_trigger(const Step& step);
bool names_trigger(const Step& step);  ///< not ALL or USER
bool restarts_sequences(const Step& step);
bool is_view(const Step& step);
bool is_plain_whole(const Step& step);  ///< CREATE INDEX, not CONCURRENTLY, not ONLY
bool constraint_is_inherited(const Step& step);
bool column_is_key(const Step& step);  ///< of the primary key
bool is_for_rows(const Step& step);    ///< CREATE TRIGGER ... FOR EACH ROW
bool is_materialized(const Step& step);
bool has_indexes(const Step& step);         ///< or nobody knows
bool is_truncated_alone(const Step& step);  ///< while others point at it
bool index_changes_tablespace(const Step& step);
bool refills(const Step& step);  ///< REFRESH, not CONCURRENTLY, WITH DATA
bool empties(const Step& step);
bool changes_access_method(const Step& step);
bool changes_tablespace(const Step& step);
bool copies_in(const Step& step);  ///< COPY FROM
bool copies_out(const Step& step);
bool owned_by(const Step& step);
bool uses_new_label(const Step& step);  ///< of an enumeration, that is not committed yet
bool in_transaction(const Step& step);
bool concurrent_in_transaction(const Step& step);

}  // namespace changelog::hazards
