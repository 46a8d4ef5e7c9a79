#include "cli/audit_sizes.hpp"

#include "cli/arguments.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/tokens.hpp"

#include <charconv>
#include <cmath>

namespace changelog::cli {

namespace {

[[noreturn]] void refuse(const std::string& given) {
    throw UsageError(fmt::format("--rows is TABLE=N, not '{}'", given), {},
                     "N is a number of rows: 52000000, 400k, 52M, 1.5G.");
}

ObjectName table_of(const std::string& text, const std::string& default_schema, const std::string& given) {
    std::vector<std::string> parts;
    bool name_next = true;
    for (const sql::Token& token : sql::tokenize(text).value_or(std::vector<sql::Token>{})) {
        const bool is_name = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_word;
        if (is_name != name_next || (!is_name && token.text != ".")) refuse(given);
        if (is_name) parts.push_back(sql::from_sql(token.text));
        name_next = !is_name;
    }
    if (name_next || parts.size() > 2) refuse(given);
    return parts.size() == 2 ? ObjectName{parts[0], parts[1]} : ObjectName{default_schema, parts[0]};
}

std::uint64_t number_of(std::string text, const std::string& given) {
    static const std::map<char, double> factors = {{'k', 1e3}, {'m', 1e6}, {'g', 1e9}, {'b', 1e9}};
    std::erase(text, '_');
    double factor = 1, number = 0;
    if (text.empty()) refuse(given);
    if (const auto found = factors.find(lower(text).back()); found != factors.end()) {
        factor = found->second;
        text.pop_back();
    }
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (read.ec != std::errc() || read.ptr != end || !(number >= 0) || number * factor > 1e15) refuse(given);
    return static_cast<std::uint64_t>(std::llround(number * factor));
}

}  // namespace

TableSizes::TableSizes(const std::vector<std::string>& given, const std::string& default_schema) {
    for (const std::string& each : given) {
        const std::size_t equals = each.rfind('=');
        if (equals == std::string::npos) refuse(each);
        const ObjectName table = table_of(trim(each.substr(0, equals)), default_schema, each);
        rows_[table] = number_of(trim(each.substr(equals + 1)), each);
    }
}

std::optional<std::uint64_t> TableSizes::rows(const ObjectName& table) const {
    const auto found = rows_.find(table);
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace changelog::cli
