// Regular expressions in Java's dialect, which regExpReplace of modifySql has. The only file pair that knows
// PCRE2.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace changelog::sql {

struct RegexError {
    std::string message;
    bool in_replacement = false;
    std::size_t offset = 0;  ///< into the pattern, or the replacement
};

/// What is wrong with a pattern or with what takes its place ($1, ${name}, \$); nothing if they can be used.
std::optional<RegexError> regex_error(const std::string& pattern, const std::string& replacement);

/// String.replaceAll() of Java. Throws std::runtime_error if the two cannot be used, or where matching would
/// take too long or too much memory.
std::string regex_replace_all(const std::string& text, const std::string& pattern,
                              const std::string& replacement);

}  // namespace changelog::sql
