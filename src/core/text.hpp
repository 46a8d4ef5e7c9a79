// Small functions on text that several layers need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// The nearest of `candidates` to a mistyped `word`, or "" if none is near (edit distance up to 40 % of the
/// length, at least 2; case does not count).
std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates);

std::string trim(std::string_view text);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
std::vector<std::string> split(std::string_view text,
                               char separator);  ///< pieces trimmed, empty ones dropped
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Offset of the first byte that is not valid UTF-8, or npos.
std::size_t first_invalid_utf8(std::string_view text);

/// Shortens UTF-8 to at most `bytes` bytes without cutting a character.
std::string clip_utf8(std::string_view text, std::size_t bytes);

/// '*' and '?' within a path segment, '**' across segments.
bool matches_glob(std::string_view path, std::string_view pattern);

}  // namespace changelog
