// The INSERT that writes ledger rows: one statement for thousands of them.
#include "postgres/ledger.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <map>

namespace changelog::postgres {
namespace {

// Each row carries how many rollbacks of its changeset stand before it in this INSERT, which the subquery
// cannot see.
constexpr std::string_view insert_head =
    "INSERT INTO {table} (deployment, event, id, author, path, generation, checksum, definition, rollback, "
    "statements, "
    "step, tag, contexts, labels, comment, duration, tool_version)\n"
    "SELECT r.deployment::uuid, r.event, r.id, r.author, r.path, r.rollbacks + (SELECT count(*) FROM {table} "
    "AS h WHERE "
    "h.id = r.id AND h.author = r.author AND h.path = r.path AND h.event = 'rolled_back')::integer, "
    "r.checksum, "
    "r.definition::jsonb, r.rollback::jsonb, r.statements::jsonb, r.step::integer, r.tag, r.contexts, "
    "r.labels, "
    "r.comment, r.duration, {version}\n"
    "FROM (VALUES\n";

constexpr std::string_view insert_tail =
    ") AS r (deployment, event, id, author, path, rollbacks, checksum, definition, rollback, statements, "
    "step, tag, "
    "contexts, labels, comment, duration)";

std::string or_null(const std::string& text) { return text.empty() ? "NULL::text" : sql::literal(text); }

std::string duration(const LedgerRow& row) {
    if (row.seconds) return fmt::format("interval '{:.6f} seconds'", *row.seconds);
    if (row.share <= 1) return "clock_timestamp() - transaction_timestamp()";
    return fmt::format("(clock_timestamp() - transaction_timestamp()) / {}", row.share);
}

std::string values(const LedgerRow& row, int rollbacks) {
    return fmt::format("({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
                       sql::literal(row.deployment), sql::literal(row.event), sql::literal(row.key.id),
                       sql::literal(row.key.author), sql::literal(row.key.path), rollbacks,
                       or_null(row.checksum), or_null(row.definition), or_null(row.rollback),
                       or_null(row.statements), row.step ? std::to_string(*row.step) : "NULL::integer",
                       or_null(row.tag), or_null(row.contexts), or_null(row.labels), or_null(row.comment),
                       duration(row));
}

}  // namespace

std::string Ledger::insert_sql(const std::vector<LedgerRow>& rows) const {
    if (rows.empty()) return "";
    std::map<ChangeSetKey, int> rollbacks;
    const std::string version = options_.tool_version.empty() ? "NULL" : sql::literal(options_.tool_version);
    std::string out =
        fmt::format(insert_head, fmt::arg("table", qualified_table()), fmt::arg("version", version));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        int& before = rollbacks[rows[i].key];
        if (i > 0) out += ",\n";
        out += values(rows[i], before);
        if (rows[i].event == "rolled_back") ++before;
    }
    return out.append(insert_tail);
}

}  // namespace changelog::postgres
