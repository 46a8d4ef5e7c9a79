#include "report/time.hpp"

#include "support/catch.hpp"

using namespace changelog::report;

TEST_CASE("durations are told in the unit that fits") {
    CHECK(duration(0) == "0 ms");
    CHECK(duration(0.0124) == "12 ms");
    CHECK(duration(0.9996) == "1.0 s");
    CHECK(duration(59.94) == "59.9 s");
    CHECK(duration(59.99) == "1 min 0 s");
    CHECK(duration(3725) == "1 h 2 min");
}

TEST_CASE("timestamps of the server become ISO 8601 in UTC") {
    CHECK(iso_utc("2026-11-22 10:15:00.1234+02") == "2026-11-22T08:15:00.123Z");
    CHECK(iso_utc("2026-01-01 00:30:00+05:30") == "2025-12-31T19:00:00.000Z");
    CHECK(iso_utc("2024-02-28 23:30:00-01") == "2024-02-29T00:30:00.000Z");
    CHECK(iso_utc("2026-11-22T10:15:00Z") == "2026-11-22T10:15:00.000Z");
    CHECK(short_utc("2026-11-22 10:15:00.9+00") == "2026-11-22 10:15:00");
}

TEST_CASE("what is no timestamp stays as it is") {
    for (const char* text : {"", "infinity", "2026-13-01 00:00:00+00", "2026-11-22 10:15:00 CET"})
        CHECK(iso_utc(text) == text);
}
