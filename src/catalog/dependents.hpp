// What hangs on a table in a catalog: partitions and children, foreign keys that point at it, views that read
// it.
#pragma once

#include "changelog/catalog.hpp"

#include <string>
#include <vector>

namespace changelog::catalog {

/// Partitions and inheritance children, at every depth, parents first.
std::vector<ObjectName> descendants(const Catalog& catalog, const ObjectName& table);

/// A constraint with the table that it stands in.
struct TableConstraint {
    ObjectName table;
    Constraint constraint;
};

/// Foreign keys of other tables that point at this one; with `columns` only those that point at one of them.
std::vector<TableConstraint> foreign_keys_to(const Catalog& catalog, const ObjectName& table,
                                             const std::vector<std::string>& columns = {});

/// Views that read the relation, directly or through other views, in an order in which they can be created.
std::vector<ObjectName> views_on(const Catalog& catalog, const ObjectName& relation);

/// Sequences that go with the table, or with one of its columns.
std::vector<ObjectName> owned_sequences(const Catalog& catalog, const ObjectName& table,
                                        const std::string& column = {});

}  // namespace changelog::catalog
