// Statements that read and write rows: SELECT, INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY.
#include "sql/statement_reader.hpp"

namespace changelog::sql {

namespace {

std::vector<std::string> target_columns(const Node& targets) {
    std::vector<std::string> names;
    for (const Node& target : targets)
        if (std::string name = text_of(inside(target), "name"); !name.empty())
            names.push_back(std::move(name));
    return names;
}

ObjectName written_table(StatementReader& reader, const Node& range_var) {
    ObjectName table = reader.name_of(range_var);
    reader.touch(Access::require, ObjectKind::table, table);
    reader.touch(Access::alter, ObjectKind::rows, table);
    return table;
}

void create_table_from(StatementReader& reader, const Node& range_var) {
    const ObjectName table = reader.name_of(range_var);
    if (text_of(range_var, "relpersistence") == "t") return reader.remember_temporary(table.name);
    reader.touch(Access::create, ObjectKind::table, table);
}

void read_select(StatementReader& reader, const Node& node) {
    reader.query(node, Use::execution);
    if (const Node& into = child(node, "intoClause"); !into.is_null())
        create_table_from(reader, child(into, "rel"));
}

void read_insert(StatementReader& reader, const Node& node) {
    const Node& relation = child(node, "relation");
    const ObjectName table = written_table(reader, relation);
    const std::vector<std::string> names = target_columns(child(node, "cols"));
    reader.columns(Access::require, table, names.empty() ? std::vector{std::string(kSomeColumns)} : names);
    reader.query(node, Use::execution, {"relation", "cols", "onConflictClause", "returningList"});
    const std::string alias = text_of(child(relation, "alias"), "aliasname");
    reader.columns(Access::require, table,
                   target_columns(child(child(node, "onConflictClause"), "targetList")));
    reader.on_table(child(node, "onConflictClause"), table, alias, Use::execution);
    reader.on_table(child(node, "returningList"), table, alias, Use::execution);
}

void read_update_or_delete(StatementReader& reader, const Node& node) {
    const Node& relation = child(node, "relation");
    const ObjectName table = written_table(reader, relation);
    reader.columns(Access::require, table, target_columns(child(node, "targetList")));
    reader.on_table(node, table, text_of(child(relation, "alias"), "aliasname"), Use::execution,
                    {"relation"});
}

void read_truncate(StatementReader& reader, const Node& node) {
    for (const Node& relation : child(node, "relations")) written_table(reader, inside(relation));
}

void read_copy(StatementReader& reader, const Node& node) {
    if (flag_of(node, "is_program")) return reader.block("COPY runs a program");
    if (const Node& query = child(node, "query"); !query.is_null())
        return reader.query(query, Use::execution);
    const ObjectName table = reader.name_of(child(node, "relation"));
    reader.touch(Access::require, ObjectKind::table, table);
    reader.touch(flag_of(node, "is_from") ? Access::alter : Access::require, ObjectKind::rows, table);
    const std::vector<std::string> names = strings_of(child(node, "attlist"));
    reader.columns(Access::require, table, names.empty() ? std::vector{std::string(kSomeColumns)} : names);
    reader.expression(child(node, "whereClause"), table);
}

}  // namespace

bool read_data_statement(StatementReader& reader, const std::string& kind, const Node& node) {
    if (kind == "SelectStmt") {
        read_select(reader, node);
    } else if (kind == "InsertStmt") {
        read_insert(reader, node);
    } else if (kind == "UpdateStmt" || kind == "DeleteStmt" || kind == "MergeStmt") {
        read_update_or_delete(reader, node);
    } else if (kind == "TruncateStmt") {
        read_truncate(reader, node);
    } else if (kind == "CopyStmt") {
        read_copy(reader, node);
    } else if (kind == "ExplainStmt") {
        reader.statement(child(node, "query"));
    } else {
        return false;
    }
    return true;
}

}  // namespace changelog::sql
