// The implicit types of plain scalars as SnakeYAML 2.2 resolves them (YAML 1.1), and the text that Java makes
// of the values: LIQUIBASE.md 1.2. Identity of changesets rests on it.
#include "yaml/node.hpp"

#include "yaml/scalars.hpp"

#include <array>

namespace changelog::yaml {

namespace {

constexpr std::size_t kLongestNumber = 1024;  // SnakeYAML tries no pattern on longer scalars
constexpr std::size_t kLongestTimestamp = 50;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words)
        if (text == word) return true;
    return false;
}

bool is_true(std::string_view text) {
    return is_one_of(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"});
}

bool is_boolean(std::string_view text) {
    return is_true(text) ||
           is_one_of(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"});
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Walks over a scalar; each step takes what it can and says whether that was enough.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
    bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
    bool take(char c) {
        if (!at(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void sign() {
        if (!take('-')) take('+');
    }
    /// One character of `set`, if it comes next.
    bool one(std::string_view set) {
        if (rest_.empty() || set.find(rest_.front()) == std::string_view::npos) return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::size_t many(std::string_view set) {
        std::size_t taken = 0;
        while (one(set)) ++taken;
        return taken;
    }
    bool digits_and_underscores() {
        if (!at_digit()) return false;
        many("0123456789_");
        return true;
    }
    /// (:[0-5]?[0-9])+
    bool sexagesimal_parts() {
        bool any = false;
        while (at(':')) {
            take(':');
            if (!at_digit()) return false;
            const bool tens = one("012345");
            if (!one("0123456789") && !tens) return false;
            any = true;
        }
        return any;
    }
    bool exponent() {
        if (!one("eE")) return false;
        sign();
        return many("0123456789") > 0;
    }

  private:
    std::string_view rest_;
};

/// Digits of a base after `0b`, `0x` or `0`: underscores anywhere, one digit at least.
bool all_digits_of(std::string_view text, std::string_view digits) {
    bool any = false;
    for (const char c : text) {
        if (c == '_') continue;
        if (digits.find(c) == std::string_view::npos) return false;
        any = true;
    }
    return any;
}

std::string_view without_sign(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return text;
}

bool is_integer(std::string_view text) {
    if (text.size() > kLongestNumber) return false;
    const std::string_view number = without_sign(text);
    if (number.empty() || !is_digit(number.front())) return false;
    if (number == "0") return true;
    if (number.starts_with("0b")) return all_digits_of(number.substr(2), "01");
    if (number.starts_with("0x")) return all_digits_of(number.substr(2), "0123456789abcdefABCDEF");
    if (number.front() == '0') return all_digits_of(number.substr(1), "01234567");
    Cursor cursor(number);
    cursor.many("0123456789_");
    return cursor.done() || (cursor.sexagesimal_parts() && cursor.done());
}

bool is_real(std::string_view text) {
    if (text.size() > kLongestNumber) return false;
    const std::string_view number = without_sign(text);
    if (is_one_of(number, {".inf", ".Inf", ".INF"}) || is_one_of(text, {".nan", ".NaN", ".NAN"})) return true;
    Cursor cursor(number);
    if (cursor.take('.')) {  // SnakeYAML has no sign in front of a number that begins with its point
        if (number.size() != text.size() || !cursor.digits_and_underscores()) return false;
        return cursor.done() || (cursor.exponent() && cursor.done());
    }
    if (!cursor.digits_and_underscores()) return false;
    if (cursor.at(':')) {
        if (!cursor.sexagesimal_parts() || !cursor.take('.')) return false;
        cursor.many("0123456789_");
        return cursor.done();
    }
    if (cursor.take('.')) {
        cursor.many("0123456789_");
        if (cursor.done()) return true;
    }
    return cursor.exponent() && cursor.done();
}

}  // namespace

ScalarType scalar_type(const Node& node) {
    if (node.kind == Node::Kind::null) return ScalarType::null;
    if (node.quoted || node.kind != Node::Kind::scalar) return ScalarType::text;
    const std::string_view raw = node.raw;
    if (raw.empty()) return ScalarType::null;
    const char first = raw.front();
    if (is_digit(first) || first == '-' || first == '+' || first == '.') {
        if (is_integer(raw)) return ScalarType::integer;
        if (is_real(raw)) return ScalarType::real;
        if (is_digit(first) && raw.size() <= kLongestTimestamp && parse_timestamp(raw))
            return ScalarType::timestamp;
        return ScalarType::text;
    }
    if (raw.size() > 5) return ScalarType::text;  // "false" is the longest word that is something else
    if (is_boolean(raw)) return ScalarType::boolean;
    return is_one_of(raw, {"~", "null", "Null", "NULL"}) ? ScalarType::null : ScalarType::text;
}

std::string scalar_text(const Node& node) {
    switch (scalar_type(node)) {
        case ScalarType::null:
            return {};
        case ScalarType::boolean:
            return is_true(node.raw) ? "true" : "false";
        case ScalarType::integer:
            return integer_text(node.raw);
        case ScalarType::real:
            return real_text(node.raw);
        case ScalarType::timestamp:
            return java_date_text(*parse_timestamp(node.raw));
        case ScalarType::text:
            break;
    }
    return node.raw;
}

std::string scalar_date_text(const Node& node) {
    if (scalar_type(node) != ScalarType::timestamp) return scalar_text(node);
    return iso_text(*parse_timestamp(node.raw));
}

}  // namespace changelog::yaml
