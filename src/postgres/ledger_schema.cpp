#include "postgres/ledger_schema.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace changelog::postgres {
namespace {

// Identity is compared byte for byte (COLLATE "C"): faster to sort, and safe from changes of the system's
// collations.
constexpr std::string_view table_ddl = R"sql(
CREATE TABLE IF NOT EXISTS {table} (
    seq          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deployment   uuid        NOT NULL,
    event        text        NOT NULL
        CHECK (event IN ('applied', 'reran', 'marked_ran', 'rolled_back', 'started', 'failed', 'adopted',
                         'accepted', 'tagged')),
    id           text        COLLATE "C" NOT NULL,
    author       text        COLLATE "C" NOT NULL,
    path         text        COLLATE "C" NOT NULL,
    generation   integer     NOT NULL DEFAULT 0,
    checksum     text,
    definition   jsonb,
    rollback     jsonb,
    statements   jsonb,
    step         integer,
    tag          text,
    contexts     text,
    labels       text,
    comment      text,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    duration     interval,
    actor        text        NOT NULL DEFAULT session_user,
    tool_version text
);

-- Append-only, for the owner too.
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER;

COMMENT ON TABLE {table} IS
    'What the migration tool changelog did to this database, oldest first. Rows are added, never changed.';
COMMENT ON COLUMN {table}.seq IS 'Order of the events.';
COMMENT ON COLUMN {table}.deployment IS 'The run of the tool: all rows that it wrote have the same value.';
COMMENT ON COLUMN {table}.event IS
    'applied, reran, marked_ran (recorded without running), rolled_back, started and failed (steps outside '
    'of a transaction), adopted (from another tool''s history), accepted (an edit was agreed to), tagged.';
COMMENT ON COLUMN {table}.id IS 'The changeset''s id, as in the file.';
COMMENT ON COLUMN {table}.author IS 'The changeset''s author, as in the file.';
COMMENT ON COLUMN {table}.path IS 'The file that the changeset stands in, or its logicalFilePath.';
COMMENT ON COLUMN {table}.generation IS 'How often the changeset had been rolled back before this event.';
COMMENT ON COLUMN {table}.checksum IS 'Version of the canonical form, a colon, and the SHA-256 of that form.';
COMMENT ON COLUMN {table}.definition IS 'The changeset in its canonical form.';
COMMENT ON COLUMN {table}.rollback IS 'How it is undone: statements, and what data would not come back.';
COMMENT ON COLUMN {table}.statements IS 'The statements that were run.';
COMMENT ON COLUMN {table}.step IS
    'Of started and failed: the statement, from 0, that was begun outside of a transaction.';
COMMENT ON COLUMN {table}.tag IS 'A name for the state of the database after this event.';
COMMENT ON COLUMN {table}.contexts IS 'The context expressions of the changeset.';
COMMENT ON COLUMN {table}.labels IS 'The labels of the changeset.';
COMMENT ON COLUMN {table}.comment IS 'The changeset''s comment, or the reason that was given.';
COMMENT ON COLUMN {table}.at IS 'When the row was written.';
COMMENT ON COLUMN {table}.duration IS 'How long it took.';
COMMENT ON COLUMN {table}.actor IS 'The user of the session.';
COMMENT ON COLUMN {table}.tool_version IS 'The version of the tool that wrote the row.';
)sql";

constexpr std::string_view index_ddl = R"sql(
-- Each generation of a changeset begins once (applied, marked_ran or adopted) and ends once (rolled_back).
CREATE UNIQUE INDEX IF NOT EXISTS {index} ON {table}
    (id, author, path, generation, (event = 'rolled_back'))
    WHERE event IN ('applied', 'marked_ran', 'adopted', 'rolled_back');
)sql";

constexpr std::string_view view_ddl = R"sql(
CREATE OR REPLACE VIEW {view} AS
{query};

COMMENT ON VIEW {view} IS
    'The changesets that are applied now, each with its last event. Read it ORDER BY seq.';
)sql";

// The last event of each changeset decides. What was accepted since replaces checksum and definition; a tag
// stays with the changeset for as long as it is not rolled back.
constexpr std::string_view current_sql = R"sql(
SELECT last.seq, last.deployment, last.event, last.id, last.author, last.path, last.generation,
       CASE WHEN accepted.seq > last.seq THEN accepted.checksum ELSE last.checksum END AS checksum,
       CASE WHEN accepted.seq > last.seq THEN accepted.definition ELSE last.definition END AS definition,
       last.rollback, last.statements, last.step, tagged.tag, last.contexts, last.labels, last.comment,
       last.at, last.duration, last.actor, last.tool_version
  FROM (SELECT DISTINCT ON (id, author, path) *
          FROM {table}
         WHERE event IN ('applied', 'reran', 'marked_ran', 'rolled_back', 'adopted')
         ORDER BY id, author, path, seq DESC) AS last
  LEFT JOIN (SELECT DISTINCT ON (id, author, path) id, author, path, seq, checksum, definition
               FROM {table}
              WHERE event = 'accepted'
              ORDER BY id, author, path, seq DESC) AS accepted
         ON accepted.id = last.id AND accepted.author = last.author AND accepted.path = last.path
  LEFT JOIN (SELECT DISTINCT ON (id, author, path, generation) id, author, path, generation, tag
               FROM {table}
              WHERE tag IS NOT NULL AND event <> 'rolled_back'
              ORDER BY id, author, path, generation, seq DESC) AS tagged
         ON tagged.id = last.id AND tagged.author = last.author AND tagged.path = last.path
            AND tagged.generation = last.generation
 WHERE last.event <> 'rolled_back')sql";

