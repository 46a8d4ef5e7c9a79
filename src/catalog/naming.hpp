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

enum class NameOf : std::uint8_t {
    primary_key,
    unique,
    exclusion,
    foreign_key,
    check,
    not_null,
    index,
    sequence
};

/// "orders_customer_id_fkey", or with a number where that is taken. For a CHECK give its column only if it
/// has one.
std::string chosen_name(const Catalog& catalog, const ObjectName& table, NameOf kind,
                        const std::vector<std::string>& columns);

constexpr int kNamedNotNull = 180000;  ///< the first server whose NOT NULL is a constraint with a name

constexpr int kNamedDomainNotNull = 170000;

/// On such a server: gives every NOT NULL of the table that has no name yet the one that it gets there,
/// its parent's where it comes with one, and hands it down to partitions and children. Names of columns that
/// can be NULL go.
void name_not_nulls(Catalog& catalog, const ObjectName& table, int server_version);
/// What an ALTER TABLE does to the NOT NULL of this name, in all children that have it under the same; false
/// if there is none.
bool rename_not_null(Catalog& catalog, const ObjectName& table, const std::string& from,
                     const std::string& to);
/// DROP NOT NULL: whatever the table has of it for the column.
void drop_not_null_of(Table& table, const std::string& column);
/// Whether a child's NOT NULL, being declared there by itself under another name, stays when that of the
/// parent goes. (Partitions declare it as well, but who made them as tables of their own and attached them
/// did not.)
bool outlives_not_null(const Table& parent, const std::string& parents_name, const Column& child);
/// The NOT NULL that stands for itself (ddl.hpp, kNotNull); null if the column has none, or all of it.
const Constraint* not_null_of(const Table& table, const std::string& column);
bool drop_not_null(Catalog& catalog, const ObjectName& table, const std::string& name);

/// To be called before a domain gets another name: from PostgreSQL 17 on its NOT NULL keeps the name that it
/// has. (One with the usual name is `Type::not_null` alone.)
void keep_not_null_name(Type& domain, int server_version);
void use_usual_not_null_name(Type& domain);
Constraint domain_not_null(const std::string& name);
/// "positive_not_null"
std::string usual_not_null_name(const ObjectName& domain);

/// The sequence behind an identity column.
std::string identity_sequence(const Table& table, const Column& column);

}  // namespace changelog::catalog
