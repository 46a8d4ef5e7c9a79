#include "report/data_lines.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace changelog::report {

namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

bool has_word(std::string_view text, std::string_view word, bool whole) {
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_word(text[at - 1])) && (!whole || end == text.size() || !is_word(text[end])))
            return true;
    }
    return false;
}

}  // namespace

bool may_hold_data(std::string_view line) {
    static constexpr std::array<std::string_view, 10> kWords = {
        "insert", "update", "delete", "merge", "copy", "values", "select", "where", "do", "call"};
    const std::string text = lower(line);
    const std::size_t first = text.find_first_not_of(" \t-");
    if (first == std::string::npos) return false;
    // "value:", "valueNumeric:", "valueDate:", ...; a line of its own in a list of values.
    if (has_word(text, "value", false) || text.find('\'') != std::string::npos) return true;
    if (text[first] == '(' || (text[first] >= '0' && text[first] <= '9')) return true;
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](std::string_view word) { return has_word(text, word, true); });
}

std::string without_data(std::string_view line) {
    if (!may_hold_data(line)) return std::string(line);
    const std::size_t begin = line.find_first_not_of(" \t-");
    std::size_t end = begin;
    while (end < line.size() && is_word(static_cast<char>(line[end] | 0x20))) ++end;
    const bool key = end > begin && line.substr(end).starts_with(":");
    return std::string(line.substr(0, key ? end + 1 : begin)) + (key ? " ..." : "...");
}

}  // namespace changelog::report
