// Integers of any length and base as decimal text, and doubles as Java prints them.
#include "yaml/scalars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace changelog::yaml {

namespace {

std::string without_underscores(std::string_view text) {
    std::string out(text);
    std::erase(out, '_');
    return out;
}

unsigned digit_value(char c) {
    if (c >= 'a') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A') return static_cast<unsigned>(c - 'A' + 10);
    return static_cast<unsigned>(c - '0');
}

/// Digits of a base as decimal text, leading zeros dropped. Quadratic, but scalars of this kind have 1,024
/// characters at most.
std::string to_decimal(std::string_view digits, unsigned base) {
    std::vector<std::uint32_t> parts{0};  // of nine decimal digits, lowest first
    constexpr std::uint64_t kPart = 1'000'000'000;
    for (const char c : digits) {
        std::uint64_t carry = digit_value(c);
        for (std::uint32_t& part : parts) {
            const std::uint64_t value = std::uint64_t{part} * base + carry;
            part = static_cast<std::uint32_t>(value % kPart);
            carry = value / kPart;
        }
        if (carry != 0) parts.push_back(static_cast<std::uint32_t>(carry));
    }
    std::string out = fmt::format("{}", parts.back());
    for (std::size_t i = parts.size() - 1; i-- > 0;) out += fmt::format("{:09}", parts[i]);
    return out;
}

/// SnakeYAML sums sexagesimal integers in a Java int, so that large ones wrap around.
std::string sexagesimal(std::string_view text) {
    std::uint32_t value = 0;
    std::uint32_t part = 0;
    for (const char c : text) {
        if (c == ':') {
            value = (value + part) * 60;
            part = 0;
        } else {
            part = part * 10 + digit_value(c);
        }
    }
    return fmt::format("{}", static_cast<std::int32_t>(value + part));
}

double parse_double(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc::result_out_of_range) return value;
    const std::size_t exponent = text.find_first_of("eE");
    const bool tiny =
        exponent != std::string_view::npos && exponent + 1 < text.size() && text[exponent + 1] == '-';
    return tiny ? 0.0 : std::numeric_limits<double>::infinity();
}

double sexagesimal_double(std::string_view text) {
    double value = 0;
    while (true) {
        const std::size_t end = text.find(':');
        value = value * 60 + parse_double(text.substr(0, end));
        if (end == std::string_view::npos) return value;
        text.remove_prefix(end + 1);
    }
}

/// The shortest digits that identify the number, without point, and the power of ten of the first.
struct Decimal {
    std::string digits;
    int exponent = 0;
};

Decimal shortest(double value) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    const std::size_t e = text.find('e');
    Decimal out;
    for (const char c : text.substr(0, e))
        if (c != '.') out.digits += c;
    const std::string_view power = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
    std::from_chars(power.data(), power.data() + power.size(), out.exponent);
    return out;
}

/// Double.toString(): plain from 1e-3 to 1e7, else with an exponent; a digit on both sides of the point.
std::string java_double(double value) {
    if (std::isnan(value)) return "NaN";
    const std::string sign = std::signbit(value) ? "-" : "";
    if (std::isinf(value)) return sign + "Infinity";
    const double size = std::fabs(value);
    if (size == 0) return sign + "0.0";
    const Decimal decimal = shortest(size);
    const std::string& digits = decimal.digits;
    if (size < 1e-3 || size >= 1e7)
        return fmt::format("{}{}.{}E{}", sign, digits[0], digits.size() > 1 ? digits.substr(1) : "0",
                           decimal.exponent);
    if (decimal.exponent < 0)
        return fmt::format("{}0.{}{}", sign,
                           std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0'), digits);
    const std::size_t whole = static_cast<std::size_t>(decimal.exponent) + 1;
    if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
    return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace

std::string integer_text(std::string_view scalar) {
    std::string text = without_underscores(scalar);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.erase(0, 1);
    std::string out;
    if (text.starts_with("0b"))
        out = to_decimal(std::string_view(text).substr(2), 2);
    else if (text.starts_with("0x"))
        out = to_decimal(std::string_view(text).substr(2), 16);
    else if (text.starts_with('0'))
        out = to_decimal(text, 8);
    else if (text.find(':') != std::string::npos)
        out = sexagesimal(text);
    else
        out = text;
    if (!negative || out == "0") return out;
    return out.starts_with('-') ? out.substr(1) : "-" + out;
}

std::string real_text(std::string_view scalar) {
    std::string text = without_underscores(scalar);
    const double sign = text.starts_with('-') ? -1.0 : 1.0;
    if (text.starts_with('-') || text.starts_with('+')) text.erase(0, 1);
    if (text == ".nan" || text == ".NaN" || text == ".NAN") return "NaN";
    if (text == ".inf" || text == ".Inf" || text == ".INF") return sign < 0 ? "-Infinity" : "Infinity";
    const double value = text.find(':') != std::string::npos ? sexagesimal_double(text) : parse_double(text);
    return java_double(sign * value);
}

}  // namespace changelog::yaml
