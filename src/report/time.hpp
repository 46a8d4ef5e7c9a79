// Durations and points in time, for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changelog::report {

/// "3 ms", "1.2 s", "4 min 5 s", "2 h 3 min"
std::string duration(double seconds);

/// A timestamptz as PostgreSQL prints it ("2026-11-22 10:15:00.123+02") as ISO 8601 in UTC with milliseconds,
/// "2026-11-22T08:15:00.123Z". Text of another form comes back as it is.
std::string iso_utc(std::string_view timestamp);

/// The same without fractions and with a space, for tables: "2026-11-22 08:15:00".
std::string short_utc(std::string_view timestamp);

}  // namespace changelog::report
