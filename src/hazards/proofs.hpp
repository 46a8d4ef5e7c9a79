// What validated CHECK constraints prove, so that PostgreSQL need not read the rows.
#pragma once

#include "changelog/catalog.hpp"

#include "hazards/step.hpp"

#include <string>
#include <vector>

namespace changelog::hazards {

/// Whether a validated CHECK says that the column is never null; those of the names given do not count.
bool proves_not_null(const catalog::Table& table, const std::string& column,
                     const std::vector<std::string>& but_not = {});

/// Whether the CHECKs of `table` imply the bound of a new partition (a PartitionBoundSpec) of `parent`.
bool implies_bound(const catalog::Table& table, const catalog::Table& parent, const Node& bound);

/// Whether the CHECKs of the DEFAULT partition exclude all rows of that bound.
bool excludes_bound(const catalog::Table& default_partition, const catalog::Table& parent, const Node& bound);

/// The columns of "RANGE (a, b)"; "" for an expression.
std::vector<std::string> partition_columns(const std::string& partition_by);

/// Every column that the condition names.
std::vector<std::string> columns_in(const Node& expression);

}  // namespace changelog::hazards
