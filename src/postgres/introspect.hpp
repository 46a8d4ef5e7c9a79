// A live database as a Catalog, by a few set-based queries.
#pragma once

#include "changelog/catalog.hpp"

#include "postgres/connection.hpp"

#include <set>
#include <string>
#include <vector>

namespace changelog::postgres {

struct IntrospectOptions {
    /// Only these, and what a statement about them can reach (catalog::excerpt says what); empty: all.
    std::vector<ObjectRef> only;
    std::set<std::string> except_schemas;  ///< not looked at: the attic
    std::set<ObjectName>
        except_relations;  ///< not looked at: the ledger's table and view, with what is theirs
};

/// Everything but PostgreSQL's own schemas, temporary objects, and what belongs to an extension (the
/// extension itself is there). Ids are oids (attnums of columns). Expressions and types are schema-qualified,
/// whatever the session's search_path, which stays as it is. Works inside and outside a transaction. Kinds
/// that the model has no type for are in `others`.
catalog::Catalog introspect(Connection& connection, const IntrospectOptions& options = {});

}  // namespace changelog::postgres
