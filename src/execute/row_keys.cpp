#include "execute/row_keys.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <map>

namespace changelog::execute {

namespace {

// What the history keeps of one changeset should stay readable: about four megabytes of keys.
constexpr long long kMostKeys = 100'000, kMostWholeRows = 1'000;
constexpr std::size_t kPerStatement = 1'000;

Statement statement(std::string sql) { return {std::move(sql)}; }

}  // namespace

RowKeys::RowKeys(postgres::Connection& connection, std::uint64_t table, const std::string& condition)
    : table_(table) {
    const postgres::Rows key = connection.execute(fmt::format(
        "SELECT k.attnum FROM pg_catalog.pg_index i, LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY "
        "k(attnum, place) WHERE i.indrelid = {} AND i.indisprimary AND k.place <= i.indnkeyatts ORDER "
        "BY k.place",
        table));
    for (std::size_t i = 0; i < key.rows.size(); ++i) key_.push_back(key.text(i, 0));
    whole_ = key_.empty();
    if (whole_) {
        const postgres::Rows all = connection.execute(fmt::format(
            "SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = {} AND attnum > 0 AND NOT "
            "attisdropped ORDER BY attnum",
            table));
        for (std::size_t i = 0; i < all.rows.size(); ++i) key_.push_back(all.text(i, 0));
    }
    const Names now = names(connection);
    types_ = now.types;
    const std::string from = fmt::format("FROM ONLY {} t WHERE {}", now.table, condition);
    if (now.is_whole_number) {
        const postgres::Rows rows = connection.execute(fmt::format(
            "SELECT min(k), max(k) FROM (SELECT {0} AS k, {0} - row_number() OVER (ORDER BY {0}) AS "
            "island {1}) x GROUP BY island ORDER BY 1",
            now.columns.front(), from));
        for (std::size_t i = 0; i < rows.rows.size(); ++i)
            ranges_.emplace_back(rows.text(i, 0), rows.text(i, 1));
        return;
    }
    const long long found = std::stoll(connection.execute("SELECT count(*) " + from).text(0, 0));
    const long long most = whole_ ? kMostWholeRows : kMostKeys;
    if (found > most) {
        why_not_ = fmt::format("which {} rows of {} are new: only {} {} are recorded", found, now.table, most,
                               whole_ ? "rows without a primary key" : "keys");
        return;
    }
    const std::string wanted = now.columns.empty() ? "" : join(now.columns, "::text, ") + "::text";
    values_ = connection.execute("SELECT " + wanted + ' ' + from).rows;
}

RowKeys::Names RowKeys::names(postgres::Connection& connection) const {
    Names out;
    const postgres::Rows table = connection.execute(fmt::format(
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
        "c.relnamespace WHERE c.oid = {}",
        table_));
    if (table.empty()) return out;
    out.table = sql::qualified({table.text(0, 0), table.text(0, 1)});
    for (const std::string& number : key_) {
        const postgres::Rows column = connection.execute(fmt::format(
            "SELECT attname, pg_catalog.format_type(atttypid, atttypmod), atttypid IN (20, 21, 23), "
            "attisdropped FROM pg_catalog.pg_attribute WHERE attrelid = {} AND attnum = {}",
            table_, number));
        if (column.text(0, 3) == "t") {  // without it nobody can tell the rows
            out.table.clear();
            return out;
        }
        out.columns.push_back(sql::identifier(column.text(0, 0)));
        out.types.push_back(column.text(0, 1));
        out.is_whole_number = !whole_ && key_.size() == 1 && column.text(0, 2) == "t";
    }
    return out;
}

std::vector<Statement> RowKeys::deletes(postgres::Connection& connection) const {
    const Names now = names(connection);
    if (now.table.empty()) return {};
    if (!ranges_.empty()) return by_ranges(now);
    return whole_ ? by_whole_rows(now) : by_values(now);
}

std::vector<Statement> RowKeys::by_ranges(const Names& now) const {
    std::vector<Statement> out;
    for (std::size_t first = 0; first < ranges_.size(); first += kPerStatement) {
        std::string single, ranges;
        for (std::size_t i = first; i < std::min(first + kPerStatement, ranges_.size()); ++i) {
            const auto& [from, to] = ranges_[i];
            if (from == to)
                single += (single.empty() ? "" : ", ") + from;
            else
                ranges += fmt::format("{}{} BETWEEN {} AND {}", ranges.empty() ? "" : " OR ",
                                      now.columns.front(), from, to);
        }
        if (!single.empty()) single = fmt::format("{} IN ({})", now.columns.front(), single);
        out.push_back(statement(fmt::format("DELETE FROM ONLY {} WHERE {}{}{}", now.table, single,
                                            single.empty() || ranges.empty() ? "" : " OR ", ranges)));
    }
    return out;
}

std::vector<Statement> RowKeys::by_values(const Names& now) const {
    const bool one = key_.size() == 1;
    const std::string key = one ? now.columns.front() : "(" + join(now.columns, ", ") + ")";
    std::vector<Statement> out;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        std::vector<std::string> values;
        for (std::size_t k = 0; k < key_.size(); ++k)
            values.push_back(sql::literal(values_[i][k].value_or("")) + "::" + types_[k]);
        const bool begins = i % kPerStatement == 0;
        if (begins && !out.empty()) out.back().sql += ')';
        if (begins)
            out.push_back(statement(fmt::format("DELETE FROM ONLY {} WHERE {} IN (", now.table, key)));
        out.back().sql += (begins ? "" : ", ") + (one ? values.front() : "(" + join(values, ", ") + ")");
    }
    if (!out.empty()) out.back().sql += ')';
    return out;
}

/// Rows that are alike in everything cannot be told apart, so any of them will do, as many as there were.
/// They are compared byte by byte (manual, "Composite Type Comparison": record_image_eq), since not every
/// type has an equality.
std::vector<Statement> RowKeys::by_whole_rows(const Names& now) const {
    std::map<std::vector<std::optional<std::string>>, int> counts;
    for (const auto& row : values_) ++counts[row];
    std::vector<Statement> out;
    for (const auto& [row, count] : counts) {
        std::vector<std::string> values;
        for (std::size_t k = 0; k < key_.size(); ++k)
            values.push_back((row[k] ? sql::literal(*row[k]) : "NULL") + "::" + types_[k]);
        out.push_back(statement(fmt::format(
            "DELETE FROM ONLY {0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ONLY {0} WHERE ROW({1})::record "
            "OPERATOR(pg_catalog.*=) ROW({2})::record LIMIT {3}))",
            now.table, join(now.columns, ", "), join(values, ", "), count)));
    }
    return out;
}

}  // namespace changelog::execute
