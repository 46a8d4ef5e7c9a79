// search_path, which decides what unqualified names mean.
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/raw_text.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

/// The first schema of a path that objects are made in; "$user" has none.
std::string first_schema(const std::vector<std::string>& path) {
    for (const std::string& schema : path)
        if (schema != "$user" && schema != "pg_catalog") return schema;
    return {};
}

std::vector<std::string> path_of(const std::string& text) {
    std::vector<std::string> out;
    for (const std::string& name : split(text, ',')) out.push_back(sql::from_sql(name));
    return out;
}

bool set_path(const sql::Node& node, RawScope& scope) {
    const std::string kind = text_of(node, "kind");
    const bool resets_all = kind == "VAR_RESET_ALL";
    if (!resets_all && text_of(node, "name") != "search_path") return false;
    std::vector<std::string> path;
    for (const sql::Node& argument : child(node, "args"))
        if (const auto value = sql::constant_of(argument)) path.push_back(*value);
    scope.default_schema = kind == "VAR_SET_VALUE" ? first_schema(path) : scope.home_schema;
    return true;
}

/// SELECT set_config('search_path', '', false): what pg_dump begins with.
bool set_config(const sql::Node& select, RawScope& scope) {
    const sql::Node& targets = child(select, "targetList");
    if (targets.size() != 1) return false;
    const sql::Node& value = child(inside(targets[0]), "val");
    if (kind_of(value) != "FuncCall") return false;
    const std::vector<std::string> name = strings_of(child(inside(value), "funcname"));
    const sql::Node& arguments = child(inside(value), "args");
    if (name.empty() || name.back() != "set_config" || arguments.size() != 3) return false;
    const auto setting = sql::constant_of(arguments[0]), text = sql::constant_of(arguments[1]);
    if (setting != "search_path" || !text) return false;
    scope.default_schema = first_schema(path_of(*text));
    return true;
}

}  // namespace

bool follow_setting(const std::string& kind, const sql::Node& node, RawScope& scope) {
    if (kind == "VariableSetStmt") return set_path(node, scope);
    return kind == "SelectStmt" && set_config(node, scope);
}

}  // namespace changelog::operations
