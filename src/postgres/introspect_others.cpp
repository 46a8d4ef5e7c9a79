// Objects of kinds that the model has no type for. Last comes a look at what PostgreSQL records of all
// objects, so that a kind that is not foreseen here is found as well.
#include "postgres/introspect_others.hpp"

#include "core/text.hpp"
#include "postgres/introspect_state.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::postgres {
namespace {

/// The words of DROP where they are not the kind itself.
std::string drop_words(const std::string& kind) {
    static const std::map<std::string, std::string> words = {
        {"foreign-data wrapper", "FOREIGN DATA WRAPPER"},
        {"statistics object", "STATISTICS"},
        {"text search configuration", "TEXT SEARCH CONFIGURATION"},
    };
    const auto found = words.find(kind);
    return found == words.end() ? upper(kind) : found->second;
}

std::string drop_statement(const std::string& kind, const std::string& identity) {
    static const std::set<std::string> without = {"default acl", "security label", "database setting"};
    if (without.contains(kind)) return {};
    if (kind == "user mapping") {  // "role on server s"
        static constexpr std::string_view between = " on server ";
        const std::size_t at = identity.rfind(between);
        if (at == std::string::npos) return {};
        return fmt::format("DROP USER MAPPING FOR {} SERVER {}", identity.substr(0, at),
                           identity.substr(at + between.size()));
    }
    return fmt::format("DROP {} {}", drop_words(kind), identity);
}

/// A narrow scope asks only about catalogs that it reached.
bool is_asked_for(const Introspection& state, const OtherKind& kind) {
    return state.scope.all || !kind.relation.empty() || state.scope.reached.contains(kind.catalog);
}

/// An owner stands after the state, as catalog::split_owner reads it.
std::string state_with_owner(const OtherKind& kind) {
    if (kind.owner.empty()) return kind.state;
    return fmt::format("concat({}, ', owner ' || {})", kind.state, other_owner(kind.owner));
}

std::string branch_for(const OtherKind& kind, const Scope& scope, const std::string& relations) {
    const bool of_relation = !kind.relation.empty();
    std::string condition = of_relation ? fmt::format("{} IN (SELECT {})", kind.relation, relations)
                                        : scope.holds("o.oid", kind.catalog);
    if (!kind.condition.empty()) condition += " AND " + kind.condition;
    return fmt::format(
        "SELECT 'pg_catalog.{}'::regclass::oid AS class, o.oid, {} AS relation, {} AS state, {} AS "
        "create_sql "
        "FROM {} o WHERE {}",
        kind.catalog, of_relation ? kind.relation : "NULL::oid", state_with_owner(kind),
        kind.create.empty() ? "NULL" : kind.create,
        kind.source.empty() ? "pg_catalog." + kind.catalog : kind.source, condition);
}

std::string query_for(const Introspection& state) {
    const std::string relations = unnest(state.relations_of("rpvmf"));
    std::string branches;
    for (const OtherKind& kind : other_kinds(state.version))
        if (is_asked_for(state, kind))
            branches += (branches.empty() ? "" : " UNION ALL ") + branch_for(kind, state.scope, relations);
    return fmt::format(
        "SELECT i.type, i.identity, i.schema, x.oid, x.relation, x.state, x.create_sql, "
        "(SELECT d.description FROM pg_catalog.pg_description d WHERE d.classoid = x.class "
        "AND d.objoid = x.oid AND d.objsubid = 0) "
        "FROM ({}) AS x CROSS JOIN LATERAL pg_identify_object(x.class, x.oid, 0) AS i "
        "WHERE {} AND (i.schema IS NULL OR ({}))",
        branches, stands_alone("x"), in_user_schema("i.schema"));
}

void take(Introspection& state, Cells cells) {
    catalog::Other other;
    other.kind = cells.text();
    other.identity = cells.text();
    const std::string schema = cells.text();
    if (state.options.except_schemas.contains(schema)) return;
    other.id = {cells.oid()};
    if (const Oid on = cells.oid(); on != 0) {
        const Relation* relation = state.relation(on);
        if (relation == nullptr) return;
        other.on = {ObjectKind::table, relation->name, {}};
    }
    other.state = cells.text();
    other.create = cells.text();
    while (!other.create.empty() && other.create.back() == ';') other.create.pop_back();
    other.drop = drop_statement(other.kind, other.identity);
    other.comment = cells.optional();
    state.add_other(std::move(other));
}

/// Catalogs whose objects are described here or read into the model, or are parts of such.
std::set<std::string> known_catalogs(int version) {
    std::set<std::string> known = {"pg_class",
                                   "pg_type",
                                   "pg_proc",
                                   "pg_namespace",
                                   "pg_extension",
                                   "pg_constraint",
                                   "pg_attrdef",
                                   "pg_trigger",
                                   "pg_policy",
                                   "pg_rewrite",
                                   "pg_amop",
                                   "pg_amproc",
                                   "pg_publication_rel",
                                   "pg_publication_namespace"};
    for (const OtherKind& kind : other_kinds(version)) known.insert(kind.catalog);
    return known;
}

/// The objects in all other catalogs: without scope all that depend on something, as every object does in
/// practice.
std::string unforeseen(const Introspection& state) {
    const std::set<std::string> known = known_catalogs(state.version);
    std::string out;
    if (state.scope.all) {
        for (const std::string& name : known) out += fmt::format("{}'{}'", out.empty() ? "" : ", ", name);
        return fmt::format(
            "SELECT DISTINCT d.classid AS class, d.objid AS oid FROM pg_catalog.pg_depend d "
            "WHERE d.objid >= {} AND d.classid NOT IN (SELECT c.oid FROM pg_catalog.pg_class c WHERE "
            "c.relnamespace = 'pg_catalog'::regnamespace AND c.relname IN ({}))",
            first_user_oid, out);
    }
    for (const auto& [name, oids] : state.scope.reached)
        if (!known.contains(name))
            out += fmt::format("{}SELECT 'pg_catalog.{}'::regclass::oid AS class, {} AS oid",
                               out.empty() ? "" : " UNION ALL ", name, unnest(oids));
    return out;
}

void read_unforeseen(Introspection& state) {
    const std::string objects = unforeseen(state);
    if (objects.empty()) return;
    const Rows rows = state.ask(fmt::format(
        "SELECT i.type, i.identity, i.schema, x.oid, NULL, 'of a kind that is not known here', NULL, NULL "
        "FROM ({}) AS x CROSS JOIN LATERAL pg_identify_object(x.class, x.oid, 0) AS i WHERE {}",
        objects, stands_alone("x")));
    for (auto row : rows.rows) take(state, Cells(row));
}

/// What hangs on other objects without being an object itself.
void read_attached(Introspection& state) {
    const Rows rows = state.ask(
        "SELECT 'security label', format('%s on %s %s', l.provider, i.type, i.identity), i.schema, NULL, "
        "NULL, "
        "l.label, NULL, NULL FROM pg_catalog.pg_seclabel l "
        "CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) AS i UNION ALL "
        "SELECT 'database setting', format('of %s: %s', CASE s.setrole WHEN 0 THEN 'all roles' "
        "ELSE quote_ident(pg_get_userbyid(s.setrole)) END, split_part(one, '=', 1)), NULL, NULL, NULL, "
        "substr(one, strpos(one, '=') + 1), NULL, NULL FROM pg_catalog.pg_db_role_setting s "
        "CROSS JOIN LATERAL unnest(s.setconfig) AS one WHERE s.setdatabase = "
        "(SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())");
    for (auto row : rows.rows) take(state, Cells(row));
}

/// Tables that were made OF a type; what else they are is in the model.
void read_typed_tables(Introspection& state) {
    const Rows rows = state.ask(fmt::format(
        "SELECT c.oid, format_type(c.reloftype, NULL) FROM {} AS s(oid) JOIN pg_catalog.pg_class c "
        "ON c.oid = s.oid WHERE c.reloftype <> 0",
        unnest(state.relations_of("rp"))));
    for (auto row : rows.rows) {
        Cells cells(row);
        const ObjectName& name = state.relation(cells.oid())->name;
        catalog::Other other;
        other.kind = "typed table";
        other.identity = sql::qualified(name);
        other.create = fmt::format("ALTER TABLE {} OF {}", other.identity, cells.text());
        other.drop = fmt::format("ALTER TABLE {} NOT OF", other.identity);
        other.on = {ObjectKind::table, name, {}};
        state.add_other(std::move(other));
    }
}

}  // namespace

void read_others(Introspection& state) {
    const Rows rows = state.ask(query_for(state));
    for (auto row : rows.rows) take(state, Cells(row));
    read_typed_tables(state);
    read_unforeseen(state);
    if (state.scope.all) read_attached(state);
}

}  // namespace changelog::postgres
