#include "catalog/naming.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
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

template <typename TableT>
auto* not_null_named(TableT& table, const std::string& name) {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const Column& column) { return column.not_null_name == name; });
    return found == table.columns.end() ? nullptr : &*found;
}

/// The name that a parent's NOT NULL of the column has; empty if no parent has one.
std::string name_above(const Catalog& catalog, const Table& table, const std::string& column) {
    std::vector<ObjectName> parents = table.inherits;
    if (!table.partition_of.name.empty()) parents.push_back(table.partition_of);
    for (const ObjectName& parent : parents) {
        const Table* above = catalog.table(parent);
        const Column* same = above == nullptr ? nullptr : above->column(column);
        if (same != nullptr && same->not_null && !same->not_null_name.empty()) return same->not_null_name;
    }
    return {};
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
        case NameOf::not_null:
            return "not_null";
        case NameOf::index:
            return "idx";
        case NameOf::sequence:
            return "seq";
    }
    return "idx";
}

bool is_taken(const Catalog& catalog, const ObjectName& name, NameOf kind) {
    const bool is_relation = kind != NameOf::foreign_key && kind != NameOf::check && kind != NameOf::not_null;
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
        if (key.schema == name.schema &&
            (any_named(table.constraints, name.name) || not_null_named(table, name.name) != nullptr))
            return true;
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

const Constraint* not_null_of(const Table& table, const std::string& column) {
    for (const Constraint& each : table.constraints)
        if (is_not_null(each) && each.columns == std::vector<std::string>{column}) return &each;
    return nullptr;
}

void drop_not_null_of(Table& table, const std::string& column) {
    if (const Constraint* known = not_null_of(table, column)) {
        const std::string name = known->name;
        std::erase_if(table.constraints, [&](const Constraint& each) { return each.name == name; });
    }
    if (Column* found = table.column(column)) {
        found->not_null = false;
        found->not_null_name.clear();
    }
}

bool outlives_not_null(const Table& parent, const std::string& parents_name, const Column& child) {
    return parent.partition_by.empty() && !child.not_null_name.empty() && child.not_null_name != parents_name;
}

void name_not_nulls(Catalog& catalog, const ObjectName& table, int server_version) {
    if (server_version < kNamedNotNull) return;
    std::vector<ObjectName> all = descendants(catalog, table);
    all.insert(all.begin(), table);
    for (const ObjectName& name : all) {
        Table* found = catalog.table(name);
        if (found == nullptr) continue;
        for (Column& column : found->columns) {
            if (!column.not_null) column.not_null_name.clear();
            if (!column.not_null || !column.not_null_name.empty()) continue;
            std::string wanted = name_above(catalog, *found, column.name);
            if (const Constraint* own = not_null_of(*found, column.name)) {  // it is valid now
                wanted = own->name;
                std::erase_if(found->constraints,
                              [&](const Constraint& each) { return each.name == wanted; });
            } else if (wanted.empty() || not_null_named(*found, wanted) != nullptr) {
                wanted = chosen_name(catalog, name, NameOf::not_null, {column.name});
            }
            column.not_null_name = std::move(wanted);
        }
    }
}

bool rename_not_null(Catalog& catalog, const ObjectName& table, const std::string& from,
                     const std::string& to) {
    Table* found = catalog.table(table);
    if (from.empty() || found == nullptr || not_null_named(*found, from) == nullptr) return false;
    not_null_named(*found, from)->not_null_name = to;
    for (const ObjectName& name : descendants(catalog, table))
        if (Column* column = not_null_named(*catalog.table(name), from)) column->not_null_name = to;
    return true;
}

bool drop_not_null(Catalog& catalog, const ObjectName& table, const std::string& name) {
    Table* found = catalog.table(table);
    Column* named = name.empty() || found == nullptr ? nullptr : not_null_named(*found, name);
    if (named == nullptr) return false;
    const std::string column = named->name;
    std::vector<ObjectName> all = descendants(catalog, table);
    all.push_back(table);
    for (const ObjectName& each : all) {
        const Column* child = catalog.table(each)->column(column);
        if (child != nullptr && !outlives_not_null(*found, name, *child))
            drop_not_null_of(*catalog.table(each), column);
    }
    return true;
}

std::string usual_not_null_name(const ObjectName& domain) {
    return sql::make_object_name(domain.name, "", "not_null");
}

Constraint domain_not_null(const std::string& name) {
    Constraint out;
    out.name = name;
    out.expression = kNotNull;
    return out;
}

void keep_not_null_name(Type& domain, int server_version) {
    if (server_version < kNamedDomainNotNull || domain.kind != TypeKind::domain || !domain.not_null) return;
    domain.constraints.push_back(domain_not_null(usual_not_null_name(domain.name)));
    domain.not_null = false;
}

void use_usual_not_null_name(Type& domain) {
    const std::string usual = usual_not_null_name(domain.name);
    const auto is_usual = [&](const Constraint& each) { return is_not_null(each) && each.name == usual; };
    if (std::erase_if(domain.constraints, is_usual) > 0) domain.not_null = true;
}

std::string identity_sequence(const Table& table, const Column& column) {
    if (column.identity && !column.identity->sequence.empty()) return column.identity->sequence;
    return sql::make_object_name(table.name.name, column.name, "seq");
}

}  // namespace changelog::catalog
