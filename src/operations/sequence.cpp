#include "operations/sequence.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/tokens.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

namespace {

std::string clause(std::string_view words, const std::optional<std::string>& value) {
    return value ? fmt::format(" {} {}", words, *value) : std::string{};
}

std::string_view largest(const std::string& type) {
    if (type == "smallint") return "32767";
    if (type == "integer") return "2147483647";
    return "9223372036854775807";
}

std::string_view smallest(const std::string& type) {
    if (type == "smallint") return "-32768";
    if (type == "integer") return "-2147483648";
    return "-9223372036854775808";
}

void drop_if(std::optional<std::string>& value, std::string_view usual) {
    if (value && *value == usual) value.reset();
}

/// A name in the text of a regclass: 'public.q', '"S".q', 'q'.
ObjectName regclass_name(std::string_view text, const std::string& default_schema) {
    std::size_t dot = std::string_view::npos;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (text[i] == '.' && !quoted) dot = i;
    }
    if (dot == std::string_view::npos) return {default_schema, sql::from_sql(text)};
    return {sql::from_sql(text.substr(0, dot)), sql::from_sql(text.substr(dot + 1))};
}

/// The sequence that an expression calls nextval() of.
std::optional<ObjectName> sequence_of(const std::string& expression, const std::string& default_schema) {
    const auto tokens = sql::tokenize(expression);
    if (!tokens) return std::nullopt;
    bool called = false;
    for (const sql::Token& token : *tokens) {
        if (equal_ignoring_case(token.text, "nextval")) called = true;
        if (!called || token.kind != sql::TokenKind::string || token.text.size() < 2) continue;
        return regclass_name(token.text.substr(1, token.text.size() - 2), default_schema);
    }
    return std::nullopt;
}

}  // namespace

void SequenceFields::describe(FieldVisitor& visitor, bool with_start) {
    if (with_start) visitor.integer(optional("startValue", "The first value."), start);
    visitor.integer(optional("incrementBy", "Step between values."), increment);
    visitor.integer(optional("minValue", "Smallest value."), minimum);
    visitor.integer(optional("maxValue", "Largest value."), maximum);
    visitor.flag(optional("cycle", "Begin anew after the last value."), cycle);
    visitor.integer(optional("cacheSize", "How many values a session takes at once; 0 leaves it out."),
                    cache);
    visitor.text(optional("dataType", "smallint, integer or bigint."), data_type);
    visitor.text(optional("ordered", "Not for PostgreSQL, whose sequences have no order between sessions."),
                 ordered);
}

void SequenceFields::check(Diagnostics& diagnostics, Position at) const {
    if (!ordered || !equal_ignoring_case(*ordered, "true")) return;
    diagnostics.error(codes::unsupported_change, at, "PostgreSQL has no ordered sequences")
        .next.emplace_back("leave 'ordered' out");
}

std::string SequenceFields::clauses(std::string_view no_cycle) const {
    std::string text = data_type.empty() ? "" : " AS " + data_type;
    text += clause("START WITH", start);
    text += clause("INCREMENT BY", increment);
    text += clause("MINVALUE", minimum);
    text += clause("MAXVALUE", maximum);
    if (has_cache()) text += clause("CACHE", cache);
    if (cycle) text += *cycle ? std::string_view(" CYCLE") : no_cycle;
    return text;
}

catalog::SequenceOptions SequenceFields::over(catalog::SequenceOptions options) const {
    if (!data_type.empty()) options.type = sql::canonical_type(data_type);
    if (start) options.start = start;
    if (increment) options.increment = increment;
    if (minimum) options.minimum = minimum;
    if (maximum) options.maximum = maximum;
    if (has_cache()) options.cache = cache;
    if (cycle) options.cycle = *cycle;
    return normalised(std::move(options));
}

catalog::SequenceOptions normalised(catalog::SequenceOptions options) {
    const bool descending = options.increment && options.increment->starts_with('-');
    const std::string low(descending ? smallest(options.type) : "1");
    const std::string high(descending ? "-1" : largest(options.type));
    drop_if(options.start, descending ? options.maximum.value_or(high) : options.minimum.value_or(low));
    drop_if(options.increment, "1");
    drop_if(options.minimum, low);
    drop_if(options.maximum, high);
    drop_if(options.cache, "1");
    return options;
}

std::vector<SequenceUse> uses_of_sequence(const catalog::Catalog& catalog, const ObjectName& sequence,
                                          const std::string& default_schema) {
    std::vector<SequenceUse> uses;
    for (const auto& [name, table] : catalog.tables)
        for (const catalog::Column& column : table.columns)
            if (column.expression && sequence_of(*column.expression, default_schema) == sequence)
                uses.push_back({name, column.name, *column.expression});
    return uses;
}

}  // namespace changelog::operations