// One row per column of what has the table's name; also whether view and index are there.
constexpr std::string_view inspect_sql = R"sql(
SELECT a.attname, CASE {types} ELSE format_type(a.atttypid, a.atttypmod) END, a.attnotnull, a.atthasdef OR a.attidentity <> '',
       c.relkind,
       may.look, may.look AND has_table_privilege(c.oid, 'INSERT'),
       EXISTS (SELECT FROM pg_class v
                WHERE v.relnamespace = n.oid AND v.relname = {view} AND v.relkind = 'v'),
       EXISTS (SELECT FROM pg_class i
                WHERE i.relnamespace = n.oid AND i.relname = {index} AND i.relkind IN ('i', 'I'))
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT c.relkind IN ('r', 'p') AND has_schema_privilege(n.oid, 'USAGE')
                             AND has_table_privilege(c.oid, 'SELECT') AS look) AS may
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = {schema} AND c.relname = {table})sql";

std::string index_name(const LedgerOptions& options) {
    return sql::make_object_name(options.table, "", "generation");
}

std::string view_name(const LedgerOptions& options) {
    if (!options.view.empty()) return options.view;
    if (options.table == LedgerOptions().table) return "changelog_current";
    constexpr std::string_view ending = "_current";
    return clip_utf8(options.table, 63 - ending.size()) + std::string(ending);
}

/// Types are compared by their oids: how their names are written depends on settings of the session.
std::string known_types() {
    std::set<std::string_view> types;
    for (const LedgerColumn& column : ledger_columns()) types.insert(column.type);
    std::string out;
    for (const std::string_view type : types)
        out += fmt::format(" WHEN a.atttypid = '{0}'::regtype AND a.atttypmod = -1 THEN '{0}'", type);
    return out;
}

struct FoundColumn {
    std::string type;
    bool required = false, has_default = false;
};

std::vector<std::string> compare(const std::map<std::string, FoundColumn>& found) {
    std::vector<std::string> out;
    std::map<std::string, FoundColumn> others = found;
    for (const LedgerColumn& column : ledger_columns()) {
        const auto known = found.find(std::string(column.name));
        others.erase(std::string(column.name));
        if (known == found.end())
            out.push_back(fmt::format("column '{}' ({}) is missing", column.name, column.type));
        else if (known->second.type != column.type)
            out.push_back(
                fmt::format("column '{}' is {}, expected {}", column.name, known->second.type, column.type));
    }
    for (const auto& [name, column] : others)
        if (column.required && !column.has_default)
            out.push_back(fmt::format("column '{}' is not ours and requires a value", name));
    return out;
}

}  // namespace

const std::vector<LedgerColumn>& ledger_columns() {
    static const std::vector<LedgerColumn> columns = {
        {"seq", "bigint", true},
        {"deployment", "uuid", true},
        {"event", "text", true},
        {"id", "text", true},
        {"author", "text", true},
        {"path", "text", true},
        {"generation", "integer", true},
        {"checksum", "text"},
        {"definition", "jsonb"},
        {"rollback", "jsonb"},
        {"statements", "jsonb"},
        {"step", "integer"},
        {"tag", "text"},
        {"contexts", "text"},
        {"labels", "text"},
        {"comment", "text"},
        {"at", "timestamp with time zone", true},
        {"duration", "interval"},
        {"actor", "text", true},
        {"tool_version", "text"},
    };
    return columns;
}

std::string create_ledger_table(const LedgerOptions& options) {
    return fmt::format(table_ddl, fmt::arg("table", sql::qualified({options.schema, options.table}))) +
           create_ledger_index(options);
}

std::string create_ledger_index(const LedgerOptions& options) {
    return fmt::format(index_ddl, fmt::arg("table", sql::qualified({options.schema, options.table})),
                       fmt::arg("index", sql::identifier(index_name(options))));
}

std::string create_ledger_view(const LedgerOptions& options) {
    return fmt::format(view_ddl, fmt::arg("view", sql::qualified({options.schema, view_name(options)})),
                       fmt::arg("query", current_query(sql::qualified({options.schema, options.table}))));
}

std::string current_query(const std::string& table) {
    return fmt::format(current_sql, fmt::arg("table", table));
}

LedgerState inspect_ledger(Connection& connection, const LedgerOptions& options) {
    const Rows rows = connection.execute(fmt::format(
        inspect_sql, fmt::arg("schema", sql::literal(options.schema)),
        fmt::arg("table", sql::literal(options.table)), fmt::arg("view", sql::literal(view_name(options))),
        fmt::arg("index", sql::literal(index_name(options))), fmt::arg("types", known_types())));
    LedgerState state;
    if (rows.empty()) return state;
    const std::string kind = rows.text(0, 4);
    state.table = true;
    state.readable = rows.text(0, 5) == "t";
    state.writable = rows.text(0, 6) == "t";
    state.view = rows.text(0, 7) == "t";
    state.index = rows.text(0, 8) == "t";
    if (kind != "r" && kind != "p") {
        state.differences.push_back("it is not a table");
        return state;
    }
    std::map<std::string, FoundColumn> found;
    for (std::size_t row = 0; row < rows.rows.size(); ++row)
        if (rows.rows[row][0])
            found[rows.text(row, 0)] = {rows.text(row, 1), rows.text(row, 2) == "t",
                                        rows.text(row, 3) == "t"};
    state.differences = compare(found);
    return state;
}

}  // namespace changelog::postgres
