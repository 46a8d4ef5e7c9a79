// Telling rows apart by what a changelog says of them: the ground on which inserted rows may be deleted
// again.
#pragma once

#include "operations/column.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// Whether an expression is a constant: its value now is the value that was inserted then.
bool is_constant(const std::string& expression);

/// The columns of the primary key as stored, or none if the table or its key is not known.
std::vector<std::string> key_columns(const RenderContext& context, const std::string& schema,
                                     const std::string& table);

/// "the inserted rows of public.t cannot be told apart: ..."
std::string cannot_tell_apart(const ObjectName& table, std::string_view reason);

}  // namespace changelog::operations
