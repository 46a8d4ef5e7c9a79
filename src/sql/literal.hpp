#pragma once

#include <string>
#include <string_view>

namespace changelog::sql {

/// A string literal for standard_conforming_strings: quotes doubled, backslashes as they are. NUL bytes
/// cannot occur.
std::string literal(std::string_view text);

}  // namespace changelog::sql
