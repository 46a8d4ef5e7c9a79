// What the operations on types share.
#pragma once

#include "operations/common.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// "TYPE public.mood", "DOMAIN public.email"
std::string type_words(const catalog::Type& type);

/// DROP TYPE's undo: the type as the changelog made it, or why that is not possible.
Undo recreate_type(const RenderContext& context, const ObjectName& name);

/// Whether a column's type is this one or an array of it.
bool is_type(const std::string& column_type, const ObjectName& type, const std::string& default_schema);

/// "COMMENT ON TYPE public.mood IS '...'", where there are remarks.
void append_comment(std::vector<Statement>& statements, const std::string& what,
                    const std::optional<std::string>& remarks);

}  // namespace changelog::operations
