// Schemas, extensions, tables, views, and their columns.
#include "core/text.hpp"
#include "postgres/introspect_state.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

std::string storage_word(char letter) {
    switch (letter) {
        case 'p':
            return "PLAIN";
        case 'e':
            return "EXTERNAL";
        case 'x':
            return "EXTENDED";
        case 'm':
            return "MAIN";
        default:
            return {};
    }
}

std::string compression_word(char letter) {
    if (letter == 'p') return "pglz";
    return letter == 'l' ? "lz4" : "";
}

std::string without_semicolon(std::string query) {
    while (!query.empty() && (query.back() == ';' || query.back() == '\n' || query.back() == ' '))
        query.pop_back();
    return query;
}

std::string heap_is_default(const std::string& method) { return method == "heap" ? std::string() : method; }

/// The cells of the query in read_relations(), after the name and kind.
void take_relation(Introspection& state, Oid oid, Relation& relation, Cells cells) {
    std::string owner = cells.text();
    const std::string persistence = cells.letter() == 'u' ? "UNLOGGED" : "";
    const std::string method = heap_is_default(cells.text()), tablespace = cells.text();
    std::map<std::string, std::string> options = options_of(cells.text());
    add_options(cells.text(), options, "toast.");
    if (relation.kind == 'r' || relation.kind == 'p') {
        catalog::Table& table = state.catalog.tables[relation.name];
        relation.table = &table;
        table.id = {oid};
        table.name = relation.name;
        table.owner = std::move(owner);
        table.persistence = persistence;
        table.access_method = method;
        table.tablespace = tablespace;
        table.options = std::move(options);
        table.row_security = cells.flag();
        table.force_row_security = cells.flag();
        const char identity = cells.letter();
        table.replica_identity = identity == 'f' ? "FULL" : identity == 'n' ? "NOTHING" : "";
        table.partition_by = cells.text();
        table.partition_bound = cells.text();
    } else if (relation.kind == 'v' || relation.kind == 'm') {
        catalog::View& view = state.catalog.views[relation.name];
        relation.view = &view;
        view.id = {oid};
        view.name = relation.name;
        view.owner = std::move(owner);
        view.materialized = relation.kind == 'm';
        view.tablespace = tablespace;
        view.access_method = method;
        view.options = std::move(options);
        for (int skipped = 0; skipped < 5; ++skipped) cells.skip();
        view.populated = cells.flag();
        view.query = trim(without_semicolon(cells.text()));
    } else if (relation.kind == 'S') {
        catalog::Sequence& sequence = state.catalog.sequences[relation.name];
        relation.sequence = &sequence;
        sequence.id = {oid};
        sequence.name = relation.name;
        sequence.owner = std::move(owner);
        sequence.persistence = persistence;
    }
}

bool is_left_out(const Introspection& state, const ObjectName& name) {
    return state.options.except_schemas.contains(name.schema) ||
           state.options.except_relations.contains(name);
}

/// Settings of a materialized view's column have no place in the model.
void note_column_settings(Introspection& state, const Relation& relation, const catalog::Column& column) {
    std::string settings = column.storage + column.compression;
    if (column.statistics) settings += fmt::format(" statistics {}", *column.statistics);
    for (const auto& [name, value] : column.options) settings += fmt::format(" {}={}", name, value);
    if (settings.empty()) return;
    catalog::Other other;
    other.kind = "materialized view column";
    other.identity = fmt::format("{}.{}.{}", relation.name.schema, relation.name.name, column.name);
    other.state = std::move(settings);
    other.on = {ObjectKind::table, relation.name, {}};
    state.add_other(std::move(other));
}

}  // namespace

void read_schemas(Introspection& state) {
    const Rows found = state.ask(fmt::format(
        "SELECT n.oid, n.nspname, {} FROM pg_catalog.pg_namespace n WHERE {} AND {} ORDER BY n.nspname",
        other_owner("n.nspowner"), in_user_schema("n.nspname"), not_of_extension("pg_namespace", "n.oid")));
    for (auto row : found.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        const std::string name = cells.text();
        if (state.options.except_schemas.contains(name)) continue;
        catalog::Schema& schema = state.catalog.schemas[name];
        schema.name = name;
        schema.owner = cells.text();
        schema.id = {oid};
        state.schemas.emplace(oid, &schema);
    }
}

void read_extensions(Introspection& state) {
    const Rows found = state.ask(
        "SELECT e.oid, e.extname, n.nspname, e.extversion FROM pg_catalog.pg_extension e "
        "JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace");
    for (auto row : found.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        const std::string name = cells.text();
        catalog::Extension& extension = state.catalog.extensions[name];
        extension.name = name;
        extension.schema = cells.text();
        extension.version = cells.text();
        state.extensions.emplace(oid, &extension);
    }
}

