#include "execute/data_at_risk.hpp"

#include "changelog/footprint.hpp"

#include "core/text.hpp"
#include "execute/attic_evidence.hpp"
#include "execute/commands.hpp"
#include "execute/row_deletes.hpp"
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

/// A rename drops a name and makes another; no data goes with it.
bool renames(const Footprint& footprint, const ObjectRef& dropped) {
    return std::any_of(footprint.touches.begin(), footprint.touches.end(), [&](const Touch& touch) {
        return touch.access == Access::create && touch.object.kind == dropped.kind && touch.object != dropped;
    });
}

bool drops_view(const std::string& statement) {
    const std::string text = lower(statement);
    const std::size_t view = text.find("view"), drop = text.find("drop");
    return drop == 0 && view != std::string::npos && view < std::string_view("drop materialized view").size();
}

}  // namespace

void DataAtRisk::add_one(const std::string& statement) {
    Footprint footprint;
    sql::footprint_of(statement, default_schema_, footprint);
    // Our own blocks that try what rows may be in the way of take nothing away.
    const bool harmless = statement.starts_with("DO $undo") ||
                          (brings_values_back(statement) && !overwrites_newer(statement, connection_));
    if (footprint.barrier && !harmless) seen_through_ = false;
    const bool empties = empties_tables(statement);
    const bool retypes =
        lower(statement).find(" type ") != std::string::npos && lower(first_word(statement)) == "alter";
    for (const Touch& touch : footprint.touches) {
        if (empties && touch.object.kind == ObjectKind::rows && touch.access != Access::require)
            add_rows_of(touch.object.name, connection_, found_);
        if (!empties && touch.object.kind == ObjectKind::rows && touch.access != Access::require)
            add_cascades(statement, touch.object.name);
        if (retypes && touch.object.kind == ObjectKind::column && touch.access == Access::alter)
            add_column(touch.object, " that do not fit the former type");
        if (touch.access != Access::drop || renames(footprint, touch.object)) continue;
        if (touch.object.kind == ObjectKind::table && drops_view(statement)) continue;
        if (!made_.contains(touch.object)) add_dropped(touch.object);
    }
    note_made(footprint);
}

/// Rows of other tables that a DELETE takes along, or changes (ON DELETE CASCADE, SET NULL, SET DEFAULT).
void DataAtRisk::add_cascades(const std::string& statement, const ObjectName& table) {
    const std::size_t where = lower(statement).find(" where ");
    const bool several = is_joined_delete(statement);  // which rows of which table it takes is not looked for
    if (!several && (lower(first_word(statement)) != "delete" || where == std::string::npos)) return;
    const postgres::Rows keys = connection_.query(
        "SELECT k.conrelid::pg_catalog.regclass, (SELECT string_agg(pg_catalog.quote_ident(attname), ', "
        "' ORDER BY "
        "o) FROM unnest(k.conkey) WITH ORDINALITY u(n, o) JOIN pg_catalog.pg_attribute ON attrelid = "
        "k.conrelid "
        "AND attnum = n), (SELECT string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY o) FROM "
        "unnest(k.confkey) WITH ORDINALITY u(n, o) JOIN pg_catalog.pg_attribute ON attrelid = "
        "k.confrelid AND "
        "attnum = n) FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.confdeltype IN ('c', "
        "'n', 'd') AND "
        "k.confrelid = pg_catalog.to_regclass($1)",
        {sql::qualified(table)});
    for (std::size_t i = 0; i < keys.rows.size(); ++i)
        if (finds_any(fmt::format("SELECT FROM {} WHERE ({}) IN (SELECT {} FROM {}{})", keys.text(i, 0),
                                  keys.text(i, 1), keys.text(i, 2), sql::qualified(table),
                                  several ? "" : statement.substr(where)),
                      connection_))
            found_.push_back(
                fmt::format("rows of {} that point at {}", keys.text(i, 0), sql::qualified(table)));
}

void DataAtRisk::add_column(const ObjectRef& object, std::string_view which) {
    const std::string table = sql::qualified(object.name), column = sql::identifier(object.part);
    if (finds_any(fmt::format("SELECT FROM {} WHERE {} IS NOT NULL", table, column), connection_))
        found_.push_back(fmt::format("values of {}.{}{}", table, column, which));
}

void DataAtRisk::add_dropped(const ObjectRef& object) {
    if (object.kind == ObjectKind::column) {
        add_column(object, "");
    } else if (object.kind == ObjectKind::table) {
        add_rows_of(object.name, connection_, found_);
    } else if (object.kind == ObjectKind::schema) {
        const std::string schema = object.name.name.empty() ? object.name.schema : object.name.name;
        for (const ObjectName& name : tables_in(schema, connection_)) add_rows_of(name, connection_, found_);
    }
}

std::vector<std::string> DataAtRisk::add(const std::string& statement, bool& seen_through) {
    found_.clear();
    seen_through_ = true;
    const std::vector<std::string> pieces = sql::single_statements(statement);
    for (const std::string& piece : pieces) add_one(piece);
    if (pieces.empty()) add_one(statement);
    seen_through = seen_through && seen_through_;
    return found_;
}

/// What the statements before have made holds nothing yet; what they have renamed has its former name now.
void DataAtRisk::note_made(const Footprint& footprint) {
    for (const Touch& touch : footprint.touches) {
        if (touch.access != Access::create) continue;
        const ObjectKind kind = touch.object.kind;
        if (kind != ObjectKind::table && kind != ObjectKind::column) continue;
        const auto from = std::find_if(
            footprint.touches.begin(), footprint.touches.end(),
            [&](const Touch& other) { return other.access == Access::drop && other.object.kind == kind; });
        if (from == footprint.touches.end())
            made_.insert(touch.object);
        else if (made_.contains(from->object))
            made_.insert(touch.object);
        else
            made_.erase(touch.object);
    }
}

}  // namespace changelog::execute
