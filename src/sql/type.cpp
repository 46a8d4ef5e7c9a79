// What Liquibase writes for a type on PostgreSQL. Names that it does not know are written in capitals, which
// PostgreSQL folds; only text that edits the SQL (modifySql) can tell.
#include "sql/type.hpp"

#include "core/text.hpp"
#include "sql/type_names.hpp"
#include "sql/type_text.hpp"

namespace changelog::sql {

namespace {

enum class Form { fixed, sized, serial, time, timestamp };

struct Rule {
    Form form;
    std::string_view sql;
};

using Rules = std::unordered_map<std::string_view, Rule>;

const Rules& rules() {
    using enum Form;
    static const Rules table = {
        {"int", {fixed, "INTEGER"}},
        {"integer", {fixed, "INTEGER"}},
        {"int4", {fixed, "INTEGER"}},
        {"mediumint", {fixed, "INTEGER"}},
        {"bigint", {fixed, "BIGINT"}},
        {"int8", {fixed, "BIGINT"}},
        {"smallint", {fixed, "SMALLINT"}},
        {"int2", {fixed, "SMALLINT"}},
        {"tinyint", {fixed, "SMALLINT"}},
        {"serial", {serial, "INTEGER"}},
        {"serial4", {serial, "INTEGER"}},
        {"bigserial", {serial, "BIGINT"}},
        {"serial8", {serial, "BIGINT"}},
        {"smallserial", {serial, "SMALLINT"}},
        {"number", {sized, "numeric"}},
        {"numeric", {sized, "numeric"}},
        {"decimal", {sized, "DECIMAL"}},
        {"dec", {sized, "DEC"}},
        {"currency", {fixed, "DECIMAL"}},
        {"money", {fixed, "DECIMAL"}},
        {"smallmoney", {fixed, "DECIMAL"}},
        {"float", {sized, "FLOAT"}},
        {"real", {sized, "REAL"}},
        {"double", {fixed, "DOUBLE PRECISION"}},
        {"double precision", {fixed, "DOUBLE PRECISION"}},
        {"boolean", {fixed, "BOOLEAN"}},
        {"bool", {fixed, "BOOLEAN"}},
        {"bit", {sized, "BIT"}},
        {"bit varying", {sized, "BIT VARYING"}},
        {"varbit", {sized, "VARBIT"}},
        {"char", {sized, "CHAR"}},
        {"character", {sized, "CHAR"}},
        {"bpchar", {sized, "CHAR"}},
        {"nchar", {sized, "NCHAR"}},
        {"varchar", {sized, "VARCHAR"}},
        {"character varying", {sized, "VARCHAR"}},
        {"varchar2", {sized, "VARCHAR"}},
        {"nvarchar", {sized, "VARCHAR"}},
        {"nvarchar2", {sized, "VARCHAR"}},
        {"text", {fixed, "TEXT"}},
        {"clob", {fixed, "TEXT"}},
        {"nclob", {fixed, "TEXT"}},
        {"longtext", {fixed, "TEXT"}},
        {"mediumtext", {fixed, "TEXT"}},
        {"tinytext", {fixed, "TEXT"}},
        {"ntext", {fixed, "TEXT"}},
        {"longvarchar", {fixed, "TEXT"}},
        {"longnvarchar", {fixed, "TEXT"}},
        {"blob", {fixed, "OID"}},
        {"oid", {fixed, "OID"}},
        {"longblob", {fixed, "BYTEA"}},
        {"mediumblob", {fixed, "BYTEA"}},
        {"tinyblob", {fixed, "BYTEA"}},
        {"binary", {fixed, "BYTEA"}},
        {"varbinary", {fixed, "BYTEA"}},
        {"longvarbinary", {fixed, "BYTEA"}},
        {"image", {fixed, "BYTEA"}},
        {"bytea", {fixed, "BYTEA"}},
        {"uuid", {fixed, "UUID"}},
        {"uniqueidentifier", {fixed, "UUID"}},
        {"date", {fixed, "date"}},
        {"time", {Form::time, ""}},
        {"timetz", {Form::time, "WITH TIME ZONE"}},
        {"datetime", {timestamp, ""}},
        {"datetime2", {timestamp, ""}},
        {"smalldatetime", {timestamp, ""}},
        {"timestamp", {timestamp, ""}},
        {"timestamptz", {timestamp, "WITH TIME ZONE"}},
        {"xml", {fixed, "XML"}},
        {"xmltype", {fixed, "XML"}},
    };
    return table;
}

// Where a constant of java.sql.Types means something else than the SQL name. BIT is no type of PostgreSQL's.
const Rules& java_rules() {
    using enum Form;
    static const Rules table = {
        {"real", {fixed, "FLOAT"}},
        {"float", {fixed, "FLOAT"}},
        {"sqlxml", {fixed, "XML"}},
        {"timestamp_with_timezone", {timestamp, "WITH TIME ZONE"}},
        {"time_with_timezone", {Form::time, "WITH TIME ZONE"}},
    };
    return table;
}

constexpr std::string_view kJava = "java.sql.types.";

const Rule* find_rule(std::string_view head) {
    if (head.starts_with(kJava)) {
        head.remove_prefix(kJava.size());
        if (const auto found = java_rules().find(head); found != java_rules().end()) return &found->second;
        if (head == "bit") return nullptr;
    }
    const auto found = rules().find(head);
    return found == rules().end() ? nullptr : &found->second;
}

std::string spaced(std::string_view before, std::string_view after) {
    if (after.empty()) return std::string(before);
    return std::string(before) + ' ' + std::string(after);
}

/// As written, but for capitals and the spaces around parentheses.
std::string unchanged(const TypeText& type) {
    const bool quoted = type.head.find('"') != std::string::npos;
    return spaced((quoted ? type.head : upper(type.head)) + type.parameter_list(", "), type.rest) +
           type.bounds;
}

/// Oracle's "10 char" and SQL Server's "max" are no lengths of PostgreSQL's.
void adapt_length(TypeText& type) {
    if (type.parameters.size() != 1) return;
    std::string& length = type.parameters.front();
    const std::string text = lower(length);
    if (text.ends_with(" char") || text.ends_with(" byte"))
        length = trim(length.substr(0, length.size() - 5));
    if (text == "max") type.has_parameters = false;
}

/// What may follow a type where a type stands; MySQL's "unsigned" and a stray "not null" are dropped, as
/// Liquibase does.
std::string kept_rest(const TypeText& type) {
    const std::string rest = lower(type.rest);
    const bool keep =
        rest.starts_with("collate ") || rest.starts_with("generated ") || rest.starts_with("character set");
    return keep ? type.rest : std::string();
}

std::string sized(const Rule& rule, TypeText type) {
    if (rule.sql.ends_with("CHAR")) adapt_length(type);
    const std::string_view name = rule.sql == "REAL" && type.has_parameters ? "FLOAT" : rule.sql;
    return spaced(std::string(name) + type.parameter_list(", "), kept_rest(type));
}

/// "time(3) WITHOUT TIME ZONE": Liquibase spells `time` in small letters and keeps the zone words of a
/// timestamp.
std::string with_zone(std::string_view name, const Rule& rule, const TypeText& type) {
    const std::string sized_name = std::string(name) + type.parameter_list(", ");
    const std::string rest = lower(type.rest);
    if (!rule.sql.empty()) return spaced(sized_name, rule.sql);
    if (rest == "with time zone") return spaced(sized_name, name == "time" ? "WITH TIME ZONE" : type.rest);
    if (rest.empty() || rest == "without time zone") return sized_name + " WITHOUT TIME ZONE";
    return unchanged(type);
}

std::string mapped(const Rule& rule, const TypeText& type) {
    switch (rule.form) {
        case Form::fixed:
            return spaced(rule.sql, kept_rest(type));
        case Form::serial:
            return std::string(rule.sql);
        case Form::sized:
            return sized(rule, type);
        case Form::time:
            return with_zone("time", rule, type);
        case Form::timestamp:
            return with_zone("TIMESTAMP", rule, type);
    }
    return unchanged(type);
}

}  // namespace

ColumnType column_type(std::string_view text, TypeUse use) {
    TypeText type = take_apart(text);
    const std::string head = lower(type.head);
    const std::string_view known =
        longest_known(head, [](std::string_view name) { return find_rule(name) != nullptr; });
    const bool array_of_known_name = !type.bounds.empty() && is_postgresql_type(head);
    if (known.empty() || array_of_known_name) return {unchanged(type), false};
    const Rule& rule = *find_rule(known);
    end_head_at(type, known.size());
    const std::string bounds = std::exchange(type.bounds, {});
    const bool identity = rule.form == Form::serial && use == TypeUse::create_table && bounds.empty();
    return {mapped(rule, type) + bounds, identity};
}

}  // namespace changelog::sql
