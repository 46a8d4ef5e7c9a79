// Objects that a changeset would make and that the database has already, made by somebody else.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/footprint.hpp"

#include "postgres/connection.hpp"

#include <vector>

namespace changelog::execute {

/// What the footprint creates, the schema model does not know and the database has already: only the database
/// can tell what it was.
std::vector<ObjectRef> standing_objects(const Footprint& footprint, const catalog::Catalog& before,
                                        postgres::Connection& connection);

}  // namespace changelog::execute
