// What follows a table or column that is renamed. PostgreSQL keeps references by number, so they all follow;
// the catalog keeps them by name. (Bodies of functions are text there too, and do not follow.)
#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

void replace(std::string& name, const std::string& from, const std::string& to) {
    if (name == from) name = to;
}

void replace(std::vector<std::string>& names, const std::string& from, const std::string& to) {
    std::replace(names.begin(), names.end(), from, to);
}

void replace_in_sql(std::string& text, const std::string& from, const std::string& to) {
    if (!text.empty()) text = rename_in(text, from, to);
}

void rename_in_index(Index& index, const std::string& from, const std::string& to) {
    for (IndexKey& key : index.keys) {
        if (key.expression)
            replace_in_sql(key.text, from, to);
        else
            replace(key.text, from, to);
    }
    replace(index.include, from, to);
    replace_in_sql(index.predicate, from, to);
}

void rename_in_constraint(Constraint& constraint, const std::string& from, const std::string& to) {
    replace(constraint.columns, from, to);
    replace(constraint.include, from, to);
    replace_in_sql(constraint.expression, from, to);
}

/// The implicit sequence keeps its name when its column or table gets another.
void keep_identity_sequence(Table& table, Column& column) {
    if (column.identity) column.identity->sequence = identity_sequence(table, column);
}

void rename_in_table(Table& table, const std::string& from, const std::string& to) {
    for (Column& column : table.columns) {
        if (column.name == from) {
            keep_identity_sequence(table, column);
            column.name = to;
        } else if (column.generated != Generated::no && column.expression) {
            replace_in_sql(*column.expression, from, to);
        }
    }
    for (Constraint& constraint : table.constraints) rename_in_constraint(constraint, from, to);
    for (Index& index : table.indexes) rename_in_index(index, from, to);
    for (Trigger& trigger : table.triggers) replace_in_sql(trigger.definition, from, to);
    for (Policy& policy : table.policies) replace_in_sql(policy.definition, from, to);
    for (Grant& grant : table.grants) replace(grant.columns, from, to);
    replace_in_sql(table.partition_by, from, to);
}

bool is_column(const ObjectRef& used, const ObjectName& table, const std::string& column) {
    return used.kind == ObjectKind::column && used.name == table && used.part == column;
}

void rename_column_elsewhere(Catalog& catalog, const ObjectName& table, const std::string& from,
                             const std::string& to) {
    for (auto& [name, other] : catalog.tables)
        for (Constraint& constraint : other.constraints)
            if (constraint.referenced_table == table) replace(constraint.referenced_columns, from, to);
    for (auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by && is_column(*sequence.owned_by, table, from)) sequence.owned_by->part = to;
    for (auto& [name, view] : catalog.views)
        for (ObjectRef& used : view.depends)
            if (is_column(used, table, from)) used.part = to;
}

void rename_table_elsewhere(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    for (auto& [name, other] : catalog.tables) {
        for (Constraint& constraint : other.constraints)
            if (constraint.referenced_table == from) constraint.referenced_table = to;
        if (other.partition_of == from) other.partition_of = to;
        std::replace(other.inherits.begin(), other.inherits.end(), from, to);
    }
    for (auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by && sequence.owned_by->name == from) sequence.owned_by->name = to;
    for (auto& [name, view] : catalog.views) {
        bool uses = false;
        for (ObjectRef& used : view.depends) {
            if (used.name != from || (used.kind != ObjectKind::table && used.kind != ObjectKind::column))
                continue;
            used.name = to;
            uses = true;
        }
        if (uses) replace_in_sql(view.query, from.name, to.name);
    }
}

}  // namespace

void Catalog::rename_table(const ObjectName& from, const std::string& to) {
    const ObjectName target{from.schema, to};
    rename_table_elsewhere(*this, from, target);
    auto node = tables.extract(from);
    if (node.empty()) return;
    Table& renamed = node.mapped();
    for (Column& column : renamed.columns) keep_identity_sequence(renamed, column);
    for (Trigger& trigger : renamed.triggers) replace_in_sql(trigger.definition, from.name, to);
    for (Policy& policy : renamed.policies) replace_in_sql(policy.definition, from.name, to);
    renamed.name = target;
    node.key() = target;
    tables.insert(std::move(node));
}

void Catalog::rename_column(const ObjectName& table_name, const std::string& from, const std::string& to) {
    rename_column_elsewhere(*this, table_name, from, to);
    if (Table* renamed = table(table_name)) rename_in_table(*renamed, from, to);
    for (const ObjectName& child : descendants(*this, table_name)) {
        rename_column_elsewhere(*this, child, from, to);
        rename_in_table(*table(child), from, to);
    }
}

}  // namespace changelog::catalog
