#include "catalog/sql_text.hpp"

#include "sql/identifier.hpp"
#include "sql/tokens.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

using sql::Token;
using sql::TokenKind;

bool is_space(const Token& token) {
    return token.kind == TokenKind::space || token.kind == TokenKind::comment;
}
bool is_word(const Token& token) {
    return token.kind == TokenKind::word || token.kind == TokenKind::quoted_word;
}

std::string_view text_after(const std::vector<Token>& tokens, std::size_t index) {
    for (++index; index < tokens.size(); ++index)
        if (!is_space(tokens[index])) return tokens[index].text;
    return {};
}

std::string_view text_before(const std::vector<Token>& tokens, std::size_t index) {
    while (index-- > 0)
        if (!is_space(tokens[index])) return tokens[index].text;
    return {};
}

/// "::" may come as one token or as two.
bool is_cast(std::string_view text) { return text.ends_with(':'); }

bool names(const std::vector<Token>& tokens, std::size_t index, std::string_view name) {
    const Token& token = tokens[index];
    if (!is_word(token) || sql::from_sql(token.text) != name) return false;
    const std::string_view after = text_after(tokens, index);
    return after != "(" && after != "." && !is_cast(text_before(tokens, index));
}

}  // namespace

bool mentions(std::string_view sql_text, std::string_view name) {
    const auto tokens = sql::tokenize(sql_text);
    if (!tokens) return false;
    for (std::size_t i = 0; i < tokens->size(); ++i)
        if (names(*tokens, i, name)) return true;
    return false;
}

std::string rename_in(std::string_view sql_text, std::string_view from, std::string_view to) {
    const auto tokens = sql::tokenize(sql_text);
    if (!tokens) return std::string(sql_text);
    std::string out;
    for (std::size_t i = 0; i < tokens->size(); ++i)
        out += names(*tokens, i, from) ? sql::identifier(to) : std::string((*tokens)[i].text);
    return out;
}

std::string parenthesised(const std::string& sql_text) {
    const auto tokens = sql::tokenize(sql_text);
    if (!tokens || tokens->empty() || tokens->front().text != "(") return '(' + sql_text + ')';
    int depth = 0;
    for (std::size_t i = 0; i < tokens->size(); ++i) {
        if ((*tokens)[i].text == "(") ++depth;
        if ((*tokens)[i].text == ")" && --depth == 0)
            return i + 1 == tokens->size() ? sql_text : '(' + sql_text + ')';
    }
    return '(' + sql_text + ')';
}

std::string name_sql(const std::string& name) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    };
    if (name.find('"') != std::string::npos || std::all_of(name.begin(), name.end(), plain)) return name;
    return sql::identifier(name);
}

std::string undo_block(const std::string& body) {
    std::string mark = "$undo$";
    for (int number = 1; body.find(mark) != std::string::npos; ++number)
        mark = "$undo" + std::to_string(number) + "$";
    return "DO " + mark + body + mark;
}

}  // namespace changelog::catalog
