#include "hazards/volatility.hpp"

#include "core/text.hpp"
#include "sql/statement_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace changelog::hazards {

namespace {

// clang-format off
/// Volatile functions of PostgreSQL 14 to 18 and of its usual extensions that one may meet in a default.
constexpr auto kVolatile = std::to_array<std::string_view>({
    "clock_timestamp", "currval", "gen_random_bytes", "gen_random_uuid", "gen_salt", "lastval", "nextval",
    "pg_sleep", "pg_sleep_for", "pg_sleep_until", "random", "random_normal", "set_config", "setseed",
    "setval",
    "timeofday", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4", "uuidv7"});

/// Stable ones: the same value for all rows of a statement, another one later.
constexpr auto kStable = std::to_array<std::string_view>({
    "age", "current_database", "current_schema", "current_schemas", "current_setting", "inet_client_addr",
    "inet_client_port", "inet_server_addr", "localtimestamp", "now", "pg_backend_pid", "pg_current_xact_id",
    "statement_timestamp", "to_char", "to_date", "to_timestamp", "transaction_timestamp", "txid_current",
    "version"});

/// Immutable ones that are no ordinary part of queries: constructors of values.
constexpr auto kImmutable = std::to_array<std::string_view>({
    "array_to_tsvector", "bool", "box", "bpchar", "circle", "daterange", "hstore", "inet", "int2",
    "int4range",
    "int8range", "jsonb_build_array", "lseg", "make_date", "multirange", "numrange", "path", "point",
    "polygon",
    "row", "tsrange", "tstzrange", "varchar", "xml"});
// clang-format on

enum class Grade { immutable, stable, volatile_ };

template <typename Names>
bool contains(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr int kDeepest = 8;  // functions that inline into each other

Grade grade_of(const Node& node, const FactContext& context, int depth);

std::string option_text(const Node& options, const char* name) {
    const Node& value = sql::option_of(options, name);
    const auto parts = strings_of(value);
    return parts.empty() ? text_of(inside(value), "sval") : parts.front();
}

/// The expression that a SQL function consists of, if PostgreSQL inlines it: SELECT of one value, no FROM.
Node inlined(const Node& function) {
    Node body = child(function, "sql_body");
    if (kind_of(body) == "ReturnStmt") return child(inside(body), "returnval");
    const std::string text = option_text(child(function, "options"), "as");
    const sql::ParseTree tree = sql::parse_tree(text);
    if (tree.statements.size() != 1 || kind_of(tree.statements.front()) != "SelectStmt") return {};
    const Node& select = inside(tree.statements.front());
    for (const char* clause :
         {"fromClause", "whereClause", "groupClause", "limitCount", "sortClause", "withClause"})
        if (!child(select, clause).is_null()) return {};
    const Node& targets = child(select, "targetList");
    return targets.size() == 1 ? child(inside(targets.front()), "val") : Node();
}

Grade grade_of_definition(const std::string& definition, const FactContext& context, int depth) {
    const sql::ParseTree tree = sql::parse_tree(definition);
    if (tree.statements.empty()) return Grade::volatile_;
    const Node& function = inside(tree.statements.front());
    const Node& options = child(function, "options");
    const std::string declared = lower(option_text(options, "volatility"));
    if (declared == "immutable") return Grade::immutable;
    if (declared == "stable") return Grade::stable;
    if (lower(option_text(options, "language")) == "sql" || !child(function, "sql_body").is_null()) {
        const Node body = inlined(function);
        if (!body.is_null()) return grade_of(body, context, depth + 1);
    }
    return Grade::volatile_;
}

Grade grade_of_function(std::vector<std::string> parts, const FactContext& context, int depth) {
    const std::string name = parts.empty() ? std::string() : parts.back();
    if (depth > kDeepest) return Grade::volatile_;
    const std::string schema = parts.size() > 1 ? parts.front() : context.default_schema;
    const auto [first, last] = context.before.functions.equal_range(ObjectName{schema, name});
    Grade worst = Grade::immutable;
    for (auto at = first; at != last; ++at)
        worst = std::max(worst, grade_of_definition(at->second.definition, context, depth));
    if (first != last) return worst;
    if (contains(kVolatile, name)) return Grade::volatile_;
    if (contains(kStable, name)) return Grade::stable;
    return sql::is_harmless_function(name) || contains(kImmutable, name) ? Grade::immutable
                                                                         : Grade::volatile_;
}

Grade grade_of(const Node& node, const FactContext& context, int depth) {
    Grade worst = Grade::immutable;
    if (node.is_array()) {
        for (const Node& item : node) worst = std::max(worst, grade_of(item, context, depth));
    } else if (node.is_object()) {
        for (const auto& [key, value] : node.items()) {
            if (key == "SQLValueFunction") worst = std::max(worst, Grade::stable);
            if (key == "FuncCall")
                worst =
                    std::max(worst, grade_of_function(strings_of(child(value, "funcname")), context, depth));
            worst = std::max(worst, grade_of(value, context, depth));
        }
    }
    return worst;
}

void collect_sequences(const Node& node, const FactContext& context, std::vector<ObjectName>& out) {
    if (node.is_array()) {
        for (const Node& item : node) collect_sequences(item, context, out);
    } else if (node.is_object()) {
        for (const auto& [key, value] : node.items()) {
            const auto name =
                key == "FuncCall" ? strings_of(child(value, "funcname")) : std::vector<std::string>{};
            const Node& arguments = child(value, "args");
            if (!name.empty() && (name.back() == "nextval" || name.back() == "setval") && !arguments.empty())
                if (const auto text = sql::constant_of(arguments.front())) {
                    Footprint unused;
                    out.push_back(sql::StatementReader(context.default_schema, unused).name_in_text(*text));
                }
            collect_sequences(value, context, out);
        }
    }
}

}  // namespace

bool is_volatile(const Node& expression, const FactContext& context) {
    return grade_of(expression, context, 0) == Grade::volatile_;
}

bool is_mutable(const Node& expression, const FactContext& context) {
    return grade_of(expression, context, 0) != Grade::immutable;
}

std::vector<ObjectName> sequences_in(const Node& expression, const FactContext& context) {
    std::vector<ObjectName> out;
    collect_sequences(expression, context, out);
    return out;
}

}  // namespace changelog::hazards
