// YAML 1.1 timestamps. Liquibase prints a date through java.util.Date, and a time without offset in an ISO
// form; the zone of the JVM is taken as UTC.
#include "yaml/scalars.hpp"

#include <fmt/format.h>

#include <array>

namespace changelog::yaml {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads between `least` and `most` digits; nothing if there are fewer.
std::optional<int> take_number(std::string_view& rest, std::size_t least, std::size_t most) {
    std::size_t length = 0;
    int value = 0;
    while (length < most && length < rest.size() && is_digit(rest[length]))
        value = value * 10 + (rest[length++] - '0');
    if (length < least) return std::nullopt;
    rest.remove_prefix(length);
    return value;
}

bool take(std::string_view& rest, char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
}

void skip_blanks(std::string_view& rest) {
    while (rest.starts_with(' ') || rest.starts_with('\t')) rest.remove_prefix(1);
}

/// [ \t]*(Z|[-+]hh?(:mm)?)? up to the end.
bool take_zone(std::string_view rest, Timestamp& out) {
    if (rest.empty()) return true;
    skip_blanks(rest);
    if (rest == "Z") return true;
    const bool west = rest.starts_with('-');
    if (!west && !rest.starts_with('+')) return false;
    rest.remove_prefix(1);
    const auto hours = take_number(rest, 1, 2);
    if (!hours) return false;
    int minutes = 0;
    if (take(rest, ':')) {
        const auto given = take_number(rest, 2, 2);
        if (!given) return false;
        minutes = *given;
    }
    if (!rest.empty()) return false;
    out.offset_minutes = (west ? -1 : 1) * (*hours * 60 + minutes);
    return true;
}

bool take_time(std::string_view rest, Timestamp& out) {
    if (!take(rest, 'T') && !take(rest, 't')) {
        if (!rest.starts_with(' ') && !rest.starts_with('\t')) return false;
        skip_blanks(rest);
    }
    const auto hour = take_number(rest, 1, 2);
    if (!hour || !take(rest, ':')) return false;
    const auto minute = take_number(rest, 2, 2);
    if (!minute || !take(rest, ':')) return false;
    const auto second = take_number(rest, 2, 2);
    if (!second) return false;
    if (take(rest, '.'))
        while (!rest.empty() && is_digit(rest.front())) rest.remove_prefix(1);
    out.hour = *hour;
    out.minute = *minute;
    out.second = *second;
    out.has_time = true;
    return take_zone(rest, out);
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
std::int64_t days_of(std::int64_t year, int month, int day) {
    // Months roll over into years, as Java's lenient calendar has it.
    year += (month - 1) / 12;
    month = (month - 1) % 12 + 1;
    if (month < 1) {
        month += 12;
        --year;
    }
    const std::int64_t y = month <= 2 ? year - 1 : year;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/// All fields in range, in UTC.
struct Moment {
    std::int64_t year = 0;
    int month = 1, day = 1, hour = 0, minute = 0, second = 0, weekday = 0;  // Sunday is 0
};

Moment normalised(const Timestamp& given) {
    std::int64_t seconds = days_of(given.year, given.month, given.day) * 86400 + given.hour * 3600 +
                           given.minute * 60 + given.second - given.offset_minutes.value_or(0) * 60;
    std::int64_t days = seconds / 86400;
    seconds %= 86400;
    if (seconds < 0) {
        seconds += 86400;
        --days;
    }
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    Moment out;
    out.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    out.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    out.year = year_of_era + era * 400 + (out.month <= 2 ? 1 : 0);
    out.hour = static_cast<int>(seconds / 3600);
    out.minute = static_cast<int>(seconds / 60 % 60);
    out.second = static_cast<int>(seconds % 60);
    out.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
    return out;
}

std::string iso(const Moment& at) {
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", at.year, at.month, at.day, at.hour, at.minute,
                       at.second);
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    Timestamp out;
    std::string_view rest = text;
    const auto year = take_number(rest, 4, 4);
    if (!year || !take(rest, '-')) return std::nullopt;
    const auto month = take_number(rest, 1, 2);
    if (!month || !take(rest, '-')) return std::nullopt;
    const std::size_t before_day = rest.size();
    const auto day = take_number(rest, 1, 2);
    if (!day) return std::nullopt;
    out.year = *year;
    out.month = *month;
    out.day = *day;
    if (rest.empty()) {  // a date alone has two digits for month and day
        const bool two_digits = text.size() == 10 && before_day == 2;
        return two_digits ? std::optional(out) : std::nullopt;
    }
    if (!take_time(rest, out)) return std::nullopt;
    return out;
}

std::string java_date_text(const Timestamp& timestamp) {
    static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Moment at = normalised(timestamp);
    if (timestamp.has_time && !timestamp.offset_minutes) return iso(at);
    return fmt::format("{} {} {:02} {:02}:{:02}:{:02} UTC {}", kDays[static_cast<std::size_t>(at.weekday)],
                       kMonths[static_cast<std::size_t>(at.month - 1)], at.day, at.hour, at.minute, at.second,
                       at.year);
}

std::string iso_text(const Timestamp& timestamp) { return iso(normalised(timestamp)); }

}  // namespace changelog::yaml
