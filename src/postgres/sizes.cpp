#include "postgres/sizes.hpp"

#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::postgres {

namespace {

/// Before PostgreSQL 14 a table that was never analyzed has 0 rows on 0 pages, from then on -1. An empty file
/// holds no rows, whatever the statistics say.
constexpr std::string_view kColumns = R"sql(
SELECT n.nspname, c.relname, c.relkind,
  CASE WHEN c.relkind IN ('p', 'I', 'v') THEN 0 WHEN c.relkind = 'f' THEN c.reltuples
    WHEN s.heap = 0 THEN 0 WHEN c.reltuples <= 0 AND c.relpages = 0 THEN -1 ELSE c.reltuples END::bigint,
  s.heap, CASE WHEN c.relkind IN ('r', 'm', 't') THEN pg_catalog.pg_table_size(c.oid) ELSE s.heap END,
  CASE WHEN c.relkind IN ('r', 'm', 't') THEN pg_catalog.pg_indexes_size(c.oid) ELSE 0 END,
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid))sql";

constexpr std::string_view kThese = R"sql(
FROM (VALUES {}) w(schema, name)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
CROSS JOIN LATERAL (SELECT coalesce(pg_catalog.pg_relation_size(c.oid), 0) AS heap) s)sql";

constexpr std::string_view kAll = R"sql(,
  coalesce(t.n_tup_ins + t.n_tup_upd + t.n_tup_del, 0)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_user_tables t ON t.relid = c.oid
CROSS JOIN LATERAL (SELECT coalesce(pg_catalog.pg_relation_size(c.oid), 0) AS heap) s
WHERE c.relkind IN ('r', 'p', 'm', 'f', 'i', 'I') AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema'{}))sql";

RelationSize size_in(const Rows& found, std::size_t row) {
    RelationSize size;
    size.kind = found.text(row, 2).at(0);
    size.rows = std::stoll(found.text(row, 3));
    size.heap = std::stoll(found.text(row, 4));
    size.table = std::stoll(found.text(row, 5));
    size.indexes = std::stoll(found.text(row, 6));
    size.index_count = std::stoi(found.text(row, 7));
    return size;
}

}  // namespace

std::map<ObjectName, RelationSize> relation_sizes(Connection& connection, const std::set<ObjectName>& names) {
    std::map<ObjectName, RelationSize> out;
    if (names.empty()) return out;
    std::string values;
    for (const ObjectName& name : names)
        values += fmt::format("{}({}, {})", values.empty() ? "" : ", ", sql::literal(name.schema),
                              sql::literal(name.name));
    const Rows found = connection.execute(std::string(kColumns) + fmt::format(fmt::runtime(kThese), values));
    for (std::size_t row = 0; row < found.rows.size(); ++row)
        out[{found.text(row, 0), found.text(row, 1)}] = size_in(found, row);
    return out;
}

std::map<ObjectName, RelationActivity> all_relation_sizes(Connection& connection,
                                                          const std::set<std::string>& except_schemas) {
    std::string except;
    for (const std::string& schema : except_schemas) except += ", " + sql::literal(schema);
    const Rows found = connection.execute(std::string(kColumns) + fmt::format(fmt::runtime(kAll), except));
    std::map<ObjectName, RelationActivity> out;
    for (std::size_t row = 0; row < found.rows.size(); ++row)
        out[{found.text(row, 0), found.text(row, 1)}] = {size_in(found, row), std::stoll(found.text(row, 8))};
    return out;
}

}  // namespace changelog::postgres
