// The values behind plain scalars: numbers and dates as Java prints them. Used by node.cpp alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changelog::yaml {

/// A timestamp of YAML 1.1 as Liquibase's own constructor takes it: fractions of a second are dropped.
struct Timestamp {
    int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    bool has_time = false;
    std::optional<int>
        offset_minutes;  ///< only if written with digits; `Z` does not count (LIQUIBASE.md 1.2)
};

std::optional<Timestamp> parse_timestamp(std::string_view text);

/// java.util.Date.toString() in UTC: "Wed Jan 01 00:00:00 UTC 2020"; "2020-01-01 10:00:00" for a time without
/// offset.
std::string java_date_text(const Timestamp& timestamp);

/// "2020-01-02 00:00:00", in UTC if there was an offset.
std::string iso_text(const Timestamp& timestamp);

/// The decimal digits of an integer in any of YAML 1.1's notations, of any length.
std::string integer_text(std::string_view scalar);

/// Java's Double.toString() of a real in any of YAML 1.1's notations.
std::string real_text(std::string_view scalar);

}  // namespace changelog::yaml
