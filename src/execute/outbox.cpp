#include "execute/outbox.hpp"

#include <algorithm>
#include <utility>

namespace changelog::execute {

namespace {

// A message is parsed as a whole by the server, so it should not grow without bound.
constexpr std::size_t kMaxMessage = std::size_t{4} << 20;

bool is_copy(const Statement& statement) {
    return statement.rows != nullptr || !statement.stdin_data.empty();
}

RowChunks chunks_of(const Statement& statement) {
    if (statement.rows) return statement.rows();
    return [data = std::optional<std::string>(statement.stdin_data)]() mutable {
        return std::exchange(data, std::nullopt);
    };
}

}  // namespace

void Outbox::add(const Statement& statement) {
    if (!is_copy(statement)) {
        add(statement.sql);
        return;
    }
    flush();
    connection_.copy_in(statement.sql, chunks_of(statement));
}

void Outbox::add(const std::string& sql) {
    text_ += terminated(sql);
    if (text_.size() > kMaxMessage) flush();
}

void Outbox::flush() {
    if (text_.empty()) return;
    const std::string message = std::exchange(text_, {});
    connection_.execute(message);
}

void roll_back(postgres::Connection& connection) noexcept {
    try {
        if (connection.in_transaction()) connection.execute("ROLLBACK");
    } catch (const std::exception&) {  // the session is gone, and the transaction with it
    }
}

std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return text;
}

std::string terminated(const std::string& sql) {
    const std::size_t last_line = sql.rfind('\n') == std::string::npos ? 0 : sql.rfind('\n') + 1;
    const bool may_end_in_comment = sql.find("--", last_line) != std::string::npos;
    return sql + (may_end_in_comment ? "\n;\n" : ";\n");
}

}  // namespace changelog::execute
