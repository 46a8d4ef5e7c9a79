// Renames, in the phase of renames and where something has to step aside.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

/// Whether an index of the same name stands behind the constraint.
bool has_index(const Constraint& constraint);

/// Gives whatever has this name in its schema (a relation, an index, a type) a spare one.
void make_room(Migration& migration, const ObjectName& name);

void move_type_aside(Migration& migration, const ObjectName& name);

/// What lies within tables and views: columns, constraints, indexes, triggers, policies.
void rename_parts(Migration& migration);

}  // namespace changelog::catalog
