// Privileges and comments.
#include "catalog/rights.hpp"
#include "postgres/introspect_state.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::postgres {
namespace {

using catalog::Grant;

/// The privileges of one object, as they come: by grantee, columns and privilege, with the right to grant.
struct Privileges {
    std::map<std::pair<std::string, std::string>, bool> whole;  ///< by grantee and privilege
    std::map<std::pair<std::string, std::string>, std::map<std::string, bool>> columns;

    std::vector<Grant> grants() const {
        using Key = std::tuple<std::string, bool, std::vector<std::string>>;
        std::map<Key, std::vector<std::string>> grouped;
        for (const auto& [key, grantable] : whole) grouped[{key.first, grantable, {}}].push_back(key.second);
        for (const auto& [key, names] : columns)
            for (const bool grantable : {false, true}) {
                std::vector<std::string> list;
                for (const auto& [name, may_grant] : names)
                    if (may_grant == grantable) list.push_back(name);
                if (!list.empty()) grouped[{key.first, grantable, list}].push_back(key.second);
            }
        std::vector<Grant> out;
        for (auto& [key, privileges] : grouped) {
            std::sort(privileges.begin(), privileges.end());
            out.push_back({std::get<0>(key), std::move(privileges), std::get<2>(key), std::get<1>(key)});
        }
        return out;
    }
};

std::vector<Grant>* grants_of(Introspection& state, char of, Oid oid) {
    if (of == 'n') {
        const auto found = state.schemas.find(oid);
        return found == state.schemas.end() ? nullptr : &found->second->grants;
    }
    if (of == 'f') {
        const auto found = state.functions.find(oid);
        return found == state.functions.end() ? nullptr : &found->second->grants;
    }
    if (of == 't') {
        const auto found = state.types.find(oid);
        return found == state.types.end() ? nullptr : &found->second->grants;
    }
    const Relation* relation = state.relation(oid);
    if (relation == nullptr) return nullptr;
    if (relation->table != nullptr) return &relation->table->grants;
    if (relation->view != nullptr) return &relation->view->grants;
    return relation->sequence != nullptr ? &relation->sequence->grants : nullptr;
}

/// PUBLIC may use a function or type unless that was revoked, so it is no grant.
bool is_usual(Introspection& state, char of, Oid oid, const std::string& grantee) {
    if (!grantee.empty() || (of != 'f' && of != 't')) return false;
    if (const auto found = state.functions.find(oid); of == 'f' && found != state.functions.end())
        found->second->closed = false;
    if (const auto found = state.types.find(oid); of == 't' && found != state.types.end())
        found->second->closed = false;
    return true;
}

/// Who gave it is the owner, unless it says otherwise; what an owner has by itself is left out, and what it
/// has lost is said (catalog/rights.hpp).
std::string acl_query(const Introspection& state) {
    const Scope& scope = state.scope;
    const std::string relations = unnest(state.relations_of("rpvmfS"));
    const std::string lists = fmt::format(
        "SELECT 'n' AS class, oid, NULL AS attname, nspowner AS owner, nspacl AS acl, 'n' AS kind "
        "FROM pg_catalog.pg_namespace WHERE {} UNION ALL "
        "SELECT 'r', c.oid, NULL, c.relowner, c.relacl, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END "
        "FROM {} AS s(oid) JOIN pg_catalog.pg_class c ON c.oid = s.oid UNION ALL "
        "SELECT 'r', c.oid, a.attname, c.relowner, a.attacl, 'c' FROM {} AS s(oid) "
        "JOIN pg_catalog.pg_class c ON c.oid = s.oid JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
        "AND a.attacl IS NOT NULL AND NOT a.attisdropped UNION ALL "
        "SELECT 'f', oid, NULL, proowner, proacl, 'f' FROM pg_catalog.pg_proc WHERE {} UNION ALL "
        "SELECT 't', oid, NULL, typowner, typacl, 'T' FROM pg_catalog.pg_type WHERE {}",
        in_user_schema("nspname"), relations, relations, scope.holds("oid", "pg_proc"),
        scope.holds("oid", "pg_type"));
    return fmt::format(
        "WITH lists AS ({}) SELECT x.class, x.oid, x.attname, CASE a.grantee WHEN 0 THEN NULL WHEN x.owner "
        "THEN '{}' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type || CASE WHEN a.grantor <> x.owner "
        "THEN '{}' || quote_ident(pg_get_userbyid(a.grantor)) ELSE '' END, a.is_grantable "
        "FROM lists AS x CROSS JOIN LATERAL aclexplode(x.acl) AS a WHERE x.acl IS NOT NULL "
        "AND (a.grantee <> x.owner OR a.grantor <> x.owner OR x.attname IS NOT NULL) UNION ALL "
        "SELECT x.class, x.oid, NULL, '{}', '{}' || d.privilege_type, false FROM lists AS x "
        "CROSS JOIN LATERAL aclexplode(acldefault(x.kind::\"char\", x.owner)) AS d WHERE x.acl IS NOT NULL "
        "AND x.attname IS NULL AND d.grantee = x.owner AND NOT EXISTS (SELECT FROM aclexplode(x.acl) AS a "
        "WHERE a.grantee = x.owner AND a.grantor = x.owner AND a.privilege_type = d.privilege_type)",
        lists, catalog::kOwner, catalog::kGrantedBy, catalog::kOwner, catalog::kMissing);
}

using Comments = std::map<std::pair<std::string, Oid>, std::optional<std::string>*>;

void add_parts(catalog::Table& table, Comments& out) {
    for (auto& constraint : table.constraints)
        out[{"pg_constraint", constraint.id.value}] = &constraint.comment;
    for (auto& index : table.indexes) out[{"pg_class", index.id.value}] = &index.comment;
    for (auto& trigger : table.triggers) out[{"pg_trigger", trigger.id.value}] = &trigger.comment;
    for (auto& policy : table.policies) out[{"pg_policy", policy.id.value}] = &policy.comment;
}

/// Where the comment of each object goes that can have one, but for columns.
Comments places_of(Introspection& state) {
    Comments out;
    for (auto& [oid, schema] : state.schemas) out[{"pg_namespace", oid}] = &schema->comment;
    for (auto& [oid, extension] : state.extensions) out[{"pg_extension", oid}] = &extension->comment;
    for (auto& [oid, function] : state.functions) out[{"pg_proc", oid}] = &function->comment;
    for (auto& [oid, type] : state.types) {
        out[{"pg_type", oid}] = &type->comment;
        for (auto& constraint : type->constraints)
            out[{"pg_constraint", constraint.id.value}] = &constraint.comment;
    }
    for (auto& [oid, relation] : state.relations) {
        if (relation.table != nullptr) {
            out[{"pg_class", oid}] = &relation.table->comment;
            add_parts(*relation.table, out);
        } else if (relation.view != nullptr) {
            out[{"pg_class", oid}] = &relation.view->comment;
            for (auto& index : relation.view->indexes) out[{"pg_class", index.id.value}] = &index.comment;
            for (auto& trigger : relation.view->triggers)
                out[{"pg_trigger", trigger.id.value}] = &trigger.comment;
        } else if (relation.sequence != nullptr) {
            out[{"pg_class", oid}] = &relation.sequence->comment;
        }
    }
    return out;
}

/// Of what the model has no place for it: columns of composite types and foreign tables, a column's NOT NULL.
void note_comment(Introspection& state, std::string identity, ObjectRef on, const std::string& text) {
    catalog::Other other;
    other.kind = "comment";
    other.identity = std::move(identity);
    other.create = fmt::format("COMMENT ON {} IS {}", other.identity, sql::literal(text));
    other.drop = fmt::format("COMMENT ON {} IS NULL", other.identity);
    other.on = std::move(on);
    state.add_other(std::move(other));
}

void take_column_comment(Introspection& state, Oid oid, int number, std::string text) {
    Relation* relation = state.relation(oid);
    if (relation == nullptr) return;
    const std::string name = relation->attribute(static_cast<Oid>(number));
    if (catalog::Column* column = state.column(oid, number))
        column->comment = std::move(text);
    else if (relation->view != nullptr)
        relation->view->column_comments[name] = std::move(text);
    else
        note_comment(
            state, fmt::format("column {}.{}", sql::qualified(relation->name), sql::identifier(name)),
            {relation->kind == 'c' ? ObjectKind::type : ObjectKind::table, relation->name, {}}, text);
}

}  // namespace

