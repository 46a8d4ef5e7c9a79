#include "execute/seed_values.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

namespace changelog::execute {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The numbers in "numeric(12,2)" or "character varying(50)".
std::vector<int> modifiers_of(const std::string& type) {
    std::vector<int> out;
    const std::size_t open = type.find('(');
    if (open == std::string::npos) return out;
    for (const std::string& part : split(type.substr(open + 1, type.find(')') - open - 1), ','))
        if (!part.empty() && std::all_of(part.begin(), part.end(), is_digit) && part.size() < 9)
            out.push_back(std::stoi(part));
    return out;
}

/// "character varying" of "character varying(50)", "timestamp with time zone" of "timestamp(3) with time
/// zone".
std::string plain_type(const std::string& type) {
    const std::size_t open = type.find('('), close = type.find(')');
    if (open == std::string::npos || close == std::string::npos) return type;
    return trim(type.substr(0, open) + type.substr(close + 1));
}

std::vector<std::string> numbers(const std::string& type, int row) {
    const std::vector<int> modifiers = modifiers_of(type);
    const int whole = modifiers.empty() ? 9 : modifiers[0] - (modifiers.size() > 1 ? modifiers[1] : 0);
    std::vector<std::string> out;
    if (whole >= 4) out.push_back(std::to_string(9001 + row));
    if (whole >= 1) out.push_back(std::to_string(row + 1));
    if (whole < 1)
        out.push_back("0." + std::string(static_cast<std::size_t>(-whole), '0') + std::to_string(row + 1));
    for (const char* other : {"0", "1", "10", "50", "100", "1000", "-1", "0.5"}) out.emplace_back(other);
    return out;
}

/// Digits first: they can be cast to most types.
std::vector<std::string> strings(const std::string& type, int row) {
    std::vector<std::string> out = {std::to_string(9001 + row),
                                    fmt::format("seed{}@example.org", row + 1),
                                    fmt::format("https://example.org/{}", row + 1),
                                    fmt::format("00000000-0000-4000-8000-00000000900{}", row + 1),
                                    fmt::format("2024-01-0{}", row % 9 + 1),
                                    fmt::format("+4930900{}", row + 1),
                                    "{}",
                                    std::string("ABC") + static_cast<char>('A' + row % 26),
                                    std::string("ab") + static_cast<char>('a' + row % 26),
                                    std::string("AB") + static_cast<char>('A' + row % 26),
                                    std::string("A") + static_cast<char>('A' + row % 26),
                                    std::string(1, static_cast<char>('1' + row % 9)),
                                    std::string(1, static_cast<char>('A' + row % 26)),
                                    "Seed",
                                    "A1",
                                    "true",
                                    ""};
    const std::vector<int> modifiers = modifiers_of(type);
    if (modifiers.empty()) return out;
    const auto longest = static_cast<std::size_t>(modifiers[0]);
    std::erase_if(out, [&](const std::string& text) { return text.size() > longest; });
    if (plain_type(type) == "character" || out.empty())
        out.insert(out.begin(), std::string(longest - std::min<std::size_t>(longest, 1), 'A') +
                                    static_cast<char>('A' + row % 26));
    return out;
}

std::vector<std::string> dates(const std::string& type, int row) {
    const std::string day = fmt::format("2024-01-{:02}", row % 28 + 1);
    const std::string clock = fmt::format("10:00:{:02}", row % 60);
    if (type.starts_with("time ") || plain_type(type) == "time without time zone") return {clock};
    if (type == "date") return {day, "2030-01-01", "1990-01-01"};
    return {day + " " + clock + "+00", "2030-01-01 00:00:00+00", "1990-01-01 00:00:00+00"};
}

std::vector<std::string> ranges(const std::string& type, int row) {
    if (type == "daterange") return {fmt::format("[2024-01-{:02},2024-01-{:02})", row + 1, row + 2)};
    if (type == "tsrange" || type == "tstzrange")
        return {fmt::format("[2024-01-{:02} 00:00,2024-01-{:02} 00:00)", row + 1, row + 2)};
    if (type.ends_with("multirange")) return {"{}"};
    return {fmt::format("[{},{})", 9000 + row * 10, 9005 + row * 10), "empty"};
}

/// Types whose values have a form of their own.
std::vector<std::string> by_name(const std::string& type, int row) {
    const std::string n = std::to_string(row + 1);
    static const std::map<std::string, std::string, std::less<>> forms = {
        {"uuid", "00000000-0000-4000-8000-00000000900#"},
        {"json", "{\"n\": #}"},
        {"jsonb", "{\"n\": #}"},
        {"bytea", "\\x0#"},
        {"inet", "10.0.0.#"},
        {"cidr", "10.0.#.0/24"},
        {"macaddr", "08:00:2b:01:02:0#"},
        {"macaddr8", "08:00:2b:01:02:03:04:0#"},
        {"xml", "<a>#</a>"},
        {"tsvector", "a#"},
        {"tsquery", "a#"},
        {"point", "(#,#)"},
        {"line", "{1,1,#}"},
        {"lseg", "[(0,0),(1,#)]"},
        {"box", "(0,0),(1,#)"},
        {"path", "[(0,0),(1,#)]"},
        {"polygon", "((0,0),(0,1),(1,#))"},
        {"circle", "<(0,0),#>"},
        {"interval", "# days"},
        {"pg_lsn", "0/#"},
        {"hstore", "a=>#"},
        {"ltree", "a.b#"},
        {"\"char\"", "#"},
        {"oid", "900#"},
        {"txid_snapshot", "1:1:"},
        {"pg_snapshot", "1:1:"},
        {"regclass", "pg_class"},
        {"regtype", "integer"},
        {"money", "#"}};
    const std::string name = type.substr(type.starts_with('"') ? 0 : type.rfind('.') + 1);
    const auto found = forms.find(name);
    if (found == forms.end()) return {};
    std::string out;
    for (const char c : found->second) out += c == '#' ? n : std::string(1, c);
    return {out};
}

std::vector<std::string> bits(const std::string& type, int row) {
    const std::vector<int> modifiers = modifiers_of(type);
    const auto length = static_cast<std::size_t>(modifiers.empty() ? 1 : modifiers[0]);
    std::string text(length, '0');
    if (length > 0 && row % 2 == 1) text.back() = '1';
    return {text};
}

std::vector<std::string> by_type(const SeedColumn& column, int row) {
    const std::string type = column.base_type, plain = plain_type(type);
    if (!column.labels.empty()) {
        std::vector<std::string> out = column.labels;
        std::rotate(out.begin(), out.begin() + row % static_cast<int>(out.size()), out.end());
        return out;
    }
    if (auto own = by_name(plain, row); !own.empty()) return own;
    switch (column.category) {
        case 'B':
            return row % 2 == 0 ? std::vector<std::string>{"true", "false"}
                                : std::vector<std::string>{"false", "true"};
        case 'N':
            return numbers(type, row);
        case 'S':
            return strings(type, row);
        case 'D':
            return dates(type, row);
        case 'V':
            return bits(type, row);
        case 'R':
            return ranges(plain.substr(plain.rfind('.') + 1), row);
        default:
            return {};
    }
}

void add_once(std::vector<std::string>& out, std::string text) {
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
}

/// What a condition compares with, and its neighbours.
std::vector<std::string> from_conditions(const SeedColumn& column, int row) {
    std::vector<std::string> out;
    for (const std::string& condition : column.conditions) {
        std::vector<std::string> found = literals_of(condition);
        if (!found.empty())
            std::rotate(found.begin(), found.begin() + row % static_cast<int>(found.size()), found.end());
        for (const std::string& text : found) {
            add_once(out, text);
            const bool whole =
                !text.empty() && text.size() < 10 && std::all_of(text.begin(), text.end(), is_digit);
            if (!whole) continue;
            const int number = std::stoi(text);
            for (const int near : {number + row + 1, number - 1 - row, number + row})
                add_once(out, std::to_string(near));
            if (column.category == 'S' && number > 0 && number < 200)  // a length, perhaps
                add_once(out, std::string(static_cast<std::size_t>(number) - 1, 'A') +
                                  static_cast<char>('A' + row % 26));
        }
    }
    return out;
}

std::string as_array(const std::string& element) {
    std::string out = "{\"";
    for (const char c : element) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"}";
}

}  // namespace

