#include "execute/owners.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace changelog::execute {

namespace {

constexpr std::string_view kForeignObjects =
    "SELECT x.kind, n.nspname, x.name, pg_catalog.pg_get_userbyid(x.owner), x.arguments FROM ("
    "SELECT 'relation' AS kind, relnamespace AS home, relname AS name, relowner AS owner, '' AS arguments "
    "FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S') UNION ALL "
    "SELECT 'type', typnamespace, typname, typowner, '' FROM pg_catalog.pg_type WHERE typtype IN ('c', 'd', "
    "'e', "
    "'r') UNION ALL SELECT 'function', pronamespace, proname, proowner, "
    "pg_catalog.oidvectortypes(proargtypes) FROM pg_catalog.pg_proc UNION ALL "
    "SELECT 'schema', oid, '', nspowner, '' FROM pg_catalog.pg_namespace) AS x "
    "JOIN pg_catalog.pg_namespace n ON n.oid = x.home WHERE n.nspname !~ '^pg_' AND n.nspname <> "
    "'information_schema' AND x.owner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)";

template <typename Map, typename Name>
void note(Map& map, const Name& name, const std::string& owner) {
    if (const auto found = map.find(name); found != map.end()) found->second.owner = owner;
}

/// By its name alone where the fold could not tell its arguments.
void note_function(catalog::Catalog& model, const ObjectName& name, const std::string& arguments,
                   const std::string& owner) {
    const auto [begin, end] = model.functions.equal_range(name);
    for (auto at = begin; at != end; ++at)
        if (!at->second.arguments_known || at->second.arguments == arguments) at->second.owner = owner;
}

}  // namespace

void take_owners(catalog::Catalog& model, postgres::Connection& connection) {
    const postgres::Rows rows = connection.execute(std::string(kForeignObjects));
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        const std::string kind = rows.text(i, 0), owner = rows.text(i, 3);
        const ObjectName name{rows.text(i, 1), rows.text(i, 2)};
        if (kind == "schema") note(model.schemas, name.schema, owner);
        if (kind == "type") note(model.types, name, owner);
        if (kind == "function") note_function(model, name, rows.text(i, 4), owner);
        if (kind != "relation") continue;
        note(model.tables, name, owner);
        note(model.views, name, owner);
        note(model.sequences, name, owner);
    }
}

Grantors grantors_of(postgres::Connection& connection) {
    Grantors out;
    const postgres::Rows rows = connection.execute(
        "SELECT pg_catalog.pg_get_userbyid(x.owner), EXISTS (SELECT FROM pg_catalog.pg_default_acl) FROM ("
        "SELECT oid AS owner FROM pg_catalog.pg_roles WHERE rolname = current_user UNION SELECT relowner "
        "FROM "
        "pg_catalog.pg_class UNION SELECT proowner FROM pg_catalog.pg_proc UNION SELECT typowner FROM "
        "pg_catalog.pg_type UNION SELECT nspowner FROM pg_catalog.pg_namespace) AS x");
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        out.owners.push_back(lower(rows.text(i, 0)));
        out.by_default = rows.text(i, 1) == "t";
    }
    return out;
}

bool Grantors::may_surprise(const std::string& sql, bool only_new_objects) const {
    const std::string word = lower(sql.substr(0, std::string_view("revoke").size()));
    if (!word.starts_with("grant") && word != "revoke") return false;
    const std::string text = lower(sql);
    return !only_new_objects || by_default ||
           std::any_of(owners.begin(), owners.end(),
                       [&](const std::string& owner) { return text.find(owner) != std::string::npos; });
}

}  // namespace changelog::execute
