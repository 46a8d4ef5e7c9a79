#include "catalog/naming.hpp"

#include "sql/identifier.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

bool has_index(const Constraint& constraint) {
    return constraint.kind == ConstraintKind::primary_key || constraint.kind == ConstraintKind::unique ||
           constraint.kind == ConstraintKind::exclusion;
}

template <typename Items>
bool any_named(const Items& items, const std::string& name) {
    return std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
}

bool uses_relation_name(const Table& table, const std::string& name) {
    if (any_named(table.indexes, name)) return true;
    for (const Constraint& constraint : table.constraints)
        if (has_index(constraint) && constraint.name == name) return true;
    for (const Column& column : table.columns)
        if (column.identity && identity_sequence(table, column) == name) return true;
    return false;
}

/// As ChooseIndexNameAddition(): joined until the buffer of NAMEDATALEN is full.
std::string joined(const std::vector<std::string>& columns) {
    constexpr std::size_t kNameDataLen = 64;
    std::string out;
    for (const std::string& column : columns) {
        if (!out.empty()) out += '_';
        out += column;
        if (out.size() >= kNameDataLen) break;
    }
    return out;
}

std::string_view label_of(NameOf kind) {
    switch (kind) {
        case NameOf::primary_key:
            return "pkey";
        case NameOf::unique:
            return "key";
        case NameOf::exclusion:
            return "excl";
        case NameOf::foreign_key:
            return "fkey";
        case NameOf::check:
            return "check";
        case NameOf::index:
            return "idx";
        case NameOf::sequence:
            return "seq";
    }
    return "idx";
}

bool is_taken(const Catalog& catalog, const ObjectName& name, NameOf kind) {
    const bool is_relation = kind != NameOf::foreign_key && kind != NameOf::check;
    const bool is_constraint = kind != NameOf::index && kind != NameOf::sequence;
    return (is_relation && relation_exists(catalog, name)) ||
           (is_constraint && constraint_exists(catalog, name));
}

}  // namespace

bool relation_exists(const Catalog& catalog, const ObjectName& name) {
    if (catalog.tables.contains(name) || catalog.sequences.contains(name) || catalog.views.contains(name))
        return true;
    for (const auto& [key, table] : catalog.tables)
        if (key.schema == name.schema && uses_relation_name(table, name.name)) return true;
    for (const auto& [key, view] : catalog.views)
        if (key.schema == name.schema && any_named(view.indexes, name.name)) return true;
    return false;
}

bool constraint_exists(const Catalog& catalog, const ObjectName& name) {
    for (const auto& [key, table] : catalog.tables)
        if (key.schema == name.schema && any_named(table.constraints, name.name)) return true;
    return false;
}

std::string chosen_name(const Catalog& catalog, const ObjectName& table, NameOf kind,
                        const std::vector<std::string>& columns) {
    const std::string middle = kind == NameOf::primary_key ? "" : joined(columns);
    const std::string label(label_of(kind));
    std::string name = sql::make_object_name(table.name, middle, label);
    for (int number = 1; is_taken(catalog, {table.schema, name}, kind); ++number)
        name = sql::make_object_name(table.name, middle, label + std::to_string(number));
    return name;
}

std::string identity_sequence(const Table& table, const Column& column) {
    if (column.identity && !column.identity->sequence.empty()) return column.identity->sequence;
    return sql::make_object_name(table.name.name, column.name, "seq");
}

}  // namespace changelog::catalog
