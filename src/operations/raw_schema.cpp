// CREATE SCHEMA and EXTENSION; owners.
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"

#include <algorithm>

namespace changelog::operations {

bool follow_schema(RawStatement& statement) {
    const sql::Node& node = statement.node;
    catalog::Schema made;
    made.name = text_of(node, "schemaname");
    if (made.name.empty()) made.name = text_of(child(node, "authrole"), "rolename");
    if (made.name.empty()) return statement.fail("the name of the schema is not known");
    if (!child(node, "schemaElts").empty()) return statement.fail("what it makes in the schema is not read");
    const bool optional = flag_of(node, "if_not_exists");
    if (optional && statement.catalog().schemas.contains(made.name)) return true;
    const std::string name = made.name;
    statement.catalog().schemas.insert_or_assign(name, std::move(made));
    return !optional || statement.unsure(ObjectKind::schema, {{}, name});
}

bool follow_extension(RawStatement& statement) {
    const sql::Node& node = statement.node;
    catalog::Extension made;
    made.name = text_of(node, "extname");
    made.schema = sql::constant_of(sql::option_of(child(node, "options"), "schema"))
                      .value_or(statement.scope.default_schema);
    made.version = sql::constant_of(sql::option_of(child(node, "options"), "new_version")).value_or("");
    const bool optional = flag_of(node, "if_not_exists");
    if (optional && statement.catalog().extensions.contains(made.name)) return true;
    const std::string name = made.name;
    statement.catalog().extensions.insert_or_assign(name, std::move(made));
    if (!sql::option_of(child(node, "options"), "cascade").is_null())
        return statement.fail("CASCADE may make other extensions too");
    return !optional || statement.unsure(ObjectKind::extension, {{}, name});
}

void take_owner(const sql::Node& role, std::string& owner, std::vector<catalog::Grant>& grants) {
    owner = text_of(role, "roletype") == "ROLESPEC_CSTRING" ? text_of(role, "rolename") : std::string();
    if (owner.empty()) return;
    std::erase_if(grants, [&](const catalog::Grant& grant) { return grant.grantee == owner; });
}

void take_owner(catalog::Catalog& catalog, const sql::Node& role, catalog::Table& table) {
    take_owner(role, table.owner, table.grants);
    for (auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by && sequence.owned_by->name == table.name)
            take_owner(role, sequence.owner, sequence.grants);
}

bool follow_owner(RawStatement& statement) {
    catalog::Catalog& catalog = statement.catalog();
    const std::string kind = text_of(statement.node, "objectType");
    const sql::Node& object = child(statement.node, "object");
    const auto take = [&](auto* found) {
        if (found == nullptr) return statement.fail("who owned what it changes is not known");
        take_owner(child(statement.node, "newowner"), found->owner, found->grants);
        return true;
    };
    if (kind == "OBJECT_SCHEMA") return take(find_in(catalog.schemas, text_of(inside(object), "sval")));
    if (kind == "OBJECT_TYPE" || kind == "OBJECT_DOMAIN")
        return take(find_in(catalog.types, statement.name(strings_of(object))));
    if (kind == "OBJECT_FUNCTION" || kind == "OBJECT_PROCEDURE")
        return take(function_of(statement, inside(object)));
    return statement.fail("who owned what it changes is not known");
}

}  // namespace changelog::operations
