// The names that PostgreSQL chooses for unnamed constraints and indexes (its ChooseRelationName() and
// ChooseConstraintName()), given the names that a schema has already.
#pragma once

#include "changelog/catalog.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::catalog {

/// Whether a table, view, sequence or index of this name is there, constraint-backed indexes included.
bool relation_exists(const Catalog& catalog, const ObjectName& name);

/// Whether some table of the schema has a constraint of this name.
bool constraint_exists(const Catalog& catalog, const ObjectName& name);

enum class NameOf : std::uint8_t { primary_key, unique, exclusion, foreign_key, check, index, sequence };

/// "orders_customer_id_fkey", or with a number where that is taken. For a CHECK give its column only if it
/// has one.
std::string chosen_name(const Catalog& catalog, const ObjectName& table, NameOf kind,
                        const std::vector<std::string>& columns);

/// The sequence behind an identity column.
std::string identity_sequence(const Table& table, const Column& column);

}  // namespace changelog::catalog
