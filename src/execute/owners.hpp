// To whom things belong that earlier runs made.
#pragma once

#include "changelog/catalog.hpp"

#include "postgres/connection.hpp"

namespace changelog::execute {

/// The fold takes what a changelog made for the runner's own; earlier runs may have been other roles'. Notes
/// the owner of everything in the model that belongs to another role than the session's. Throws
/// DatabaseError.
void take_owners(catalog::Catalog& model, postgres::Connection& connection);

}  // namespace changelog::execute
