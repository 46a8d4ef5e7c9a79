#include "catalog/excerpt_links.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

template <typename Items>
bool any_named(const Items& items, const std::string& name) {
    return std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
}

}  // namespace

Links::Links(const Catalog& catalog) {
    for (const auto& [name, table] : catalog.tables) {
        if (!table.partition_of.name.empty()) children_[table.partition_of].push_back(name);
        for (const ObjectName& parent : table.inherits) children_[parent].push_back(name);
        for (const Constraint& constraint : table.constraints)
            if (constraint.kind == ConstraintKind::foreign_key)
                referencing_[constraint.referenced_table].push_back(name);
    }
    for (const auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by) sequences_[sequence.owned_by->name].push_back(name);
    for (const auto& [name, view] : catalog.views) add_uses(view.depends, name);
    for (const auto& [name, function] : catalog.functions) add_uses(function.depends, name);
}

void Links::add_uses(const std::vector<ObjectRef>& depends, const ObjectName& user) {
    for (const ObjectRef& used : depends) {
        Map& map = used.kind == ObjectKind::type       ? users_of_type_
                   : used.kind == ObjectKind::function ? users_of_function_
                                                       : users_of_relation_;
        Names& names = map[used.name];
        if (names.empty() || names.back() != user)
            names.push_back(user);  // one user's come one after another
    }
}

const Links::Names& Links::of(const Map& map, const ObjectName& name) {
    static const Names kNone;
    const auto found = map.find(name);
    return found == map.end() ? kNone : found->second;
}

const Links::Names& Links::users(const ObjectRef& object) const {
    if (object.kind == ObjectKind::type) return of(users_of_type_, object.name);
    if (object.kind == ObjectKind::function) return of(users_of_function_, object.name);
    return of(users_of_relation_, object.name);
}

std::vector<ObjectName> relations_with_index(const Catalog& catalog, const ObjectName& index) {
    std::vector<ObjectName> out;
    const auto in_schema = [&](const auto& map) { return map.lower_bound({index.schema, {}}); };
    for (auto at = in_schema(catalog.tables); at != catalog.tables.end(); ++at) {
        const auto& [name, table] = *at;
        if (name.schema != index.schema) break;
        if (any_named(table.indexes, index.name) || any_named(table.constraints, index.name))
            out.push_back(name);
    }
    for (auto at = in_schema(catalog.views); at != catalog.views.end(); ++at) {
        const auto& [name, view] = *at;
        if (name.schema != index.schema) break;
        if (any_named(view.indexes, index.name)) out.push_back(name);
    }
    return out;
}

}  // namespace changelog::catalog
