#include "operations/where.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "sql/parse.hpp"

namespace changelog::operations {

namespace {

/// The places that are filled, in the order in which Liquibase looks for them.
constexpr std::string_view kPlaces[] = {":name", "?", ":value"};

std::string_view place_at(std::string_view text) {
    for (const std::string_view place : kPlaces)
        if (text.starts_with(place)) return place;
    return {};
}

/// Names and values are counted apart: a param without a name fills only a value.
class Params {
  public:
    Params(const std::vector<WhereParam>& params, const Naming& naming) {
        for (const WhereParam& param : params) {
            if (!param.column.name.empty()) names_.push_back(naming.name(param.column.name));
            values_.push_back(value_expression(param.column, naming));
        }
    }

    std::string fill(std::string_view place) {
        if (place == ":name") return name_ < names_.size() ? names_[name_++] : std::string(place);
        return value_ < values_.size() ? values_[value_++] : std::string(place);
    }

  private:
    std::vector<std::string> names_, values_;
    std::size_t name_ = 0, value_ = 0;
};

}  // namespace

void WhereParam::describe(FieldVisitor& visitor) {
    visitor.text(optional("name", "Column that takes the place of :name."), column.name);
    visitor.text(optional("value", "Value for :value or ?, as text."), column.value);
    visitor.text(optional("valueNumeric", "Value as a number."), column.value_numeric);
    visitor.flag(optional("valueBoolean", "Value as true or false."), column.value_boolean);
    visitor.date(optional("valueDate", "Value as a date."), column.value_date);
    visitor.text(optional("valueComputed", "Value as an expression."), column.value_computed);
    visitor.text(optional("valueSequenceNext", "Value as the next of a sequence."),
                 column.value_sequence_next);
    visitor.text(optional("valueSequenceCurrent", "Value as the current one of a sequence."),
                 column.value_sequence_current);
    visitor.text(optional("type", "Type of the value; says how text is written."), column.type);
}

void Where::describe(FieldVisitor& visitor) {
    visitor.text(optional("where", "Condition that picks the rows; all rows if not given.").sql(), condition);
    visitor.list(
        optional("whereParams", "What takes the places of :name, :value and ? in the condition, in order."),
        ListOf<WhereParam>("param", params));
}

void Where::check(Diagnostics& diagnostics, Position at) const {
    if (!condition || !trim(*condition).empty()) return;
    Diagnostic& found = diagnostics.error(codes::bad_value, at, "'where' is empty");
    found.why = "Liquibase sends WHERE with nothing after it, which fails.";
    found.next.emplace_back("leave 'where' out if every row is meant");
}

std::string Where::clause(const Naming& naming) const {
    if (!condition) return {};
    if (params.empty()) return " WHERE " + *condition;
    Params open(params, naming);
    std::string filled;
    std::string_view rest = *condition;
    while (!rest.empty()) {
        const std::string_view place = place_at(rest);
        filled += place.empty() ? std::string(1, rest.front()) : open.fill(place);
        rest.remove_prefix(place.empty() ? 1 : place.size());
    }
    return " WHERE " + trim(filled);
}

void require_expression(const std::string& expression, const RenderContext& context, Footprint& out) {
    const std::string query = "SELECT " + expression;
    std::vector<ObjectRef> objects = sql::relations_of_query(query, context.default_schema);
    if (objects.empty() && sql::is_too_deep(query))
        out.block("an expression is nested too deeply to be read");
    for (ObjectRef& object : objects) out.require(std::move(object));
}

}  // namespace changelog::operations
