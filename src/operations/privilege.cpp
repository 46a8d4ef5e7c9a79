#include "operations/privilege.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/lookup.hpp"

namespace changelog::operations {

namespace {

using catalog::Grant;

constexpr std::string_view kRoleWords[] = {"PUBLIC", "CURRENT_USER", "SESSION_USER", "CURRENT_ROLE"};

std::vector<std::string> all_privileges(const std::string& kind) {
    if (kind == "TABLE") return {"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"};
    if (kind == "SEQUENCE") return {"SELECT", "UPDATE", "USAGE"};
    if (kind == "SCHEMA") return {"CREATE", "USAGE"};
    if (kind == "TYPE" || kind == "DOMAIN") return {"USAGE"};
    return {"EXECUTE"};
}

/// Privileges on columns exist for these only.
std::vector<std::string> column_privileges() { return {"INSERT", "REFERENCES", "SELECT", "UPDATE"}; }

ObjectKind object_kind(const std::string& kind) {
    if (kind == "SEQUENCE") return ObjectKind::sequence;
    if (kind == "SCHEMA") return ObjectKind::schema;
    if (kind == "TYPE" || kind == "DOMAIN") return ObjectKind::type;
    return kind == "TABLE" ? ObjectKind::table : ObjectKind::function;
}

bool is_routine(const std::string& kind) { return kind == "FUNCTION" || kind == "PROCEDURE"; }

template <typename Catalog>
auto grants_of(Catalog& catalog, const PrivilegeFields& fields, const ObjectRef& target)
    -> decltype(&catalog.tables.begin()->second.grants) {
    if (const auto found = catalog.tables.find(target.name);
        fields.kind == "TABLE" && found != catalog.tables.end())
        return &found->second.grants;
    if (const auto found = catalog.views.find(target.name);
        fields.kind == "TABLE" && found != catalog.views.end())
        return &found->second.grants;
    if (const auto found = catalog.sequences.find(target.name);
        fields.kind == "SEQUENCE" && found != catalog.sequences.end())
        return &found->second.grants;
    if (const auto found = catalog.schemas.find(target.name.name);
        fields.kind == "SCHEMA" && found != catalog.schemas.end())
        return &found->second.grants;
    if (const auto found = catalog.types.find(target.name);
        target.kind == ObjectKind::type && found != catalog.types.end())
        return &found->second.grants;
    const auto [first, last] = catalog.functions.equal_range(target.name);
    const bool single = first != last && std::next(first) == last;
    return is_routine(fields.kind) && single ? &first->second.grants : nullptr;
}

bool same_list(const Grant& a, const Grant& b) {
    return a.grantee == b.grantee && a.columns == b.columns && a.grantable == b.grantable;
}

}  // namespace

std::string role(const Naming& naming, const std::string& written) {
    for (const std::string_view word : kRoleWords)
        if (equal_ignoring_case(written, word)) return std::string(word);
    return naming.name(written);
}

std::string stored_role(const Naming& naming, const std::string& written) {
    return equal_ignoring_case(written, "PUBLIC") ? std::string{} : naming.stored(written);
}

void PrivilegeFields::describe(FieldVisitor& visitor, std::string_view roles_name,
                               std::string_view roles_meaning) {
    visitor.names(required("privileges", "SELECT, INSERT, ..., or ALL.").own(), privileges);
    visitor.text(required("objectName", "Name of the table, view, sequence, routine, schema or type.").own(),
                 object);
    visitor.text(optional("objectType", "What it is; a table or view if not given.")
                     .own()
                     .one_of({"TABLE", "SEQUENCE", "FUNCTION", "PROCEDURE", "SCHEMA", "TYPE", "DOMAIN"}),
                 kind);
    visitor.text(
        optional("arguments", "Argument types of a routine, to tell it from others of its name.").own(),
        arguments);
    visitor.names(optional("columnNames", "Columns of the table; the whole table if not given.").own(),
                  columns);
    visitor.names(required(roles_name, roles_meaning).own(), roles);
    visitor.text(schema_name().own(), schema);
}

void PrivilegeFields::check(Diagnostics& diagnostics, Position at) const {
    if (!columns.empty() && kind != "TABLE")
        diagnostics.error(codes::conflicting_keys, at, "'columnNames' is for tables only");
    if (!arguments.empty() && !is_routine(kind))
        diagnostics.error(codes::conflicting_keys, at, "'arguments' is for functions and procedures only");
    const auto known = columns.empty() ? all_privileges(kind) : column_privileges();
    for (const std::string& privilege : privileges) {
        const std::string word = upper(privilege);
        if (word == "ALL" || word == "ALL PRIVILEGES" || word == "MAINTAIN") continue;
        if (std::find(known.begin(), known.end(), word) != known.end()) continue;
        Diagnostic& found = diagnostics.error(codes::not_a_choice, at,
                                              fmt::format("no privilege '{}' on {}", privilege,
                                                          columns.empty() ? lower(kind) + "s" : "columns"));
        found.got = privilege;
        found.expected = known;
        found.did_you_mean = nearest(word, {known.begin(), known.end()});
    }
}

ObjectRef PrivilegeFields::target(const Naming& naming) const {
    if (kind == "SCHEMA") return {ObjectKind::schema, {{}, naming.stored(object)}, {}};
    return naming.ref(object_kind(kind), schema, object);
}

std::string PrivilegeFields::what(const Naming& naming) const {
    std::vector<std::string> words;
    for (const std::string& privilege : privileges)
        words.push_back(upper(privilege) +
                        (columns.empty() ? "" : fmt::format(" ({})", naming.names(columns))));
    std::string name = kind == "SCHEMA" ? naming.schema(object) : naming.object(schema, object);
    if (!arguments.empty()) name += fmt::format("({})", arguments);
    return fmt::format("{} ON {} {}", join(words, ", "), kind, name);
}

std::string PrivilegeFields::role_list(const Naming& naming) const {
    std::vector<std::string> words;
    for (const std::string& written : roles) words.push_back(role(naming, written));
    return join(words, ", ");
}

std::vector<std::string> PrivilegeFields::stored_privileges() const {
    std::vector<std::string> result;
    for (const std::string& privilege : privileges) {
        const std::string word = upper(privilege);
        if (word == "ALL" || word == "ALL PRIVILEGES")
            return columns.empty() ? all_privileges(kind) : column_privileges();
        result.push_back(word);
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

std::vector<Grant>* PrivilegeFields::grants(catalog::Catalog& catalog, const Naming& naming) const {
    return grants_of(catalog, *this, target(naming));
}

const std::vector<Grant>* PrivilegeFields::grants(const catalog::Catalog& catalog,
                                                  const Naming& naming) const {
    return grants_of(catalog, *this, target(naming));
}

std::vector<std::string> held(const std::vector<Grant>& grants, const std::string& grantee,
                              const std::vector<std::string>& columns, bool grantable,
                              const std::vector<std::string>& asked) {
    std::vector<std::string> result;
    for (const Grant& grant : grants) {
        if (grant.grantee != grantee || grant.columns != columns || grant.grantable != grantable) continue;
        for (const std::string& privilege : asked)
            if (std::find(grant.privileges.begin(), grant.privileges.end(), privilege) !=
                grant.privileges.end())
                result.push_back(privilege);
    }
    return result;
}

void add_grant(std::vector<Grant>& grants, Grant grant) {
    // A privilege is held once: with the right to grant it or without.
    Grant other = grant;
    other.grantable = !grant.grantable;
    const auto stronger = held(grants, grant.grantee, grant.columns, true, grant.privileges);
    if (grant.grantable)
        remove_grant(grants, other);
    else
        std::erase_if(grant.privileges, [&](const std::string& each) {
            return std::find(stronger.begin(), stronger.end(), each) != stronger.end();
        });
    if (grant.privileges.empty()) return;
    for (Grant& present : grants) {
        if (!same_list(present, grant)) continue;
        auto& list = present.privileges;
        list.insert(list.end(), grant.privileges.begin(), grant.privileges.end());
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
        return;
    }
    grants.push_back(std::move(grant));
}

void remove_grant(std::vector<Grant>& grants, const Grant& grant) {
    for (Grant& present : grants) {
        if (!same_list(present, grant)) continue;
        std::erase_if(present.privileges, [&](const std::string& each) {
            return std::find(grant.privileges.begin(), grant.privileges.end(), each) !=
                   grant.privileges.end();
        });
    }
    std::erase_if(grants, [](const Grant& present) { return present.privileges.empty(); });
}

}  // namespace changelog::operations
