// Values and defaults as SQL: what Liquibase writes (LIQUIBASE.md 2.3), except where that is no valid SQL.
#include "core/text.hpp"
#include "operations/column.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

namespace {

using sql::TypeClass;

bool is_null_word(const std::string& text) { return equal_ignoring_case(text, "null"); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool has_call(const std::string& text) { return text.find('(') != std::string::npos; }

/// Liquibase writes the current time in one way only.
bool is_current_time(const std::string& text) {
    std::string word = lower(trim(text));
    if (word == "now()" || word == "current_datetime") return true;
    if (!word.starts_with("current_timestamp")) return false;
    word.erase(0, std::string_view("current_timestamp").size());
    if (word.empty()) return true;
    return word.size() >= 2 && word.front() == '(' && word.back() == ')' &&
           std::all_of(word.begin() + 1, word.end() - 1, is_digit);
}

std::string expression(const std::string& text) { return is_current_time(text) ? "NOW()" : text; }

/// Words that PostgreSQL takes as numbers in quotes only.
bool is_no_finite_number(const std::string& text) {
    const std::string word = lower(text);
    for (const std::string_view known : {"nan", "infinity", "-infinity", "+infinity"})
        if (word == known) return true;
    return false;
}

/// As written; a number in parentheses loses them, and what is no number is an expression.
std::string number(const std::string& text) {
    const std::string word = trim(text);
    if (is_no_finite_number(word)) return sql::literal(word);
    if (word.size() < 3 || word.front() != '(' || word.back() != ')') return expression(text);
    const std::string inner = word.substr(1, word.size() - 2);
    return inner.find_first_not_of("+-.0123456789") == std::string::npos ? inner : expression(text);
}

/// `pattern` has 9 for a digit; every other character stands for itself.
bool has_shape(std::string_view text, std::string_view pattern) {
    if (text.size() != pattern.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (pattern[i] == '9' ? !is_digit(text[i]) : text[i] != pattern[i]) return false;
    return true;
}

/// hh:mm:ss, perhaps with a fraction and a zone.
bool is_time(std::string_view text) {
    if (!has_shape(text.substr(0, 8), "99:99:99") && !has_shape(text, "99:99")) return false;
    const auto allowed = [](char c) {
        return is_digit(c) || c == '.' || c == ':' || c == '+' || c == '-' || c == 'Z';
    };
    return std::all_of(text.begin(), text.end(), allowed);
}

/// An ISO date, time or both as a literal; anything else is an expression.
std::string date(const std::string& written) {
    std::string text = trim(written);
    if (has_shape(text, "9999-99-99") || is_time(text)) return sql::literal(text);
    const bool both = text.size() > 11 && has_shape(std::string_view(text).substr(0, 10), "9999-99-99") &&
                      (text[10] == 'T' || text[10] == ' ') && is_time(std::string_view(text).substr(11));
    if (!both) return expression(text);
    text[10] = ' ';
    return sql::literal(text);
}

std::string boolean_text(const std::string& text) {
    const std::string word = lower(trim(text));
    for (const std::string_view yes : {"true", "t", "1", "b'1'", "yes", "y"})
        if (word == yes) return "TRUE";
    for (const std::string_view no : {"false", "f", "0", "b'0'", "no", "n"})
        if (word == no) return "FALSE";
    return has_call(text) ? expression(text) : sql::literal(text);
}

std::string bit_text(const std::string& text) {
    const std::string word = lower(trim(text));
    if (word.starts_with("b'")) return trim(text);
    if (word == "true" || word == "false") return word == "true" ? "B'1'" : "B'0'";
    const bool bits = !word.empty() && word.find_first_not_of("01") == std::string::npos;
    return bits ? "B'" + word + '\'' : sql::literal(text);
}

std::string date_text(const std::string& text) {
    if (is_current_time(text)) return "NOW()";
    const std::string word = lower(trim(text));
    for (const std::string_view name : {"current_date", "current_time", "localtime", "localtimestamp"})
        if (word == name) return text;
    return has_call(text) ? text : sql::literal(text);
}

std::string text_default(const std::string& text, TypeClass type) {
    switch (type) {
        case TypeClass::number:
            return text.empty() || is_no_finite_number(trim(text)) ? sql::literal(text) : text;
        case TypeClass::boolean:
            return boolean_text(text);
        case TypeClass::bit:
            return bit_text(text);
        case TypeClass::date_time:
            return date_text(text);
        case TypeClass::uuid:
            return has_call(text) ? text : sql::literal(text);
        case TypeClass::text:
        case TypeClass::json:
        case TypeClass::binary:
        case TypeClass::array:
        case TypeClass::other:
            break;
    }
    return sql::literal(text);
}

std::string boolean_default(bool value, TypeClass type) {
    if (type == TypeClass::text) return value ? "'true'" : "'false'";
    if (type == TypeClass::bit) return value ? "B'1'" : "B'0'";
    if (type == TypeClass::number) return value ? "1" : "0";
    return value ? "TRUE" : "FALSE";
}

std::string text_value(const std::string& text, const std::string& type) {
    if (is_null_word(text)) return "NULL";
    const bool is_call = !type.empty() && sql::type_class(type) == TypeClass::date_time && has_call(text);
    return is_call ? text : sql::literal(text);
}

/// A written name of a sequence as schema and name; quotes are not for the changelog to write, so a dot
/// divides.
std::pair<std::string, std::string> parts_of(const std::string& written) {
    const std::size_t dot = written.find('.');
    if (dot == std::string::npos) return {"", written};
    return {written.substr(0, dot), written.substr(dot + 1)};
}

}  // namespace

std::string sequence_call(std::string_view function, const std::string& written, const Naming& naming) {
    const auto [schema, name] = parts_of(written);
    return fmt::format("{}({})", function, sql::literal(naming.object(schema, name)));
}

ObjectName sequence_name(const std::string& written, const Naming& naming) {
    const auto [schema, name] = parts_of(written);
    return naming.stored_object(schema, name);
}

std::optional<std::string> default_expression(const ColumnConfig& column, const std::string& emitted_type,
                                              const Naming& naming) {
    const TypeClass type = emitted_type.empty() ? TypeClass::text : sql::type_class(emitted_type);
    if (column.default_value) {
        if (is_null_word(*column.default_value)) return std::nullopt;
        return text_default(*column.default_value, type);
    }
    // Without a type nothing says what the flag is stored as, and TRUE is what Liquibase writes.
    if (column.default_boolean)
        return boolean_default(*column.default_boolean, emitted_type.empty() ? TypeClass::boolean : type);
    if (column.default_numeric) {
        if (is_null_word(*column.default_numeric)) return std::nullopt;
        return number(*column.default_numeric);
    }
    if (column.default_date) {
        if (is_null_word(*column.default_date)) return std::nullopt;
        return date(*column.default_date);
    }
    if (column.default_computed) return expression(*column.default_computed);
    if (column.default_sequence_next) return sequence_call("nextval", *column.default_sequence_next, naming);
    return std::nullopt;
}

std::string value_expression(const ColumnConfig& column, const Naming& naming) {
    if (column.value) return text_value(*column.value, column.type);
    if (column.value_boolean) return *column.value_boolean ? "TRUE" : "FALSE";
    if (column.value_numeric)
        return is_null_word(*column.value_numeric) ? "NULL" : number(*column.value_numeric);
    if (column.value_date) return is_null_word(*column.value_date) ? "NULL" : date(*column.value_date);
    if (column.value_computed && !column.value_computed->empty()) return expression(*column.value_computed);
    if (column.value_sequence_next) return sequence_call("nextval", *column.value_sequence_next, naming);
    if (column.value_sequence_current)
        return sequence_call("currval", *column.value_sequence_current, naming);
    return "NULL";
}

std::string default_clause(const std::optional<std::string>& expression) {
    if (!expression) return {};
    return starts_with_ignoring_case(*expression, "GENERATED ALWAYS ") ? ' ' + *expression
                                                                       : " DEFAULT " + *expression;
}

std::string text_or_call(const std::string& text) {
    return has_call(text) ? expression(text) : sql::literal(text);
}

}  // namespace changelog::operations
