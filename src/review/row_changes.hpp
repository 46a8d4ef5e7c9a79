// What a changeset does to the rows of a table, as far as its SQL tells: two inserts commute, and so do two
// updates of different columns.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/footprint.hpp"

#include <map>
#include <set>
#include <string>

namespace changelog::review {

struct RowChange {
    bool inserts = false;
    bool changes = false;                 ///< updates or deletes
    bool opaque = false;                  ///< what it reads or writes is not known
    std::set<std::string> assigned = {};  ///< columns that updates set
    bool names_all = true;                ///< every insert gives all columns
    std::set<std::string> named = {};     ///< else: columns that every insert gives
    std::set<std::string> used = {};      ///< columns that updates and deletes name, those set included
};

/// By table: those whose rows the footprint alters.
std::map<ObjectName, RowChange> row_changes(const ChangeSet& changeset, const Footprint& footprint);

/// Whether the order of the two on one table makes no difference.
bool commute(const RowChange& a, const RowChange& b);

/// For the SQL of a changeset as it is written: no schema is known, no name is qualified.
RenderContext context_of(const ChangeSet& changeset);

}  // namespace changelog::review
