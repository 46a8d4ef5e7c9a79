#include "operations/privilege.hpp"

#include "changelog/codes.hpp"

#include "catalog/difference_values.hpp"
#include "core/text.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

namespace {

using catalog::Grant;

constexpr std::string_view kRoleWords[] = {"PUBLIC", "CURRENT_USER", "SESSION_USER", "CURRENT_ROLE"};

std::vector<std::string> all_privileges(const std::string& kind, int server_version = 0) {
    constexpr int kHasMaintain = 170000;
    if (kind == "TABLE" && server_version >= kHasMaintain)
        return {"DELETE", "INSERT", "MAINTAIN", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"};
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

bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

/// Argument types as written, and as PostgreSQL names them.
bool same_arguments(const std::string& stored, const std::string& written) {
    if (stored == written) return true;
    std::vector<std::string> types;
    for (const std::string& type : split(written, ',')) types.push_back(sql::canonical_type(type));
    return stored == join(types, ", ");
}

bool is_routine(const std::string& kind) { return kind == "FUNCTION" || kind == "PROCEDURE"; }

template <typename Functions>
auto* only_function(Functions& functions, const ObjectName& name, const std::string& arguments) {
    decltype(&functions.begin()->second) found = nullptr;
    const auto [first, last] = functions.equal_range(name);
    for (auto at = first; at != last; ++at) {
        if (!arguments.empty() && !same_arguments(at->second.arguments, arguments)) continue;
        if (found != nullptr) return static_cast<decltype(found)>(nullptr);
        found = &at->second;
    }
    return found;
}

template <typename Place, typename Catalog>
Place place_of(Catalog& catalog, const PrivilegeFields& fields, const ObjectRef& target) {
    if (target.kind == ObjectKind::table) {
        if (auto* table = find_in(catalog.tables, target.name)) return {&table->grants, nullptr};
        if (auto* view = find_in(catalog.views, target.name)) return {&view->grants, nullptr};
    } else if (target.kind == ObjectKind::sequence) {
        if (auto* sequence = find_in(catalog.sequences, target.name)) return {&sequence->grants, nullptr};
    } else if (target.kind == ObjectKind::schema) {
        if (auto* schema = find_in(catalog.schemas, target.name.name)) return {&schema->grants, nullptr};
    } else if (target.kind == ObjectKind::type) {
        if (auto* type = find_in(catalog.types, target.name)) return {&type->grants, &type->closed};
    } else if (auto* function = only_function(catalog.functions, target.name, fields.arguments)) {
        return {&function->grants, &function->closed};
    }
    return {};
}

/// One grant for each column, privilege lists sorted.
std::vector<Grant> as_grants(const catalog::GrantSet& rights) {
    std::vector<Grant> out;
    for (const auto& [right, grantable] : rights) {
        const auto& [grantee, column, privilege] = right;
        const std::vector<std::string> columns =
            column.empty() ? std::vector<std::string>{} : std::vector<std::string>{column};
        const auto same = std::find_if(out.begin(), out.end(), [&, granted = grantable](const Grant& grant) {
            return grant.grantee == grantee && grant.columns == columns && grant.grantable == granted;
        });
        if (same != out.end())
            same->privileges.push_back(privilege);
        else
            out.push_back({grantee, {privilege}, columns, grantable});
    }
    return out;
}

/// "SELECT, INSERT" or "SELECT (a, b), INSERT (a, b)"
std::string listed(const std::vector<std::string>& privileges, const std::vector<std::string>& columns) {
    std::vector<std::string> words;
    for (const std::string& privilege : privileges)
        words.push_back(privilege + (columns.empty() ? "" : fmt::format(" ({})", sql::identifiers(columns))));
    return join(words, ", ");
}

/// With columns that have the same privileges in one statement.
std::vector<Grant> merged(const catalog::GrantSet& rights) {
    std::vector<Grant> out;
    for (Grant& grant : as_grants(rights)) {
        const auto same = std::find_if(out.begin(), out.end(), [&](const Grant& other) {
            return !grant.columns.empty() && !other.columns.empty() && other.grantee == grant.grantee &&
                   other.privileges == grant.privileges && other.grantable == grant.grantable;
        });
        if (same != out.end())
            same->columns.push_back(grant.columns.front());
        else
            out.push_back(std::move(grant));
    }
    return out;
}

std::string role_sql(const std::string& grantee) {
    return grantee.empty() ? "PUBLIC" : sql::identifier(grantee);
}

/// The rights that a grant or revoke is about.
template <typename Take>
void each_right(const Grant& grant, const Take& take) {
    for (const std::string& privilege : grant.privileges) {
        if (grant.columns.empty()) take(std::tuple(grant.grantee, std::string(), privilege));
        for (const std::string& column : grant.columns) take(std::tuple(grant.grantee, column, privilege));
    }
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
    return fmt::format("{} ON {}", join(words, ", "), object_words(naming));
}

std::string PrivilegeFields::role_list(const Naming& naming) const {
    std::vector<std::string> words;
    for (const std::string& written : roles) words.push_back(role(naming, written));
    return join(words, ", ");
}

std::string PrivilegeFields::object_words(const Naming& naming) const {
    std::string name = kind == "SCHEMA" ? naming.schema(object) : naming.object(schema, object);
    if (!arguments.empty()) name += fmt::format("({})", arguments);
    return kind + ' ' + name;
}

bool PrivilegeFields::names_every_role() const {
    return std::none_of(roles.begin(), roles.end(), [](const std::string& written) {
        return equal_ignoring_case(written, "CURRENT_USER") || equal_ignoring_case(written, "SESSION_USER") ||
               equal_ignoring_case(written, "CURRENT_ROLE");
    });
}

std::vector<std::string> PrivilegeFields::stored_privileges(int server_version) const {
    std::vector<std::string> result;
    for (const std::string& privilege : privileges) {
        const std::string word = upper(privilege);
        if (word == "ALL" || word == "ALL PRIVILEGES")
            return columns.empty() ? all_privileges(kind, server_version) : column_privileges();
        result.push_back(word);
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

Privileges PrivilegeFields::place(catalog::Catalog& catalog, const Naming& naming) const {
    return place_of<Privileges>(catalog, *this, target(naming));
}

KnownPrivileges PrivilegeFields::place(const catalog::Catalog& catalog, const Naming& naming) const {
    return place_of<KnownPrivileges>(catalog, *this, target(naming));
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

void add_grant(std::vector<Grant>& grants, const Grant& grant) {
    catalog::GrantSet rights = catalog::as_set(grants);
    each_right(grant, [&](const auto& right) { rights[right] |= grant.grantable; });
    grants = as_grants(rights);
}

void remove_grant(std::vector<Grant>& grants, const Grant& grant) {
    catalog::GrantSet rights = catalog::as_set(grants);
    each_right(grant, [&](const auto& right) {
        const auto found = rights.find(right);
        if (found != rights.end() && found->second == grant.grantable) rights.erase(found);
    });
    grants = as_grants(rights);
}

void revoke_rights(std::vector<Grant>& grants, const Grant& revoked, bool option_only) {
    catalog::GrantSet rights = catalog::as_set(grants);
    for (auto at = rights.begin(); at != rights.end();) {
        const auto& [grantee, column, privilege] = at->first;
        const bool asked = grantee == revoked.grantee && contains(revoked.privileges, privilege) &&
                           (revoked.columns.empty() || contains(revoked.columns, column));
        if (asked) at->second = false;
        at = asked && !option_only ? rights.erase(at) : std::next(at);
    }
    grants = as_grants(rights);
}

std::vector<Statement> rights_back(const std::string& object, const std::vector<Grant>& now,
                                   const std::vector<Grant>& before) {
    const catalog::GrantSet had = catalog::as_set(before), has = catalog::as_set(now);
    catalog::GrantSet lost, gained, upgraded;
    for (const auto& [right, grantable] : had) {
        const auto found = has.find(right);
        if (found == has.end() || (grantable && !found->second)) lost.emplace(right, grantable);
    }
    for (const auto& [right, grantable] : has) {
        const auto found = had.find(right);
        if (found == had.end())
            gained.emplace(right, false);
        else if (grantable && !found->second)
            upgraded.emplace(right, true);
    }
    std::vector<Statement> out;
    for (const Grant& grant : merged(gained))
        out.push_back(
            statement(fmt::format("REVOKE {} ON {} FROM {}", listed(grant.privileges, grant.columns), object,
                                  role_sql(grant.grantee))));
    for (const Grant& grant : merged(upgraded))
        out.push_back(
            statement(fmt::format("REVOKE GRANT OPTION FOR {} ON {} FROM {}",
                                  listed(grant.privileges, grant.columns), object, role_sql(grant.grantee))));
    for (const Grant& grant : merged(lost))
        out.push_back(
            statement(fmt::format("GRANT {} ON {} TO {}{}", listed(grant.privileges, grant.columns), object,
                                  role_sql(grant.grantee), grant.grantable ? " WITH GRANT OPTION" : "")));
    return out;
}

Undo privileges_back(const PrivilegeFields& fields, const RenderContext& context,
                     const std::function<void(const Privileges&)>& change) {
    const Naming naming(context);
    if (!fields.names_every_role())
        return Undo::unless_observed("which role CURRENT_USER is only the database knows");
    const KnownPrivileges before = fields.place(*context.before, naming);
    if (before.grants == nullptr)
        return Undo::unless_observed(one_line(fmt::format(
            "it is not known who held which privileges on {} before", to_string(fields.target(naming)))));
    std::vector<Grant> now = *before.grants;
    bool closed = before.closed != nullptr && *before.closed;
    change({&now, before.closed == nullptr ? nullptr : &closed});
    const std::string object = fields.object_words(naming);
    Undo out = undo(rights_back(object, now, *before.grants));
    // PUBLIC has its right to use types and routines without any GRANT.
    if (before.closed != nullptr && *before.closed != closed)
        out.statements.push_back(statement(closed ? fmt::format("GRANT ALL ON {} TO PUBLIC", object)
                                                  : fmt::format("REVOKE ALL ON {} FROM PUBLIC", object)));
    return out;
}

}  // namespace changelog::operations
