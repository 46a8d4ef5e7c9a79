#include "catalog/dependents.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_child(const Table& table, const ObjectName& parent) {
    return table.partition_of == parent ||
           std::find(table.inherits.begin(), table.inherits.end(), parent) != table.inherits.end();
}

bool points_at(const Constraint& constraint, const ObjectName& table,
               const std::vector<std::string>& columns) {
    if (constraint.kind != ConstraintKind::foreign_key || constraint.referenced_table != table) return false;
    if (columns.empty()) return true;
    return std::any_of(constraint.referenced_columns.begin(), constraint.referenced_columns.end(),
                       [&](const std::string& name) { return contains(columns, name); });
}

bool reads(const View& view, const ObjectName& relation) {
    return std::any_of(view.depends.begin(), view.depends.end(), [&](const ObjectRef& used) {
        return (used.kind == ObjectKind::table || used.kind == ObjectKind::column) && used.name == relation;
    });
}

/// Depth first, so that a view comes after all that it reads when the list is reversed.
void collect_views(const Catalog& catalog, const ObjectName& relation, std::vector<ObjectName>& out) {
    for (const auto& [name, view] : catalog.views) {
        if (!reads(view, relation) || std::find(out.begin(), out.end(), name) != out.end()) continue;
        collect_views(catalog, name, out);
        out.push_back(name);
    }
}

}  // namespace

std::vector<ObjectName> descendants(const Catalog& catalog, const ObjectName& table) {
    std::vector<ObjectName> out;
    std::vector<ObjectName> parents = {table};
    while (!parents.empty()) {
        const ObjectName parent = parents.back();
        parents.pop_back();
        for (const auto& [name, child] : catalog.tables) {
            if (!is_child(child, parent) || std::find(out.begin(), out.end(), name) != out.end()) continue;
            out.push_back(name);
            parents.push_back(name);
        }
    }
    return out;
}

std::vector<TableConstraint> foreign_keys_to(const Catalog& catalog, const ObjectName& table,
                                             const std::vector<std::string>& columns) {
    std::vector<TableConstraint> out;
    for (const auto& [name, other] : catalog.tables) {
        if (name == table) continue;
        for (const Constraint& constraint : other.constraints)
            if (points_at(constraint, table, columns)) out.push_back({name, constraint});
    }
    return out;
}

std::vector<ObjectName> views_on(const Catalog& catalog, const ObjectName& relation) {
    std::vector<ObjectName> out;
    collect_views(catalog, relation, out);
    std::reverse(out.begin(), out.end());
    return out;
}

std::vector<ObjectName> owned_sequences(const Catalog& catalog, const ObjectName& table,
                                        const std::string& column) {
    std::vector<ObjectName> out;
    for (const auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by && sequence.owned_by->name == table &&
            (column.empty() || sequence.owned_by->part == column))
            out.push_back(name);
    return out;
}

}  // namespace changelog::catalog
