// The SET part of update, backfill and loadUpdateData.
#pragma once

#include "operations/value_file.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

/// "C1 = v1, C2 = v2"
std::string assignments(const std::vector<ColumnConfig>& columns, const FileValues& files,
                        const Naming& naming);

/// What a value is made from: tables that its expression reads, its sequence.
void require_value(const ColumnConfig& column, const RenderContext& context, Footprint& out);

/// The table, the columns that are set, what their values read, and the table's rows.
void touch_assigned(const std::string& schema, const std::string& table,
                    const std::vector<ColumnConfig>& columns, const RenderContext& context, Footprint& out);

}  // namespace changelog::operations
