// Types and functions, and what views and functions use.
#include "core/text.hpp"
#include "postgres/introspect_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::postgres {
namespace {

catalog::TypeKind kind_of(char letter) {
    switch (letter) {
        case 'e':
            return catalog::TypeKind::enumeration;
        case 'd':
            return catalog::TypeKind::domain;
        case 'r':
            return catalog::TypeKind::range;
        default:
            return catalog::TypeKind::composite;
    }
}

/// The options of CREATE TYPE ... AS RANGE; those are left out that PostgreSQL chooses by itself, but for the
/// multirange's name: that stays when the range gets another one.
std::string range_definition(Cells& cells) {
    std::vector<std::string> parts;
    for (const std::string_view option :
         {"subtype", "subtype_opclass", "collation", "canonical", "subtype_diff", "multirange_type_name"})
        if (const std::string value = cells.text(); !value.empty())
            parts.push_back(fmt::format("{} = {}", option, value));
    return join(parts, ", ");
}

std::string type_query(const Introspection& state) {
    return fmt::format(
        "SELECT t.oid, n.nspname, t.typname, {}, t.typtype, t.typrelid, t.typnotnull, "
        "CASE WHEN t.typtype = 'd' THEN coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) END, "
        "CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, "
        "CASE WHEN t.typtype = 'd' AND t.typcollation NOT IN (0, b.typcollation) "
        "THEN t.typcollation::regcollation END, "
        "CASE WHEN t.typtype = 'e' THEN ARRAY(SELECT v.enumlabel FROM pg_catalog.pg_enum v "
        "WHERE v.enumtypid = t.oid ORDER BY v.enumsortorder) END, t.typacl IS NOT NULL, "
        "format_type(r.rngsubtype, NULL), CASE WHEN NOT o.opcdefault THEN CASE WHEN "
        "pg_opclass_is_visible(o.oid) THEN quote_ident(o.opcname) ELSE quote_ident(q.nspname) || '.' || "
        "quote_ident(o.opcname) END END, "
        "CASE WHEN r.rngcollation NOT IN (0, u.typcollation) THEN r.rngcollation::regcollation END, "
        "nullif(r.rngcanonical::oid, 0)::regproc, nullif(r.rngsubdiff::oid, 0)::regproc, {} "
        "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
        "LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype "
        "LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid "
        "LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid "
        "LEFT JOIN pg_catalog.pg_type u ON u.oid = r.rngsubtype "
        "LEFT JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc "
        "LEFT JOIN pg_catalog.pg_namespace q ON q.oid = o.opcnamespace "
        "WHERE {} AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND {} AND {}",
        other_owner("t.typowner"),
        state.since(14,
                    "(SELECT quote_ident(z.nspname) || '.' || quote_ident(m.typname) FROM "
                    "pg_catalog.pg_type m JOIN pg_catalog.pg_namespace z ON z.oid = m.typnamespace "
                    "WHERE m.oid = r.rngmultitypid)",
                    "NULL"),
        state.scope.holds("t.oid", "pg_type"), in_user_schema("n.nspname"),
        not_of_extension("pg_type", "t.oid"));
}

/// The whole definition of a variadic function's arguments: "integer, VARIADIC text[]".
std::string arguments_of(std::string types, bool variadic) {
    if (!variadic) return types;
    const std::size_t comma = types.rfind(", ");
    types.insert(comma == std::string::npos ? 0 : comma + 2, "VARIADIC ");
    return types;
}

}  // namespace

void read_types(Introspection& state) {
    const Rows rows = state.ask(type_query(state));
    for (auto row : rows.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        const ObjectName name = cells.name();
        if (state.options.except_schemas.contains(name.schema)) continue;
        catalog::Type& type = state.catalog.types[name];
        type.id = {oid};
        type.name = name;
        type.owner = cells.text();
        type.kind = kind_of(cells.letter());
        const Oid relation = cells.oid();
        type.not_null = cells.flag();
        type.expression = cells.optional();
        type.base_type = cells.text();
        type.collation = cells.text();
        type.labels = array_items(cells.text());
        type.closed = cells.flag();  // as long as no grant to PUBLIC is found
        if (type.kind == catalog::TypeKind::range) type.definition = range_definition(cells);
        state.types.emplace(oid, &type);
        if (Relation* found = state.relation(relation)) found->composite = &type;
    }
}

