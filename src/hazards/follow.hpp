// The schema model after a statement, in newer syntax than the parser's too.
#pragma once

#include "changelog/catalog.hpp"

#include <set>
#include <string>

namespace changelog::hazards {

/// Takes over what the statement does, as far as it can be followed (operations::follow_sql).
void follow(const std::string& sql, const std::string& default_schema, catalog::Catalog& catalog);

/// What there is of this name: a table, view, sequence or type, with its indexes and identity sequences.
std::set<ObjectName> relations_of(const ObjectName& name, const catalog::Catalog& catalog);

/// Every table, view, sequence, type and index, those behind constraints too.
std::set<ObjectName> relations_in(const catalog::Catalog& catalog);

}  // namespace changelog::hazards
