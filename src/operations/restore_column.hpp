// Bringing dropped columns back: what DROP COLUMN takes along comes back with them.
#pragma once

#include "operations/common.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

/// Adds the columns (stored names) as they were, then the constraints, indexes and foreign keys that fell
/// with them. PostgreSQL puts them at the end of the table. Adds to `out.losses` what does not come back.
void restore_columns(const RenderContext& context, const catalog::Table& table,
                     const std::vector<std::string>& columns, Undo& out);

}  // namespace changelog::operations
