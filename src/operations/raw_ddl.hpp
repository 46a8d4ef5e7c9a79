// What SQL that the changelog's author wrote does to the schema model.
#pragma once

#include "changelog/operation.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

/// How well the catalog could follow SQL.
struct FollowResult {
    bool exact = true;      ///< every statement was DDL, on objects that the catalog knew or that it made
    bool data = false;      ///< it changes rows, or the value of a sequence
    bool opaque = false;    ///< it runs code that cannot be read, or it cannot be read itself
    bool not_kept = false;  ///< it changes what the model has no place for (roles): nobody can see it
    std::string why;        ///< the first reason why it is not exact
};

/// Follows raw SQL on the catalog: exactly, or not at all. What cannot be followed is taken out of the
/// catalog, since a definition that may be stale must not be used to undo anything; `Catalog::uncertain` says
/// so. What newer servers keep beyond others depends on the version.
FollowResult follow_sql(const std::string& sql, const std::string& default_schema, catalog::Catalog& catalog,
                        int server_version = 150000);
/// The statements of one text, in pieces: settings and temporary tables outlive a piece.
FollowResult follow_sql(const std::vector<std::string>& pieces, const std::string& default_schema,
                        catalog::Catalog& catalog, int server_version = 150000);

/// What undoes the statements, given the schema before: exact for DDL that can be followed. Else
/// `Undo::impossible` says why a rollback block is needed, and `observe` whether looking at the database
/// helps.
Undo undo_sql(const std::vector<std::string>& pieces, const RenderContext& context);

/// Takes an object out of the catalog, with everything whose recorded definition names it.
void forget(const ObjectRef& object, catalog::Catalog& catalog);

/// Takes out the views whose query reads the relation; their recorded text may name what is no more.
void forget_views_on(const ObjectName& relation, catalog::Catalog& catalog);

}  // namespace changelog::operations
