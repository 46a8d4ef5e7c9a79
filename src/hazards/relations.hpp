// Which relations a step reaches: the third column of the table of locks.
#pragma once

#include "hazards/step.hpp"

#include <string>
#include <vector>

namespace changelog::hazards {

using Names = std::vector<ObjectName>;

// The relation that the step is about.
Names itself(const Step& step);
Names tree(const Step& step);              ///< with partitions and children, unless ONLY
Names storage(const Step& step);           ///< those of the tree that have rows of their own
Names partitions(const Step& step);        ///< itself and its partitions
Names leaves(const Step& step);            ///< those of them that have rows of their own
Names storage_unproven(const Step& step);  ///< where nothing proves that the column is never null
Names indexes(const Step& step);           ///< of the storage; of a materialized view too
Names own_indexes(const Step& step);
Names own_sequences(const Step& step);
Names tree_indexes(const Step& step);        ///< of partitioned tables too
Names partition_children(const Step& step);  ///< partitions without itself
Names leaf_children(const Step& step);       ///< those of them that have rows of their own
Names own_leaf(const Step& step);            ///< itself, unless it is partitioned
Names leaves_to_index(const Step& step);     ///< leaves without an index that can become part of the new one
Names indexes_to_attach(const Step& step);   ///< those that can
Names attached_indexes(const Step& step);    ///< those of partitions that are parts of the index
Names indexes_of_other(const Step& step);    ///< of a partition that is detached
Names table_of_index(const Step& step);
Names tree_of_index(const Step& step);  ///< the tables of an index, where it has partitions
Names leaves_of_index(const Step& step);
Names parent_table(const Step& step);       ///< of a partition
Names default_partition(const Step& step);  ///< of the relation
Names default_partition_of_parent(const Step& step);

// Foreign keys: of the step's own definition or the existing constraint of its name.
Names referenced(const Step& step);
Names referenced_indexes(const Step& step);
Names referenced_key(const Step& step);       ///< the index that the foreign key points at
Names all_referenced(const Step& step);       ///< by any foreign key of the tree
Names leaves_without_key(const Step& step);   ///< without the foreign key that is added
Names indexes_without_key(const Step& step);  ///< of these
Names referencing(const Step& step);          ///< by whom the relation is pointed at
Names referencing_indexes(const Step& step);
Names referenced_by_column(const Step& step);
Names referenced_by_column_indexes(const Step& step);
Names referencing_column(const Step& step);
Names referencing_column_indexes(const Step& step);
Names indexes_of_column(const Step& step);
Names rebuilt_indexes(const Step& step);      ///< by a change of the column's type
Names sequence_of_column(const Step& step);   ///< of an identity column
Names sequences_of_column(const Step& step);  ///< that go with it
Names sequences_of_default(const Step& step);
Names views_of_column(const Step& step);
Names views_on_relation(const Step& step);
Names index_of_constraint(const Step& step);  ///< behind the existing one
Names using_index(const Step& step);          ///< of ADD CONSTRAINT ... USING INDEX
Names named_index(const Step& step);          ///< CLUSTER ON i, REPLICA IDENTITY USING INDEX i
Names other_relation(const Step& step);       ///< INHERIT p, ATTACH PARTITION p, CREATE TRIGGER ... FROM p
Names tables_of_other(const Step& step);      ///< of an index that is attached
Names matched_indexes(const Step& step);      ///< of the parent, by ATTACH PARTITION
Names read_relations(const Step& step);       ///< of a query, a view or a SQL function
Names read_indexes(const Step& step);
Names queried_relations(const Step& step);  ///< by a query that runs: what its views read, too
Names queried_tables(const Step& step);     ///< those of them that have rows
Names queried_indexes(const Step& step);
Names queried_tree_indexes(const Step& step);  ///< those of partitioned tables, too
Names changed_within(const Step& step);        ///< by statements in WITH
Names changed_indexes(const Step& step);       ///< of those where such a statement looks for rows
Names sequences_of_rows(const Step& step);     ///< that give new rows the values of columns left out
Names viewed_relations(const Step& step);      ///< that the view reads
Names leaf_indexes(const Step& step);          ///< of the partitions that have rows
Names own_constraint_index(const Step& step);  ///< without those of partitions
Names tables_of_sequence(const Step& step);    ///< whose defaults ask the sequence
Names view_relations(const Step& step);        ///< that the materialized view reads
Names view_indexes(const Step& step);
Names owner_table(const Step& step);  ///< ALTER SEQUENCE ... OWNED BY
Names domain_tables(const Step& step);
Names type_tables(const Step& step);
Names function_tables(const Step& step);  ///< whose triggers run it
Names schema_relations(const Step& step);
Names sequences_of_query(const Step& step);  ///< that nextval() and setval() name

/// Foreign keys of the table over this column.
std::vector<const catalog::Constraint*> foreign_keys_over(const catalog::Table& table,
                                                          const std::string& column);
/// Whether the index has the column as a key, or in its INCLUDE, expressions or predicate.
bool uses_column(const catalog::Index& index, const std::string& column);
/// Names of all indexes of the table, those behind constraints too.
Names index_names(const catalog::Table& table);
/// The name of the referenced table of the step's foreign key; empty if it is none.
ObjectName target_of(const Step& step);
bool has_index(const catalog::Constraint& constraint);
/// The table or materialized view of an index, also of one behind a constraint; null: not known.
const ObjectName* owner_of_index(const catalog::Catalog& catalog, const ObjectName& index);

}  // namespace changelog::hazards
