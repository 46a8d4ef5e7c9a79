// Objects that a changeset would make and that the database has already, made by somebody else.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/footprint.hpp"

#include "postgres/connection.hpp"

#include <string>

namespace changelog::execute {

/// The first object that the footprint creates, the schema model does not know and the database has: the
/// generated rollback would take it away, since nobody knows what it was. Empty if there is none.
std::string standing_object(const Footprint& footprint, const catalog::Catalog& before,
                            postgres::Connection& connection);

}  // namespace changelog::execute
