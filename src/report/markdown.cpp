#include "report/markdown.hpp"

#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::report {

namespace {

/// Nothing that one sees, but mentions, references and links do not reach over it.
constexpr std::string_view kBreak = "\u200B";

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

bool within_word(std::string_view text, std::size_t i) {
    return i > 0 && i + 1 < text.size() && is_word(text[i - 1]) && is_word(text[i + 1]);
}

std::string entity(char c) { return fmt::format("&#{};", static_cast<int>(c)); }

std::size_t longest_run(std::string_view text, char wanted) {
    std::size_t longest = 0, run = 0;
    for (const char c : text) {
        run = c == wanted ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// Entities are text to Markdown wherever they stand.
std::string escaped(std::string_view text, bool code) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool markup = std::string_view("&<>|\\`*[]~$").find(c) != std::string_view::npos;
        if (markup || (c == '_' && !within_word(text, i)))
            out += entity(c);
        else
            out += c;
        // "@name", "#12", "!12", "user@host", "http://", "www.": links of GitHub or GitLab.
        const char next = i + 1 < text.size() ? text[i + 1] : ' ';
        const bool reference =
            (c == '@' || c == '#' || c == '!' || c == '%' || c == '^' || c == '~' || c == '&' || c == '$') &&
            is_word(next);
        const bool address = (c == ':' && next == '/') || (c == '.' && text.substr(0, i).ends_with("www"));
        if (address || (!code && reference)) out += kBreak;
    }
    return out;
}

}  // namespace

std::string markdown_text(std::string_view text, std::size_t most) {
    return escaped(visible_start(text, most), false);
}

std::string markdown_code(std::string_view text, std::size_t most) {
    std::string shown = visible_start(text, most);
    if (shown.empty()) return {};
    const bool plain =
        shown.find_first_of("`|\\") == std::string::npos && shown.front() != ' ' && shown.back() != ' ';
    return plain ? '`' + shown + '`' : "<code>" + escaped(shown, true) + "</code>";
}

std::string markdown_block(std::string_view language, std::string_view text) {
    const std::string shown = visible(text, Lines::many);
    const std::string fence(std::max<std::size_t>(3, longest_run(shown, '`') + 1), '`');
    return fmt::format("{}{}\n{}{}{}\n", fence, language, shown, shown.ends_with('\n') ? "" : "\n", fence);
}

std::string markdown_marker(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = c != '-' && c != '>' && c != '<' && c != '%' &&
                           static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F;
        const bool dash = c == '-' && !out.ends_with('-');
        out += plain || dash ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string mermaid_label(std::string_view text, std::size_t most) {
    std::string out = "\"";
    for (const char c : visible_start(text, most)) {
        const bool hostile =
            std::string_view("\"#&<>[](){}|;`\\%*_~$@:/!^").find(c) != std::string_view::npos;
        out += hostile ? fmt::format("#{};", static_cast<int>(c)) : std::string(1, c);
    }
    return out + '"';
}

}  // namespace changelog::report
