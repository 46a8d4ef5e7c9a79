#include "hazards/type_form.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace changelog::hazards {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// clang-format off
/// Casts without a function between types that are stored alike (pg_cast.castmethod 'b').
constexpr auto kRelabelled = std::to_array<Pair>({
    {"character varying", "text"}, {"text", "character varying"}, {"cidr", "inet"}, {"bit", "bit varying"},
    {"bit varying", "bit"}, {"integer", "oid"}, {"oid", "integer"}, {"integer", "regclass"},
    {"oid", "regclass"},
    {"regclass", "oid"}, {"regclass", "integer"}, {"integer", "regproc"}, {"oid", "regproc"},
    {"integer", "regtype"}, {"oid", "regtype"}, {"xml", "text"}, {"xml", "character varying"},
    {"text", "character"}, {"character varying", "character"}});

constexpr auto kFamilies = std::to_array<Pair>({
    {"character varying", "text"}, {"cidr", "inet"}, {"regclass", "oid"}, {"regproc", "oid"},
    {"regtype", "oid"}});

/// Types of one group are cast to each other in assignments.
constexpr auto kGroups = std::to_array<Pair>({
    {"smallint", "number"}, {"integer", "number"}, {"bigint", "number"}, {"numeric", "number"},
    {"real", "number"}, {"double precision", "number"}, {"text", "text"}, {"character varying", "text"},
    {"character", "text"}, {"name", "text"}, {"\"char\"", "text"}, {"date", "date"},
    {"timestamp without time zone", "date"}, {"timestamp with time zone", "date"},
    {"time without time zone", "time"}, {"time with time zone", "time"}, {"inet", "net"}, {"cidr", "net"},
    {"bit", "bit"}, {"bit varying", "bit"}, {"json", "json"}, {"jsonb", "json"}, {"macaddr", "mac"},
    {"macaddr8", "mac"}});

/// Numbers by how much they hold.
constexpr auto kNumbers = std::to_array<std::string_view>({
    "smallint", "integer", "bigint", "real", "double precision", "numeric"});

/// The fields of an interval by how fine they are.
constexpr auto kFields = std::to_array<std::string_view>({"year", "month", "day", "hour", "minute",
"second"});
// clang-format on

template <typename Table>
std::string_view look_up(const Table& table, std::string_view key) {
    for (const auto& [name, value] : table)
        if (name == key) return value;
    return {};
}

std::ptrdiff_t number_rank(std::string_view base) {
    const auto found = std::find(kNumbers.begin(), kNumbers.end(), base);
    return found == kNumbers.end() ? -1 : found - kNumbers.begin();
}

std::ptrdiff_t finest(const std::string& fields) {
    if (fields.empty()) return std::ssize(kFields) - 1;
    const std::string last = fields.substr(fields.rfind(' ') + 1);
    return std::find(kFields.begin(), kFields.end(), last) - kFields.begin();
}

bool has_precision(std::string_view base) { return base.starts_with("time") || base == "interval"; }

constexpr int kMaxPrecision = 6;

int precision(const TypeForm& type) { return type.mods.empty() ? kMaxPrecision : type.mods.front(); }
int scale(const TypeForm& type) { return type.mods.size() > 1 ? type.mods[1] : 0; }

std::vector<int> numbers_in(std::string_view text) {
    std::vector<int> out;
    int value = -1;
    bool negative = false;
    for (const char c : text) {
        if (c == '-') negative = true;
        if (c >= '0' && c <= '9') {
            value = std::max(value, 0) * 10 + (c - '0');
        } else if (value >= 0) {
            out.push_back(negative ? -value : value);
            value = -1;
            negative = false;
        }
    }
    if (value >= 0) out.push_back(negative ? -value : value);
    return out;
}

}  // namespace

