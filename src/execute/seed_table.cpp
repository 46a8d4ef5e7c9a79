#include "execute/seed_table.hpp"

#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::execute {

namespace {

using Row = std::vector<std::optional<std::string>>;

constexpr char kSeparator = '\x01';  // no text of PostgreSQL's own holds it

std::vector<std::string> pieces(const std::string& text) {
    std::vector<std::string> out;
    if (text.empty()) return out;
    for (std::size_t at = 0;;) {
        const std::size_t end = text.find(kSeparator, at);
        out.push_back(text.substr(at, end == std::string::npos ? end : end - at));
        if (end == std::string::npos) return out;
        at = end + 1;
    }
}

// A domain is followed down to what it is made of; the element type stands for an array.
constexpr std::string_view columns_sql = R"sql(
WITH RECURSIVE chain AS (
    SELECT a.attnum, a.atttypid AS typ, a.atttypmod AS mod, a.attnotnull AS required
      FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    UNION ALL
    SELECT c.attnum, t.typbasetype, CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE c.mod END,
           c.required OR t.typnotnull
      FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.typ
     WHERE t.typtype = 'd'
), base AS (
    SELECT c.attnum, c.typ, c.mod, c.required, t.typcategory = 'A' AND t.typelem <> 0 AS is_array,
           CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END AS element
      FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.typ
     WHERE t.typtype <> 'd'
)
SELECT a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
       pg_catalog.format_type(b.element, b.mod), e.typcategory, b.is_array, b.required, a.atthasdef,
       a.attidentity,
       (SELECT string_agg(l.enumlabel, chr(1) ORDER BY l.enumsortorder)
          FROM pg_catalog.pg_enum l WHERE l.enumtypid = e.oid),
       (SELECT string_agg(pg_catalog.pg_get_constraintdef(k.oid), chr(1))
          FROM chain c JOIN pg_catalog.pg_constraint k ON k.contypid = c.typ
         WHERE c.attnum = a.attnum AND k.contypid <> 0 AND k.contype = 'c'),
       (SELECT string_agg(k.conname, chr(1))
          FROM chain c JOIN pg_catalog.pg_constraint k ON k.contypid = c.typ
         WHERE c.attnum = a.attnum AND k.contypid <> 0 AND k.contype = 'c')
  FROM base b
  JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::pg_catalog.oid AND a.attnum = b.attnum
  JOIN pg_catalog.pg_type e ON e.oid = b.element
 ORDER BY a.attnum)sql";

constexpr std::string_view constraints_sql = R"sql(
SELECT k.contype, k.conname, array_to_string(k.conkey, ','), pg_catalog.pg_get_constraintdef(k.oid),
       quote_ident(n.nspname) || '.' || quote_ident(r.relname), k.confrelid = k.conrelid,
       (SELECT string_agg(f.attname, chr(1) ORDER BY p.place)
          FROM unnest(k.confkey) WITH ORDINALITY AS p(attnum, place)
          JOIN pg_catalog.pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = p.attnum)
  FROM pg_catalog.pg_constraint k
  LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
 WHERE k.conrelid = $1::pg_catalog.oid AND k.contype IN ('c', 'f')
 ORDER BY k.conname)sql";

constexpr std::string_view bounds_sql = R"sql(
SELECT pg_catalog.pg_get_expr(c.relpartbound, c.oid)
  FROM pg_catalog.pg_partition_tree($1::pg_catalog.oid::pg_catalog.regclass) p
  JOIN pg_catalog.pg_class c ON c.oid = p.relid
 WHERE c.relpartbound IS NOT NULL
 ORDER BY 1)sql";

std::string text(const Row& row, std::size_t column) { return row.at(column).value_or(""); }

/// attnum to position in `columns`.
using Positions = std::map<std::string, std::size_t>;

Positions read_columns(SeedTable& table, postgres::Connection& connection) {
    Positions positions;
    for (const Row& row : connection.query(std::string(columns_sql), {table.oid}).rows) {
        SeedColumn column;
        column.name = text(row, 1);
        column.type = text(row, 2);
        column.base_type = text(row, 3);
        column.category = text(row, 4).empty() ? 'U' : text(row, 4).front();
        column.array = text(row, 5) == "t";
        column.required = text(row, 6) == "t";
        column.has_default = text(row, 7) == "t";
        column.identity_always = text(row, 8) == "a";
        column.labels = pieces(text(row, 9));
        column.conditions = pieces(text(row, 10));
        for (const std::string& name : pieces(text(row, 11)))
            table.conditions[name].push_back(table.columns.size());
        positions[text(row, 0)] = table.columns.size();
        table.columns.push_back(std::move(column));
    }
    return positions;
}

std::vector<std::size_t> columns_of(const std::string& attnums, const Positions& positions) {
    std::vector<std::size_t> out;
    for (std::size_t at = 0; at < attnums.size();) {
        const std::size_t end = std::min(attnums.find(',', at), attnums.size());
        if (const auto found = positions.find(attnums.substr(at, end - at)); found != positions.end())
            out.push_back(found->second);
        at = end + 1;
    }
    return out;
}

void read_constraints(SeedTable& table, const Positions& positions, postgres::Connection& connection) {
    for (const Row& row : connection.query(std::string(constraints_sql), {table.oid}).rows) {
        const std::vector<std::size_t> columns = columns_of(text(row, 2), positions);
        if (text(row, 0) == "c") {
            for (const std::size_t column : columns) table.columns[column].conditions.push_back(text(row, 3));
            table.conditions[text(row, 1)] = columns;
            continue;
        }
        SeedKey key;
        key.name = text(row, 1);
        key.columns = columns;
        key.parent = text(row, 4);
        key.own = text(row, 5) == "t";
        key.referenced = pieces(text(row, 6));
        if (key.referenced.size() == key.columns.size()) table.keys.push_back(std::move(key));
    }
}

}  // namespace

std::optional<SeedTable> describe_for_seed(const ObjectName& name, postgres::Connection& connection) {
    const postgres::Rows found = connection.query(
        "SELECT c.oid, c.relkind FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1) AND "
        "c.relkind IN ('r', 'p') AND NOT c.relispartition",
        {sql::qualified(name)});
    if (found.empty()) return std::nullopt;
    SeedTable table;
    table.name = name;
    table.oid = found.text(0, 0);
    const Positions positions = read_columns(table, connection);
    read_constraints(table, positions, connection);
    if (found.text(0, 1) == "p")
        for (const Row& row : connection.query(std::string(bounds_sql), {table.oid}).rows)
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                table.columns[i].conditions.push_back(text(row, 0));
                auto& all = table.conditions[""];
                if (std::find(all.begin(), all.end(), i) == all.end()) all.push_back(i);
            }
    return table;
}

}  // namespace changelog::execute
