#include "operations/row_key.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

bool is_constant(const std::string& expression) {
    const auto tokens = sql::tokenize(expression);
    if (!tokens) return false;
    std::vector<sql::Token> seen;
    for (const sql::Token& token : *tokens)
        if (token.kind != sql::TokenKind::space && token.kind != sql::TokenKind::comment)
            seen.push_back(token);
    if (seen.size() == 2 && seen.front().text == "-") return seen.back().kind == sql::TokenKind::number;
    if (seen.size() != 1) return false;
    const sql::Token& only = seen.front();
    if (only.kind == sql::TokenKind::string || only.kind == sql::TokenKind::number) return true;
    return equal_ignoring_case(only.text, "true") || equal_ignoring_case(only.text, "false");
}

std::vector<std::string> key_columns(const RenderContext& context, const std::string& schema,
                                     const std::string& table) {
    const catalog::Table* found = find_table(context, schema, table);
    const catalog::Constraint* key = found == nullptr ? nullptr : found->primary_key();
    return key == nullptr ? std::vector<std::string>{} : key->columns;
}

std::string cannot_tell_apart(const ObjectName& table, std::string_view reason) {
    return fmt::format("the inserted rows of {} cannot be told apart ({}): give a rollback block",
                       sql::qualified(table), reason);
}

}  // namespace changelog::operations
