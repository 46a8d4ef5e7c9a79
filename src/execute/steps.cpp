#include "execute/steps.hpp"

#include "core/text.hpp"
#include "execute/commands.hpp"
#include "sql/parse.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::execute {

bool fits_into_a_transaction(const Statement& statement) {
    static constexpr std::string_view kWords[] = {"insert", "update",  "delete", "merge",  "create",  "alter",
                                                  "drop",   "comment", "grant",  "revoke", "truncate"};
    if (!statement.transactional || statement.rows || !statement.stdin_data.empty()) return false;
    const std::string word = lower(first_word(statement.sql));
    return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords) &&
           !sql::controls_transaction(statement.sql);
}

bool is_done_already(postgres::Connection& connection, const std::string& sql, bool resumed,
                     const std::function<void(std::string)>& tell) {
    const auto made = concurrent_index_name(sql);
    const auto dropped = made ? std::nullopt : concurrently_dropped_index(sql);
    if (!made && !dropped) return false;
    const postgres::Rows found = connection.query(
        "SELECT i.indisvalid, i.indexrelid::regclass::text FROM pg_catalog.pg_index i WHERE i.indexrelid = "
        "pg_catalog.to_regclass($1)",
        {made ? *made : *dropped});
    if (dropped) return resumed && found.empty();
    if (found.empty()) return false;
    if (found.text(0, 0) == "t") return resumed;
    tell(fmt::format("dropping the invalid index {} that an earlier attempt left", found.text(0, 1)));
    connection.execute("DROP INDEX CONCURRENTLY " + found.text(0, 1));
    return false;
}

void set_again(postgres::Connection& connection, const std::vector<Statement>& statements,
               std::size_t count) {
    for (std::size_t i = 0; i < std::min(count, statements.size()); ++i) {
        const std::string word = lower(first_word(statements[i].sql));
        if (word == "set" || word == "reset") connection.execute(statements[i].sql);
    }
}

void fail_with(std::string message) {
    ServerError error;
    error.message = std::move(message);
    throw postgres::DatabaseError(std::move(error));
}

}  // namespace changelog::execute
