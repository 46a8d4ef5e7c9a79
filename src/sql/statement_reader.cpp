#include "sql/statement_reader.hpp"

#include "sql/identifier.hpp"
#include "sql/type_names.hpp"

namespace changelog::sql {

namespace {

constexpr std::string_view kTemporary = "pg_temp";

bool is_system_schema(const std::string& schema) {
    return schema.starts_with("pg_") || schema == "information_schema";
}

// Types and functions that come with an extension: what uses them needs CREATE EXTENSION before it.
std::string extension_of_type(const std::string& type) {
    static const std::unordered_map<std::string, std::string> known = {
        {"citext", "citext"}, {"hstore", "hstore"},    {"ltree", "ltree"},      {"cube", "cube"},
        {"vector", "vector"}, {"geometry", "postgis"}, {"geography", "postgis"}};
    const auto found = known.find(type);
    return found == known.end() ? std::string() : found->second;
}

}  // namespace

void StatementReader::statement(const Node& wrapped) {
    const std::string kind = kind_of(wrapped);
    const Node& node = inside(wrapped);
    for (const auto read : {read_data_statement, read_table_statement, read_object_statement,
                            read_change_statement, read_session_statement})
        if (read(*this, kind, node)) return;
    block("what " + (kind.empty() ? std::string("a statement") : kind) + " touches is not known");
}

ObjectName StatementReader::name_of(const Node& range_var) const {
    const std::string name = text_of(range_var, "relname");
    const std::string schema = text_of(range_var, "schemaname");
    if (text_of(range_var, "relpersistence") == "t") return {std::string(kTemporary), name};
    return name_of(schema.empty() ? std::vector<std::string>{name} : std::vector<std::string>{schema, name});
}

ObjectName StatementReader::name_of(std::vector<std::string> parts) const {
    if (parts.empty()) return {};
    const std::string name = std::move(parts.back());
    if (parts.size() > 1) return {parts[parts.size() - 2], name};
    return {temporary_.contains(name) ? std::string(kTemporary) : default_schema_, name};
}

ObjectName StatementReader::name_in_text(const std::string& text) const {
    std::vector<std::string> parts(1);
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (c == '.' && !quoted) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    for (std::string& part : parts) part = from_sql(part);
    return name_of(std::move(parts));
}

void StatementReader::touch(Access access, ObjectKind kind, const ObjectName& name, const std::string& part,
                            bool tentative) {
    if (name.name.empty() || is_system_schema(name.schema)) return;
    Touch touch{access, {kind, name, part}, tentative};
    if (!out_.touches.empty()) {  // "t.a = 1 OR t.a = 2" names a column twice in a row
        const Touch& last = out_.touches.back();
        if (last.access == access && last.tentative == tentative && last.object == touch.object) return;
    }
    out_.touches.push_back(std::move(touch));
}

void StatementReader::columns(Access access, const ObjectName& table, const std::vector<std::string>& names) {
    for (const std::string& name : names)
        if (!name.empty()) touch(access, ObjectKind::column, table, name);
}

void StatementReader::type_use(const Node& type_name) {
    const std::vector<std::string> parts = strings_of(child(type_name, "names"));
    if (parts.empty()) return;
    if (flag_of(type_name, "pct_type")) {  // table.column%TYPE
        const ObjectName table = name_of(std::vector<std::string>(parts.begin(), parts.end() - 1));
        touch(Access::require, ObjectKind::table, table);
        touch(Access::require, ObjectKind::column, table, parts.back());
        return;
    }
    if (const std::string extension = extension_of_type(parts.back()); !extension.empty())
        touch(Access::require, ObjectKind::extension, {"", extension});
    if (parts.size() == 1 && is_postgresql_type(parts.back())) return;
    touch(Access::require, ObjectKind::type, name_of(parts));
}

}  // namespace changelog::sql
