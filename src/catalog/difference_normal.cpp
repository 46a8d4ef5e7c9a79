#include "catalog/difference_normal.hpp"

#include "catalog/difference_values.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

template <typename Item>
void sort_by_name(std::vector<Item>& items) {
    std::stable_sort(items.begin(), items.end(),
                     [](const Item& a, const Item& b) { return a.name < b.name; });
}

template <typename Item>
void sort_as_set(std::vector<Item>& items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
}

void sort_constraints(std::vector<Constraint>& constraints) {
    for (Constraint& constraint : constraints) sort_as_set(constraint.set_columns);
    sort_by_name(constraints);
}

/// One grant for each right.
void sort_grants(std::vector<Grant>& grants) {
    std::vector<Grant> out;
    for (const auto& [right, grantable] : as_set(grants)) {
        const auto& [grantee, column, privilege] = right;
        out.push_back({grantee, {privilege}, {}, grantable});
        if (!column.empty()) out.back().columns = {column};
    }
    grants = std::move(out);
}

}  // namespace

Table normal(Table table) {
    sort_by_name(table.columns);
    sort_constraints(table.constraints);
    sort_by_name(table.indexes);
    sort_by_name(table.triggers);
    sort_by_name(table.policies);
    sort_grants(table.grants);
    return table;
}

View normal(View view) {
    sort_as_set(view.depends);
    sort_by_name(view.indexes);
    sort_by_name(view.triggers);
    sort_grants(view.grants);
    return view;
}

Type normal(Type type) {
    sort_constraints(type.constraints);
    sort_grants(type.grants);
    return type;
}

Sequence normal(Sequence sequence) {
    sort_grants(sequence.grants);
    return sequence;
}

Function normal(Function function) {
    sort_as_set(function.depends);
    sort_grants(function.grants);
    return function;
}

Schema normal(Schema schema) {
    sort_grants(schema.grants);
    return schema;
}

Constraint normal(Constraint constraint) {
    sort_as_set(constraint.set_columns);
    return constraint;
}

}  // namespace changelog::catalog
