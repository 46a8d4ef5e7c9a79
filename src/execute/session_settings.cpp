#include "execute/session_settings.hpp"

#include "core/text.hpp"
#include "sql/tokens.hpp"

#include <algorithm>

namespace changelog::execute {

std::string restoring_sql(postgres::Connection& connection) {
    const std::string own =
        connection
            .execute(
                "SELECT pg_catalog.string_agg(pg_catalog.format('pg_catalog.set_config(%L, "
                "%L, false)', name, setting), ', ') FROM pg_catalog.pg_settings WHERE "
                "source = 'session'")
            .text(0, 0);
    const std::string reset = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL";
    return own.empty() ? reset : reset + "; SELECT " + own;
}

bool may_change_settings(const Statement& statement) {
    const std::string text = lower(statement.sql);
    if (text.find("set_config") != std::string::npos) return true;
    if (text.find("set") == std::string::npos && text.find("discard") == std::string::npos) return false;
    const auto tokens = sql::tokenize(text);
    if (!tokens) return true;
    bool begins = true;
    for (const sql::Token& token : *tokens) {
        if (token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment) continue;
        if (begins && (token.text == "set" || token.text == "reset" || token.text == "discard")) return true;
        begins = token.text == ";";
    }
    return false;
}

bool may_change_settings(const std::vector<Statement>& statements) {
    return std::any_of(statements.begin(), statements.end(),
                       [](const Statement& statement) { return may_change_settings(statement); });
}

bool sets_constraints(const std::vector<Statement>& statements) {
    return std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
        return statement.rows == nullptr && lower(statement.sql).find("set constraints") != std::string::npos;
    });
}

}  // namespace changelog::execute
