#include "catalog/migration_grants.hpp"

#include "catalog/ddl.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace changelog::catalog {

namespace {

struct Right {
    std::string grantee, column, privilege;

    auto operator<=>(const Right&) const = default;
};

using Rights = std::map<Right, bool>;  ///< and whether it may be passed on

Rights rights_of(const std::vector<Grant>& grants) {
    Rights out;
    for (const Grant& grant : grants)
        for (const std::string& privilege : grant.privileges) {
            const std::vector<std::string> whole = {""};
            for (const std::string& column : grant.columns.empty() ? whole : grant.columns) {
                bool& grantable = out[{grant.grantee, column, privilege}];
                grantable = grantable || grant.grantable;
            }
        }
    return out;
}

std::string role(const std::string& grantee) { return grantee.empty() ? "PUBLIC" : sql::identifier(grantee); }

/// "SELECT, UPDATE (a, b)" of each grantee.
std::map<std::string, std::string> lists(const std::vector<Right>& rights) {
    std::map<std::string, std::map<std::string, std::vector<std::string>>> columns;
    for (const Right& right : rights) {
        std::vector<std::string>& names =
            columns[right.grantee][right.privilege + (right.column.empty() ? "" : "(")];
        if (!right.column.empty()) names.push_back(right.column);
    }
    std::map<std::string, std::string> out;
    for (const auto& [grantee, privileges] : columns) {
        std::vector<std::string> parts;
        for (const auto& [privilege, names] : privileges)
            parts.push_back(names.empty() ? privilege
                                          : fmt::format("{} ({})", privilege.substr(0, privilege.size() - 1),
                                                        sql::identifiers(names)));
        out[grantee] = join(parts, ", ");
    }
    return out;
}

void revoke(Migration& migration, const std::string& what, const std::vector<Right>& rights,
            const std::string& option) {
    for (const auto& [grantee, list] : lists(rights))
        migration.run(fmt::format("REVOKE {}{} ON {} FROM {}", option, list, what, role(grantee)));
}

void grant(Migration& migration, const std::string& what, const std::vector<Right>& rights,
           const std::string& option) {
    for (const auto& [grantee, list] : lists(rights))
        migration.run(fmt::format("GRANT {} ON {} TO {}{}", list, what, role(grantee), option));
}

/// Taking a right on the whole away takes those on its columns too.
void forget_columns(Rights& rights, const std::vector<Right>& revoked) {
    for (const Right& right : revoked)
        if (right.column.empty())
            std::erase_if(rights, [&](const auto& item) {
                return item.first.grantee == right.grantee && item.first.privilege == right.privilege;
            });
}

void settle_public(Migration& migration, const std::string& what, const std::string& privilege, bool now,
                   bool to) {
    if (now == to) return;
    migration.run(to ? fmt::format("REVOKE {} ON {} FROM PUBLIC", privilege, what)
                     : fmt::format("GRANT {} ON {} TO PUBLIC", privilege, what));
}

}  // namespace

void settle_grants(Migration& migration, const std::string& what, std::vector<Grant>& now,
                   const std::vector<Grant>& to) {
    Rights have = rights_of(now);
    const Rights want = rights_of(to);
    std::vector<Right> extra, less;
    for (const auto& [right, grantable] : have) {
        const auto found = want.find(right);
        if (found == want.end())
            extra.push_back(right);
        else if (grantable && !found->second)
            less.push_back(right);
    }
    revoke(migration, what, extra, "");
    revoke(migration, what, less, "GRANT OPTION FOR ");
    for (const Right& right : extra) have.erase(right);
    for (const Right& right : less) have[right] = false;
    forget_columns(have, extra);
    std::vector<Right> plain, passable;
    for (const auto& [right, grantable] : want) {
        const auto found = have.find(right);
        if (found == have.end() || (grantable && !found->second))
            (grantable ? passable : plain).push_back(right);
    }
    grant(migration, what, plain, "");
    grant(migration, what, passable, " WITH GRANT OPTION");
    now = to;
}

void settle_all_grants(Migration& migration) {
    Catalog& now = migration.now;
    const Catalog& to = migration.to;
    for (const auto& [name, schema] : to.schemas)
        settle_grants(migration, "SCHEMA " + sql::identifier(name), now.schemas.at(name).grants,
                      schema.grants);
    for (const auto& [name, type] : to.types) {
        const std::string what = (type.kind == TypeKind::domain ? "DOMAIN " : "TYPE ") + sql::qualified(name);
        Type& found = now.types.at(name);
        settle_public(migration, what, "USAGE", found.closed, type.closed);
        settle_grants(migration, what, found.grants, type.grants);
    }
    for (const auto& [name, sequence] : to.sequences)
        settle_grants(migration, "SEQUENCE " + sql::qualified(name), now.sequences.at(name).grants,
                      sequence.grants);
    for (const auto& [name, table] : to.tables)
        settle_grants(migration, "TABLE " + sql::qualified(name), now.tables.at(name).grants, table.grants);
    for (const auto& [name, view] : to.views)
        settle_grants(migration, "TABLE " + sql::qualified(name), now.views.at(name).grants, view.grants);
    for (const auto& [name, function] : to.functions) {
        Function& found = *find_function(now, name, function.arguments);
        Function named = function;
        if (named.kind == "AGGREGATE") named.kind = "FUNCTION";
        std::string what = routine(named);
        settle_public(migration, what, "EXECUTE", found.closed, function.closed);
        settle_grants(migration, what, found.grants, function.grants);
    }
}

}  // namespace changelog::catalog
