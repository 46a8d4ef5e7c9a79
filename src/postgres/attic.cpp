#include "postgres/attic.hpp"

#include "changelog/codes.hpp"

#include "operations/attic.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace changelog::postgres {

namespace {

/// The relation that holds an item: of a column its table, found by its number, or by its name after a
/// restore from a dump.
constexpr std::string_view kSelect = R"sql(
SELECT i.id, i.kind, i.object, coalesce(i.kept_as, ''), i.tag, coalesce(i.changeset, ''), i.kept_at,
  coalesce(i.purge_after::text, ''), coalesce(i.purge_after < now(), false),
  CASE WHEN i.kept_as IS NULL THEN true WHEN i.kind = 'column' THEN a.attnum IS NOT NULL ELSE c.oid IS NOT
      NULL END,
  CASE WHEN i.restore ? 'rows' THEN (i.restore->>'rows')::float8 WHEN c.relkind = 'p' THEN t.rows
    ELSE c.reltuples END::bigint,
  CASE WHEN i.kept_as IS NULL THEN 0 WHEN i.kind = 'column' THEN s.bytes WHEN c.relkind = 'p' THEN t.bytes
    ELSE pg_total_relation_size(c.oid) END::bigint
FROM {0}.items i
LEFT JOIN pg_class c ON c.oid = CASE WHEN i.kept_as IS NULL THEN NULL
  WHEN i.kind <> 'column' THEN to_regclass(format('%I.%I', {1}, i.kept_as))
  ELSE coalesce((SELECT attrelid FROM pg_attribute WHERE attrelid = i.relation AND attname = i.kept_as),
    to_regclass(i.restore->>'table')) END
LEFT JOIN pg_attribute a ON i.kind = 'column' AND a.attrelid = c.oid AND a.attname = i.kept_as AND NOT
    a.attisdropped
LEFT JOIN LATERAL (SELECT sum(p.reltuples) AS rows, sum(pg_total_relation_size(p.oid)) AS bytes
  FROM pg_partition_tree(c.oid) x JOIN pg_class p ON p.oid = x.relid WHERE x.isleaf AND c.relkind = 'p') t
      ON true
LEFT JOIN LATERAL (SELECT c.reltuples * (1 - p.null_frac) * p.avg_width AS bytes FROM pg_stats p JOIN
    pg_namespace n
  ON n.oid = c.relnamespace AND n.nspname = p.schemaname WHERE p.tablename = c.relname AND p.attname =
      a.attname
  AND c.reltuples >= 0 LIMIT 1) s ON true
WHERE {2} ORDER BY i.id)sql";

AtticItem item_of(const std::vector<std::optional<std::string>>& row) {
    const auto text = [&](std::size_t column) { return row.at(column).value_or(""); };
    const auto number = [&](std::size_t column) { return row.at(column) ? std::stoll(*row.at(column)) : -1; };
    AtticItem out;
    out.id = number(0);
    out.kind = text(1);
    out.object = text(2);
    out.kept_as = text(3);
    out.tag = text(4);
    out.changeset = text(5);
    out.kept_at = text(6);
    out.purge_after = text(7);
    out.expired = text(8) == "t";
    out.present = text(9) == "t";
    out.rows = number(10);
    out.bytes = number(11);
    return out;
}

