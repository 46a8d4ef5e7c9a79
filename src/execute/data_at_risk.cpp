#include "execute/data_at_risk.hpp"

#include "changelog/footprint.hpp"

#include "core/text.hpp"
#include "execute/commands.hpp"
#include "sql/identifier.hpp"
#include "sql/parse.hpp"

#include <fmt/format.h>

namespace changelog::execute {

namespace {

/// Kind of the relation as pg_class has it; empty if there is none of that name.
std::string relation_kind(const ObjectName& name, postgres::Connection& connection) {
    const postgres::Rows rows =
        connection.query("SELECT relkind FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)",
                         {sql::qualified(name)});
    return rows.empty() ? "" : rows.text(0, 0);
}

bool finds_any(const std::string& query, postgres::Connection& connection) {
    try {
        return connection.execute("SELECT EXISTS (" + query + ")").text(0, 0) == "t";
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
        return true;  // what cannot be looked at must be taken to be there
    }
}

/// TRUNCATE, and DELETE of everything. A DELETE that chooses its rows is how a rollback block takes back what
/// its changeset inserted.
bool empties_tables(const std::string& statement) {
    const std::string word = lower(first_word(statement));
    return word == "truncate" || (word == "delete" && lower(statement).find("where") == std::string::npos);
}

std::vector<ObjectName> tables_in(const std::string& schema, postgres::Connection& connection) {
    std::vector<ObjectName> out;
    for (const auto& row : connection
                               .query("SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'r' AND "
                                      "relnamespace = pg_catalog.to_regnamespace($1) ORDER BY relname",
                                      {sql::identifier(schema)})
                               .rows)
        out.push_back({schema, row.at(0).value_or("")});
    return out;
}

void add_rows_of(const ObjectName& name, postgres::Connection& connection, std::vector<std::string>& out) {
    const std::string kind = relation_kind(name, connection);
    const std::string table = sql::qualified(name);
    const bool holds_rows = kind.empty() || kind == "r" || kind == "p";
    if (holds_rows && finds_any("SELECT FROM " + table, connection)) out.push_back("rows of " + table);
}

}  // namespace

std::vector<std::string> data_at_risk(const std::string& statement, const std::string& default_schema,
                                      postgres::Connection& connection, bool& seen_through) {
    std::vector<std::string> out;
    Footprint footprint;
    sql::footprint_of(statement, default_schema, footprint);
    if (footprint.barrier) seen_through = false;
    const bool empties = empties_tables(statement);
    for (const Touch& touch : footprint.touches) {
        const ObjectRef& object = touch.object;
        if (empties && object.kind == ObjectKind::rows && touch.access != Access::require)
            add_rows_of(object.name, connection, out);
        if (touch.access != Access::drop) continue;
        const std::string table = sql::qualified(object.name);
        if (object.kind == ObjectKind::column) {
            const std::string column = sql::identifier(object.part);
            if (finds_any(fmt::format("SELECT FROM {} WHERE {} IS NOT NULL", table, column), connection))
                out.push_back(fmt::format("values of {}.{}", table, column));
        } else if (object.kind == ObjectKind::table) {
            add_rows_of(object.name, connection, out);
        } else if (object.kind == ObjectKind::schema) {
            const std::string schema = object.name.name.empty() ? object.name.schema : object.name.name;
            for (const ObjectName& name : tables_in(schema, connection)) add_rows_of(name, connection, out);
        }
    }
    return out;
}

}  // namespace changelog::execute
