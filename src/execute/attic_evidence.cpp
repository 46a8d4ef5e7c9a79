#include "execute/attic_evidence.hpp"

#include "operations/attic.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

namespace changelog::execute {

namespace {

/// The item, and the table that it was taken from, as the undo finds them.
constexpr std::string_view kItem =
    "SELECT i.kept_as, coalesce((SELECT c.oid::pg_catalog.regclass FROM pg_catalog.pg_class c WHERE c.oid = "
    "(i.restore->>'table_oid')::oid AND (i.restore->>'attic_oid')::oid = '{0}.items'::pg_catalog.regclass), "
    "(i.restore->>'table')::pg_catalog.regclass)::text, (SELECT string_agg(pg_catalog.format('k.%1$I::text = "
    "t.%1$I::text', key), ' AND ') FROM jsonb_array_elements_text(i.restore->'keys') AS key), (SELECT "
    "string_agg(pg_catalog.format('t.%I::text IS DISTINCT FROM k.%I::text', name, '~' || place), ' OR ') "
    "FROM "
    "jsonb_array_elements_text(i.restore->'columns') WITH ORDINALITY AS c(name, place)), "
    "i.restore->>'column', "
    "i.restore->'keys'->>0, i.restore ? 'remembers' FROM {0}.items AS i WHERE i.id = (SELECT max(id) FROM "
    "{0}.items "
    "WHERE kind = $1 AND object = $2 AND tag = $3 AND NOT restore ? 'partly')";

/// The change of a type writes what its cast makes of each value, so that need not be remembered.
std::string differs_from_cast(const operations::FormerType& former, const std::string& column,
                              const std::string& key) {
    const std::string name = sql::identifier(column);
    return fmt::format(
        "t.{0} IS NOT NULL AND (k.{1} IS NULL OR t.{0}::text IS DISTINCT FROM (k.{0}::{2}::{3})::text)", name,
        sql::identifier(key), former.type, former.now);
}

bool compare(const operations::Kept& kept, const std::string& statement, postgres::Connection& connection) {
    const std::string attic = sql::identifier(kept.attic);
    const postgres::Rows item =
        connection.query(fmt::format(kItem, attic), {kept.kind, kept.object, kept.tag});
    const auto former = operations::former_type_in(statement);
    if (item.empty() || item.text(0, 0).empty() || (!former && item.text(0, 6) != "t")) return true;
    const std::string differs =
        former ? differs_from_cast(*former, item.text(0, 4), item.text(0, 5)) : item.text(0, 3);
    return connection
               .execute(fmt::format("SELECT EXISTS (SELECT FROM {} AS t {} JOIN {}.{} AS k ON {} WHERE {})",
                                    item.text(0, 1), former ? "LEFT" : "", attic,
                                    sql::identifier(item.text(0, 0)), item.text(0, 2), differs))
               .text(0, 0) == "t";
}

}  // namespace

bool brings_values_back(const std::string& statement) {
    const auto kept = operations::needed_by(statement);
    return kept && kept->kind == "values";
}

bool overwrites_newer(const std::string& statement, postgres::Connection& connection) {
    const auto kept = operations::needed_by(statement);
    if (!kept) return true;
    try {
        return compare(*kept, statement, connection);
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
        return true;
    }
}

}  // namespace changelog::execute
