#include "postgres/existence.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

struct Question {
    const Condition& condition;
    const PreconditionContext& context;

    bool has(const std::string& name) const { return !trim(attribute(condition, name)).empty(); }
    std::string stored(const std::string& name) const {
        return sql::literal(sql::stored(trim(attribute(condition, name)), context.quoting));
    }
    std::string any_case(const std::string& name) const {
        return "lower(" + sql::literal(trim(attribute(condition, name))) + ")";
    }
    std::string schema() const { return sql::literal(schema_of(condition, context)); }
    std::string schema_any_case() const { return "lower(" + schema() + ")"; }
    /// A text[] of the names in a comma list, folded.
    std::string list(const std::string& name) const {
        std::string out;
        for (const std::string& item : split(attribute(condition, name), ','))
            out += (out.empty() ? "lower(" : ", lower(") + sql::literal(item) + ")";
        return "ARRAY[" + out + "]::text[]";
    }
};

/// The columns of an index or constraint, folded, in the order of its keys.
std::string index_columns(const std::string& index) {
    return fmt::format(
        "ARRAY(SELECT lower(trim(both '\"' FROM pg_get_indexdef({0}.indexrelid, k, false))) FROM "
        "generate_series(1, {0}.indnkeyatts) AS k ORDER BY k)",
        index);
}

std::string relation(const Question& ask, const std::string& name_attribute, const std::string& kinds) {
    return fmt::format(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
        "n.nspname = {} AND c.relname = {} AND c.relkind IN ({}))",
        ask.schema(), ask.stored(name_attribute), kinds);
}

std::string column(const Question& ask) {
    return fmt::format(
        "SELECT EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n "
        "ON n.oid = "
        "c.relnamespace WHERE lower(n.nspname) = {} AND lower(c.relname) = {} AND lower(a.attname) = {} AND "
        "a.attnum > 0 "
        "AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm'))",
        ask.schema_any_case(), ask.any_case("tableName"), ask.any_case("columnName"));
}

std::string index(const Question& ask) {
    std::string where = "lower(n.nspname) = " + ask.schema_any_case();
    if (ask.has("indexName")) where += " AND lower(c.relname) = " + ask.any_case("indexName");
    if (ask.has("tableName")) where += " AND lower(t.relname) = " + ask.any_case("tableName");
    if (ask.has("columnNames")) where += " AND " + index_columns("i") + " = " + ask.list("columnNames");
    return "SELECT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON "
           "t.oid = "
           "i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE " +
           where + ")";
}

/// A constraint of the given pg_constraint.contype; either attribute may be missing.
std::string constraint(const Question& ask, char type, const std::string& name_attribute,
                       const std::string& table_attribute) {
    std::string where =
        fmt::format("k.contype = '{}' AND lower(n.nspname) = {}", type, ask.schema_any_case());
    if (ask.has(name_attribute)) where += " AND lower(k.conname) = " + ask.any_case(name_attribute);
    if (ask.has(table_attribute)) where += " AND lower(t.relname) = " + ask.any_case(table_attribute);
    if (ask.has("columnNames"))  // the order of a unique constraint's columns means nothing
        where += fmt::format(
            " AND (SELECT array_agg(lower(a.attname) ORDER BY lower(a.attname)) FROM pg_attribute a WHERE "
            "a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) = (SELECT array_agg(w ORDER BY w) FROM "
            "unnest({}) AS w)",
            ask.list("columnNames"));
    return "SELECT EXISTS (SELECT FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN "
           "pg_namespace n ON n.oid "
           "= t.relnamespace WHERE " +
           where + ")";
}

/// Whether nothing but a schema is named: such a condition never holds.
bool names_nothing(const Condition& condition) {
    return std::all_of(condition.attributes.begin(), condition.attributes.end(), [](const auto& entry) {
        return entry.first.ends_with("SchemaName") || entry.first.ends_with("schemaName") ||
               entry.first.ends_with("atalogName") || trim(entry.second).empty();
    });
}

/// The exact name, without folding.
std::string sequence(const Question& ask) {
    return fmt::format(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
        "n.nspname = {} AND c.relname = {} AND c.relkind = 'S')",
        ask.schema(), sql::literal(trim(attribute(ask.condition, "sequenceName"))));
}

}  // namespace

std::string attribute(const Condition& condition, const std::string& name) {
    const auto found = condition.attributes.find(name);
    return found == condition.attributes.end() ? "" : found->second;
}

std::string schema_of(const Condition& condition, const PreconditionContext& context) {
    std::string given = trim(attribute(condition, "schemaName"));
    if (given.empty()) given = trim(attribute(condition, "foreignKeyTableSchemaName"));
    // Liquibase gives the schema to the table; an index without one is looked for in the default schema.
    if (condition.kind == "indexExists" && trim(attribute(condition, "tableName")).empty()) given.clear();
    return given.empty() ? context.default_schema : sql::stored(given, context.quoting);
}

std::optional<std::string> existence_query(const Condition& condition, const PreconditionContext& context) {
    const Question ask{condition, context};
    const std::string& kind = condition.kind;
    if (kind == "tableExists") return relation(ask, "tableName", "'r', 'p', 'f'");
    if (kind == "viewExists") return relation(ask, "viewName", "'v', 'm'");
    if (kind == "columnExists") return column(ask);
    const bool by_any_name = kind == "indexExists" || kind == "primaryKeyExists" ||
                             kind == "uniqueConstraintExists" || kind == "foreignKeyConstraintExists";
    if (by_any_name && names_nothing(condition)) return "SELECT false";
    if (kind == "indexExists") return index(ask);
    if (kind == "primaryKeyExists") return constraint(ask, 'p', "primaryKeyName", "tableName");
    if (kind == "uniqueConstraintExists") return constraint(ask, 'u', "constraintName", "tableName");
    if (kind == "foreignKeyConstraintExists")
        return constraint(ask, 'f', "foreignKeyName", "foreignKeyTableName");
    if (kind == "sequenceExists") return sequence(ask);
    return std::nullopt;
}

std::string existence_subject(const Condition& condition, const PreconditionContext& context) {
    static constexpr std::string_view ending = "Exists";
    std::string what =
        condition.kind.substr(0, condition.kind.size() - std::min(condition.kind.size(), ending.size()));
    std::vector<std::string> names;
    for (const auto& [name, value] : condition.attributes)
        if (name != "schemaName" && name != "catalogName" && !value.empty())
            names.push_back(name + " " + value);
    return fmt::format("{} ({} in schema {})", what, join(names, ", "), schema_of(condition, context));
}

}  // namespace changelog::postgres
