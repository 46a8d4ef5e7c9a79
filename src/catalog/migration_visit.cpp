// Everything in a catalog that PostgreSQL keeps by reference, and the catalog as text or as a name.
#include "catalog/ddl.hpp"
#include "catalog/migration_text.hpp"

namespace changelog::catalog {

namespace {

template <typename Items>
void each_text_of(Items& items, const TextChange& change) {
    for (auto& item : items) each_text(item, change);
}

void each_text(Other& other, const TextChange& change) {
    for (std::string* text : {&other.identity, &other.create, &other.drop, &other.state}) change(*text);
}

void rekey_others(Catalog& catalog) {
    std::map<std::string, Other> others;
    for (auto& [key, other] : catalog.others)
        others.emplace(other.kind + ' ' + other.identity, std::move(other));
    catalog.others = std::move(others);
}

}  // namespace

void each_text(Column& column, const TextChange& change) {
    change(column.type);
    if (column.expression) change(*column.expression);
}

void each_text(Constraint& constraint, const TextChange& change) {
    if (has_text(constraint)) change(constraint.expression);
}

void each_text(Index& index, const TextChange& change) {
    for (IndexKey& key : index.keys) {
        if (key.expression) change(key.text);
        change(key.operator_class);
        change(key.collation);
    }
    change(index.predicate);
}

void each_text(Table& table, const TextChange& change) {
    each_text_of(table.columns, change);
    each_text_of(table.constraints, change);
    each_text_of(table.indexes, change);
    for (Trigger& trigger : table.triggers) change(trigger.definition);
    for (Policy& policy : table.policies) change(policy.definition);
    change(table.partition_by);
    change(table.partition_bound);
}

void each_text(View& view, const TextChange& change) {
    change(view.query);
    change(view.definition);
    each_text_of(view.indexes, change);
    for (Trigger& trigger : view.triggers) change(trigger.definition);
    for (auto& [column, expression] : view.column_defaults) change(expression);
}

void each_text(Function& function, const TextChange& change) {
    change(function.arguments);
    change(function.definition);
}

void each_text(Type& type, const TextChange& change) {
    change(type.base_type);
    change(type.definition);
    for (TypeAttribute& attribute : type.attributes) change(attribute.type);
    if (type.expression) change(*type.expression);
    each_text_of(type.constraints, change);
}

void each_text(Catalog& catalog, const TextChange& change) {
    for (auto& [name, table] : catalog.tables) each_text(table, change);
    for (auto& [name, view] : catalog.views) each_text(view, change);
    for (auto& [name, function] : catalog.functions) each_text(function, change);
    for (auto& [name, type] : catalog.types) each_text(type, change);
    for (auto& [name, other] : catalog.others) each_text(other, change);
    rekey_others(catalog);
}

void each_name(Catalog& catalog, const NameChange& change) {
    for (auto& [name, table] : catalog.tables) {
        for (Constraint& constraint : table.constraints) change(constraint.referenced_table);
        change(table.partition_of);
        for (ObjectName& parent : table.inherits) change(parent);
    }
}

void each_ref(Catalog& catalog, const RefChange& change) {
    for (auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by) change(*sequence.owned_by);
    for (auto& [name, view] : catalog.views)
        for (ObjectRef& used : view.depends) change(used);
    for (auto& [name, function] : catalog.functions)
        for (ObjectRef& used : function.depends) change(used);
    for (auto& [name, other] : catalog.others) change(other.on);
}

}  // namespace changelog::catalog