bool is_number(const std::string& text) {
    constexpr std::size_t kMostDigits = 18;
    return !text.empty() && text.size() <= kMostDigits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool Attic::exists() {
    return connection_.query("SELECT to_regclass($1) IS NOT NULL", {sql::qualified({schema_, "items"})})
               .text(0, 0) == "t";
}

std::vector<AtticItem> Attic::items(const std::string& condition,
                                    const std::vector<std::optional<std::string>>& parameters) {
    std::vector<AtticItem> out;
    if (!exists()) return out;
    const std::string query = fmt::format(kSelect, sql::identifier(schema_), sql::literal(schema_),
                                          fmt::format("({}) AND NOT i.restore ? 'purged'", condition));
    for (const auto& row : connection_.query(query, parameters).rows) out.push_back(item_of(row));
    return out;
}

std::vector<AtticItem> Attic::list() { return items("true", {}); }

std::vector<AtticItem> Attic::find(const std::string& name) {
    if (is_number(name)) return items("i.id = $1::bigint", {name});
    return items("i.kept_as = $1 OR i.object = $1", {name});
}

long long Attic::newest(const std::string& kind, const std::string& object, const std::string& tag,
                        long long count) {
    if (!exists()) return 0;
    const std::string condition = fmt::format(
        "i.id IN (SELECT id FROM {}.items WHERE kind = $1 AND object = $2 AND tag = $3 "
        "AND NOT restore ? 'partly' ORDER BY id DESC LIMIT $4::bigint)",
        sql::identifier(schema_));
    const std::vector<AtticItem> found = items(condition, {kind, object, tag, std::to_string(count)});
    return std::count_if(found.begin(), found.end(), [](const AtticItem& item) { return item.present; });
}

std::string Attic::taken_name(const AtticItem& item, const std::optional<std::string>& as) {
    if (item.kind != "table" && item.kind != "column") return {};
    const std::string condition =
        item.kind == "table"
            ? "to_regclass(format('%I.%I', i.restore->>'schema', coalesce($2, i.restore->>'name'))) IS NOT "
              "NULL"
            : "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = coalesce((SELECT attrelid FROM "
              "pg_attribute WHERE attrelid = i.relation AND attname = i.kept_as), "
              "to_regclass(i.restore->>'table')) AND a.attname = coalesce($2, i.restore->>'name') AND NOT "
              "a.attisdropped)";
    const Rows rows = connection_.query(
        fmt::format("SELECT format('%I.%I', coalesce(i.restore->>'schema', i.restore->>'table'), "
                    "coalesce($2, i.restore->>'name')) FROM {}.items i WHERE i.id = $1::bigint AND {}",
                    sql::identifier(schema_), condition),
        {std::to_string(item.id), as});
    return rows.empty() ? std::string() : as.value_or(item.object);
}

std::string Attic::restore_sql(const AtticItem& item, const std::optional<std::string>& as) const {
    return operations::restore_item(schema_, item.kind, item.id, as);
}

bool Attic::restore(const AtticItem& item, const std::optional<std::string>& as, Diagnostics& diagnostics) {
    const auto refuse = [&](std::string why) -> Diagnostic& {
        Diagnostic& found =
            diagnostics.add(Severity::error, codes::cannot_restore, {},
                            fmt::format("{} cannot be restored", describe_kept(item.kind, item.object)));
        found.why = std::move(why);
        return found;
    };
    if (const std::string taken = taken_name(item, as); !taken.empty()) {
        refuse(fmt::format("There is something called {} already.", taken)).next = {
            "give it another name with --as, or rename what is there"};
        return false;
    }
    try {
        connection_.execute("BEGIN");
        connection_.execute(restore_sql(item, as));
        connection_.execute("COMMIT");
        return true;
    } catch (const DatabaseError& error) {
        if (error.error.connection_lost) throw;
        connection_.execute("ROLLBACK");
        Diagnostic& found = refuse("The database refused: " + error.error.message);
        found.next = {"nothing was changed; the item is still in the attic"};
        if (!error.error.hint.empty()) found.next.insert(found.next.begin(), error.error.hint);
        return false;
    }
}

std::vector<AtticItem> Attic::to_purge(const PurgeChoice& choice) {
    std::vector<AtticItem> chosen;
    if (choice.item)
        chosen = items("i.id = $1::bigint", {std::to_string(*choice.item)});
    else if (choice.expired)
        chosen = items("i.purge_after < now()", {});
    else
        chosen = items("i.kept_at < now() - $1::interval", {choice.older_than});
    return with_columns_inside(chosen);
}

/// Columns that were kept on a table go with it, so they go before it.
std::vector<AtticItem> Attic::with_columns_inside(const std::vector<AtticItem>& chosen) {
    std::vector<AtticItem> out;
    const auto add = [&](const AtticItem& item) {
        const auto same = [&](const AtticItem& other) { return other.id == item.id; };
        if (std::none_of(out.begin(), out.end(), same)) out.push_back(item);
    };
    for (const AtticItem& item : chosen) {
        if (item.kind == "table" && item.present)
            for (const AtticItem& column :
                 items("i.kind = 'column' AND a.attnum IS NOT NULL AND i.relation = to_regclass($1)",
                       {sql::qualified({schema_, item.kept_as})}))
                add(column);
        add(item);
    }
    return out;
}

/// A column is on its table, and its sequences are in the attic.
void Attic::drop_column(const AtticItem& item, std::vector<Statement>& out) {
    const std::string from = fmt::format("FROM {}.items WHERE id = $1::bigint", sql::identifier(schema_));
    const std::vector<std::optional<std::string>> id = {std::to_string(item.id)};
    const Rows table = connection_.query(
        "SELECT coalesce((SELECT format('%I.%I', n.nspname, c.relname) FROM pg_attribute a JOIN pg_class c "
        "ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE a.attrelid = relation AND a.attname = kept_as), restore->>'table') " +
            from,
        id);
    out.push_back(
        {fmt::format("ALTER TABLE {} DROP COLUMN {}", table.text(0, 0), sql::identifier(item.kept_as))});
    for (const auto& row :
         connection_.query("SELECT jsonb_array_elements_text(restore->'sequences') " + from, id).rows)
        out.push_back({"DROP SEQUENCE IF EXISTS " + sql::qualified({schema_, row.at(0).value_or("")})});
}

std::vector<Statement> Attic::purge_statements(const std::vector<AtticItem>& items) {
    std::vector<Statement> out;
    for (const AtticItem& item : items) {
        if (item.present && item.kind == "column")
            drop_column(item, out);
        else if (item.present && !item.kept_as.empty())
            out.push_back({fmt::format("DROP TABLE {}", sql::qualified({schema_, item.kept_as}))});
        out.push_back({operations::item_is_gone(schema_, item.id)});
    }
    if (!out.empty()) out.push_back({operations::forget_gone(schema_)});
    return out;
}

void Attic::purge(const std::vector<AtticItem>& items) {
    const std::vector<Statement> statements = purge_statements(items);
    connection_.execute("BEGIN");
    try {
        for (const Statement& statement : statements) connection_.execute(statement.sql);
        connection_.execute("COMMIT");
    } catch (const DatabaseError& error) {
        if (!error.error.connection_lost) connection_.execute("ROLLBACK");
        throw;
    }
}

std::vector<std::string> missing_items(Connection& connection, const std::vector<Statement>& undo) {
    // Several statements may each need an item of the same name: the newest first.
    std::map<std::vector<std::string>, long long> needed;
    for (const Statement& statement : undo)
        if (const auto kept = operations::needed_by(statement.sql))
            ++needed[{kept->attic, kept->kind, kept->object, kept->tag}];
    std::vector<std::string> out;
    for (const auto& [key, count] : needed) {
        if (Attic(connection, key[0]).newest(key[1], key[2], key[3], count) < count)
            out.push_back(describe_kept(key[1], key[2]));
    }
    return out;
}

bool has_what_it_needs(Connection& connection, const std::vector<Statement>& undo,
                       const ChangeSetKey& changeset, Diagnostics& diagnostics) {
    const std::vector<std::string> missing = missing_items(connection, undo);
    if (missing.empty()) return true;
    Location where;
    where.file = changeset.path;
    Diagnostic& found = diagnostics.add(
        Severity::error, codes::kept_data_gone, where,
        fmt::format("changeset '{}' cannot be rolled back: what was kept for it is gone", changeset.id));
    found.changeset = to_string(changeset);
    for (const std::string& item : missing) found.why += (found.why.empty() ? "" : "\n") + item;
    found.next = {
        "nothing was rolled back; roll back only what is newer, or make it anew in a new changeset"};
    return false;
}

std::string describe_kept(const std::string& kind, const std::string& object) {
    if (kind == "rows") return "rows of " + object;
    if (kind == "values") return "former values of " + object;
    return kind + ' ' + object;
}

}  // namespace changelog::postgres
