// The schema before and after a branch as a server showed it.
#pragma once

#include "review/schema_changes.hpp"

namespace changelog::review {

/// How the schema that a scratch server had before what is new becomes the one that it had afterwards.
/// `same_database`: both are of one database, so that equal ids are one object: renamed tables and columns
/// are told as such. `modelled`: what the changelogs tell of the same change.
SchemaChanges proven_changes(const catalog::Catalog& before, const catalog::Catalog& after,
                             bool same_database, const SchemaChanges& modelled);

}  // namespace changelog::review
