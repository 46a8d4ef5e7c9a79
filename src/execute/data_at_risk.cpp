#include "execute/data_at_risk.hpp"

#include "changelog/footprint.hpp"

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

}  // namespace

std::vector<std::string> data_at_risk(const std::string& statement, const std::string& default_schema,
                                      postgres::Connection& connection) {
    std::vector<std::string> out;
    Footprint footprint;
    sql::footprint_of(statement, default_schema, footprint);
    for (const Touch& touch : footprint.touches) {
        if (touch.access != Access::drop) continue;
        const std::string table = sql::qualified(touch.object.name);
        if (touch.object.kind == ObjectKind::column) {
            const std::string column = sql::identifier(touch.object.part);
            if (finds_any(fmt::format("SELECT FROM {} WHERE {} IS NOT NULL", table, column), connection))
                out.push_back(fmt::format("values of {}.{}", table, column));
        } else if (touch.object.kind == ObjectKind::table) {
            const std::string kind = relation_kind(touch.object.name, connection);
            const bool holds_rows = kind.empty() || kind == "r" || kind == "p";
            if (holds_rows && finds_any("SELECT FROM " + table, connection))
                out.push_back("rows of " + table);
        }
    }
    return out;
}

}  // namespace changelog::execute
