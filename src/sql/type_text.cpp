#include "sql/type_text.hpp"

#include "core/text.hpp"

namespace changelog::sql {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Runs of white space outside quotes become one space.
std::string squeeze(std::string_view text) {
    std::string out;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted || !is_space(c)) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// Offset of the first `wanted` outside quotes, or npos.
std::size_t find_outside_quotes(std::string_view text, char wanted) {
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quote != 0) {
            if (text[i] == quote) quote = 0;
        } else if (text[i] == wanted) {
            return i;
        } else if (text[i] == '\'' || text[i] == '"') {
            quote = text[i];
        }
    }
    return std::string_view::npos;
}

/// Offset of the ')' that closes the '(' at `open`, or npos.
std::size_t matching_parenthesis(std::string_view text, std::size_t open) {
    std::size_t depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        if (text[i] == '\'' || text[i] == '"') {
            i = text.find(text[i], i + 1);
            if (i == std::string_view::npos) return i;
        } else if (text[i] == '(') {
            ++depth;
        } else if (text[i] == ')' && --depth == 0) {
            return i;
        }
    }
    return std::string_view::npos;
}

std::vector<std::string> split_parameters(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t comma = find_outside_quotes(text, ',');
        parts.push_back(trim(text.substr(0, comma)));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

/// Cuts "[3] []" or "ARRAY[3]" from the end of `text`; what it returns has no spaces.
std::string cut_bounds(std::string& text) {
    std::string bounds;
    while (text.ends_with(']')) {
        const std::size_t open = text.rfind('[');
        if (open == std::string::npos) break;
        bounds = '[' + trim(std::string_view(text).substr(open + 1, text.size() - open - 2)) + ']' + bounds;
        text = trim(std::string_view(text).substr(0, open));
    }
    const bool array_word = text.size() > 6 && is_space(text[text.size() - 6]) &&
                            equal_ignoring_case(std::string_view(text).substr(text.size() - 5), "array");
    if (!array_word) return bounds;
    text = trim(std::string_view(text).substr(0, text.size() - 5));
    return bounds.empty() ? "[]" : bounds;
}

}  // namespace

std::string TypeText::parameter_list(std::string_view separator) const {
    return has_parameters ? '(' + join(parameters, separator) + ')' : std::string();
}

TypeText take_apart(std::string_view text) {
    TypeText type;
    std::string left = trim(text);
    type.bounds = cut_bounds(left);
    const std::string_view view = left;
    const std::size_t open = find_outside_quotes(view, '(');
    const std::size_t close = open == std::string_view::npos ? open : matching_parenthesis(view, open);
    if (close == std::string_view::npos) {
        type.head = squeeze(left);
        return type;
    }
    type.head = squeeze(trim(view.substr(0, open)));
    type.has_parameters = true;
    type.parameters = split_parameters(view.substr(open + 1, close - open - 1));
    type.rest = squeeze(trim(view.substr(close + 1)));
    return type;
}

void end_head_at(TypeText& type, std::size_t length) {
    if (length >= type.head.size()) return;
    std::string rest = type.head.substr(length + 1);
    if (type.has_parameters) rest += ' ' + type.parameter_list(", ");
    if (!type.rest.empty()) rest += ' ' + type.rest;
    type.head.resize(length);
    type.parameters.clear();
    type.has_parameters = false;
    type.rest = std::move(rest);
}

}  // namespace changelog::sql
