#include "sql/delimiter.hpp"

#include "core/text.hpp"

namespace changelog::sql {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool starts_line(std::string_view text, std::size_t at) {
    while (at > 0 && is_blank(text[at - 1])) --at;
    return at == 0 || text[at - 1] == '\n';
}

bool ends_line(std::string_view text, std::size_t at) {
    while (at < text.size() && is_blank(text[at])) ++at;
    return at == text.size() || text[at] == '\n';
}

/// "\n" becomes a line end, "\r" and "\s" with their repetitions vanish, any other escaped character stands
/// for itself.
std::string unescape(std::string_view written) {
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] != '\\' || i + 1 == written.size()) {
            if (written[i] != '\r') out += written[i];
            continue;
        }
        const char escaped = written[++i];
        if (escaped == 'n') {
            out += '\n';
        } else if (escaped == 't') {
            out += '\t';
        } else if (escaped != 'r' && escaped != 's') {
            out += escaped;
        }
        const bool repeats =
            i + 1 < written.size() && std::string_view("*+?").find(written[i + 1]) != std::string_view::npos;
        if (repeats && (escaped == 'n' || escaped == 'r' || escaped == 's')) ++i;
    }
    return out;
}

Delimiter one_delimiter(std::string_view written) {
    const std::string text = unescape(written);
    Delimiter out;
    out.text = trim(text);
    if (out.text.empty()) return out;
    const bool is_word = std::all_of(out.text.begin(), out.text.end(), in_word);
    const bool after_line_end = text.substr(0, text.find(out.text)).find('\n') != std::string::npos;
    out.at_line_start = after_line_end || out.text == "/";
    out.at_line_end = text.back() == '\n' || (after_line_end && is_word);
    out.at_top_level = out.text == ";";
    return out;
}

std::vector<Delimiter> default_delimiters() {
    return {{.text = ";", .at_top_level = true},
            {.text = "GO", .at_line_start = true, .at_line_end = true, .outside_parentheses = true},
            {.text = "/", .at_line_start = true, .at_line_end = true, .outside_parentheses = true}};
}

}  // namespace

std::vector<Delimiter> delimiters(std::string_view written) {
    if (written.empty()) return default_delimiters();
    std::vector<Delimiter> out;
    // Without a backslash it is plain text, in which "|" is a character like any other.
    const bool is_expression = written.find('\\') != std::string_view::npos;
    for (std::size_t begin = 0; begin <= written.size();) {
        const std::size_t bar = is_expression ? written.find('|', begin) : std::string_view::npos;
        Delimiter next =
            one_delimiter(written.substr(begin, bar == std::string_view::npos ? bar : bar - begin));
        if (!next.text.empty()) out.push_back(std::move(next));
        if (bar == std::string_view::npos) break;
        begin = bar + 1;
    }
    return out.empty() ? default_delimiters() : out;
}

bool stands_at(const Delimiter& delimiter, std::string_view text, std::size_t at) {
    const std::string_view found = text.substr(at, delimiter.text.size());
    if (!equal_ignoring_case(found, delimiter.text)) return false;
    const std::size_t end = at + found.size();
    if (in_word(found.back()) && end < text.size() && in_word(text[end])) return false;
    if (delimiter.at_line_start && !starts_line(text, at)) return false;
    return !delimiter.at_line_end || ends_line(text, end);
}

}  // namespace changelog::sql
