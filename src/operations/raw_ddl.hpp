// What SQL that the changelog's author wrote does to the schema model.
#pragma once

#include "changelog/operation.hpp"

#include <string>

namespace changelog::operations {

/// Follows one piece of raw SQL on the catalog, as far as it can be followed exactly: new views and routines
/// are taken over. Everything else that it makes, changes or drops is taken out of the catalog, since a
/// definition that may be stale must not be used to undo anything; `Catalog::uncertain` says so.
void follow_sql(const std::string& sql, const std::string& default_schema, catalog::Catalog& catalog);

/// Takes an object out of the catalog, with everything whose recorded definition names it.
void forget(const ObjectRef& object, catalog::Catalog& catalog);

/// Takes out the views whose query reads the relation; their recorded text may name what is no more.
void forget_views_on(const ObjectName& relation, catalog::Catalog& catalog);

}  // namespace changelog::operations
