// format_type()'s spelling of types (manual, chapter 8 for the aliases, 9.26 for the function).
#include "sql/type_names.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/type.hpp"
#include "sql/type_text.hpp"

namespace changelog::sql {

namespace {

struct Builtin {
    std::string_view canonical;
    TypeClass type_class;
};

using Builtins = std::unordered_map<std::string_view, Builtin>;

const Builtins& builtins() {
    using enum TypeClass;
    static const Builtins table = {
        {"int", {"integer", number}},
        {"int4", {"integer", number}},
        {"integer", {"integer", number}},
        {"serial", {"integer", number}},
        {"serial4", {"integer", number}},
        {"int8", {"bigint", number}},
        {"bigint", {"bigint", number}},
        {"bigserial", {"bigint", number}},
        {"serial8", {"bigint", number}},
        {"int2", {"smallint", number}},
        {"smallint", {"smallint", number}},
        {"smallserial", {"smallint", number}},
        {"serial2", {"smallint", number}},
        {"real", {"real", number}},
        {"float4", {"real", number}},
        {"float8", {"double precision", number}},
        {"double precision", {"double precision", number}},
        {"float", {"double precision", number}},
        {"numeric", {"numeric", number}},
        {"decimal", {"numeric", number}},
        {"dec", {"numeric", number}},
        {"money", {"money", number}},
        {"oid", {"oid", number}},
        {"bool", {"boolean", boolean}},
        {"boolean", {"boolean", boolean}},
        {"char", {"character", text}},
        {"character", {"character", text}},
        {"nchar", {"character", text}},
        {"national char", {"character", text}},
        {"national character", {"character", text}},
        {"bpchar", {"bpchar", text}},
        {"varchar", {"character varying", text}},
        {"character varying", {"character varying", text}},
        {"char varying", {"character varying", text}},
        {"national character varying", {"character varying", text}},
        {"national char varying", {"character varying", text}},
        {"nchar varying", {"character varying", text}},
        {"text", {"text", text}},
        {"name", {"name", text}},
        {"citext", {"citext", text}},
        {"bit", {"bit", bit}},
        {"bit varying", {"bit varying", bit}},
        {"varbit", {"bit varying", bit}},
        {"date", {"date", date_time}},
        {"time", {"time", date_time}},
        {"timetz", {"time", date_time}},
        {"timestamp", {"timestamp", date_time}},
        {"timestamptz", {"timestamp", date_time}},
        {"interval", {"interval", other}},
        {"uuid", {"uuid", uuid}},
        {"json", {"json", json}},
        {"jsonb", {"jsonb", json}},
        {"bytea", {"bytea", binary}},
        {"xml", {"xml", other}},
        {"inet", {"inet", other}},
        {"cidr", {"cidr", other}},
        {"macaddr", {"macaddr", other}},
        {"macaddr8", {"macaddr8", other}},
        {"point", {"point", other}},
        {"line", {"line", other}},
        {"lseg", {"lseg", other}},
        {"box", {"box", other}},
        {"path", {"path", other}},
        {"polygon", {"polygon", other}},
        {"circle", {"circle", other}},
        {"tsvector", {"tsvector", other}},
        {"tsquery", {"tsquery", other}},
        {"int4range", {"int4range", other}},
        {"int8range", {"int8range", other}},
        {"numrange", {"numrange", other}},
        {"tsrange", {"tsrange", other}},
        {"tstzrange", {"tstzrange", other}},
        {"daterange", {"daterange", other}},
        {"pg_lsn", {"pg_lsn", other}},
        {"regclass", {"regclass", other}},
        {"jsonpath", {"jsonpath", other}},
    };
    return table;
}

bool is_builtin(std::string_view name) { return builtins().contains(name); }

/// "public.\"Mood\"" as the catalog would print it: each part folded unless quoted, pg_catalog left out.
std::string fold_user_type(std::string_view head) {
    std::string out, part;
    bool quoted = false;
    const auto finish = [&] {
        const std::string name = from_sql(part);
        if (!(out.empty() && name == "pg_catalog")) out += (out.empty() ? "" : ".") + identifier(name);
        part.clear();
    };
    for (const char c : head) {
        if (c == '"') quoted = !quoted;
        if (c == '.' && !quoted) {
            finish();
        } else {
            part += c;
        }
    }
    finish();
    return out;
}

std::string compact_parameters(const TypeText& type) { return type.parameter_list(","); }

std::string numeric(const TypeText& type) {
    if (type.parameters.size() == 1) return "numeric(" + type.parameters.front() + ",0)";
    return "numeric" + compact_parameters(type);
}

/// float(1) to float(24) is real (manual, 8.1.3).
std::string floating(const TypeText& type) {
    if (type.parameters.size() != 1 || type.parameters.front().size() > 2) return "double precision";
    const std::string& bits = type.parameters.front();
    const bool is_real = bits.size() == 1 || bits < "25";
    return is_real ? "real" : "double precision";
}

std::string date_or_time(std::string_view name, std::string_view word, const TypeText& type) {
    const bool zone = word.ends_with("tz") || lower(type.rest).starts_with("with time zone");
    return std::string(name) + compact_parameters(type) + (zone ? " with time zone" : " without time zone");
}

std::string canonical_builtin(std::string_view word, const TypeText& type) {
    const std::string_view name = builtins().at(word).canonical;
    if (name == "numeric") return numeric(type);
    if (word == "float") return floating(type);
    if (name == "time" || name == "timestamp") return date_or_time(name, word, type);
    if (name == "bpchar" && type.has_parameters) return "character" + compact_parameters(type);
    if ((name == "character" || name == "bit") && !type.has_parameters) return std::string(name) + "(1)";
    const bool takes_length = name.starts_with("character") || name.starts_with("bit");
    return std::string(name) + (takes_length ? compact_parameters(type) : std::string());
}

std::string canonical_interval(const TypeText& type, std::string_view head) {
    const std::size_t collate = head.find(" collate ");
    return std::string(head.substr(0, collate)) + compact_parameters(type);
}

std::string canonical_user_type(const TypeText& type, std::string_view lower_head) {
    const std::size_t collate = lower_head.find(" collate ");
    return fold_user_type(std::string_view(type.head).substr(0, collate)) + compact_parameters(type);
}

std::string without_catalog(std::string_view head) {
    constexpr std::string_view kCatalog = "pg_catalog.";
    return std::string(starts_with_ignoring_case(head, kCatalog) ? head.substr(kCatalog.size()) : head);
}

std::string canonical_element(TypeText type) {
    type.head = without_catalog(type.head);
    if (type.head == "\"char\"") return type.head;
    const std::string head = lower(type.head);
    if (head == "interval" || head.starts_with("interval ")) return canonical_interval(type, head);
    const std::string_view word = longest_known(head, is_builtin);
    if (word.empty()) return canonical_user_type(type, head);
    end_head_at(type, word.size());
    return canonical_builtin(word, type);
}

}  // namespace

bool is_postgresql_type(std::string_view lower_name) { return is_builtin(lower_name); }

std::string canonical_type(std::string_view sql_type) {
    TypeText type = take_apart(sql_type);
    const bool is_array = !type.bounds.empty();
    return canonical_element(std::move(type)) + (is_array ? "[]" : "");
}

TypeClass type_class(std::string_view sql_type) {
    const TypeText type = take_apart(sql_type);
    if (!type.bounds.empty()) return TypeClass::array;
    const std::string head = lower(without_catalog(type.head));
    if (head == "\"char\"") return TypeClass::text;
    const std::string_view word = longest_known(head, is_builtin);
    return word.empty() ? TypeClass::other : builtins().at(word).type_class;
}

}  // namespace changelog::sql
