// Text of others within HTML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace changelog::report {

/// For text and for attributes in double quotes; one line of at most `most` characters.
std::string html_text(std::string_view text, std::size_t most = 1000);

/// The same over several lines.
std::string html_lines(std::string_view text);

/// SQL with its comments and key words marked.
std::string html_sql(std::string_view sql);

/// A unified diff with its lines marked.
std::string html_diff(std::string_view diff);

}  // namespace changelog::report
