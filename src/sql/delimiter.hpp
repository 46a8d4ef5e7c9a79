// endDelimiter of `sql` and `sqlFile`: Liquibase takes it as text, or as a small regular expression with line
// ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::sql {

/// One way in which statements may be divided.
struct Delimiter {
    std::string text = {};
    bool at_line_start = false;  ///< only white space before it on its line
    bool at_line_end = false;    ///< only white space behind it on its line
    bool at_top_level = false;   ///< not between BEGIN and END, and not in parentheses
    bool outside_parentheses = false;
};

/// The ways that `written` stands for; the default ones if it is empty. "\\n" at its start or end ties it to
/// the line's.
std::vector<Delimiter> delimiters(std::string_view written);

/// Whether `delimiter` stands at `at`, which is the start of a token. Case does not count.
bool stands_at(const Delimiter& delimiter, std::string_view text, std::size_t at);

}  // namespace changelog::sql
