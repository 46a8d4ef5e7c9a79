// What goes with a column, constraint, table or view that is dropped (manual: ALTER TABLE, DROP TABLE, 5.14).
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

void drop_foreign_keys_to(Catalog& catalog, const ObjectName& table,
                          const std::vector<std::string>& columns) {
    for (const TableConstraint& key : foreign_keys_to(catalog, table, columns))
        std::erase_if(catalog.table(key.table)->constraints,
                      [&](const Constraint& constraint) { return constraint.name == key.constraint.name; });
}

/// Whether a constraint of a child is what it has from this one of its parent.
bool is_part_of(const Constraint& part, const Constraint& whole) {
    if (part.kind != whole.kind) return false;
    if (whole.kind == ConstraintKind::check) return part.name == whole.name;
    return part.columns == whole.columns && part.referenced_table == whole.referenced_table &&
           part.referenced_columns == whole.referenced_columns && part.expression == whole.expression;
}

void drop_from_grants(std::vector<Grant>& grants, const std::string& column) {
    std::erase_if(
        grants, [&](Grant& grant) { return std::erase(grant.columns, column) > 0 && grant.columns.empty(); });
}

void drop_column_of(Catalog& catalog, const ObjectName& name, const std::string& column) {
    for (const ObjectName& sequence : owned_sequences(catalog, name, column))
        catalog.sequences.erase(sequence);
    drop_foreign_keys_to(catalog, name, {column});
    Table* table = catalog.table(name);
    if (table == nullptr) return;
    std::erase_if(table->constraints,
                  [&](const Constraint& constraint) { return uses_column(constraint, column); });
    std::erase_if(table->indexes, [&](const Index& index) { return uses_column(index, column); });
    drop_from_grants(table->grants, column);
    std::erase_if(table->columns, [&](const Column& item) { return item.name == column; });
}

void drop_one_table(Catalog& catalog, const ObjectName& name) {
    for (const ObjectName& sequence : owned_sequences(catalog, name)) catalog.sequences.erase(sequence);
    catalog.tables.erase(name);
}

}  // namespace

void Catalog::drop_column(const ObjectName& table_name, const std::string& column_name) {
    const std::vector<ObjectName> children = descendants(*this, table_name);
    drop_column_of(*this, table_name, column_name);
    for (const ObjectName& child : children) drop_column_of(*this, child, column_name);
}

void Catalog::drop_table(const ObjectName& table_name, bool cascade) {
    // Partitions go with their parent; inheritance children only by CASCADE, without which the server
    // refuses.
    for (const ObjectName& child : descendants(*this, table_name)) drop_one_table(*this, child);
    if (cascade) {
        drop_foreign_keys_to(*this, table_name, {});
        for (const ObjectName& view : views_on(*this, table_name)) views.erase(view);
    }
    drop_one_table(*this, table_name);
}

void Catalog::drop_constraint(const ObjectName& table_name, const std::string& constraint_name) {
    Table* found = table(table_name);
    const Constraint* known = found == nullptr ? nullptr : found->constraint(constraint_name);
    if (known == nullptr) return;
    const Constraint gone = *known;
    std::erase_if(found->constraints, [&](const Constraint& item) { return item.name == gone.name; });
    if (gone.no_inherit) return;
    for (const ObjectName& child : descendants(*this, table_name))
        std::erase_if(table(child)->constraints,
                      [&](const Constraint& item) { return item.inherited && is_part_of(item, gone); });
}

void Catalog::drop_view(const ObjectName& view_name) { views.erase(view_name); }

}  // namespace changelog::catalog
