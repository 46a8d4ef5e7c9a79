#include "operations/definition_text.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

namespace {

/// The tokens that mean something.
std::vector<sql::Token> tokens_of(const std::string& text) {
    std::vector<sql::Token> seen;
    for (const sql::Token& token : sql::tokenize(text).value_or(std::vector<sql::Token>{}))
        if (token.kind != sql::TokenKind::space && token.kind != sql::TokenKind::comment)
            seen.push_back(token);
    return seen;
}

bool is_name(const sql::Token& token) {
    return token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_word;
}

std::size_t offset_of(const std::string& text, const sql::Token& token) {
    return static_cast<std::size_t>(token.text.data() - text.data());
}

/// The index of the token behind the word, or the number of tokens.
std::size_t index_after(const std::vector<sql::Token>& tokens, std::string_view word) {
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
        if (tokens[i].kind == sql::TokenKind::word && equal_ignoring_case(tokens[i].text, word)) return i + 1;
    return tokens.size();
}

/// As index_after, at the last part of a name with a schema.
std::size_t name_index(const std::vector<sql::Token>& tokens, std::string_view word) {
    std::size_t at = index_after(tokens, word);
    while (at + 2 < tokens.size() && tokens[at + 1].text == ".") at += 2;
    return at;
}

}  // namespace

std::string qualify_after(const std::string& text, std::string_view word, const std::string& schema) {
    const auto tokens = tokens_of(text);
    const std::size_t at = index_after(tokens, word);
    if (at >= tokens.size() || !is_name(tokens[at])) return text;
    if (at + 1 < tokens.size() && tokens[at + 1].text == ".") return text;
    std::string result = text;
    return result.insert(offset_of(text, tokens[at]), schema + ".");
}

bool is_replacing(const std::string& definition) {
    const auto tokens = tokens_of(definition);
    return tokens.size() > 2 && equal_ignoring_case(tokens[0].text, "create") &&
           equal_ignoring_case(tokens[1].text, "or");
}

std::string as_replacing(const std::string& definition) {
    const auto tokens = tokens_of(definition);
    if (tokens.empty() || is_replacing(definition) || !equal_ignoring_case(tokens[0].text, "create"))
        return definition;
    std::string result = definition;
    return result.insert(offset_of(definition, tokens[0]) + tokens[0].text.size(), " OR REPLACE");
}

std::string name_after(const std::string& text, std::string_view word) {
    const auto tokens = tokens_of(text);
    const std::size_t at = name_index(tokens, word);
    return at < tokens.size() && is_name(tokens[at]) ? sql::from_sql(tokens[at].text) : std::string{};
}

std::string rename_after(const std::string& text, std::string_view word, const std::string& name) {
    const auto tokens = tokens_of(text);
    const std::size_t at = name_index(tokens, word);
    if (at >= tokens.size() || !is_name(tokens[at])) return text;
    std::string result = text;
    return result.replace(offset_of(text, tokens[at]), tokens[at].text.size(), sql::identifier(name));
}

std::string first_parentheses(const std::string& text) {
    int depth = 0;
    std::string inside;
    for (const sql::Token& token : tokens_of(text)) {
        if (token.text == ")" && --depth == 0) break;
        if (depth > 0) inside += (inside.empty() ? "" : " ") + std::string(token.text);
        if (token.text == "(") ++depth;
    }
    return inside;
}

}  // namespace changelog::operations
