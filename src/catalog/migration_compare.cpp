#include "catalog/migration_compare.hpp"

#include "catalog/migration_text.hpp"
#include "core/text.hpp"
#include "sql/tokens.hpp"
#include "sql/type.hpp"
#include "sql/type_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace changelog::catalog {

namespace {

Constraint core(Constraint constraint, const Constraint& to) {
    constraint.comment = to.comment;
    constraint.index_comment = to.index_comment;
    constraint.clustered = to.clustered;
    constraint.replica_identity = to.replica_identity;
    constraint.inherited = to.inherited;
    constraint.options = to.options;
    constraint.tablespace = to.tablespace;
    if (to.validated) constraint.validated = true;
    if (to.kind == ConstraintKind::foreign_key) {
        constraint.deferrable = to.deferrable;
        constraint.initially_deferred = to.initially_deferred;
    }
    if (same_sql(constraint.expression, to.expression)) constraint.expression = to.expression;
    if (constraint.match.empty() != to.match.empty() &&
        (constraint.match == "SIMPLE" || to.match == "SIMPLE"))
        constraint.match = to.match;
    return constraint;
}

Index core(Index index, const Index& to) {
    index.comment = to.comment;
    index.clustered = to.clustered;
    index.replica_identity = to.replica_identity;
    index.attached_to = to.attached_to;
    index.options = to.options;
    index.tablespace = to.tablespace;
    index.statistics = to.statistics;
    index.on_only = to.on_only;
    index.valid = to.valid;
    if (same_sql(index.predicate, to.predicate)) index.predicate = to.predicate;
    for (std::size_t i = 0; i < std::min(index.keys.size(), to.keys.size()); ++i)
        if (same_sql(index.keys[i].text, to.keys[i].text)) index.keys[i].text = to.keys[i].text;
    return index;
}

/// What stands before LANGUAGE or AS: the name, the arguments, the result.
std::string header(const std::string& definition) {
    const auto tokens = sql::tokenize(definition);
    if (!tokens) return definition;
    std::string out;
    for (const sql::Token& token : *tokens) {
        if (token.kind == sql::TokenKind::word &&
            (equal_ignoring_case(token.text, "LANGUAGE") || equal_ignoring_case(token.text, "AS")))
            return sql::token_stream(out);
        if (equal_ignoring_case(token.text, "OR") || equal_ignoring_case(token.text, "REPLACE")) continue;
        out += token.text;
    }
    return sql::token_stream(out);
}

struct Shape {
    std::string name;
    std::vector<int> limits;
    std::string bounds;
};

Shape shape_of(const std::string& type) {
    const sql::TypeText text = sql::take_apart(sql::canonical_type(type));
    Shape shape{text.rest.empty() ? text.head : text.head + ' ' + text.rest, {}, text.bounds};
    for (const std::string& parameter : text.parameters) {
        int value = 0;
        std::from_chars(parameter.data(), parameter.data() + parameter.size(), value);
        shape.limits.push_back(value);
    }
    return shape;
}

int limit(const Shape& shape, std::size_t index, int otherwise) {
    return index < shape.limits.size() ? shape.limits[index] : otherwise;
}

/// Whole numbers by their decimal digits; 0: not one of them.
int digits(const std::string& name) {
    return name == "smallint" ? 5 : name == "integer" ? 10 : name == "bigint" ? 19 : 0;
}

bool fits_numeric(const Shape& from, const Shape& to) {
    if (to.limits.empty()) return digits(from.name) > 0 || from.name == "numeric";
    const int whole = limit(to, 0, 0) - limit(to, 1, 0);
    if (digits(from.name) > 0) return whole >= digits(from.name);
    return from.name == "numeric" && !from.limits.empty() && whole >= limit(from, 0, 0) - limit(from, 1, 0) &&
           limit(to, 1, 0) >= limit(from, 1, 0);
}

/// Positions in `to` of what both have, in order; -1 for the rest. Greedy, which is enough for short lists.
std::vector<int> matches(const std::vector<std::string>& now, const std::vector<std::string>& to) {
    std::vector<int> out;
    int next = 0;
    for (const std::string& label : now) {
        const auto found = std::find(to.begin() + next, to.end(), label);
        out.push_back(found == to.end() ? -1 : static_cast<int>(found - to.begin()));
        if (found != to.end()) next = out.back() + 1;
    }
    return out;
}

}  // namespace

bool can_stay(const Constraint& now, const Constraint& to) { return core(now, to) == to; }

bool can_stay(const Index& now, const Index& to) { return core(now, to) == to; }

