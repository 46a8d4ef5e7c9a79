// Bringing dropped columns and foreign keys back, also where rows that were written meanwhile are in the way.
#pragma once

#include "operations/common.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

/// Adds the columns (stored names) as they were, then the constraints, indexes and foreign keys that fell
/// with them. PostgreSQL puts them at the end of the table. Adds to `out.losses` what does not come back.
void restore_columns(const RenderContext& context, const catalog::Table& table,
                     const std::vector<std::string>& columns, Undo& out);

/// Adds a foreign key as NOT VALID and then validates it; rows that violate it leave it NOT VALID, with a
/// warning. `table` as it is shown. On a partitioned table, which takes no NOT VALID before PostgreSQL 18,
/// such rows keep it from being added.
std::vector<Statement> add_foreign_key(const ObjectName& table, const catalog::Constraint& key,
                                       bool partitioned);

/// Keys of other tables that point at this one; with `columns` only those that point at one of them.
std::vector<Statement> add_foreign_keys_to(const RenderContext& context, const ObjectName& table,
                                           const std::vector<std::string>& columns = {});

/// Runs a statement that rows may be in the way of; then there is a warning that begins with `otherwise`
/// instead.
Statement try_to(const std::string& sql, const std::string& otherwise);

/// SET NOT NULL, unless there are rows without a value: then a warning.
Statement set_not_null_if_possible(const ObjectName& table, const catalog::Column& column);

}  // namespace changelog::operations
