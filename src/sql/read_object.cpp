// Statements on objects that are no tables: sequences, types, functions, extensions, schemas; comments and
// grants.
#include "sql/statement_reader.hpp"

namespace changelog::sql {

namespace {

using enum Access;

void read_sequence(StatementReader& reader, const Node& node, Access access) {
    const Node& relation = child(node, "sequence");
    const ObjectName sequence = reader.name_of(relation);
    if (access == create && text_of(relation, "relpersistence") == "t")
        return reader.remember_temporary(sequence.name);
    const bool tentative = flag_of(node, access == create ? "if_not_exists" : "missing_ok");
    std::vector<std::string> owner = strings_of(option_of(child(node, "options"), "owned_by"));
    if (owner.size() > 1) {  // otherwise it is OWNED BY NONE
        const std::string column = std::move(owner.back());
        owner.pop_back();
        const ObjectName table = reader.name_of(std::move(owner));
        reader.touch(require, ObjectKind::table, table);
        reader.touch(require, ObjectKind::column, table, column);
    }
    reader.touch(access, ObjectKind::sequence, sequence, {}, tentative);
}

void read_composite_type(StatementReader& reader, const Node& node) {
    for (const Node& attribute : child(node, "coldeflist"))
        reader.type_use(child(inside(attribute), "typeName"));
    reader.touch(create, ObjectKind::type, reader.name_of(child(node, "typevar")));
}

void read_domain(StatementReader& reader, const Node& node) {
    reader.type_use(child(node, "typeName"));
    for (const Node& constraint : child(node, "constraints"))
        reader.query(child(inside(constraint), "raw_expr"), Use::definition);
    reader.touch(create, ObjectKind::type, reader.name_of(strings_of(child(node, "domainname"))));
}

void read_define(StatementReader& reader, const Node& node) {
    const std::string kind = text_of(node, "kind");
    const ObjectName name = reader.name_of(strings_of(child(node, "defnames")));
    if (kind == "OBJECT_TYPE") return reader.touch(create, ObjectKind::type, name);
    if (kind != "OBJECT_AGGREGATE") return reader.block("what CREATE " + kind + " makes is not known");
    for (const Node& option : child(node, "definition")) {
        const std::string key = text_of(inside(option), "defname");
        const Node& argument = child(inside(option), "arg");
        if (kind_of(argument) != "TypeName") continue;
        const bool is_type = key == "stype" || key == "basetype" || key == "mstype";
        if (is_type) {
            reader.type_use(inside(argument));
        } else {
            reader.touch(require, ObjectKind::function,
                         reader.name_of(strings_of(child(inside(argument), "names"))));
        }
    }
    reader.touch(create, ObjectKind::function, name, {}, flag_of(node, "replace"));
}

/// The body of a function in language sql is checked when the function is made; of other languages when it
/// runs.
void read_sql_body(StatementReader& reader, const Node& node) {
    const Node& options = child(node, "options");
    reader.query(child(node, "sql_body"), Use::definition);
    const bool own_search_path = text_of(inside(option_of(options, "set")), "name") == "search_path";
    if (constant_of(option_of(options, "language")) != "sql" || own_search_path) return;
    const std::vector<std::string> body = strings_of(option_of(options, "as"));
    if (body.empty()) return;
    for (const Node& statement : parse_tree(body.front()).statements)
        reader.query(statement, Use::definition);
}

void read_function(StatementReader& reader, const Node& node) {
    for (const Node& parameter : child(node, "parameters")) {
        reader.type_use(child(inside(parameter), "argType"));
        reader.query(child(inside(parameter), "defexpr"), Use::definition);
    }
    reader.type_use(child(node, "returnType"));
    read_sql_body(reader, node);
    const ObjectName name = reader.name_of(strings_of(child(node, "funcname")));
    reader.touch(create, ObjectKind::function, name, {}, flag_of(node, "replace"));
}

void read_extension(StatementReader& reader, const Node& node) {
    if (const auto schema = constant_of(option_of(child(node, "options"), "schema")))
        reader.touch(require, ObjectKind::schema, {"", *schema});
    reader.touch(create, ObjectKind::extension, {"", text_of(node, "extname")}, {},
                 flag_of(node, "if_not_exists"));
}

/// Unqualified names among the elements of CREATE SCHEMA lie in that schema.
void read_schema(StatementReader& reader, const Node& node) {
    std::string name = text_of(node, "schemaname");
    if (name.empty()) name = text_of(child(node, "authrole"), "rolename");
    reader.touch(create, ObjectKind::schema, {"", name}, {}, flag_of(node, "if_not_exists"));
    StatementReader within = reader.in_schema(name);
    for (const Node& element : child(node, "schemaElts")) within.statement(element);
}

/// A comment commutes with everything but the making, renaming and dropping of its object.
void read_comment(StatementReader& reader, const Node& node) {
    const auto object = object_of_type(reader, text_of(node, "objtype"), child(node, "object"));
    if (!object) return;
    if (!object->part.empty()) reader.touch(require, ObjectKind::table, object->name);
    reader.touch(require, object->kind, object->name, object->part);
}

void read_grant_in_schemas(StatementReader& reader, const std::vector<std::string>& schemas) {
    for (const std::string& schema : schemas) reader.touch(alter, ObjectKind::schema, {"", schema});
}

void read_grant(StatementReader& reader, const Node& node) {
    // What there is in the schema at that time gets the privilege, so nothing may move across.
    if (text_of(node, "targtype") == "ACL_TARGET_ALL_IN_SCHEMA")
        return read_grant_in_schemas(reader, strings_of(child(node, "objects")));
    for (const Node& item : child(node, "objects")) {
        const Node& name = kind_of(item) == "RangeVar" ? inside(item) : item;
        const auto object = object_of_type(reader, text_of(node, "objtype"), name);
        if (!object) continue;
        reader.touch(require, object->kind, object->name);
        for (const Node& privilege : child(node, "privileges"))
            reader.columns(require, object->name, strings_of(child(inside(privilege), "cols")));
    }
}

void read_default_privileges(StatementReader& reader, const Node& node) {
    const std::vector<std::string> schemas = strings_of(option_of(child(node, "options"), "schemas"));
    if (schemas.empty()) return reader.block("it changes the privileges of all objects that are made later");
    read_grant_in_schemas(reader, schemas);
}

void read_type_statement(StatementReader& reader, const std::string& kind, const Node& node) {
    if (kind == "CompositeTypeStmt") return read_composite_type(reader, node);
    if (kind == "CreateDomainStmt") return read_domain(reader, node);
    const ObjectName name = reader.name_of(strings_of(child(node, "typeName")));
    const bool is_new = kind == "CreateEnumStmt" || kind == "CreateRangeStmt";
    reader.touch(is_new ? create : alter, ObjectKind::type, name);
}

bool is_type_statement(const std::string& kind) {
    static const std::set<std::string> kinds = {"CompositeTypeStmt", "CreateDomainStmt", "CreateEnumStmt",
                                                "CreateRangeStmt",   "AlterEnumStmt",    "AlterDomainStmt",
                                                "AlterTypeStmt"};
    return kinds.contains(kind);
}

}  // namespace

bool read_object_statement(StatementReader& reader, const std::string& kind, const Node& node) {
    if (kind == "CreateSeqStmt" || kind == "AlterSeqStmt") {
        read_sequence(reader, node, kind == "CreateSeqStmt" ? create : alter);
    } else if (is_type_statement(kind)) {
        read_type_statement(reader, kind, node);
    } else if (kind == "DefineStmt") {
        read_define(reader, node);
    } else if (kind == "CreateFunctionStmt") {
        read_function(reader, node);
    } else if (kind == "AlterFunctionStmt") {
        reader.touch(alter, ObjectKind::function,
                     reader.name_of(strings_of(child(child(node, "func"), "objname"))));
    } else if (kind == "CreateExtensionStmt") {
        read_extension(reader, node);
    } else if (kind == "AlterExtensionStmt") {
        reader.touch(alter, ObjectKind::extension, {"", text_of(node, "extname")});
    } else if (kind == "CreateSchemaStmt") {
        read_schema(reader, node);
    } else if (kind == "CommentStmt") {
        read_comment(reader, node);
    } else if (kind == "GrantStmt") {
        read_grant(reader, node);
    } else if (kind == "AlterDefaultPrivilegesStmt") {
        read_default_privileges(reader, node);
    } else {
        return false;
    }
    return true;
}

}  // namespace changelog::sql
