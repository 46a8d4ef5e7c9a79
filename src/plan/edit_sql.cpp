// modifySql: edits of rendered SQL text (LIQUIBASE.md 1.10).
#include "changelog/plan.hpp"

#include "sql/regex.hpp"

namespace changelog {

namespace {

std::string replace_all(std::string text, const std::string& find, const std::string& with) {
    if (find.empty()) return text;
    for (std::size_t at = text.find(find); at != std::string::npos; at = text.find(find, at + with.size()))
        text.replace(at, find.size(), with);
    return text;
}

}  // namespace

std::string edit_sql(std::string sql, const std::vector<SqlEdit>& edits, bool in_rollback) {
    for (const SqlEdit& edit : edits) {
        if (in_rollback && !edit.to_rollback) continue;
        if (edit.kind == "append")
            sql += edit.text;
        else if (edit.kind == "prepend")
            sql.insert(0, edit.text);
        else if (edit.kind == "replace")
            sql = replace_all(std::move(sql), edit.find, edit.text);
        else if (edit.kind == "regExpReplace")
            sql = sql::regex_replace_all(sql, edit.find, edit.text);
    }
    return sql;
}

}  // namespace changelog
