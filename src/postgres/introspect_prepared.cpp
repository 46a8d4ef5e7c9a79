#include "postgres/introspect_prepared.hpp"

#include "core/sha256.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

constexpr std::string_view array_begin = "'{", array_end = "}'::oid[]";

/// '{"a","b\"c"}' as a string literal.
std::string text_array(const std::vector<std::string>& items) {
    std::string out = "{";
    for (const std::string& item : items) {
        out += out.size() > 1 ? ",\"" : "\"";
        for (const char c : item) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    return sql::literal(out + "}");
}

}  // namespace

PreparedQueries::PreparedQueries(Connection& connection) : connection_(connection) {
    const Rows found = connection_.execute(
        "SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql AND name LIKE 'changelog\\_%'");
    for (std::size_t i = 0; i < found.rows.size(); ++i) known_.insert(found.text(i, 0));
}

Rows PreparedQueries::run(const std::string& sql) {
    std::string text, types, values;
    std::size_t at = 0, count = 0;
    for (std::size_t begin = sql.find(array_begin); begin != std::string::npos;
         begin = sql.find(array_begin, begin + 1)) {
        const std::size_t end = sql.find_first_not_of("0123456789,", begin + array_begin.size());
        if (end == std::string::npos || sql.compare(end, array_end.size(), array_end) != 0) continue;
        text += sql.substr(at, begin - at) + fmt::format("${}", ++count);
        types += types.empty() ? "oid[]" : ", oid[]";
        values += (values.empty() ? "'" : ", '") + sql.substr(begin + 1, end - begin) + '\'';
        at = end + array_end.size();
    }
    return run(text + sql.substr(at), types, values);
}

Rows PreparedQueries::run(const std::string& sql, const std::vector<std::vector<std::string>>& parameters) {
    std::string types, values;
    for (const std::vector<std::string>& items : parameters) {
        types += types.empty() ? "text[]" : ", text[]";
        values += (values.empty() ? "" : ", ") + text_array(items);
    }
    return run(sql, types, values);
}

Rows PreparedQueries::run(const std::string& sql, const std::string& types, const std::string& values) {
    const std::string name = "changelog_" + sha256(types + sql).substr(0, 24);
    std::string message;
    const auto listed = [](const std::string& items) { return items.empty() ? items : " (" + items + ')'; };
    if (known_.insert(name).second) message = fmt::format("PREPARE {}{} AS {};\n", name, listed(types), sql);
    return connection_.execute(message + "EXECUTE " + name + listed(values));
}

}  // namespace changelog::postgres
