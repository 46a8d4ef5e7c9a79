#include "catalog/migration_rights.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace changelog::catalog {

namespace {

struct Right {
    std::string grantee, privilege;
    bool grantable = false;

    auto operator<=>(const Right&) const = default;
};

std::string privilege_of(char letter) {
    static const std::map<char, std::string> names = {
        {'r', "SELECT"},   {'a', "INSERT"},     {'w', "UPDATE"},  {'d', "DELETE"},
        {'D', "TRUNCATE"}, {'x', "REFERENCES"}, {'t', "TRIGGER"}, {'m', "MAINTAIN"},
        {'X', "EXECUTE"},  {'U', "USAGE"},      {'C', "CREATE"}};
    const auto found = names.find(letter);
    return found == names.end() ? std::string() : found->second;
}

/// The elements of "{a,"b c"}".
std::vector<std::string> elements(const std::string& array) {
    std::vector<std::string> out = {""};
    bool quoted = false;
    for (std::size_t i = 1; i + 1 < array.size(); ++i) {
        const char c = array[i];
        if (c == '\\' && quoted)
            out.back() += array[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

/// "for role r in schema s on tables", taken apart; the parts as they stand in SQL.
struct Identity {
    std::string role, schema, kind;
};

std::optional<Identity> identity_of(const std::string& text) {
    constexpr std::string_view role = "for role ", schema = " in schema ", on = " on ";
    const std::size_t kind = text.rfind(on);
    if (!text.starts_with(role) || kind == std::string::npos) return std::nullopt;
    Identity out{text.substr(role.size(), kind - role.size()), "", upper(text.substr(kind + on.size()))};
    if (const std::size_t at = out.role.find(schema); at != std::string::npos) {
        out.schema = out.role.substr(at + schema.size());
        out.role.resize(at);
    }
    return out;
}

/// What others than the owner may do, by the list "grantee=letters/grantor".
std::set<Right> rights_of(const std::string& list, const std::string& owner) {
    std::set<Right> out;
    for (const std::string& item : elements(list)) {
        const std::size_t equals = item.find('='), slash = item.rfind('/');
        if (equals == std::string::npos || slash == std::string::npos || slash < equals) continue;
        const std::string grantee = equals == 0 ? "" : sql::from_sql(item.substr(0, equals));
        if (grantee == owner) continue;
        for (std::size_t i = equals + 1; i < slash; ++i)
            if (item[i] != '*')
                out.insert({grantee, privilege_of(item[i]), i + 1 < slash && item[i + 1] == '*'});
    }
    return out;
}

/// What holds without the object: in a schema nothing is added; elsewhere PUBLIC has its usual rights.
std::set<Right> usual_rights(const Identity& identity) {
    if (!identity.schema.empty()) return {};
    if (identity.kind == "FUNCTIONS") return {{"", "EXECUTE", false}};
    if (identity.kind == "TYPES") return {{"", "USAGE", false}};
    return {};
}

std::vector<std::string> statements(const Identity& identity, const std::set<Right>& now,
                                    const std::set<Right>& to) {
    const std::string alter = fmt::format("ALTER DEFAULT PRIVILEGES FOR ROLE {}{} ", identity.role,
                                          identity.schema.empty() ? "" : " IN SCHEMA " + identity.schema);
    std::vector<std::string> out;
    const auto add = [&](const Right& right, std::string_view verb, std::string_view to_or_from) {
        out.push_back(fmt::format("{}{} {} ON {} {} {}{}", alter, verb, right.privilege, identity.kind,
                                  to_or_from,
                                  right.grantee.empty() ? "PUBLIC" : sql::identifier(right.grantee),
                                  right.grantable && verb == "GRANT" ? " WITH GRANT OPTION" : ""));
    };
    for (const Right& right : now)
        if (!to.contains(right)) add(right, "REVOKE", "FROM");
    for (const Right& right : to)
        if (!now.contains(right)) add(right, "GRANT", "TO");
    return out;
}

}  // namespace

std::vector<std::string> make_default_rights(const Other& other) {
    const auto identity = identity_of(other.identity);
    if (!identity) return {};
    return statements(*identity, usual_rights(*identity),
                      rights_of(other.state, sql::from_sql(identity->role)));
}

std::vector<std::string> drop_default_rights(const Other& other) {
    const auto identity = identity_of(other.identity);
    if (!identity) return {};
    return statements(*identity, rights_of(other.state, sql::from_sql(identity->role)),
                      usual_rights(*identity));
}

}  // namespace changelog::catalog
