// GRANT and REVOKE on objects.
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/privilege.hpp"
#include "operations/raw_statement.hpp"
#include "sql/ddl_type.hpp"

namespace changelog::operations {

namespace {

using catalog::Grant;

/// The grants of one object, and whether PUBLIC has lost what it is given by default.
struct Holder {
    std::vector<Grant>* grants = nullptr;
    bool* closed = nullptr;
};

std::string kind_name(const std::string& type) {
    if (type == "OBJECT_SEQUENCE") return "SEQUENCE";
    if (type == "OBJECT_SCHEMA") return "SCHEMA";
    if (type == "OBJECT_TYPE" || type == "OBJECT_DOMAIN") return "TYPE";
    if (type == "OBJECT_FUNCTION" || type == "OBJECT_PROCEDURE" || type == "OBJECT_ROUTINE")
        return "FUNCTION";
    return type == "OBJECT_TABLE" ? "TABLE" : "";
}

struct Change {
    std::string kind;
    bool grants = true, option = false;
    std::vector<std::string> roles;
    /// Privileges with their columns; those of the whole object have none.
    std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> lists;
};

void add_privilege(Change& change, const std::string& name, const std::vector<std::string>& columns) {
    PrivilegeFields fields;
    fields.kind = change.kind;
    fields.privileges = {name.empty() ? "ALL" : upper(name)};
    fields.columns = columns;
    const std::vector<std::string> all = fields.stored_privileges();
    for (auto& [known_columns, privileges] : change.lists) {
        if (known_columns != columns) continue;
        privileges.insert(privileges.end(), all.begin(), all.end());
        std::sort(privileges.begin(), privileges.end());
        return;
    }
    change.lists.emplace_back(columns, all);
}

bool read_change(RawStatement& statement, Change& change) {
    const sql::Node& node = statement.node;
    change.kind = kind_name(text_of(node, "objtype"));
    if (change.kind.empty()) return statement.fail("privileges on such objects are not kept");
    change.grants = flag_of(node, "is_grant");
    change.option = flag_of(node, "grant_option");
    for (const sql::Node& item : child(node, "grantees")) {
        const std::string role = text_of(inside(item), "roletype");
        if (role != "ROLESPEC_CSTRING" && role != "ROLESPEC_PUBLIC")
            return statement.fail("which role it means is not known");
        change.roles.push_back(text_of(inside(item), "rolename"));
    }
    if (child(node, "privileges").empty()) add_privilege(change, "", {});
    for (const sql::Node& item : child(node, "privileges"))
        add_privilege(change, text_of(inside(item), "priv_name"), strings_of(child(inside(item), "cols")));
    return true;
}

void change_grants(std::vector<Grant>& grants, const Grant& wanted, const Change& change) {
    Grant grant = wanted;
    grant.grantable = change.option;
    if (change.grants) return add_grant(grants, grant);
    const auto downgraded = held(grants, grant.grantee, grant.columns, true, grant.privileges);
    grant.grantable = true;
    remove_grant(grants, grant);
    grant.grantable = false;
    if (change.option)
        add_grant(grants, {grant.grantee, downgraded, grant.columns, false});
    else
        remove_grant(grants, grant);
}

/// REVOKE on the whole object takes the privilege on its columns too.
void revoke_columns(std::vector<Grant>& grants, const std::string& grantee,
                    const std::vector<std::string>& privileges) {
    std::vector<std::vector<std::string>> lists;
    for (const Grant& grant : grants)
        if (grant.grantee == grantee && !grant.columns.empty()) lists.push_back(grant.columns);
    for (const auto& columns : lists)
        for (const bool grantable : {true, false})
            remove_grant(grants, {grantee, privileges, columns, grantable});
}

void apply_to(const Holder& holder, const Change& change) {
    for (const std::string& role : change.roles) {
        if (role.empty() && holder.closed != nullptr) {
            *holder.closed = !change.grants;
            continue;
        }
        for (const auto& [columns, privileges] : change.lists) {
            change_grants(*holder.grants, {role, privileges, columns, change.option}, change);
            if (!change.grants && !change.option && columns.empty())
                revoke_columns(*holder.grants, role, privileges);
        }
    }
}

Holder relation_holder(catalog::Catalog& catalog, const ObjectName& name) {
    if (auto* table = catalog.table(name)) return {&table->grants, nullptr};
    if (auto* view = find_in(catalog.views, name)) return {&view->grants, nullptr};
    if (auto* sequence = find_in(catalog.sequences, name)) return {&sequence->grants, nullptr};
    return {};
}

Holder function_holder(RawStatement& statement, const sql::Node& object) {
    catalog::Function* found = function_of(statement, object);
    return found == nullptr ? Holder{} : Holder{&found->grants, &found->closed};
}

Holder holder_of(RawStatement& statement, const std::string& kind, const sql::Node& item) {
    catalog::Catalog& catalog = statement.catalog();
    if (kind == "FUNCTION") return function_holder(statement, inside(item));
    if (kind == "SCHEMA") {
        auto* schema = find_in(catalog.schemas, text_of(inside(item), "sval"));
        return schema == nullptr ? Holder{} : Holder{&schema->grants, nullptr};
    }
    if (kind == "TYPE") {
        auto* type = find_in(catalog.types, statement.name(strings_of(item)));
        return type == nullptr ? Holder{} : Holder{&type->grants, &type->closed};
    }
    return relation_holder(catalog, statement.relation(inside(item)));
}

template <typename Map, typename Apply>
void each_in_schema(Map& map, const std::string& schema, const Apply& apply) {
    for (auto& [name, object] : map)
        if (name.schema == schema) apply(object);
}

bool change_all_in(RawStatement& statement, const std::string& schema, const Change& change) {
    catalog::Catalog& catalog = statement.catalog();
    const auto apply = [&](auto& object) { apply_to({&object.grants, nullptr}, change); };
    if (change.kind == "TABLE") {
        each_in_schema(catalog.tables, schema, apply);
        each_in_schema(catalog.views, schema, apply);
    } else if (change.kind == "SEQUENCE") {
        each_in_schema(catalog.sequences, schema, apply);
    } else {
        each_in_schema(catalog.functions, schema, [&](catalog::Function& function) {
            apply_to({&function.grants, &function.closed}, change);
        });
    }
    // Objects that the changelog did not make get the privileges too.
    if (statement.is_certain() && catalog.schemas.contains(schema)) return true;
    statement.tentative = true;
    statement.why = one_line("what is in schema " + schema + " is not known");
    return true;
}

}  // namespace

bool follow_grant(RawStatement& statement) {
    Change change;
    if (!read_change(statement, change)) return false;
    if (text_of(statement.node, "targtype") == "ACL_TARGET_ALL_IN_SCHEMA") {
        for (const std::string& schema : strings_of(child(statement.node, "objects")))
            change_all_in(statement, schema, change);
        return true;
    }
    bool followed = true;
    for (const sql::Node& item : child(statement.node, "objects")) {
        const Holder holder = holder_of(statement, change.kind, item);
        if (holder.grants == nullptr) {
            const bool temporary =
                kind_of(item) == "RangeVar" && RawStatement::is_temporary(statement.relation(inside(item)));
            if (!temporary) followed = statement.fail("the definition of what it is about is not known");
            continue;
        }
        apply_to(holder, change);
    }
    return followed;
}

}  // namespace changelog::operations
