#include "execute/row_keys.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::execute {

namespace {

// What the history keeps of one changeset should stay readable: about four megabytes of keys.
constexpr long long kMostKeys = 100'000, kMostWholeRows = 1'000;
constexpr std::size_t kPerStatement = 1'000;

Statement statement(std::string sql) { return {std::move(sql)}; }

}  // namespace

RowKeys::RowKeys(postgres::Connection& connection, std::uint64_t table, std::string name,
                 std::string condition)
    : connection_(connection), name_(std::move(name)), condition_(std::move(condition)) {
    const postgres::Rows rows = connection_.execute(
        fmt::format("SELECT a.attname, pg_catalog.format_type(a.atttypid, NULL), a.atttypid IN (20, 21, 23) "
                    "FROM pg_catalog.pg_index i, LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, "
                    "place) JOIN pg_catalog.pg_attribute a ON a.attrelid = {0} AND a.attnum = k.attnum WHERE "
                    "i.indrelid = {0} AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place",
                    table));
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        columns_.push_back(sql::identifier(rows.text(i, 0)));
        types_.push_back(rows.text(i, 1));
    }
    is_whole_number_ = rows.rows.size() == 1 && rows.text(0, 2) == "t";
}

std::optional<std::string> RowKeys::why_not() {
    const long long found = std::stoll(
        connection_.execute(fmt::format("SELECT count(*) FROM ONLY {} t WHERE {}", name_, condition_))
            .text(0, 0));
    if (is_whole_number_) return std::nullopt;
    const long long most = columns_.empty() ? kMostWholeRows : kMostKeys;
    if (found <= most) return std::nullopt;
    return fmt::format("which {} rows of {} are new: only {} {} are recorded", found, name_, most,
                       columns_.empty() ? "rows without a primary key" : "keys");
}

std::vector<Statement> RowKeys::deletes() {
    if (columns_.empty()) return by_whole_rows();
    return is_whole_number_ ? by_ranges() : by_values();
}

std::vector<Statement> RowKeys::by_ranges() {
    const postgres::Rows rows = connection_.execute(
        fmt::format("SELECT min(k), max(k) FROM (SELECT {0} AS k, {0} - row_number() OVER (ORDER BY {0}) AS "
                    "island FROM ONLY {1} t WHERE {2}) x GROUP BY island ORDER BY 1",
                    columns_.front(), name_, condition_));
    std::vector<Statement> out;
    for (std::size_t first = 0; first < rows.rows.size(); first += kPerStatement) {
        std::string single, ranges;
        for (std::size_t i = first; i < std::min(first + kPerStatement, rows.rows.size()); ++i) {
            const std::string from = rows.text(i, 0), to = rows.text(i, 1);
            if (from == to)
                single += (single.empty() ? "" : ", ") + from;
            else
                ranges += fmt::format("{}{} BETWEEN {} AND {}", ranges.empty() ? "" : " OR ",
                                      columns_.front(), from, to);
        }
        if (!single.empty()) single = fmt::format("{} IN ({})", columns_.front(), single);
        out.push_back(statement(fmt::format("DELETE FROM {} WHERE {}{}{}", name_, single,
                                            single.empty() || ranges.empty() ? "" : " OR ", ranges)));
    }
    return out;
}

std::vector<Statement> RowKeys::by_values() {
    const postgres::Rows rows = connection_.execute(fmt::format(
        "SELECT {} FROM ONLY {} t WHERE {}", join(columns_, "::text, ") + "::text", name_, condition_));
    const bool one = columns_.size() == 1;
    const std::string key = one ? columns_.front() : "(" + join(columns_, ", ") + ")";
    std::vector<Statement> out;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        std::vector<std::string> values;
        for (std::size_t k = 0; k < columns_.size(); ++k)
            values.push_back(sql::literal(rows.text(i, k)) + "::" + types_[k]);
        const bool begins = i % kPerStatement == 0;
        if (begins && !out.empty()) out.back().sql += ')';
        if (begins) out.push_back(statement(fmt::format("DELETE FROM {} WHERE {} IN (", name_, key)));
        out.back().sql += (begins ? "" : ", ") + (one ? values.front() : "(" + join(values, ", ") + ")");
    }
    if (!out.empty()) out.back().sql += ')';
    return out;
}

/// Rows that are alike in everything cannot be told apart, so any of them will do.
std::vector<Statement> RowKeys::by_whole_rows() {
    const postgres::Rows rows =
        connection_.execute(fmt::format("SELECT (t.*)::text FROM ONLY {} t WHERE {}", name_, condition_));
    std::vector<Statement> out;
    for (std::size_t i = 0; i < rows.rows.size(); ++i)
        out.push_back(statement(
            fmt::format("DELETE FROM {0} WHERE ctid = (SELECT t.ctid FROM ONLY {0} t WHERE (t.*)::text = {1} "
                        "LIMIT 1)",
                        name_, sql::literal(rows.text(i, 0)))));
    return out;
}

}  // namespace changelog::execute
