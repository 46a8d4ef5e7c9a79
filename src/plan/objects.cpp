#include "plan/objects.hpp"

namespace changelog {

ObjectRef owner_of(const ObjectRef& object) {
    switch (object.kind) {
        case ObjectKind::column:
        case ObjectKind::constraint:
        case ObjectKind::trigger:
        case ObjectKind::policy:
        case ObjectKind::rows:
            return {ObjectKind::table, object.name, {}};
        case ObjectKind::schema:
        case ObjectKind::table:
        case ObjectKind::index:
        case ObjectKind::sequence:
        case ObjectKind::type:
        case ObjectKind::function:
        case ObjectKind::extension:
            return {object.kind, object.name, {}};
    }
    return object;
}

bool knows(const catalog::Catalog& catalog, const ObjectRef& object) {
    switch (object.kind) {
        case ObjectKind::schema:
            return catalog.schemas.contains(object.name.name.empty() ? object.name.schema : object.name.name);
        case ObjectKind::table:
            return catalog.tables.contains(object.name) || catalog.views.contains(object.name);
        case ObjectKind::index:
            return catalog.find_index(object.name).index != nullptr;
        case ObjectKind::sequence:
            return catalog.sequences.contains(object.name);
        case ObjectKind::type:
            return catalog.types.contains(object.name);
        case ObjectKind::function:
            return catalog.functions.contains(object.name);
        case ObjectKind::extension:
            return catalog.extensions.contains(object.name.name);
        case ObjectKind::column:
        case ObjectKind::constraint:
        case ObjectKind::trigger:
        case ObjectKind::policy:
        case ObjectKind::rows:
            return true;  // known with their table
    }
    return true;
}

void forget(catalog::Catalog& catalog, const ObjectRef& object) {
    switch (object.kind) {
        case ObjectKind::table:
            catalog.tables.erase(object.name);
            catalog.views.erase(object.name);
            break;
        case ObjectKind::sequence:
            catalog.sequences.erase(object.name);
            break;
        case ObjectKind::type:
            catalog.types.erase(object.name);
            break;
        case ObjectKind::function:
            catalog.functions.erase(object.name);
            break;
        case ObjectKind::index: {
            const auto place = catalog.find_index(object.name);
            if (place.table != nullptr) catalog.tables.erase(ObjectName(place.table->name));
            break;
        }
        case ObjectKind::schema:
        case ObjectKind::extension:  // these are taken over whole
        case ObjectKind::column:
        case ObjectKind::constraint:
        case ObjectKind::trigger:
        case ObjectKind::policy:
        case ObjectKind::rows:
            break;
    }
}

}  // namespace changelog