void read_grants(Introspection& state) {
    const Rows rows = state.ask(acl_query(state));
    std::map<std::vector<Grant>*, Privileges> found;
    for (auto row : rows.rows) {
        Cells cells(row);
        const char of = cells.letter();
        const Oid oid = cells.oid();
        const std::string column = cells.text(), grantee = cells.text(), privilege = cells.text();
        const bool grantable = cells.flag();
        std::vector<Grant>* grants = grants_of(state, of, oid);
        if (grants == nullptr) continue;
        const bool from_owner = privilege.find(catalog::kGrantedBy) == std::string::npos;
        if (from_owner && is_usual(state, of, oid, grantee)) continue;
        Privileges& privileges = found[grants];
        bool& may_grant = column.empty() ? privileges.whole[{grantee, privilege}]
                                         : privileges.columns[{grantee, privilege}][column];
        may_grant = may_grant || grantable;
    }
    for (auto& [grants, privileges] : found) *grants = privileges.grants();
}

void read_comments(Introspection& state) {
    Comments places = places_of(state);
    std::string which = fmt::format(
        "(d.objoid >= {} OR d.classoid IN ('pg_catalog.pg_namespace'::regclass, "
        "'pg_catalog.pg_extension'::regclass))",
        first_user_oid);
    if (!state.scope.all) {
        std::vector<Oid> oids = state.relations_of("rpvmcS");
        for (const auto& [key, place] : places) oids.push_back(key.second);
        for (const auto& [oid, what] : state.not_nulls) oids.push_back(oid);
        which = "d.objoid IN (SELECT " + unnest(oids) + ')';
    }
    const Rows rows = state.ask(
        "SELECT c.relname, d.objoid, d.objsubid, d.description FROM pg_catalog.pg_description d "
        "JOIN pg_catalog.pg_class c ON c.oid = d.classoid WHERE " +
        which);
    for (auto row : rows.rows) {
        Cells cells(row);
        const std::string of = cells.text();
        const Oid oid = cells.oid();
        const int number = cells.number();
        if (number != 0) {
            take_column_comment(state, oid, number, cells.text());
        } else if (const auto place = places.find({of, oid}); place != places.end()) {
            *place->second = cells.text();
        } else if (const auto known = state.not_nulls.find(oid);
                   of == "pg_constraint" && known != state.not_nulls.end()) {
            note_comment(state, known->second.first, known->second.second, cells.text());
        }
    }
}

}  // namespace changelog::postgres
