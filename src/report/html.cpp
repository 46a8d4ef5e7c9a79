#include "report/html.hpp"

#include "report/visible.hpp"

#include <algorithm>

namespace changelog::report {

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    return out;
}

template <typename Mark>
std::string each_line(std::string_view text, const Mark& mark) {
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out += mark(text.substr(begin, end - begin)) + '\n';
        begin = end + 1;
    }
    return out;
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_word(char c) { return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// Words of capitals outside of quotes: only PostgreSQL's own are written so without them.
std::string marked_words(std::string_view line) {
    std::string out;
    char quote = 0;
    for (std::size_t i = 0; i < line.size();) {
        std::size_t end = i + 1;
        if (quote == 0 && is_word(line[i])) {
            while (end < line.size() && is_word(line[end])) ++end;
            const std::string_view word = line.substr(i, end - i);
            const bool key = word.size() > 1 && std::all_of(word.begin(), word.end(), is_capital);
            out += key ? "<b>" + std::string(word) + "</b>" : std::string(word);
        } else {
            if (line[i] == quote)
                quote = 0;
            else if (quote == 0 && (line[i] == '\'' || line[i] == '"'))
                quote = line[i];
            out += escaped(line.substr(i, 1));
        }
        i = end;
    }
    return out;
}

std::string_view class_of(std::string_view line) {
    if (line.starts_with("--- a/") || line.starts_with("+++ b/")) return "hunk";
    if (line.starts_with("+")) return "plus";
    if (line.starts_with("-")) return "minus";
    if (line.starts_with("@@")) return "hunk";
    if (line.starts_with("!")) return "change";
    return {};
}

}  // namespace

std::string html_text(std::string_view text, std::size_t most) { return escaped(visible_start(text, most)); }

std::string html_lines(std::string_view text) { return escaped(visible(text, Lines::many)); }

std::string html_sql(std::string_view sql) {
    return each_line(visible(sql, Lines::many), [](std::string_view line) {
        return line.starts_with("--") ? "<i>" + escaped(line) + "</i>" : marked_words(line);
    });
}

std::string html_diff(std::string_view diff) {
    return each_line(visible(diff, Lines::many), [](std::string_view line) {
        const std::string_view kind = class_of(line);
        if (kind.empty()) return escaped(line);
        return "<span class=\"" + std::string(kind) + "\">" + escaped(line) + "</span>";
    });
}

}  // namespace changelog::report
