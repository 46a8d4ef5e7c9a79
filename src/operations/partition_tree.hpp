// What a partitioned table hands down: its indexes, constraints and row triggers exist on every partition.
#pragma once

#include "operations/common.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

/// As PostgreSQL does for a new index of a partitioned table: a partition's own index of the same definition
/// becomes a part of it, where there is none one is made.
void hand_down_index(catalog::Catalog& catalog, const catalog::Table& parent, const catalog::Index& index);

/// Of a partitioned table every constraint; of an inheritance parent its CHECKs.
void hand_down_constraint(catalog::Catalog& catalog, const catalog::Table& parent,
                          const catalog::Constraint& constraint);

/// Triggers FOR EACH ROW; those that a partition has already become copies of the new one.
void hand_down_trigger(catalog::Catalog& catalog, const catalog::Table& parent,
                       const catalog::Trigger& trigger);

/// Gives a table that becomes a partition all that it gets from its parent.
void hand_down_all(catalog::Catalog& catalog, const catalog::Table& parent, catalog::Table& child);

/// The opposite, for a table that is no partition any more: what it has is its own, but for the triggers.
void let_go(catalog::Table& child);

/// The index with all parts of it on the table's partitions, each under its own name.
std::vector<Statement> create_index_tree(const RenderContext& context, const catalog::Table& table,
                                         const catalog::Index& index, bool concurrently);

/// Takes the parts of an index out of the partitions.
void drop_index_parts(catalog::Catalog& catalog, const ObjectName& index);

/// What partitions had of their own before an index or constraint of the parent took it over, and which
/// would go with it: `after` is `context.before` with the change.
void restore_taken_over(const RenderContext& context, const catalog::Catalog& after, const ObjectName& parent,
                        std::vector<Statement>& out);

/// Names and comments that the partitions' parts of a constraint had before, which PostgreSQL chooses anew:
/// `again` is the catalog with the constraint dropped and added again.
void restore_part_names(const RenderContext& context, const catalog::Catalog& again, const ObjectName& parent,
                        std::vector<Statement>& out);

}  // namespace changelog::operations
