// Text of others on a terminal: a name may hold bytes that move the cursor or fake a line.
#pragma once

#include "changelog/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace changelog::report {

enum class Lines : std::uint8_t { one, many };

/// Control bytes, and bytes that are no UTF-8, as \\x1b; characters that nobody sees or that change the
/// direction of writing as \\u202e; and, where the text is one line, line ends as \\n.
std::string visible(std::string_view text, Lines lines = Lines::one);

/// The first `most` characters of that in one line, the last of them '…' if something was cut off.
std::string visible_start(std::string_view text, std::size_t most);

/// The same for everything in a diagnostic that is printed.
Diagnostic visible(Diagnostic item);

}  // namespace changelog::report
