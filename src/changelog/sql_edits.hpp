// modifySql: LIQUIBASE.md 1.10.
#pragma once

#include "changelog/changelog.hpp"

#include "operations/reader.hpp"

#include <vector>

namespace changelog {

/// Appends the edits of one block. Its options (dbms, contexts, labels, applyToRollback) hold for all of
/// them.
void read_sql_edits(const Attribute& entry, const ReadSettings& settings, Diagnostics& diagnostics,
                    std::vector<SqlEdit>& out);

}  // namespace changelog
