#include "execute/verify_state.hpp"

#include "catalog/difference.hpp"
#include "core/text.hpp"
#include "postgres/introspect.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace changelog::execute {

namespace {

/// Tables whose sums are asked for in one message.
constexpr std::size_t kTablesAtOnce = 50;

std::string sum_of(const std::string& text) {
    return fmt::format("coalesce(sum(pg_catalog.hashtextextended({}, 0)), 0)::text", text);
}

/// One row: position, count, sum over rows, and the sums of the columns as an array.
std::string sums_query(const catalog::Table& table, std::size_t position) {
    std::vector<std::string> names, sums;
    for (const catalog::Column& column : table.columns) names.push_back(column.name);
    std::sort(names.begin(), names.end());
    std::string row;
    for (const std::string& name : names) {
        const std::string text = "(t." + sql::identifier(name) + ")::text";
        row += (row.empty() ? "" : ", ") + text;
        sums.push_back(sum_of(text));
    }
    return fmt::format("SELECT {}, count(*)::text, {}, pg_catalog.json_build_array({})::text FROM {} AS t",
                       position, sum_of("ROW(" + row + ")::text"), fmt::join(sums, ", "),
                       sql::qualified(table.name));
}

/// ["1","2"] of digits and signs, as json_build_array writes it.
std::vector<std::string> numbers_of(const std::string& json) {
    std::vector<std::string> out;
    for (std::size_t at = json.find('"'); at != std::string::npos;) {
        const std::size_t end = json.find('"', at + 1);
        if (end == std::string::npos) break;
        out.push_back(json.substr(at + 1, end - at - 1));
        at = json.find('"', end + 1);
    }
    return out;
}

RowSums sums_of(const catalog::Table& table, const std::vector<std::optional<std::string>>& row) {
    RowSums sums;
    sums.count = std::stoll(row.at(1).value_or("0"));
    sums.rows = row.at(2).value_or("");
    std::vector<std::string> names;
    for (const catalog::Column& column : table.columns) names.push_back(column.name);
    std::sort(names.begin(), names.end());
    const std::vector<std::string> values = numbers_of(row.at(3).value_or(""));
    for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i)
        sums.columns.emplace(names[i], values[i]);
    return sums;
}

}  // namespace

VerifyScope scope_of(const ChangeSet& changeset, const Footprint& footprint) {
    if (footprint.barrier) return whole_database();
    const auto changes = [](const Touch& touch) { return touch.access != Access::require; };
    const bool all = changeset.rollback.has_value() ||
                     std::none_of(footprint.touches.begin(), footprint.touches.end(), changes) ||
                     std::any_of(changeset.changes.begin(), changeset.changes.end(), [](const auto& change) {
                         return change->type().name == "sql" || change->type().name == "sqlFile";
                     });
    VerifyScope scope;
    for (const Touch& touch : footprint.touches)
        if (changes(touch) || (all && touch.object.kind != ObjectKind::schema))
            scope.objects.push_back(touch.object);
    std::sort(scope.objects.begin(), scope.objects.end());
    scope.objects.erase(std::unique(scope.objects.begin(), scope.objects.end()), scope.objects.end());
    return scope;
}

catalog::Catalog look_at_schema(postgres::Connection& connection, const postgres::LedgerOptions& history,
                                const std::string& attic, const VerifyScope& scope) {
    if (scope.empty()) return {};
    postgres::IntrospectOptions options;
    if (!scope.whole) options.only = scope.objects;
    options.except_schemas = {attic};
    std::string view = history.view;
    if (view.empty())
        view = history.table == postgres::LedgerOptions().table ? "changelog_current"
                                                                : clip_utf8(history.table, 55) + "_current";
    options.except_relations = {{history.schema, history.table}, {history.schema, view}};
    return postgres::introspect(connection, options);
}

std::map<ObjectName, RowSums> look_at_rows(postgres::Connection& connection,
                                           const catalog::Catalog& catalog) {
    std::vector<const catalog::Table*> tables;
    for (const auto& [name, table] : catalog.tables) tables.push_back(&table);
    std::map<ObjectName, RowSums> out;
    const auto ask = [&](std::size_t first, std::size_t last) {
        std::string query;
        for (std::size_t i = first; i < last; ++i)
            query += (query.empty() ? "" : "\nUNION ALL ") + sums_query(*tables[i], i);
        for (const auto& row : connection.execute(query).rows) {
            const catalog::Table& table = *tables.at(std::stoul(row.at(0).value_or("0")));
            out[table.name] = sums_of(table, row);
        }
    };
    for (std::size_t first = 0; first < tables.size(); first += kTablesAtOnce) {
        const std::size_t last = std::min(tables.size(), first + kTablesAtOnce);
        try {
            ask(first, last);
        } catch (const postgres::DatabaseError& error) {
            if (error.error.connection_lost) throw;
            for (std::size_t i = first; i < last; ++i) {  // a foreign table, or one that may not be read
                try {
                    ask(i, i + 1);
                } catch (const postgres::DatabaseError& one) {
                    if (one.error.connection_lost) throw;
                }
            }
        }
    }
    return out;
}

SchemaDifferences compare_schemas(const catalog::Catalog& before, const catalog::Catalog& after) {
    SchemaDifferences out;
    for (const catalog::Difference& item :
         catalog::difference(before, after, catalog::DifferenceOptions{.column_order = true})) {
        if (item.property != "column order") {
            out.differences.push_back(catalog::to_string(item));
            continue;
        }
        const std::string_view object = item.object;
        out.notes.push_back(fmt::format("column order of {} changes",
                                        object.starts_with("table ") ? object.substr(6) : object));
    }
    return out;
}

std::vector<RowDifference> compare_rows(const DatabaseState& before, const DatabaseState& after) {
    std::vector<RowDifference> out;
    for (const auto& [name, was] : before.rows) {
        const auto found = after.rows.find(name);
        if (found == after.rows.end() || found->second == was) continue;
        const RowSums& is = found->second;
        const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
        if (!std::equal(was.columns.begin(), was.columns.end(), is.columns.begin(), is.columns.end(),
                        same_name))
            continue;
        const std::string table = to_string(ObjectRef{ObjectKind::table, name, {}}).substr(6);
        RowDifference item{name, {}, {}, was.count, is.count, 0, {}};
        if (was.count != is.count) {
            item.text = fmt::format("rows of {}: {} -> {}", table, was.count, is.count);
            out.push_back(std::move(item));
            continue;
        }
        for (const auto& [column, sum] : was.columns) {
            item.columns.push_back(column);
            if (is.columns.at(column) == sum) continue;
            RowDifference& one = out.emplace_back(item);
            one.column = column;
            one.text = fmt::format("values of {}.{} differ", table, column);
        }
        if (!out.empty() && out.back().table == name) continue;
        item.text = fmt::format("rows of {}: values stand in other rows", table);
        out.push_back(std::move(item));
    }
    return out;
}

std::vector<std::string> left_in_attic(postgres::Connection& connection, const std::string& attic) {
    std::vector<std::string> out;
    for (const auto& row :
         connection
             .query("SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
                    "c.relnamespace WHERE n.nspname = $1 AND c.relname <> 'items' AND c.relkind IN ('r', "
                    "'p', 'v', 'm', 'S', 'f') "
                    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = "
                    "'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', "
                    "'i') AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass) ORDER BY 1",
                    {attic})
             .rows)
        out.push_back(fmt::format("+ {}.{}", attic, row.at(0).value_or("")));
    return out;
}

}  // namespace changelog::execute
