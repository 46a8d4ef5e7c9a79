// Numbers for objects that have none.
#include "catalog/difference.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

/// Calls `visit` with the id of every object but columns.
template <typename Visit>
void each_id(Table& table, const Visit& visit) {
    visit(table.id);
    for (Constraint& item : table.constraints) visit(item.id);
    for (Index& item : table.indexes) visit(item.id);
    for (Trigger& item : table.triggers) visit(item.id);
    for (Policy& item : table.policies) visit(item.id);
}

template <typename Visit>
void each_id(View& view, const Visit& visit) {
    visit(view.id);
    for (Index& item : view.indexes) visit(item.id);
    for (Trigger& item : view.triggers) visit(item.id);
}

template <typename Visit>
void each_id(Type& type, const Visit& visit) {
    visit(type.id);
    for (Constraint& item : type.constraints) visit(item.id);
}

template <typename Visit>
void each_id(Catalog& catalog, const Visit& visit) {
    for (auto& [name, item] : catalog.schemas) visit(item.id);
    for (auto& [name, item] : catalog.types) each_id(item, visit);
    for (auto& [name, item] : catalog.sequences) visit(item.id);
    for (auto& [name, item] : catalog.tables) each_id(item, visit);
    for (auto& [name, item] : catalog.views) each_id(item, visit);
    for (auto& [name, item] : catalog.functions) visit(item.id);
    for (auto& [name, item] : catalog.others) visit(item.id);
}

class Numbers {
  public:
    void see(const ObjectId& id) { last_ = std::max(last_, id.value); }
    void give(ObjectId& id) {
        if (id.value == 0) id.value = ++last_;
    }

  private:
    std::uint64_t last_ = 0;
};

}  // namespace

void number_objects(Catalog& catalog) {
    Numbers numbers;
    each_id(catalog, [&](const ObjectId& id) { numbers.see(id); });
    each_id(catalog, [&](ObjectId& id) { numbers.give(id); });
    for (auto& [name, table] : catalog.tables) {
        Numbers of_columns;
        for (const Column& column : table.columns) of_columns.see(column.id);
        for (Column& column : table.columns) of_columns.give(column.id);
    }
}

}  // namespace changelog::catalog
