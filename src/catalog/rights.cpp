#include "catalog/rights.hpp"

#include "catalog/ddl.hpp"
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace changelog::catalog {

namespace {

/// CURRENT_USER would be somebody else where a statement runs as another role.
constexpr std::string_view kRunner = "CURRENT_USER";

std::string role(const std::string& grantee, const std::string& owner) {
    if (grantee.empty()) return "PUBLIC";
    if (grantee != kOwner) return sql::identifier(grantee);
    return owner.empty() ? std::string(kRunner) : sql::identifier(owner);
}

/// "SELECT, UPDATE (a, b)" of each grantee.
std::map<std::string, std::string> lists(const std::vector<Right>& rights) {
    std::map<std::string, std::map<std::string, std::vector<std::string>>> columns;
    for (const Right& right : rights) {
        std::vector<std::string>& names =
            columns[right.grantee][right.plain() + (right.column.empty() ? "" : "(")];
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

/// Whether who has the one may give the other.
bool lets(const Right& held, const Right& given) {
    return role(held.grantee, "") == given.grantor() && held.plain() == given.plain() &&
           (held.column.empty() || held.column == given.column);
}

/// How many roles stand between the owner and who gave it.
int distance(const Rights& all, const Right& right, std::set<Right> passed = {}) {
    if (right.grantor().empty() || !passed.insert(right).second) return 0;
    int nearest = -1;
    for (const auto& [other, grantable] : all) {
        if (!grantable || !lets(other, right) || passed.contains(other)) continue;
        const int found = distance(all, other, passed);
        nearest = nearest < 0 ? found : std::min(nearest, found);
    }
    return 1 + std::max(nearest, 0);
}

/// The rights in the order of the chains, those of one role together.
struct Group {
    std::string grantor;
    std::vector<Right> rights;
};
std::vector<Group> groups(const Rights& all, const std::vector<Right>& rights) {
    std::map<std::pair<int, std::string>, std::vector<Right>> sorted;
    for (const Right& right : rights) sorted[{distance(all, right), right.grantor()}].push_back(right);
    std::vector<Group> out;
    for (auto& [key, list] : sorted) out.push_back({key.second, std::move(list)});
    return out;
}

/// A statement as somebody else. Who may not be that role gives the right in the owner's name instead; taking
/// one away fails then, since it would go on to hold.
Statement as_role(const std::string& grantor, const std::string& sql, bool or_by_owner) {
    const std::string run =
        sql.find(kRunner) == std::string::npos
            ? sql
            : fmt::format("EXECUTE pg_catalog.replace({}, '{}', pg_catalog.quote_ident(runner))",
                          sql::literal(sql), kRunner);
    std::string body = fmt::format(
        "DECLARE\n  runner CONSTANT text := current_user;\n  role_before CONSTANT text := "
        "pg_catalog.current_setting('role');\nBEGIN\n  SET LOCAL ROLE {};\n  {};\n  PERFORM "
        "pg_catalog.set_config('role', role_before, true);\n",
        grantor, run);
    if (or_by_owner)
        body += fmt::format("EXCEPTION WHEN insufficient_privilege THEN\n  RAISE WARNING '%', {};\n  {};\n",
                            sql::literal(fmt::format("granted by the owner instead of {}: {}", grantor, sql)),
                            run);
    return {undo_block(body + "END")};
}

void run(const Group& group, const std::string& sql, bool or_by_owner, std::vector<Statement>& out) {
    out.push_back(group.grantor.empty() ? Statement{sql} : as_role(group.grantor, sql, or_by_owner));
}

/// What the owner has not, the other way round.
std::vector<Right> take_missing(std::vector<Right>& rights) {
    std::vector<Right> out;
    std::erase_if(rights, [&](const Right& right) {
        if (!right.is_missing()) return false;
        out.push_back(right);
        out.back().privilege.erase(0, kMissing.size());
        return true;
    });
    return out;
}

}  // namespace

std::string Right::plain() const { return privilege.substr(0, privilege.find(kGrantedBy)); }

std::string Right::grantor() const {
    const std::size_t at = privilege.find(kGrantedBy);
    return at == std::string::npos ? std::string() : privilege.substr(at + kGrantedBy.size());
}

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

std::vector<Right> unfounded(const Rights& all) {
    Rights left = all;
    std::vector<Right> out;
    for (bool changed = true; changed;) {
        const std::size_t before = out.size();
        std::erase_if(left, [&](const auto& item) {
            const Right& right = item.first;
            const bool founded =
                right.grantor().empty() || std::any_of(left.begin(), left.end(), [&](const auto& other) {
                    return other.second && lets(other.first, right);
                });
            if (!founded) out.push_back(right);
            return !founded;
        });
        changed = out.size() > before;
    }
    return out;
}

std::vector<Statement> give_rights(const std::string& what, const Rights& all,
                                   const std::vector<Right>& given, const std::string& owner,
                                   bool grantable) {
    std::vector<Right> rights = given;
    std::vector<Statement> out;
    for (const auto& [grantee, list] : lists(take_missing(rights)))
        out.push_back({fmt::format("REVOKE {} ON {} FROM {}", list, what, role(grantee, owner))});
    for (const Group& group : groups(all, rights))
        for (const auto& [grantee, list] : lists(group.rights))
            run(group,
                fmt::format("GRANT {} ON {} TO {}{}", list, what, role(grantee, owner),
                            grantable ? " WITH GRANT OPTION" : ""),
                true, out);
    return out;
}

std::vector<Statement> take_rights(const std::string& what, const Rights& all,
                                   const std::vector<Right>& taken, const std::string& owner,
                                   const std::string& option) {
    std::vector<Right> rights = taken;
    std::vector<Statement> out;
    const std::vector<Right> missing = take_missing(rights);
    std::vector<Group> chain = groups(all, rights);
    std::reverse(chain.begin(), chain.end());
    for (const Group& group : chain)
        for (const auto& [grantee, list] : lists(group.rights))
            run(group, fmt::format("REVOKE {}{} ON {} FROM {}", option, list, what, role(grantee, owner)),
                false, out);
    for (const auto& [grantee, list] : lists(missing))
        out.push_back({fmt::format("GRANT {} ON {} TO {}", list, what, role(grantee, owner))});
    return out;
}

std::vector<Statement> grant_statements(const std::string& what, const std::vector<Grant>& grants,
                                        const std::string& owner) {
    std::vector<Statement> out;
    const Rights all = rights_of(grants);
    std::vector<Right> plain, passable;
    for (const auto& [right, grantable] : all)
        if (right.grantee == kOwner || !right.grantor().empty())
            (grantable ? passable : plain).push_back(right);
    for (const Grant& grant : grants) {
        std::vector<std::string> privileges;
        const std::string columns = grant.columns.empty() ? "" : " (" + sql::identifiers(grant.columns) + ')';
        for (const std::string& privilege : grant.privileges)
            if (grant.grantee != kOwner && Right{"", "", privilege}.grantor().empty())
                privileges.push_back(privilege + columns);
        if (!privileges.empty())
            out.push_back(
                {fmt::format("GRANT {} ON {} TO {}{}", join(privileges, ", "), what,
                             role(grant.grantee, owner), grant.grantable ? " WITH GRANT OPTION" : "")});
    }
    for (Statement& statement : give_rights(what, all, passable, owner, true))
        out.push_back(std::move(statement));
    for (Statement& statement : give_rights(what, all, plain, owner, false))
        out.push_back(std::move(statement));
    return out;
}

}  // namespace changelog::catalog