TypeForm type_form(const std::string& type) {
    TypeForm out;
    std::string text = type;
    if (const std::size_t bracket = text.find('['); bracket != std::string::npos) {
        out.array = true;
        text.resize(bracket);
    }
    const std::size_t open = text.find('('), close = text.find(')');
    if (open != std::string::npos && close != std::string::npos) {
        out.mods = numbers_in(text.substr(open + 1, close - open - 1));
        text.erase(open, close - open + 1);
    }
    if (text.starts_with("interval ")) {
        out.fields = text.substr(9);
        text = "interval";
    }
    if (text == "bpchar") text = "character";
    out.base = text;
    return out;
}

bool is_character(const std::string& base) { return look_up(kGroups, base) == "text"; }

bool is_relabelled(const std::string& from, const std::string& to) {
    return from == to ||
           std::find(kRelabelled.begin(), kRelabelled.end(), Pair{from, to}) != kRelabelled.end();
}

bool is_wider(const TypeForm& from, const TypeForm& to) {
    if (to.base == "character" || to.base == "bit") return from == to;
    if (to.base == "interval" && finest(to.fields) < finest(from.fields)) return false;
    if (has_precision(to.base)) return precision(to) >= precision(from);
    if (to.mods.empty()) return true;
    if (from.mods.empty() || from.base != to.base) return false;
    if (to.base == "numeric") return scale(to) == scale(from) && to.mods[0] >= from.mods[0];
    return to.mods[0] >= from.mods[0];
}

std::string sort_family(const std::string& base) {
    const std::string_view shared = look_up(kFamilies, base);
    return shared.empty() ? base : std::string(shared);
}

bool is_assignable(const TypeForm& from, const TypeForm& to) {
    if (from.array != to.array) return !to.array && is_character(to.base);
    const std::string_view group = look_up(kGroups, to.base);
    if (from.base == to.base || is_relabelled(from.base, to.base)) return true;
    if (group == "text") return true;
    return !group.empty() && group == look_up(kGroups, from.base);
}

/// Both are compared by operators of one family, or the one is turned into the other by itself.
bool can_reference(const TypeForm& from, const TypeForm& to) {
    if (from.array != to.array) return false;
    if (sort_family(from.base) == sort_family(to.base)) return true;
    constexpr std::ptrdiff_t kBigint = 2;
    const std::ptrdiff_t own = number_rank(from.base), key = number_rank(to.base);
    if (own >= 0 && key >= 0) return (own <= kBigint && key <= kBigint) || own < key;
    const std::string_view group = look_up(kGroups, from.base);
    return !group.empty() && group != "number" && group == look_up(kGroups, to.base);
}

bool rounds(const TypeForm& from, const TypeForm& to) {
    if (from.array || to.array) return false;
    const std::ptrdiff_t old_rank = number_rank(from.base), new_rank = number_rank(to.base);
    if (from.base == "numeric" && to.base == "numeric")
        return !to.mods.empty() && (from.mods.empty() || scale(to) < scale(from));
    if (old_rank > 2 && new_rank >= 0) return new_rank < old_rank;
    if (has_precision(from.base) && has_precision(to.base))
        return precision(to) < precision(from) || finest(to.fields) < finest(from.fields);
    return from.base.starts_with("timestamp") && (to.base == "date" || to.base.starts_with("time "));
}

bool may_overflow(const TypeForm& from, const TypeForm& to) {
    if (from.array || to.array) return false;
    const std::ptrdiff_t old_rank = number_rank(from.base), new_rank = number_rank(to.base);
    if (from.base == "numeric" && to.base == "numeric")
        return !to.mods.empty() && (from.mods.empty() || to.mods[0] - scale(to) < from.mods[0] - scale(from));
    if (old_rank >= 0 && new_rank >= 0) return new_rank < old_rank && to.base != "numeric";
    if (is_character(from.base) && is_character(to.base) && !to.mods.empty())
        return from.mods.empty() || to.mods[0] < from.mods[0];
    return false;
}

}  // namespace changelog::hazards
