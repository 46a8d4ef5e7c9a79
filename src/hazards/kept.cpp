#include "hazards/kept.hpp"

#include "sql/identifier.hpp"

#include <map>
#include <string_view>

namespace changelog::hazards {

namespace {

/// Of a literal as sql::literal() writes it, which begins there; then where it ends.
std::string text_of_literal(std::string_view sql, std::size_t& at) {
    std::string out;
    for (++at; at < sql.size(); ++at) {
        if (sql[at] == '\'' && ++at < sql.size() && sql[at] != '\'') break;
        if (at < sql.size()) out += sql[at];
    }
    return out;
}

/// The constants of text that the block begins with.
std::map<std::string, std::string, std::less<>> constants_of(std::string_view sql) {
    static constexpr std::string_view kDeclare = "\nDECLARE\n",
                                      kText = " CONSTANT text := ", kNames = " CONSTANT text[] := ";
    std::map<std::string, std::string, std::less<>> out;
    std::size_t at = sql.find(kDeclare);
    if (at == std::string_view::npos) return out;
    for (at += kDeclare.size(); sql.substr(at).starts_with("  ");) {
        const std::size_t name = at + 2, end = sql.find(' ', name);
        if (end == std::string_view::npos) break;
        const std::string_view rest = sql.substr(end);
        if (rest.starts_with(kText)) {
            at = end + kText.size();
            const bool is_null = sql.substr(at).starts_with("NULL");
            if (!is_null) out[std::string(sql.substr(name, end - name))] = text_of_literal(sql, at);
        } else if (!rest.starts_with(kNames)) {
            break;
        }
        at = sql.find('\n', at);
        if (at == std::string_view::npos) break;
        ++at;
    }
    return out;
}

}  // namespace

std::optional<std::string> plain_statement(const std::string& sql) {
    if (!sql.starts_with("DO $attic")) return std::nullopt;
    const auto constants = constants_of(sql);
    const auto value = [&](std::string_view name) {
        const auto found = constants.find(name);
        return found == constants.end() ? std::string() : found->second;
    };
    if (constants.size() == 1 && constants.contains("attic"))
        return "CREATE SCHEMA IF NOT EXISTS " + sql::identifier(value("attic"));
    if (!constants.contains("wanted")) return std::nullopt;  // it brings something back
    if (constants.contains("deletion")) return value("deletion");
    if (constants.contains("update")) return value("update") + value("condition");
    if (constants.contains("its_column"))
        return "ALTER TABLE " + value("place") + " DROP COLUMN " + sql::identifier(value("its_column"));
    if (value("item_kind") == "table")
        return "DROP TABLE " + value("place") + (constants.contains("cascades") ? " CASCADE" : "");
    if (value("item_kind") == "values") return "LOCK TABLE " + value("place") + " IN ACCESS EXCLUSIVE MODE";
    return std::nullopt;
}

}  // namespace changelog::hazards