bool can_stay(const Table& now, const Table& to) {
    if (!same_sql(now.partition_by, to.partition_by)) return false;
    if (now.partition_by.empty()) return true;
    return std::none_of(now.columns.begin(), now.columns.end(), [&](const Column& column) {
        const Column* wanted = to.column(column.name);
        const bool changes =
            wanted == nullptr || is_retyped(column, *wanted) || must_be_remade(column, *wanted);
        return changes && all_words(now.partition_by).contains(column.name);
    });
}

bool can_stay(const Trigger& now, const Trigger& to) { return same_sql(now.definition, to.definition); }

bool can_stay(const Policy& now, const Policy& to) { return same_sql(now.definition, to.definition); }

StateAndOwner split_owner(const std::string& state) {
    static constexpr std::string_view mark = ", owner ";
    const std::size_t at = state.rfind(mark);
    if (at == std::string::npos) return {state, {}};
    return {state.substr(0, at), state.substr(at + mark.size())};
}

bool can_stay(const Other& now, const Other& to) {
    return same_sql(now.create, to.create) && split_owner(now.state).state == split_owner(to.state).state;
}

bool same_query(const View& now, const View& to) {
    return now.materialized == to.materialized && same_sql(now.query, to.query) &&
           same_sql(now.definition, to.definition) && now.columns == to.columns &&
           now.access_method == to.access_method;
}

bool can_replace(const View& now, const View& to) {
    if (now.materialized || to.materialized || now.id.value == 0 || now.id.value != to.id.value) return false;
    return !now.columns.empty() && now.columns.size() <= to.columns.size() &&
           std::equal(now.columns.begin(), now.columns.end(), to.columns.begin());
}

bool can_replace(const Function& now, const Function& to) {
    return now.kind == to.kind && now.kind != "AGGREGATE" && header(now.definition) == header(to.definition);
}

bool is_retyped(const Column& now, const Column& to) {
    return !same_sql(now.type, to.type) || now.collation != to.collation;
}

bool must_be_remade(const Column& now, const Column& to) {
    if (to.generated == Generated::no) return now.generated == Generated::on_read;
    return now.generated != to.generated || is_retyped(now, to) ||
           !same_sql(now.expression.value_or(""), to.expression.value_or(""));
}

bool keeps_values(const std::string& from_type, const std::string& to_type) {
    const Shape from = shape_of(from_type), to = shape_of(to_type);
    if (from.bounds != to.bounds) return false;
    const auto is_text = [](const Shape& shape) {
        return shape.name == "text" || shape.name == "character varying";
    };
    constexpr int kUnlimited = 1 << 30;
    if (is_text(to) && to.limits.empty()) return from.name != "bytea";
    if (is_text(to)) return is_text(from) && limit(from, 0, kUnlimited) <= limit(to, 0, kUnlimited);
    if (to.name == "numeric") return fits_numeric(from, to);
    if (digits(from.name) > 0 && digits(to.name) > 0) return digits(from.name) <= digits(to.name);
    if (to.name == "double precision")
        return from.name == "real" || from.name == to.name ||
               (digits(from.name) > 0 && digits(from.name) <= digits("integer"));
    return from.name == to.name && (from.limits == to.limits || to.limits.empty());
}

bool can_become(const std::string& from, const std::string& to) {
    const sql::TypeClass kind = sql::type_class(from);
    return keeps_values(from, to) ||
           (kind == sql::type_class(to) && (kind == sql::TypeClass::text || kind == sql::TypeClass::number));
}

std::vector<std::pair<std::string, std::string>> renamed_labels(const std::vector<std::string>& now,
                                                                const std::vector<std::string>& to) {
    std::vector<std::pair<std::string, std::string>> out;
    const std::vector<int> at = matches(now, to);
    std::size_t i = 0;
    int next = 0;
    while (i < now.size()) {
        std::size_t end = i;
        while (end < now.size() && at[end] < 0) ++end;
        const int until = end < now.size() ? at[end] : static_cast<int>(to.size());
        // Between two values that both have: one more or less on a side is an added or a removed one.
        for (int offset = 0; i + static_cast<std::size_t>(offset) < end && next + offset < until; ++offset) {
            const std::string& before = now[i + static_cast<std::size_t>(offset)];
            const std::string& after = to[static_cast<std::size_t>(next + offset)];
            const bool moved = std::find(now.begin(), now.end(), after) != now.end() ||
                               std::find(to.begin(), to.end(), before) != to.end();
            if (!moved) out.emplace_back(before, after);
        }
        next = until + 1;
        i = end + 1;
    }
    return out;
}

bool only_adds(const std::vector<std::string>& now, const std::vector<std::string>& to) {
    const std::vector<int> at = matches(now, to);
    return std::find(at.begin(), at.end(), -1) == at.end();
}

}  // namespace changelog::catalog
