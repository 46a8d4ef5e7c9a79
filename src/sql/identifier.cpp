// Identifiers. Quoting follows Liquibase's three strategies; folding and truncation follow the server
// (manual, 4.1.1).
#include "sql/identifier.hpp"

#include "core/text.hpp"

#include <array>

namespace changelog::sql {

namespace {

constexpr std::size_t kMaxBytes = 63;  // NAMEDATALEN - 1

// Sorted. Fixed on purpose: Liquibase's list is PostgreSQL 15's and does not follow the server's version.
// clang-format off
constexpr std::array<std::string_view, 100> kReserved = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
    "binary", "both", "case", "cast", "check", "collate", "collation", "column", "concurrently",
    "constraint", "create", "cross", "current_catalog", "current_date", "current_role", "current_schema",
    "current_time", "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do",
    "else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant",
    "group", "having", "ilike", "in", "initially", "inner", "intersect", "into", "is", "isnull", "join",
    "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "not",
    "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps", "placing", "primary",
    "references", "returning", "right", "select", "session_user", "similar", "some", "symmetric", "table",
    "tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic",
    "verbose", "when", "where", "window", "with",
};
// clang-format on

static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));
constexpr std::size_t kLongestReserved = 17;  // current_timestamp

// Reserved since a later version; our own SQL quotes them too, which every version accepts.
constexpr std::array<std::string_view, 1> kReservedLater = {"system_user"};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_plain(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; }

bool is_mixed_case(std::string_view name) {
    return std::any_of(name.begin(), name.end(), is_lower) && std::any_of(name.begin(), name.end(), is_upper);
}

bool must_quote(std::string_view name, QuotingStrategy strategy) {
    if (strategy == QuotingStrategy::quote_all) return true;
    if (is_digit(name.front()) || !std::all_of(name.begin(), name.end(), is_plain) || is_reserved(name))
        return true;
    return strategy == QuotingStrategy::legacy && is_mixed_case(name);
}

std::string quoted(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

bool is_stored_plainly(std::string_view name) {
    if (name.empty() || is_digit(name.front()) || name.front() == '$') return false;
    const auto keeps = [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '$'; };
    if (!std::all_of(name.begin(), name.end(), keeps) || is_reserved(name)) return false;
    return std::find(kReservedLater.begin(), kReservedLater.end(), name) == kReservedLater.end();
}

}  // namespace

bool is_reserved(std::string_view word) {
    if (word.size() > kLongestReserved) return false;
    return std::binary_search(kReserved.begin(), kReserved.end(), std::string_view(lower(word)));
}

std::string quote(std::string_view name, QuotingStrategy strategy) {
    if (name.empty()) return {};
    return must_quote(name, strategy) ? quoted(name) : std::string(name);
}

std::string stored(std::string_view name, QuotingStrategy strategy) {
    if (name.empty()) return {};
    return clip_utf8(must_quote(name, strategy) ? std::string(name) : lower(name), kMaxBytes);
}

std::string identifier(std::string_view stored_name) {
    return is_stored_plainly(stored_name) ? std::string(stored_name) : quoted(stored_name);
}

std::string identifiers(const std::vector<std::string>& stored_names, std::string_view separator) {
    std::string out;
    for (const std::string& name : stored_names) {
        if (!out.empty()) out += separator;
        out += identifier(name);
    }
    return out;
}

std::string qualified(const ObjectName& stored_name) {
    if (stored_name.schema.empty()) return identifier(stored_name.name);
    return identifier(stored_name.schema) + '.' + identifier(stored_name.name);
}

std::string from_sql(std::string_view text) {
    const std::string name = trim(text);
    if (name.size() < 2 || name.front() != '"' || name.back() != '"')
        return clip_utf8(lower(name), kMaxBytes);
    std::string out;
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        out += name[i];
        if (name[i] == '"' && name[i + 1] == '"') ++i;
    }
    return clip_utf8(out, kMaxBytes);
}

std::string make_object_name(std::string_view first, std::string_view second, std::string_view label) {
    const std::size_t overhead = (second.empty() ? 0 : 1) + (label.empty() ? 0 : label.size() + 1);
    const std::size_t room = overhead < kMaxBytes ? kMaxBytes - overhead : 0;
    std::size_t first_size = first.size(), second_size = second.size();
    // The longer one gives way, byte by byte; the second gives way first where both are equally long.
    while (first_size + second_size > room) --(first_size > second_size ? first_size : second_size);
    std::string out = clip_utf8(first, first_size);
    if (!second.empty()) out += '_' + clip_utf8(second, second_size);
    if (!label.empty()) out += '_' + std::string(label);
    return out;
}

}  // namespace changelog::sql
