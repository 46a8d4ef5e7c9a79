// Looking things up in a catalog.
#include "changelog/catalog.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

template <typename Items>
auto* find_named(Items& items, std::string_view name) {
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

Column* Table::column(std::string_view column_name) { return find_named(columns, column_name); }
const Column* Table::column(std::string_view column_name) const { return find_named(columns, column_name); }
Constraint* Table::constraint(std::string_view constraint_name) {
    return find_named(constraints, constraint_name);
}
const Constraint* Table::constraint(std::string_view constraint_name) const {
    return find_named(constraints, constraint_name);
}
Index* Table::index(std::string_view index_name) { return find_named(indexes, index_name); }
const Index* Table::index(std::string_view index_name) const { return find_named(indexes, index_name); }

const Constraint* Table::primary_key() const {
    const auto found = std::find_if(constraints.begin(), constraints.end(), [](const Constraint& constraint) {
        return constraint.kind == ConstraintKind::primary_key;
    });
    return found == constraints.end() ? nullptr : &*found;
}

Table* Catalog::table(const ObjectName& name) {
    const auto found = tables.find(name);
    return found == tables.end() ? nullptr : &found->second;
}

const Table* Catalog::table(const ObjectName& name) const {
    const auto found = tables.find(name);
    return found == tables.end() ? nullptr : &found->second;
}

namespace {

template <typename Place, typename Catalog>
Place index_place(Catalog& catalog, const ObjectName& index_name) {
    for (auto& [name, table] : catalog.tables) {
        if (name.schema != index_name.schema) continue;
        if (auto* index = table.index(index_name.name)) return {&table, nullptr, index};
    }
    for (auto& [name, view] : catalog.views) {
        if (name.schema != index_name.schema || !view.materialized) continue;
        if (auto* index = find_named(view.indexes, index_name.name)) return {nullptr, &view, index};
    }
    return {};
}

}  // namespace

Catalog::IndexPlace Catalog::find_index(const ObjectName& index_name) {
    return index_place<IndexPlace>(*this, index_name);
}

Catalog::ConstIndexPlace Catalog::find_index(const ObjectName& index_name) const {
    return index_place<ConstIndexPlace>(*this, index_name);
}

}  // namespace changelog::catalog
