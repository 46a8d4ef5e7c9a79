#include "report/time.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>

namespace changelog::report {

namespace {

using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;

/// Seconds east of UTC in "+02", "-03:30", "+05:30:15" or "Z"; nothing if it is none of these.
std::optional<long> offset_of(std::string_view zone) {
    if (zone == "Z" || zone.empty()) return 0;
    int hours = 0, minutes = 0, seconds = 0;
    const std::string text(zone.substr(1));
    if ((zone[0] != '+' && zone[0] != '-') ||
        std::sscanf(text.c_str(), "%2d:%2d:%2d", &hours, &minutes, &seconds) < 1)
        return std::nullopt;
    const long east = hours * 3600L + minutes * 60L + seconds;
    return zone[0] == '-' ? -east : east;
}

std::optional<Milliseconds> parse(const std::string& text) {
    int year = 0, hour = 0, minute = 0, second = 0, length = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(text.c_str(), "%d-%u-%u%*[ T]%d:%d:%d%n", &year, &month, &day, &hour, &minute, &second,
                    &length) < 6)
        return std::nullopt;
    std::string_view rest = std::string_view(text).substr(static_cast<std::size_t>(length));
    double fraction = 0;
    if (rest.starts_with('.')) {
        const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        fraction = std::stod("0" + std::string(rest.substr(0, end)));
        rest.remove_prefix(end);
    }
    const auto offset = offset_of(rest);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!offset || !date.ok()) return std::nullopt;
    const auto whole = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                       std::chrono::seconds(second - *offset);
    return whole + std::chrono::milliseconds(std::lround(fraction * 1000));
}

struct Parts {
    int year;
    unsigned month, day;
    long hour, minute, second, millisecond;
};

Parts parts_of(Milliseconds at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            time.hours().count(),
            time.minutes().count(),
            time.seconds().count(),
            time.subseconds().count()};
}

}  // namespace

std::string duration(double seconds) {
    if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
    const long whole = std::lround(seconds);
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string iso_utc(std::string_view timestamp) {
    const auto at = parse(std::string(timestamp));
    if (!at) return std::string(timestamp);
    const Parts p = parts_of(*at);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", p.year, p.month, p.day, p.hour, p.minute,
                       p.second, p.millisecond);
}

std::string short_utc(std::string_view timestamp) {
    const auto at = parse(std::string(timestamp));
    if (!at) return std::string(timestamp);
    const Parts p = parts_of(*at);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", p.year, p.month, p.day, p.hour, p.minute,
                       p.second);
}

}  // namespace changelog::report
