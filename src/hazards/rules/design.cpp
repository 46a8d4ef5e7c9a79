// Rules about the shape of what is new: types of columns, keys, names.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "hazards/rule.hpp"
#include "hazards/type_change.hpp"
#include "hazards/type_form.hpp"
#include "sql/ddl_type.hpp"
#include "sql/identifier.hpp"
#include "sql/tokens.hpp"

#include <algorithm>
#include <functional>

namespace changelog::hazards {

namespace {

constexpr auto kNote = Severity::note;
constexpr Kinds kDefineColumns = {"ADD COLUMN", "CREATE TABLE", "ALTER TYPE"};

/// The column definitions of a step: one of ADD COLUMN and ALTER TYPE, all of CREATE TABLE.
std::vector<const Node*> definitions_of(const Step& step) {
    if (step.kind != "CREATE TABLE") return {step.definition};
    std::vector<const Node*> out;
    for (const Node& element : child(*step.node, "tableElts"))
        if (kind_of(element) == "ColumnDef") out.push_back(&inside(element));
    return out;
}

bool any_type(const Look& look, const std::function<bool(const TypeForm&)>& test) {
    const auto definitions = definitions_of(look.step);
    return std::any_of(definitions.begin(), definitions.end(), [&](const Node* definition) {
        return test(type_form(type_of(*definition, look.step)));
    });
}

bool has_json(const Look& look) {
    return any_type(look, [](const TypeForm& type) { return type.base == "json"; });
}
bool has_char(const Look& look) {
    return any_type(look, [](const TypeForm& type) { return type.base == "character"; });
}
bool has_local_timestamp(const Look& look) {
    return any_type(look, [](const TypeForm& type) { return type.base == "timestamp without time zone"; });
}
bool has_serial(const Look& look) {
    const auto definitions = definitions_of(look.step);
    return look.step.kind != "ALTER TYPE" &&
           std::any_of(definitions.begin(), definitions.end(), [&](const Node* definition) {
               return !sql::ddl_type(child(*definition, "typeName"), look.step.statement.text())
                           .serial.empty();
           });
}

bool is_key_constraint(const Node& constraint) { return text_of(constraint, "contype") == "CONSTR_PRIMARY"; }

/// The names of the columns of the primary key that CREATE TABLE defines.
std::vector<std::string> primary_key_of(const Step& step) {
    std::vector<std::string> out;
    for (const Node& element : child(*step.node, "tableElts")) {
        const Node& node = inside(element);
        if (kind_of(element) == "Constraint" && is_key_constraint(node))
            return strings_of(child(node, "keys"));
        for (const Node& item : child(node, "constraints"))
            if (is_key_constraint(inside(item))) out.push_back(text_of(node, "colname"));
    }
    return out;
}

bool is_short(const std::string& type) { return type == "integer" || type == "smallint"; }

bool has_short_key(const Look& look) {
    if (look.step.kind == "ADD PRIMARY KEY") {
        const auto columns = strings_of(child(*look.step.definition, "keys"));
        const catalog::Table* table = look.step.table();
        const catalog::Column* column =
            table == nullptr || columns.size() != 1 ? nullptr : table->column(columns.front());
        return column != nullptr && is_short(column->type);
    }
    const auto key = primary_key_of(look.step);
    if (key.size() != 1) return false;
    for (const Node* definition : definitions_of(look.step)) {
        if (text_of(*definition, "colname") != key.front()) continue;
        const sql::DdlType type = sql::ddl_type(child(*definition, "typeName"), look.step.statement.text());
        return is_short(type.text);
    }
    return false;
}

bool has_no_key(const Look& look) {
    const Node& node = *look.step.node;
    if (!child(node, "partbound").is_null() || !child(node, "inhRelations").is_null()) return false;
    if (!child(node, "ofTypename").is_null() || look.step.relation.schema == "pg_temp") return false;
    for (const Node& element : child(node, "tableElts"))
        if (kind_of(element) == "TableLikeClause") return false;
    if (!primary_key_of(look.step).empty()) return false;
    return !look.now.any_later([&](const Step& later) {
        return later.relation == look.step.relation && later.kind == "ADD PRIMARY KEY";
    });
}

bool has_long_name(const Look& look) {
    constexpr std::size_t kLongest = 63;
    const auto tokens = sql::tokenize(look.now.text);
    if (!tokens || &look.step != &look.now.all[look.now.position].front()) return false;
    return std::any_of(tokens->begin(), tokens->end(), [](const sql::Token& token) {
        const bool quoted = token.kind == sql::TokenKind::quoted_word;
        return (quoted && token.text.size() > kLongest + 2) ||
               (token.kind == sql::TokenKind::word && token.text.size() > kLongest);
    });
}

}  // namespace

const Rule rule_json_column = {
    "json-column",
    codes::json_column,
    kNote,
    About::anything,
    kDefineColumns,
    has_json,
    "{table} gets a column of type json, which has no equality: DISTINCT, GROUP BY and UNION fail on it",
    "use jsonb"};

const Rule rule_char_column = {
    "char-column",
    codes::char_column,
    kNote,
    About::anything,
    kDefineColumns,
    has_char,
    "{table} gets a column of type char(n), which pads with spaces and is changed only by a rewrite",
    "use text, with a CHECK on the length if it matters"};

const Rule rule_serial_column = {"serial-column",
                                 codes::serial_column,
                                 kNote,
                                 About::anything,
                                 kDefineColumns,
                                 has_serial,
                                 "{table} gets a serial column: its sequence has rights and a type of its "
                                 "own, and anybody may overwrite the value",
                                 "use GENERATED ... AS IDENTITY"};

const Rule rule_timestamp_without_zone = {
    "timestamp-without-zone",
    codes::timestamp_without_zone,
    kNote,
    About::anything,
    kDefineColumns,
    has_local_timestamp,
    "{table} gets a timestamp without a time zone, which does not tell a moment",
    "use timestamptz"};

const Rule rule_int4_primary_key = {
    "int4-primary-key",
    codes::int4_primary_key,
    kNote,
    About::anything,
    {"CREATE TABLE", "ADD PRIMARY KEY"},
    has_short_key,
    "the primary key of {table} ends at 2147483647 or earlier, and widening it later rewrites the table",
    "use bigint"};

const Rule rule_table_without_primary_key = {
    "table-without-primary-key",
    codes::table_without_primary_key,
    kNote,
    About::anything,
    {"CREATE TABLE"},
    has_no_key,
    "{table} has no primary key: rows cannot be told apart by replication, batches and undo",
    "give it a primary key"};

const Rule rule_identifier_too_long = {"identifier-too-long",
                                       codes::identifier_too_long,
                                       Severity::warning,
                                       About::anything,
                                       {},
                                       has_long_name,
                                       "a name is longer than 63 bytes, and PostgreSQL cuts it silently",
                                       "choose a shorter name"};

}  // namespace changelog::hazards
