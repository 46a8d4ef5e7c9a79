// What the schema looks like before and after a branch.
#pragma once

#include "changelog/catalog.hpp"

#include "catalog/difference.hpp"

#include <set>
#include <string>
#include <vector>

namespace changelog::review {

struct SchemaChanges {
    std::vector<catalog::Difference> differences;
    std::vector<catalog::Difference> rights;  ///< of them, those of owners, grants, policies, row security
    bool proven = false;                      ///< introspected on a scratch server, not only modelled
    /// Where that was: the differences that the changelogs do not tell of, and those that they tell of and
    /// that did not come about.
    std::vector<catalog::Difference> unexpected, missing;
};

SchemaChanges schema_changes(const catalog::Catalog& base, const catalog::Catalog& head);

/// The tables that differ, in head or else in base.
std::set<ObjectName> touched_tables(const catalog::Catalog& base, const catalog::Catalog& head);

/// A mermaid erDiagram of these tables and of those one foreign key away (with their keys only); at most
/// `most` tables, touched ones first. Names are quoted so that mermaid reads them whatever they are. Empty
/// without tables.
std::string er_diagram(const catalog::Catalog& catalog, const std::set<ObjectName>& tables,
                       std::size_t most = 30);

}  // namespace changelog::review
