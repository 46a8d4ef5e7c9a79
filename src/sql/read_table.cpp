// Statements that make or alter a table, and what belongs to one: views, indexes, triggers, policies.
#include "sql/statement_reader.hpp"

namespace changelog::sql {

namespace {

using enum Access;

void require_some_columns(StatementReader& reader, const ObjectName& table) {
    reader.touch(require, ObjectKind::table, table);
    reader.touch(require, ObjectKind::column, table, std::string(kSomeColumns));
}

void read_table_elements(StatementReader& reader, const ObjectName& table, const Node& elements,
                         bool tentative) {
    for (const Node& element : elements) {
        const std::string kind = kind_of(element);
        if (kind == "ColumnDef") read_column_definition(reader, table, inside(element), tentative);
        if (kind == "Constraint") read_constraint(reader, table, inside(element), {});
        if (kind == "TableLikeClause")
            require_some_columns(reader, reader.name_of(child(inside(element), "relation")));
    }
}

void read_create_table(StatementReader& reader, const Node& node) {
    const Node& relation = child(node, "relation");
    const ObjectName table = reader.name_of(relation);
    const bool tentative = flag_of(node, "if_not_exists");
    if (text_of(relation, "relpersistence") == "t") reader.remember_temporary(table.name);
    for (const Node& parent : child(node, "inhRelations"))
        require_some_columns(reader, reader.name_of(inside(parent)));
    if (const Node& type = child(node, "ofTypename"); !type.is_null()) reader.type_use(type);
    reader.touch(create, ObjectKind::table, table, {}, tentative);
    read_table_elements(reader, table, child(node, "tableElts"), tentative);
    for (const Node& constraint : child(node, "constraints"))
        read_constraint(reader, table, inside(constraint), {});
    reader.query(child(node, "partbound"), Use::definition);
}

void read_create_table_as(StatementReader& reader, const Node& node) {
    const Node& relation = child(child(node, "into"), "rel");
    const ObjectName table = reader.name_of(relation);
    reader.query(child(node, "query"), Use::execution);
    if (text_of(relation, "relpersistence") == "t") return reader.remember_temporary(table.name);
    reader.touch(create, ObjectKind::table, table, {}, flag_of(node, "if_not_exists"));
}

void read_view(StatementReader& reader, const Node& node) {
    const Node& relation = child(node, "view");
    const ObjectName view = reader.name_of(relation);
    reader.query(child(node, "query"), Use::definition);
    if (text_of(relation, "relpersistence") == "t") return reader.remember_temporary(view.name);
    reader.touch(create, ObjectKind::table, view, {}, flag_of(node, "replace"));
}

void read_index(StatementReader& reader, const Node& node) {
    const ObjectName table = reader.name_of(child(node, "relation"));
    const std::string name = text_of(node, "idxname");
    reader.touch(require, ObjectKind::table, table);
    for (const char* list : {"indexParams", "indexIncludingParams"})
        for (const Node& element : child(node, list)) {
            reader.columns(require, table, {text_of(inside(element), "name")});
            reader.expression(child(inside(element), "expr"), table);
        }
    reader.expression(child(node, "whereClause"), table);
    if (flag_of(node, "unique")) reader.touch(require, ObjectKind::rows, table);
    if (!name.empty())
        reader.touch(create, ObjectKind::index, {table.schema, name}, {}, flag_of(node, "if_not_exists"));
}

void read_trigger(StatementReader& reader, const Node& node) {
    const ObjectName table = reader.name_of(child(node, "relation"));
    reader.touch(require, ObjectKind::table, table);
    reader.columns(require, table, strings_of(child(node, "columns")));
    if (!child(node, "whenClause").is_null()) require_some_columns(reader, table);
    reader.touch(require, ObjectKind::function, reader.name_of(strings_of(child(node, "funcname"))));
    if (const Node& other = child(node, "constrrel"); !other.is_null())
        reader.touch(require, ObjectKind::table, reader.name_of(other));
    reader.touch(create, ObjectKind::trigger, table, text_of(node, "trigname"), flag_of(node, "replace"));
}

void read_policy(StatementReader& reader, const Node& node, Access access) {
    const ObjectName table = reader.name_of(child(node, "table"));
    reader.touch(require, ObjectKind::table, table);
    reader.expression(child(node, "qual"), table);
    reader.expression(child(node, "with_check"), table);
    reader.touch(access, ObjectKind::policy, table, text_of(node, "policy_name"));
}

void read_rule(StatementReader& reader, const Node& node) {
    const ObjectName table = reader.name_of(child(node, "relation"));
    reader.query(child(node, "actions"), Use::definition);
    reader.expression(child(node, "whereClause"), table);
    reader.touch(alter, ObjectKind::table, table);
}

void read_statistics(StatementReader& reader, const Node& node) {
    for (const Node& relation : child(node, "relations"))
        require_some_columns(reader, reader.name_of(inside(relation)));
}

}  // namespace

bool read_table_statement(StatementReader& reader, const std::string& kind, const Node& node) {
    if (kind == "CreateStmt") {
        read_create_table(reader, node);
    } else if (kind == "CreateForeignTableStmt") {
        read_create_table(reader, child(node, node.contains("base") ? "base" : "base_stmt"));
    } else if (kind == "CreateTableAsStmt") {
        read_create_table_as(reader, node);
    } else if (kind == "ViewStmt") {
        read_view(reader, node);
    } else if (kind == "IndexStmt") {
        read_index(reader, node);
    } else if (kind == "CreateTrigStmt") {
        read_trigger(reader, node);
    } else if (kind == "CreatePolicyStmt" || kind == "AlterPolicyStmt") {
        read_policy(reader, node, kind == "CreatePolicyStmt" ? create : alter);
    } else if (kind == "RuleStmt") {
        read_rule(reader, node);
    } else if (kind == "CreateStatsStmt") {
        read_statistics(reader, node);
    } else {
        return false;
    }
    return true;
}

}  // namespace changelog::sql
