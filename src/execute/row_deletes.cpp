#include "execute/row_deletes.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace changelog::execute {

namespace {

using Table = std::uint64_t;

/// Which tables have foreign keys to which, those of the partitioned tables above them included.
class Links {
  public:
    Links(postgres::Connection& connection, const std::vector<Table>& tables) {
        if (tables.empty()) return;
        const postgres::Rows found =
            connection.execute(fmt::format("WITH named AS (SELECT t.oid, above.oid AS place FROM "
                                           "unnest(ARRAY[{}]::oid[]) AS t(oid), LATERAL "
                                           "(SELECT t.oid UNION SELECT a.relid FROM "
                                           "pg_catalog.pg_partition_ancestors(t.oid) AS a(relid)) AS "
                                           "above(oid)) SELECT DISTINCT child.oid, parent.oid FROM "
                                           "pg_catalog.pg_constraint k JOIN named AS child "
                                           "ON child.place = k.conrelid JOIN named AS parent ON parent.place "
                                           "= k.confrelid WHERE k.contype = 'f'",
                                           fmt::join(tables, ", ")));
        for (std::size_t i = 0; i < found.rows.size(); ++i)
            reached_[std::stoull(found.text(i, 0))].insert(std::stoull(found.text(i, 1)));
        for (const Table by : tables)  // Warshall: all that is reached over others as well
            for (const Table from : tables)
                if (reaches(from, by)) reached_[from].insert(reached_[by].begin(), reached_[by].end());
    }

    bool reaches(Table from, Table to) const {
        const auto found = reached_.find(from);
        return found != reached_.end() && found->second.contains(to);
    }
    bool in_a_circle(Table a, Table b) const { return reaches(a, b) && reaches(b, a); }

  private:
    std::map<Table, std::set<Table>> reached_;
};

/// DELETEs as one statement: all see the rows as they were before it.
Statement at_once(const std::vector<Statement>& deletes) {
    std::string sql;
    for (std::size_t i = 0; i + 1 < deletes.size(); ++i)
        sql += fmt::format("{}part_{} AS ({})", i == 0 ? "WITH " : ", ", i + 1, deletes[i].sql);
    return {sql + (sql.empty() ? "" : " ") + deletes.back().sql};
}

}  // namespace

bool is_joined_delete(std::string_view sql) { return sql.starts_with("WITH part_1 AS (DELETE "); }

std::vector<Statement> delete_rows(postgres::Connection& connection,
                                   const std::vector<const RowKeys*>& rows) {
    std::vector<Table> left;  // each once, in the given order
    for (const RowKeys* keys : rows)
        if (std::find(left.begin(), left.end(), keys->table()) == left.end()) left.push_back(keys->table());
    const Links links(connection, left);
    std::vector<Statement> out;
    while (!left.empty()) {
        const auto waits = [&](Table table) {
            return std::any_of(left.begin(), left.end(), [&](Table other) {
                return links.reaches(other, table) && !links.reaches(table, other);
            });
        };
        const Table next = *std::find_if_not(left.begin(), left.end(), waits);
        const auto together = [&](Table table) { return table == next || links.in_a_circle(table, next); };
        std::vector<Statement> deletes;
        for (const RowKeys* keys : rows)
            if (together(keys->table()))
                for (Statement& statement : keys->deletes(connection))
                    deletes.push_back(std::move(statement));
        if (links.in_a_circle(next, next) && !deletes.empty()) deletes = {at_once(deletes)};
        std::move(deletes.begin(), deletes.end(), std::back_inserter(out));
        std::erase_if(left, together);
    }
    return out;
}

}  // namespace changelog::execute