void read_relations(Introspection& state) {
    // Indexes and TOAST tables go with their table; temporary relations are in a schema of PostgreSQL's.
    const Rows found = state.ask(fmt::format(
        "SELECT c.oid, n.nspname, c.relname, c.relkind, {}, c.relpersistence, am.amname, sp.spcname, "
        "c.reloptions, t.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, "
        "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, "
        "CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END, c.relispopulated, "
        "CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END "
        "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid "
        "LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam "
        "LEFT JOIN pg_catalog.pg_tablespace sp ON sp.oid = c.reltablespace "
        "WHERE {} AND c.relkind NOT IN ('i', 'I', 't') AND {} AND {}",
        other_owner("c.relowner"), state.scope.holds("c.oid", "pg_class"), in_user_schema("n.nspname"),
        not_of_extension("pg_class", "c.oid")));
    for (auto row : found.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        Relation relation;
        relation.name = cells.name();
        relation.kind = cells.letter();
        if (is_left_out(state, relation.name)) {
            state.excluded.insert(oid);
            continue;
        }
        take_relation(state, oid, relation, cells);
        state.relations.emplace(oid, std::move(relation));
    }
}

void read_columns(Introspection& state) {
    const std::vector<Oid> relations = state.relations_of("rpfvmc");
    if (relations.empty()) return;
    const Rows found = state.ask(fmt::format(
        "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), "
        "CASE WHEN a.attcollation NOT IN (0, t.typcollation) THEN a.attcollation::regcollation END, "
        "a.attnotnull, a.attgenerated, a.attidentity, a.attinhcount > 0 AND NOT a.attislocal, "
        "nullif(a.attstorage, t.typstorage), {}, {}, a.attoptions, a.atttypid, a.attcollation "
        "FROM {} AS s(oid) JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid "
        "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
        "WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum",
        state.since(14, "a.attcompression", "NULL"),
        state.since(17, "a.attstattarget", "nullif(a.attstattarget, -1)"), unnest(relations)));
    for (auto row : found.rows) {
        Cells cells(row);
        Relation& relation = *state.relation(cells.oid());
        const Oid number = cells.oid();
        catalog::Column column;
        column.id = {number};
        column.name = cells.text();
        column.type = cells.text();
        column.collation = cells.text();
        column.not_null = cells.flag();
        const char generated = cells.letter(), identity = cells.letter();
        if (generated == 's') column.generated = catalog::Generated::stored;
        if (generated == 'v') column.generated = catalog::Generated::on_read;
        if (identity != ' ') column.identity.emplace().always = identity == 'a';
        column.inherited = cells.flag();
        column.storage = storage_word(cells.letter());
        column.compression = compression_word(cells.letter());
        if (!cells.is_null())
            column.statistics = cells.number();
        else
            cells.skip();
        column.options = options_of(cells.text());
        // Some servers keep marks of their own among them (pg_attver).
        std::erase_if(column.options, [](const auto& option) { return option.first.starts_with("pg_"); });
        relation.attributes.resize(number);
        Attribute& attribute = relation.attributes.back();
        attribute.name = column.name;
        attribute.type = cells.oid();
        attribute.collation = cells.oid();
        if (relation.kind == 'm') note_column_settings(state, relation, column);
        if (relation.composite != nullptr)
            relation.composite->attributes.push_back({column.name, column.type, column.collation});
        if (relation.table == nullptr) continue;
        attribute.position = relation.table->columns.size();
        relation.table->columns.push_back(std::move(column));
    }
}

void read_defaults(Introspection& state) {
    const std::vector<Oid> relations = state.relations_of("rpv");
    if (relations.empty()) return;
    const Rows found =
        state.ask(fmt::format("SELECT d.adrelid, d.adnum, pg_get_expr(d.adbin, d.adrelid) FROM {} AS s(oid) "
                              "JOIN pg_catalog.pg_attrdef d ON d.adrelid = s.oid",
                              unnest(relations)));
    for (auto row : found.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        const int number = cells.number();
        if (catalog::Column* column = state.column(oid, number)) column->expression = cells.text();
        const Relation& relation = *state.relation(oid);
        if (relation.view != nullptr)
            relation.view->column_defaults[relation.attribute(static_cast<Oid>(number))] = cells.text();
    }
}

void read_parents(Introspection& state) {
    const std::vector<Oid> relations = state.relations_of("rp");
    if (relations.empty()) return;
    const Rows found = state.ask(fmt::format(
        "SELECT h.inhrelid, n.nspname, c.relname FROM {} AS s(oid) "
        "JOIN pg_catalog.pg_inherits h ON h.inhrelid = s.oid "
        "JOIN pg_catalog.pg_class c ON c.oid = h.inhparent "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ORDER BY h.inhrelid, h.inhseqno",
        unnest(relations)));
    for (auto row : found.rows) {
        Cells cells(row);
        catalog::Table& table = *state.relation(cells.oid())->table;
        if (table.partition_bound.empty())
            table.inherits.push_back(cells.name());
        else
            table.partition_of = cells.name();
    }
}

}  // namespace changelog::postgres
