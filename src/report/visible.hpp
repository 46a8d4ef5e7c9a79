// Text of others on a terminal: a name may hold bytes that move the cursor or fake a line.
#pragma once

#include "changelog/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace changelog::report {

enum class Lines : std::uint8_t { one, many };

/// Control bytes as \\x1b, and, where the text is one line, line ends as \\n.
std::string visible(std::string_view text, Lines lines = Lines::one);

/// The same for everything in a diagnostic that is printed.
Diagnostic visible(Diagnostic item);

}  // namespace changelog::report
