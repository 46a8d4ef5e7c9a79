// Statements that change what is there: ALTER TABLE, RENAME, SET SCHEMA, OWNER, DROP.
#include "sql/statement_reader.hpp"

namespace changelog::sql {

namespace {

using enum Access;

/// The trigger, policy or constraint that a list names last; its table is named before it.
ObjectRef part_of(const StatementReader& reader, ObjectKind kind, std::vector<std::string> parts) {
    if (parts.empty()) return {};
    const std::string part = std::move(parts.back());
    parts.pop_back();
    return {kind, reader.name_of(std::move(parts)), part};
}

std::vector<std::string> name_parts(const Node& object) {
    if (kind_of(object) == "ObjectWithArgs") return strings_of(child(inside(object), "objname"));
    if (kind_of(object) == "TypeName") return strings_of(child(inside(object), "names"));
    if (kind_of(object) == "String") return {text_of(inside(object), "sval")};
    return strings_of(object);
}

void touch_object(StatementReader& reader, Access access, const ObjectRef& object, bool tentative = false) {
    reader.touch(access, object.kind, object.name, object.part, tentative);
}

bool is_relation(const std::string& type) {
    return type == "OBJECT_TABLE" || type == "OBJECT_VIEW" || type == "OBJECT_MATVIEW" ||
           type == "OBJECT_FOREIGN_TABLE";
}

std::optional<ObjectKind> kind_of_type(const std::string& type) {
    static const std::unordered_map<std::string, ObjectKind> kinds = {
        {"OBJECT_TABLE", ObjectKind::table},       {"OBJECT_VIEW", ObjectKind::table},
        {"OBJECT_MATVIEW", ObjectKind::table},     {"OBJECT_FOREIGN_TABLE", ObjectKind::table},
        {"OBJECT_INDEX", ObjectKind::index},       {"OBJECT_SEQUENCE", ObjectKind::sequence},
        {"OBJECT_TYPE", ObjectKind::type},         {"OBJECT_DOMAIN", ObjectKind::type},
        {"OBJECT_FUNCTION", ObjectKind::function}, {"OBJECT_PROCEDURE", ObjectKind::function},
        {"OBJECT_ROUTINE", ObjectKind::function},  {"OBJECT_AGGREGATE", ObjectKind::function},
        {"OBJECT_SCHEMA", ObjectKind::schema},     {"OBJECT_EXTENSION", ObjectKind::extension},
        {"OBJECT_COLUMN", ObjectKind::column},     {"OBJECT_TABCONSTRAINT", ObjectKind::constraint},
        {"OBJECT_TRIGGER", ObjectKind::trigger},   {"OBJECT_POLICY", ObjectKind::policy}};
    const auto found = kinds.find(type);
    return found == kinds.end() ? std::nullopt : std::optional(found->second);
}

void read_column_change(StatementReader& reader, const ObjectName& table, const std::string& kind,
                        const Node& command) {
    reader.touch(alter, ObjectKind::column, table, text_of(command, "name"));
    const Node& definition = child(command, "def");
    if (kind == "AT_AlterColumnType") {
        reader.type_use(child(inside(definition), "typeName"));
        reader.expression(child(inside(definition), "raw_default"), table);
    } else if (kind == "AT_ColumnDefault") {
        reader.query(definition, Use::definition);
    }
    if (kind == "AT_AlterColumnType" || kind == "AT_SetNotNull")
        reader.touch(require, ObjectKind::rows, table);
}

bool is_column_change(const std::string& kind) {
    static const std::set<std::string> kinds = {
        "AT_AlterColumnType", "AT_ColumnDefault", "AT_CookedColumnDefault", "AT_DropNotNull",
        "AT_SetNotNull",      "AT_SetStatistics", "AT_SetStorage",          "AT_SetCompression",
        "AT_SetOptions",      "AT_ResetOptions",  "AT_AddIdentity",         "AT_SetIdentity",
        "AT_DropIdentity",    "AT_SetExpression", "AT_DropExpression"};
    return kinds.contains(kind);
}

void read_partition(StatementReader& reader, const ObjectName& table, const Node& command) {
    const ObjectName partition = reader.name_of(child(inside(child(command, "def")), "name"));
    reader.touch(alter, ObjectKind::table, table);
    if (!partition.name.empty()) reader.touch(alter, ObjectKind::table, partition);
}

void read_table_command(StatementReader& reader, const ObjectName& table, const Node& command) {
    const std::string kind = text_of(command, "subtype"), name = text_of(command, "name");
    const bool tentative = flag_of(command, "missing_ok");
    const bool has_trigger = (kind.starts_with("AT_EnableTrig") || kind.starts_with("AT_DisableTrig") ||
                              kind == "AT_EnableAlwaysTrig" || kind == "AT_EnableReplicaTrig") &&
                             !name.empty();
    if (kind == "AT_AddColumn")
        return read_column_definition(reader, table, inside(child(command, "def")), tentative);
    if (kind == "AT_DropColumn") return reader.touch(drop, ObjectKind::column, table, name, tentative);
    if (is_column_change(kind)) return read_column_change(reader, table, kind, command);
    if (kind == "AT_AddConstraint") return read_constraint(reader, table, inside(child(command, "def")), {});
    if (kind == "AT_DropConstraint")
        return reader.touch(drop, ObjectKind::constraint, table, name, tentative);
    if (kind == "AT_ValidateConstraint") {
        reader.touch(require, ObjectKind::rows, table);
        return reader.touch(alter, ObjectKind::constraint, table, name);
    }
    if (kind == "AT_AlterConstraint")
        return reader.touch(alter, ObjectKind::constraint, table,
                            text_of(inside(child(command, "def")), "conname"));
    if (kind == "AT_AttachPartition" || kind == "AT_DetachPartition")
        return read_partition(reader, table, command);
    if (has_trigger) return reader.touch(alter, ObjectKind::trigger, table, name);
    if (kind == "AT_AddInherit" || kind == "AT_DropInherit")
        reader.touch(require, ObjectKind::table, reader.name_of(inside(child(command, "def"))));
    reader.touch(alter, ObjectKind::table, table);
}

void read_alter_table(StatementReader& reader, const Node& node) {
    const ObjectName name = reader.name_of(child(node, "relation"));
    const std::string type = text_of(node, "objtype");
    if (!is_relation(type)) {
        const auto kind = kind_of_type(type);
        for (const Node& command : child(node, "cmds"))
            if (kind == ObjectKind::type)
                reader.type_use(child(inside(child(inside(command), "def")), "typeName"));
        return reader.touch(alter, kind.value_or(ObjectKind::table), name);
    }
    const bool tentative = flag_of(node, "missing_ok");
    reader.touch(require, ObjectKind::table, name, {}, tentative);
    for (const Node& command : child(node, "cmds")) read_table_command(reader, name, inside(command));
}

void rename_part(StatementReader& reader, ObjectKind kind, const Node& node) {
    const ObjectName table = reader.name_of(child(node, "relation"));
    reader.touch(require, ObjectKind::table, table);
    reader.touch(drop, kind, table, text_of(node, "subname"), flag_of(node, "missing_ok"));
    reader.touch(create, kind, table, text_of(node, "newname"));
}

void read_rename(StatementReader& reader, const Node& node) {
    const std::string type = text_of(node, "renameType");
    if (type == "OBJECT_ROLE" || type == "OBJECT_DATABASE" || type == "OBJECT_TABLESPACE") return;
    if (type == "OBJECT_SCHEMA") return reader.block("it renames a schema, and with it every name in it");
    if (type == "OBJECT_ATTRIBUTE" ||
        (type == "OBJECT_COLUMN" && text_of(node, "relationType") == "OBJECT_TYPE"))
        return reader.touch(alter, ObjectKind::type, reader.name_of(child(node, "relation")));
    const auto kind = kind_of_type(type);
    if (!kind) return reader.block("what it renames (" + type + ") is not known");
    const bool is_part = *kind == ObjectKind::column || *kind == ObjectKind::constraint ||
                         *kind == ObjectKind::trigger || *kind == ObjectKind::policy;
    if (is_part) return rename_part(reader, *kind, node);
    const Node& relation = child(node, "relation");
    const ObjectName from =
        relation.is_null() ? reader.name_of(name_parts(child(node, "object"))) : reader.name_of(relation);
    reader.touch(drop, *kind, from, {}, flag_of(node, "missing_ok"));
    reader.touch(create, *kind, {from.schema, text_of(node, "newname")});
}

void read_set_schema(StatementReader& reader, const Node& node) {
    const std::string schema = text_of(node, "newschema");
    const auto object =
        object_of_type(reader, text_of(node, "objectType"),
                       child(node, child(node, "relation").is_null() ? "object" : "relation"));
    if (!object) return reader.block("what it moves to another schema is not known");
    reader.touch(require, ObjectKind::schema, {"", schema});
    if (object->kind == ObjectKind::extension) return touch_object(reader, alter, *object);
    touch_object(reader, drop, *object, flag_of(node, "missing_ok"));
    touch_object(reader, create, {object->kind, {schema, object->name.name}, object->part});
}

void read_owner(StatementReader& reader, const Node& node) {
    const auto object =
        object_of_type(reader, text_of(node, "objectType"),
                       child(node, child(node, "relation").is_null() ? "object" : "relation"));
    if (object) touch_object(reader, alter, *object);
}

void read_drop(StatementReader& reader, const Node& node) {
    const std::string type = text_of(node, "removeType");
    const bool tentative = flag_of(node, "missing_ok");
    for (const Node& item : child(node, "objects")) {
        if (type == "OBJECT_RULE") {
            touch_object(reader, alter,
                         {ObjectKind::table, part_of(reader, ObjectKind::table, name_parts(item)).name, {}});
        } else if (const auto object = object_of_type(reader, type, item)) {
            if (!object->part.empty()) reader.touch(require, ObjectKind::table, object->name, {}, tentative);
            touch_object(reader, drop, *object, tentative);
        } else {
            reader.block("what it drops (" + type + ") is not known");
        }
    }
}

}  // namespace

std::optional<ObjectRef> object_of_type(const StatementReader& reader, const std::string& object_type,
                                        const Node& object) {
    const auto kind = kind_of_type(object_type);
    if (!kind) return std::nullopt;
    const bool is_range_var = object.is_object() && object.contains("relname");
    if (is_range_var) return ObjectRef{*kind, reader.name_of(object), {}};
    std::vector<std::string> parts = name_parts(object);
    if (parts.empty()) return std::nullopt;
    if (*kind == ObjectKind::schema || *kind == ObjectKind::extension)
        return ObjectRef{*kind, {"", parts.back()}, {}};
    const bool is_part = *kind == ObjectKind::column || *kind == ObjectKind::constraint ||
                         *kind == ObjectKind::trigger || *kind == ObjectKind::policy;
    if (is_part) return part_of(reader, *kind, std::move(parts));
    return ObjectRef{*kind, reader.name_of(std::move(parts)), {}};
}

bool read_change_statement(StatementReader& reader, const std::string& kind, const Node& node) {
    if (kind == "AlterTableStmt") {
        read_alter_table(reader, node);
    } else if (kind == "RenameStmt") {
        read_rename(reader, node);
    } else if (kind == "AlterObjectSchemaStmt") {
        read_set_schema(reader, node);
    } else if (kind == "AlterOwnerStmt") {
        read_owner(reader, node);
    } else if (kind == "DropStmt") {
        read_drop(reader, node);
    } else {
        return false;
    }
    return true;
}

}  // namespace changelog::sql
