// Taking out of the catalog what is not known any more.
#include "operations/raw_ddl.hpp"

#include <algorithm>

namespace changelog::operations {

namespace {

bool same_relation(const ObjectRef& object, const ObjectName& relation) {
    return (object.kind == ObjectKind::table || object.kind == ObjectKind::column) && object.name == relation;
}

void forget_tables_pointing_at(const ObjectName& table, catalog::Catalog& catalog) {
    std::erase_if(catalog.tables, [&](const auto& entry) {
        const auto& constraints = entry.second.constraints;
        return std::any_of(constraints.begin(), constraints.end(),
                           [&](const catalog::Constraint& constraint) {
                               return constraint.kind == catalog::ConstraintKind::foreign_key &&
                                      constraint.referenced_table == table;
                           });
    });
}

void forget_relation(const ObjectName& name, catalog::Catalog& catalog) {
    if (catalog.sequences.erase(name) > 0) return;  // ALTER TABLE names sequences too
    forget_views_on(name, catalog);
    forget_tables_pointing_at(name, catalog);
    catalog.tables.erase(name);
    catalog.views.erase(name);
}

void forget_index(const ObjectName& name, catalog::Catalog& catalog) {
    const auto place = catalog.find_index(name);
    if (place.table != nullptr) catalog.tables.erase(ObjectName(place.table->name));
    if (place.view != nullptr) catalog.views.erase(ObjectName(place.view->name));
    std::erase_if(catalog.tables, [&](const auto& entry) {
        return entry.first.schema == name.schema && entry.second.constraint(name.name) != nullptr;
    });
}

void forget_schema(const std::string& schema, catalog::Catalog& catalog) {
    const auto within = [&](const auto& entry) { return entry.first.schema == schema; };
    std::erase_if(catalog.tables, within);
    std::erase_if(catalog.sequences, within);
    std::erase_if(catalog.views, within);
    std::erase_if(catalog.types, within);
    std::erase_if(catalog.functions, within);
    catalog.schemas.erase(schema);
}

void forget_type(const ObjectName& name, catalog::Catalog& catalog) {
    catalog.types.erase(name);
    // A column's type may be written with or without its schema; taking out a table too many only loses a
    // rollback.
    std::erase_if(catalog.tables, [&](const auto& entry) {
        const auto& columns = entry.second.columns;
        return std::any_of(columns.begin(), columns.end(), [&](const catalog::Column& column) {
            return column.type.find(name.name) != std::string::npos;
        });
    });
}

}  // namespace

void forget_views_on(const ObjectName& relation, catalog::Catalog& catalog) {
    std::vector<ObjectName> gone;
    for (const auto& [name, view] : catalog.views) {
        const auto reads = [&](const ObjectRef& object) { return same_relation(object, relation); };
        if (name != relation && std::any_of(view.depends.begin(), view.depends.end(), reads))
            gone.push_back(name);
    }
    for (const ObjectName& name : gone) {
        catalog.views.erase(name);
        forget_views_on(name, catalog);
    }
}

void forget(const ObjectRef& object, catalog::Catalog& catalog) {
    switch (object.kind) {
        case ObjectKind::schema:
            forget_schema(object.name.name.empty() ? object.name.schema : object.name.name, catalog);
            break;
        case ObjectKind::table:
            forget_relation(object.name, catalog);
            break;
        case ObjectKind::column:
        case ObjectKind::constraint:
        case ObjectKind::trigger:
        case ObjectKind::policy:
            catalog.tables.erase(object.name);
            break;
        case ObjectKind::index:
            forget_index(object.name, catalog);
            break;
        case ObjectKind::sequence:
            catalog.sequences.erase(object.name);
            break;
        case ObjectKind::type:
            forget_type(object.name, catalog);
            break;
        case ObjectKind::function:
            catalog.functions.erase(object.name);
            break;
        case ObjectKind::extension:
            catalog.extensions.erase(object.name.name);
            break;
        case ObjectKind::rows:
            break;
    }
}

}  // namespace changelog::operations
