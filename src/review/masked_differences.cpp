#include "review/masked_differences.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace changelog::review {

namespace {

/// Changes whose fields are, or hold, rows.
constexpr std::array<std::string_view, 8> kRows = {
    "insert", "update", "delete", "loadData", "loadUpdateData", "backfill", "addLookupTable", "mergeColumns"};
constexpr std::array<std::string_view, 2> kSql = {"sql", "sqlFile"};

/// Behind the name of one of these changes and what it is of, at the line's beginning or behind a colon.
template <typename Names>
std::size_t behind(std::string_view line, const Names& names) {
    for (std::size_t at = 0; at != std::string_view::npos;) {
        const std::string_view rest = line.substr(at);
        for (const std::string_view name : names)
            if (rest.starts_with(name) &&
                (rest.substr(name.size()).starts_with(' ') || rest.substr(name.size()).starts_with(':')))
                return std::min(line.find(": ", at), line.size());
        const std::size_t colon = line.find(": ", at);
        at = colon == std::string_view::npos ? colon : colon + 2;
    }
    return std::string_view::npos;
}

bool has_literal(std::string_view text) {
    return text.find_first_of("'$\"0123456789") != std::string_view::npos;
}

std::string masked_line(const std::string& line) {
    if (const std::size_t end = behind(line, kRows); end != std::string::npos)
        return line.substr(0, end) + ": its values differ";
    if (const std::size_t end = behind(line, kSql); end != std::string::npos && has_literal(line.substr(end)))
        return line.substr(0, end) + ": its text differs";
    // "addColumn orders: channel: valueNumeric: 1 -> 2": what rows that are there get.
    if (const std::size_t value = line.find(": value"); value != std::string::npos)
        return line.substr(0, value) + ": its value differs";
    return line;
}

}  // namespace

std::vector<std::string> masked_differences(std::vector<std::string> lines) {
    for (std::string& line : lines) line = masked_line(line);
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return lines;
}

}  // namespace changelog::review