std::vector<std::string> literals_of(const std::string& expression) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const char c = expression[i];
        if (c == '\'') {
            std::string text;
            for (++i; i < expression.size(); ++i) {
                if (expression[i] == '\'' && (i + 1 == expression.size() || expression[i + 1] != '\'')) break;
                if (expression[i] == '\'') ++i;
                text += expression[i];
            }
            add_once(out, text);
        } else if (c == '"') {
            i = std::min(expression.find('"', i + 1), expression.size());
        } else if (is_digit(c) && (i == 0 || !is_word(expression[i - 1]))) {
            std::size_t end = i;
            while (end < expression.size() && (is_digit(expression[end]) || expression[end] == '.')) ++end;
            add_once(out, expression.substr(i, end - i));
            i = end - 1;
        }
    }
    return out;
}

std::vector<std::string> seed_values(const SeedColumn& column, int row) {
    std::vector<std::string> out = by_type(column, row);
    std::vector<std::string> compared = from_conditions(column, row);
    const std::size_t first = std::min<std::size_t>(out.size(), 1);  // what is compared comes second
    for (std::size_t i = 0; i < compared.size(); ++i)
        if (std::find(out.begin(), out.end(), compared[i]) == out.end())
            out.insert(out.begin() + static_cast<std::ptrdiff_t>(std::min(out.size(), first + i)),
                       compared[i]);
    if (!column.array) return out;
    for (std::string& text : out) text = as_array(text);
    out.emplace_back("{}");
    return out;
}

}  // namespace changelog::execute
