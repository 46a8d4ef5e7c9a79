// Keys of an index: as createIndex writes them and as the catalog has them.
#pragma once

#include "operations/column.hpp"

#include <string>

namespace changelog::operations {

/// "name DESC", "lower(name)": an expression goes out as it was written.
std::string index_key_sql(const ColumnConfig& column, const Naming& naming);

catalog::IndexKey index_key(const ColumnConfig& column, const Naming& naming);

/// The name that PostgreSQL would choose for an unnamed index.
std::string chosen_index_name(const catalog::Catalog& catalog, const ObjectName& table,
                              const catalog::Index& index);

}  // namespace changelog::operations
