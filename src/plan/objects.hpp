// Objects of footprints in the schema model.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/names.hpp"

namespace changelog {

/// What stands for itself: parts belong to their table.
ObjectRef owner_of(const ObjectRef& object);

/// Whether the model has an object that stands for itself; parts are known with their table.
bool knows(const catalog::Catalog& catalog, const ObjectRef& object);

/// Takes an object out of the model; for an index that is its whole table. Schemas and extensions stay.
void forget(catalog::Catalog& catalog, const ObjectRef& object);

}  // namespace changelog
