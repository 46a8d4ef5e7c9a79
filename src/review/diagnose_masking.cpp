#include "review/diagnose_masking.hpp"

#include "core/text.hpp"

#include <array>
#include <cctype>

namespace changelog::review {

namespace {

constexpr std::string_view kMask = "***";

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Replaces what stands between each `open` and the `close` that follows it.
std::string between(const std::string& text, std::string_view open, std::string_view close, bool to_end) {
    std::string out;
    std::size_t at = 0;
    for (;;) {
        const std::size_t begin = text.find(open, at);
        if (begin == std::string::npos) return out + text.substr(at);
        const std::size_t from = begin + open.size(), end = text.find(close, from);
        out += text.substr(at, from - at);
        out += kMask;
        if (end == std::string::npos && to_end) return out;
        at = end == std::string::npos ? from : end;
    }
}

/// `Key (email)=(a@b.c) already exists.`: the values may have parentheses of their own.
std::string without_keys(const std::string& text) {
    static constexpr std::array kEnds = {") already exists",  ") is not present", ") is still referenced",
                                         ") conflicts with",  ") is duplicated",  ") is not null",
                                         ") must not be NULL"};
    std::string out;
    std::size_t at = 0;
    for (;;) {
        const std::size_t begin = text.find(")=(", at), plain = text.find(") = (", at);
        if (begin == std::string::npos && plain == std::string::npos) return out + text.substr(at);
        const std::size_t from = begin < plain ? begin + 3 : plain + 5;
        std::size_t end = std::string::npos;
        for (const char* each : kEnds) end = std::min(end, text.find(each, from));
        if (end == std::string::npos) {  // up to the last parenthesis of the line
            const std::size_t line = std::min(text.find('\n', from), text.size());
            end = text.rfind(')', line);
            if (end == std::string::npos || end < from) end = line;
        }
        out += text.substr(at, from - at);
        out += kMask;
        at = end;
    }
}

/// postgresql://user:secret@host, and password=secret in all its spellings.
std::string without_passwords(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text.compare(at, 3, "://") == 0) {
            const std::size_t host = text.find_first_of("/ \t\n'\"?", at + 3);
            const std::string_view user =
                std::string_view(text).substr(at + 3, host - std::min(host, at + 3));
            if (const std::size_t sign = user.rfind('@'); sign != std::string_view::npos) {
                out += "://" + std::string(kMask);
                at += 3 + sign;
                continue;
            }
        }
        bool secret = false;
        for (const std::string_view key : {"password", "passwd", "pgpassword", "pwd", "secret", "token"})
            secret = secret || (starts_with_ignoring_case(std::string_view(text).substr(at), key) &&
                                (at == 0 || !is_word(text[at - 1]) || key == "password"));
        std::size_t end = at;
        while (secret && end < text.size() && is_word(text[end])) ++end;
        while (secret && end < text.size() && (text[end] == '"' || text[end] == '\'' || text[end] == ' '))
            ++end;
        if (secret && end < text.size() && (text[end] == '=' || text[end] == ':')) {
            ++end;
            while (end < text.size() && (text[end] == ' ' || text[end] == '"' || text[end] == '\'')) ++end;
            out += text.substr(at, end - at) + std::string(kMask);
            at = std::min(text.find_first_of(" \t\n'\"&,;}", end), text.size());
            continue;
        }
        out += text[at++];
    }
    return out;
}

/// Texts of SQL: '...' and $$...$$.
std::string without_literals(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        // E'...' is a text, too; the s of "table's" is none.
        const bool prefixed =
            at > 0 && (text[at - 1] == 'E' || text[at - 1] == 'e') && (at == 1 || !is_word(text[at - 2]));
        const bool apostrophe = text[at] == '\'' && at > 0 && at + 1 < text.size() && !prefixed &&
                                is_word(text[at - 1]) && is_word(text[at + 1]);
        if (text[at] != '\'' || apostrophe) {
            out += text[at++];
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && (text[end] != '\'' || (end + 1 < text.size() && text[end + 1] == '\'')))
            end += text[end] == '\'' ? 2 : 1;
        out += "'" + std::string(kMask) + "'";
        at = std::min(end + 1, text.size());
    }
    return between(out, "$$", "$$", true);
}

/// Numbers that are values: not those of names, versions and types.
std::string without_numbers(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const bool begins =
            is_digit(text[at]) &&
            (at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '$' && text[at - 1] != '"'));
        if (!begins) {
            out += text[at++];
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && (is_word(text[end]) || text[end] == '.')) ++end;
        if (end > at && text[end - 1] == '.') --end;
        out += end - at > 2 ? std::string(kMask) : text.substr(at, end - at);
        at = end;
    }
    return out;
}

}  // namespace

std::string masked_foreign(std::string_view text, bool quotes) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, std::min(end + 1, text.size()) - at);
        const std::size_t open = line.find('('), close = line.rfind(')');
        if (open != std::string_view::npos && close != std::string_view::npos && open < close)
            out +=
                std::string(line.substr(0, open + 1)) + std::string(kMask) + std::string(line.substr(close));
        else
            out += line;
        at = end + 1;
    }
    if (!quotes) return masked(out);
    if (out.find("«") < out.find("»"))
        out = between(out, "«", "»", true);
    else
        out = between(out, "»", "«", true);
    out = between(out, "„", "“", true);
    out = between(out, "“", "”", true);
    out = between(out, "「", "」", true);
    return masked(between(out, "\"", "\"", true));
}

std::string masked(std::string_view text) {
    // Laravel repeats the statement with its values, and does not quote them.
    text = text.substr(0, std::min(text.find(" (Connection: "), text.find(" (SQL: ")));
    std::string out = without_passwords(std::string(text));
    out = without_keys(out);
    out = between(out, "Failing row contains (", ").", true);
    for (const std::string_view before : {": \"", "value \"", "Token \"", "Value \"", "near \""})
        out = between(out, before, "\"", true);
    return without_numbers(without_literals(out));
}

}  // namespace changelog::review
