// Which objects a statement about some objects can reach: PostgreSQL's own record of what depends on what,
// followed from the named ones.
#include "postgres/introspect_state.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

/// SELECTs of (classid, objid) for what is named.
struct Seeds {
    std::string queries;
    std::vector<std::vector<std::string>> parameters;  ///< schemas and names, in turn

    /// `select` gives both columns; `name` and `schema` are those that the names are compared with.
    void add(const std::vector<ObjectName>& names, const std::string& select, const std::string& condition) {
        if (names.empty()) return;
        parameters.resize(parameters.size() + 2);
        for (const ObjectName& name : names) {
            parameters[parameters.size() - 2].push_back(name.schema);
            parameters.back().push_back(name.name);
        }
        queries += fmt::format("{}{} JOIN unnest(${}, ${}) AS named(schema, name) ON {}",
                               queries.empty() ? "" : " UNION ALL ", select, parameters.size() - 1,
                               parameters.size(), condition);
    }
};

Seeds seeds_of(const std::vector<ObjectRef>& only) {
    std::vector<ObjectName> relations, types, functions, schemas, extensions;
    for (const ObjectRef& object : only) switch (object.kind) {
            case ObjectKind::type:
                types.push_back(object.name);
                break;
            case ObjectKind::function:
                functions.push_back(object.name);
                break;
            case ObjectKind::schema:
                schemas.push_back({"", object.name.name.empty() ? object.name.schema : object.name.name});
                break;
            case ObjectKind::extension:
                extensions.push_back({"", object.name.name});
                break;
            case ObjectKind::table:
            case ObjectKind::column:
            case ObjectKind::constraint:
            case ObjectKind::index:
            case ObjectKind::sequence:
            case ObjectKind::trigger:
            case ObjectKind::policy:
            case ObjectKind::rows:
                relations.push_back(object.name);
                break;
        }
    Seeds seeds;
    seeds.add(relations,
              "SELECT 'pg_catalog.pg_class'::regclass::oid, coalesce(x.indrelid, c.oid) "
              "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
              "LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid",
              "n.nspname = named.schema AND c.relname = named.name");
    const std::string type_source =
        "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace";
    const std::string type_named = "n.nspname = named.schema AND t.typname = named.name";
    seeds.add(types, "SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid " + type_source, type_named);
    seeds.add(types, "SELECT 'pg_catalog.pg_class'::regclass::oid, t.typrelid " + type_source,
              type_named + " AND t.typrelid <> 0");
    seeds.add(functions,
              "SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid FROM pg_catalog.pg_proc p "
              "JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace",
              "n.nspname = named.schema AND p.proname = named.name");
    seeds.add(schemas,
              "SELECT 'pg_catalog.pg_namespace'::regclass::oid, n.oid FROM pg_catalog.pg_namespace n",
              "n.nspname = named.name");
    seeds.add(extensions,
              "SELECT 'pg_catalog.pg_extension'::regclass::oid, e.oid FROM pg_catalog.pg_extension e",
              "e.extname = named.name");
    return seeds;
}

/// What hangs on a reached object. Its dependents, where they are objects of their own, are followed further
/// (`core`); a constraint, default, trigger, policy or index only brings along the relation that it is of.
constexpr std::string_view dependents = R"sql(
SELECT CASE WHEN x.indrelid IS NOT NULL OR w.ev_class IS NOT NULL OR f.adrelid IS NOT NULL
                 OR g.tgrelid IS NOT NULL OR p.polrelid IS NOT NULL OR k.conrelid <> 0
            THEN 'pg_catalog.pg_class'::regclass::oid
            WHEN k.contypid <> 0 THEN 'pg_catalog.pg_type'::regclass::oid
            WHEN b.prpubid IS NOT NULL THEN 'pg_catalog.pg_publication'::regclass::oid
            ELSE d.classid END AS classid,
       coalesce(x.indrelid, w.ev_class, f.adrelid, g.tgrelid, p.polrelid, nullif(k.conrelid, 0),
                nullif(k.contypid, 0), b.prpubid, d.objid) AS objid,
       coalesce(w.rulename = '_RETURN', x.indrelid IS NULL AND f.adrelid IS NULL AND g.tgrelid IS NULL
                AND p.polrelid IS NULL AND k.oid IS NULL AND b.prpubid IS NULL) AS core
  FROM pg_catalog.pg_depend d
  LEFT JOIN pg_catalog.pg_index x ON d.classid = 'pg_catalog.pg_class'::regclass AND x.indexrelid = d.objid
  LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
  LEFT JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = d.objid
  LEFT JOIN pg_catalog.pg_trigger g ON d.classid = 'pg_catalog.pg_trigger'::regclass AND g.oid = d.objid
  LEFT JOIN pg_catalog.pg_policy p ON d.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = d.objid
  LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
  LEFT JOIN pg_catalog.pg_publication_rel b ON d.classid = 'pg_catalog.pg_publication_rel'::regclass
        AND b.oid = d.objid
 WHERE r.core AND d.refclassid = r.classid AND d.refobjid = r.objid
UNION ALL
SELECT r.classid, h.inhparent, false FROM pg_catalog.pg_inherits h
 WHERE r.classid = 'pg_catalog.pg_class'::regclass AND h.inhrelid = r.objid
UNION ALL
SELECT r.classid, k.confrelid, false FROM pg_catalog.pg_constraint k
 WHERE r.core AND r.classid = 'pg_catalog.pg_class'::regclass AND k.conrelid = r.objid AND k.confrelid <> 0
UNION ALL
SELECT 'pg_catalog.pg_proc'::regclass, g.tgfoid, false FROM pg_catalog.pg_trigger g
 WHERE r.core AND r.classid = 'pg_catalog.pg_class'::regclass AND g.tgrelid = r.objid AND NOT g.tgisinternal
UNION ALL
SELECT r.classid, o.refobjid, false FROM pg_catalog.pg_depend o
 WHERE r.core AND r.classid = 'pg_catalog.pg_class'::regclass AND o.classid = r.classid AND o.objid = r.objid
       AND o.refclassid = r.classid AND o.deptype IN ('a', 'i')
UNION ALL
SELECT 'pg_catalog.pg_type'::regclass, c.reltype, r.core FROM pg_catalog.pg_class c
 WHERE r.classid = 'pg_catalog.pg_class'::regclass AND c.oid = r.objid AND c.relkind = 'c'
)sql";

}  // namespace

Scope find_scope(PreparedQueries& queries, const std::vector<ObjectRef>& only) {
    Scope scope;
    scope.all = false;
    const Seeds seeds = seeds_of(only);
    const Rows found = queries.run(
        fmt::format("WITH RECURSIVE reached(classid, objid, core) AS ("
                    "SELECT seed.*, true FROM ({}) AS seed(classid, objid) UNION "
                    "SELECT e.classid, e.objid, e.core FROM reached r CROSS JOIN LATERAL ({}) AS e) "
                    "SELECT DISTINCT c.relname, objid FROM reached JOIN pg_catalog.pg_class c ON "
                    "c.oid = classid",
                    seeds.queries, dependents),
        seeds.parameters);
    for (auto row : found.rows) {
        Cells cells(row);
        const std::string in = cells.text();
        scope.reached[in].push_back(cells.oid());
    }
    return scope;
}

}  // namespace changelog::postgres
