// Taking a value out of an enumeration type, which PostgreSQL cannot: the type is made anew without it.
#pragma once

#include "operations/common.hpp"

namespace changelog::operations {

/// The statements that give the type in `after` the labels of `before`, with every column that the schema
/// model knows to have it. They fail where a row holds a value that `before` lacks. `after` is the schema
/// with the value.
Undo rebuild_enum(const catalog::Catalog& after, const catalog::Type& before,
                  const std::string& default_schema);

}  // namespace changelog::operations