void read_functions(Introspection& state) {
    // A range's constructors are a part of the type (deptype 'i').
    const Rows rows = state.ask(
        fmt::format("SELECT p.oid, n.nspname, p.proname, {}, p.prokind, oidvectortypes(p.proargtypes), "
                    "p.provariadic <> 0, "
                    "pg_get_functiondef(p.oid), p.proacl IS NOT NULL "
                    "FROM (SELECT *, 'pg_catalog.pg_proc'::regclass AS class FROM pg_catalog.pg_proc) AS p "
                    "JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace "
                    "WHERE {} AND p.prokind IN ('f', 'w', 'p') AND {} AND {} "
                    "ORDER BY n.nspname, p.proname, oidvectortypes(p.proargtypes) COLLATE \"C\"",
                    other_owner("p.proowner"), state.scope.holds("p.oid", "pg_proc"),
                    in_user_schema("n.nspname"), stands_alone("p")));
    for (auto row : rows.rows) {
        Cells cells(row);
        catalog::Function function;
        function.id = {cells.oid()};
        function.name = cells.name();
        if (state.options.except_schemas.contains(function.name.schema)) continue;
        function.owner = cells.text();
        if (cells.letter() == 'p') function.kind = "PROCEDURE";
        std::string types = cells.text();
        function.arguments = arguments_of(std::move(types), cells.flag());
        function.definition = trim(cells.text());
        function.closed = cells.flag();  // as long as no grant to PUBLIC is found
        const Oid oid = function.id.value;
        const ObjectName name = function.name;
        state.functions.emplace(oid, &state.catalog.functions.emplace(name, std::move(function))->second);
    }
}

void read_dependencies(Introspection& state) {
    const std::vector<Oid> views = state.relations_of("vm");
    std::vector<Oid> functions;
    for (const auto& [oid, function] : state.functions) functions.push_back(oid);
    if (views.empty() && functions.empty()) return;
    const Rows rows = state.ask(fmt::format(
        "SELECT DISTINCT u.of_view, u.owner, c.relkind, p.oid IS NOT NULL, n.nspname, "
        "coalesce(c.relname, p.proname, e.typname, t.typname), a.attname FROM ("
        "SELECT true AS of_view, w.ev_class AS owner, d.refclassid, d.refobjid, d.refobjsubid "
        "FROM {} AS s(oid) JOIN pg_catalog.pg_rewrite w ON w.ev_class = s.oid AND w.rulename = '_RETURN' "
        "JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid "
        "AND d.refobjid <> w.ev_class UNION ALL "
        "SELECT false, d.objid, d.refclassid, d.refobjid, d.refobjsubid FROM {} AS s(oid) "
        "JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = s.oid) AS u "
        "LEFT JOIN pg_catalog.pg_proc p ON u.refclassid = 'pg_catalog.pg_proc'::regclass "
        "AND p.oid = u.refobjid "
        "LEFT JOIN pg_catalog.pg_type t ON u.refclassid = 'pg_catalog.pg_type'::regclass "
        "AND t.oid = u.refobjid "
        "LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid "
        "LEFT JOIN pg_catalog.pg_class r ON r.oid = coalesce(nullif(e.typrelid, 0), t.typrelid) "
        "AND r.relkind <> 'c' "
        "LEFT JOIN pg_catalog.pg_class c ON c.oid = coalesce(r.oid, CASE WHEN u.refclassid = "
        "'pg_catalog.pg_class'::regclass THEN u.refobjid END) "
        "LEFT JOIN pg_catalog.pg_attribute a ON u.refclassid = 'pg_catalog.pg_class'::regclass "
        "AND u.refobjsubid > 0 AND a.attrelid = u.refobjid AND a.attnum = u.refobjsubid "
        "JOIN pg_catalog.pg_namespace n ON n.oid = "
        "coalesce(c.relnamespace, p.pronamespace, e.typnamespace, t.typnamespace)",
        unnest(views), unnest(functions)));
    std::map<std::vector<ObjectRef>*, std::set<ObjectRef>> found;
    for (auto row : rows.rows) {
        Cells cells(row);
        const bool of_view = cells.flag();
        const Oid owner = cells.oid();
        const char relation_kind = cells.letter();
        const bool is_function = cells.flag();
        const ObjectName name = cells.name();
        auto& uses =
            found[of_view ? &state.relation(owner)->view->depends : &state.functions[owner]->depends];
        if (relation_kind == ' ') {
            uses.insert({is_function ? ObjectKind::function : ObjectKind::type, name, {}});
            continue;
        }
        uses.insert({relation_kind == 'S' ? ObjectKind::sequence : ObjectKind::table, name, {}});
        if (const std::string column = cells.text(); !column.empty())
            uses.insert({ObjectKind::column, name, column});
    }
    for (auto& [depends, uses] : found) depends->assign(uses.begin(), uses.end());
}

}  // namespace changelog::postgres
