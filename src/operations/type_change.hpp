// What a change of a column's type can do to its values.
#pragma once

#include <string>

namespace changelog::operations {

/// Whether a cast may change or refuse values, by the canonical names of both types. True where it is not
/// known.
bool may_lose(const std::string& from, const std::string& to);

}  // namespace changelog::operations
