#include "review/sql_bodies.hpp"

#include "core/text.hpp"
#include "sql/tokens.hpp"

#include <algorithm>
#include <array>

namespace changelog::review {

namespace {

constexpr std::array<std::string_view, 9> kData = {"insert", "update", "delete", "merge", "copy",
                                                   "with",   "select", "call",   "values"};

bool is_space(const sql::Token& token) {
    return token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment;
}

/// Comments of the author may quote data, too.
std::string masked(const sql::Token& token) {
    switch (token.kind) {
        case sql::TokenKind::string:
            return "'***'";
        case sql::TokenKind::number:
            return "***";
        case sql::TokenKind::comment:
            return token.text.starts_with("--") ? "--" : "";
        case sql::TokenKind::word:
        case sql::TokenKind::quoted_word:
        case sql::TokenKind::op:
        case sql::TokenKind::punctuation:
        case sql::TokenKind::parameter:
        case sql::TokenKind::space:
            break;
    }
    return std::string(token.text);
}

/// A dollar-quoted body keeps its code, in which data is masked again.
std::string body(const sql::Token& token) {
    const std::size_t tag = token.text.find('$', 1) + 1;
    const std::string_view inner = token.text.substr(tag, token.text.size() - 2 * tag);
    const auto tokens = sql::tokenize(inner);
    if (!tokens) return "'***'";
    std::string out(token.text.substr(0, tag));
    for (const sql::Token& each : *tokens) out += masked(each);
    return out + std::string(token.text.substr(0, tag));
}

}  // namespace

std::string without_data(const std::string& sql) {
    const auto tokens = sql::tokenize(sql);
    if (!tokens) return trim(sql.substr(0, sql.find_first_of(" \t\r\n("))) + " ***";
    std::string out, word;
    bool code = false, data = false;
    for (const sql::Token& token : *tokens) {
        if (word.empty() && token.kind == sql::TokenKind::word) {
            word = lower(token.text);
            code = word == "do" && sql.find("$attic") == std::string::npos;  // our own code holds no data
            data = std::find(kData.begin(), kData.end(), word) != kData.end();
        }
        if (token.text == ";") word.clear();
        if (code && token.kind == sql::TokenKind::string)
            out += token.text.starts_with('$') ? body(token) : "'***'";
        else
            out += data && !is_space(token) ? masked(token) : std::string(token.text);
        if (token.text == ";") code = data = false;
    }
    return out;
}

}  // namespace changelog::review
