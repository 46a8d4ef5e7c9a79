#include "yaml/syntax_errors.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"

namespace changelog::yaml {

namespace {

struct Wording {
    std::string_view parser;  ///< how yaml-cpp's message begins
    std::string_view title;
    std::string_view why;
};

constexpr Wording kWordings[] = {
    {"illegal map value", "': ' where no key can begin",
     "Quote a text that contains ': ', or check the indentation of this line and the one before."},
    {"end of map not found", "this does not fit into the map around it",
     "Check the indentation: keys of one map stand in the same column."},
    {"end of sequence not found", "this does not fit into the list around it",
     "Check the indentation: the '-' of all items of one list stand in the same column."},
    {"end of map flow not found", "'{' without its '}'",
     "A text that contains '{', '}' or ',' must be quoted here."},
    {"end of sequence flow not found", "'[' without its ']'",
     "A text that contains '[', ']' or ',' must be quoted here."},
    {"illegal flow end", "'}' or ']' without its beginning", ""},
    {"illegal block entry", "'- ' where no list item can begin", "Check the indentation of this line."},
    {"illegal map key", "'? ' where no key can begin", ""},
    {"illegal EOF in scalar", "a quoted text is not closed", "The closing quote is missing."},
    {"illegal document indicator in scalar", "a quoted text is not closed before the end of the document",
     ""},
    {"unknown escape character", "unknown escape in a double-quoted text",
     "Write a backslash as \\\\, or use single quotes, in which it stands for itself."},
    {"unknown token", "a text cannot begin with this character", "Quote the text."},
    {"illegal character in scalar", "this character is not allowed here", "Quote the text."},
    {"unexpected character in block scalar", "this cannot follow '|' or '>'",
     "The text begins on the next line."},
    {"bad file", "nesting is too deep", ""},
};

/// A tab in the indentation of one of the lines that the error can come from.
std::optional<Position> tab_in_indentation(const SourceFile& file, std::uint32_t error_line) {
    std::uint32_t line = 1;
    for (std::size_t begin = 0; begin < file.text.size() && line <= error_line + 1; ++line) {
        std::size_t i = begin;
        while (i < file.text.size() && file.text[i] == ' ') ++i;
        const bool has_tab = i < file.text.size() && file.text[i] == '\t';
        if (has_tab && line + 1 >= error_line)
            return Position{&file, line, static_cast<std::uint32_t>(i - begin + 1)};
        const std::size_t end = file.text.find('\n', begin);
        if (end == std::string::npos) break;
        begin = end + 1;
    }
    return std::nullopt;
}

}  // namespace

void report_syntax(const SourceFile& file, Position at, std::string_view message, Diagnostics& diagnostics) {
    if (message.starts_with("the referenced anchor is not defined")) {
        const std::size_t colon = message.find(": ");
        const std::string name =
            colon == std::string_view::npos ? std::string() : std::string(message.substr(colon + 2));
        diagnostics
            .error(codes::unknown_alias, at, "no anchor of that name stands before this alias",
                   name.size() + 1)
            .got = name;
        return;
    }
    if (const auto tab = tab_in_indentation(file, at.line)) {
        diagnostics.error(codes::tab_indentation, *tab, "tab in indentation").why =
            "YAML forbids tabs there: indent with spaces.";
        return;
    }
    for (const Wording& wording : kWordings) {
        if (!message.starts_with(wording.parser)) continue;
        diagnostics.error(codes::yaml_syntax, at, "YAML syntax error: " + std::string(wording.title)).why =
            wording.why;
        return;
    }
    diagnostics.error(codes::yaml_syntax, at, "YAML syntax error: " + std::string(message));
}

}  // namespace changelog::yaml
