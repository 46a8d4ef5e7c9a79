// CREATE SCHEMA and EXTENSION; owners, which the model does not keep.
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"

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

bool follow_owner(RawStatement& statement) {
    statement.not_kept = true;
    statement.why = "who owned what it changes is not kept";
    return true;
}

}  // namespace changelog::operations
