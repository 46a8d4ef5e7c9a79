// Renames, in the phase of renames and where something has to step aside.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

/// Whether an index of the same name stands behind the constraint.
bool has_index(const Constraint& constraint);

/// Gives whatever has this name in its schema (a relation, an index, a type) a spare one.
void make_room(Migration& migration, const ObjectName& name);

/// The multirange of a range type; none where the server has no such types.
std::optional<ObjectName> multirange_of(const Type& type);
/// The definition of a range type but for the name of its multirange.
std::string without_multirange(const Type& type);
void rename_multirange(Migration& migration, const Type& now, const std::optional<ObjectName>& to);

/// With its multirange, whose name is free then as well.
void move_type_aside(Migration& migration, const ObjectName& name);

/// What lies within tables and views: columns, constraints, indexes, triggers, policies.
void rename_parts(Migration& migration);

/// Names of NOT NULLs, from PostgreSQL 18 on: with rename_parts(), before tables are made whose NOT NULLs
/// have others; and where one was in the way, once it is gone.
void rename_not_nulls(Migration& migration, const Table& to);

}  // namespace changelog::catalog
