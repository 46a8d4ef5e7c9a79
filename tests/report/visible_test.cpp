#include "report/visible.hpp"

#include "support/catch.hpp"

using changelog::report::Lines;
using changelog::report::visible;

TEST_CASE("control characters are written out") {
    CHECK(visible("a\033[2Jb\nc\x7F") == "a\\x1b[2Jb\\nc\\x7f");
    CHECK(visible("a\nb\r", Lines::many) == "a\nb\\x0d");
    CHECK(visible("gr\u00fc\u00df") == "gr\u00fc\u00df");
    CHECK(visible("\xC2\x9B"
                  "31m") == "\\x9b31m");
}

TEST_CASE("what is not seen or turns the line around is written out") {
    CHECK(visible("a\u202e\u2066b\u200b") == "a\\u202e\\u2066b\\u200b");
    CHECK(visible("a\u2028b\u061c\ufeff", Lines::many) == "a\\u2028b\\u061c\\ufeff");
    CHECK(visible("5\u20ac \u2014 \u2026") == "5\u20ac \u2014 \u2026");
}

TEST_CASE("bytes that are no UTF-8 are written out") {
    CHECK(visible("a\xFF\xFE"
                  "b\xC3") == "a\\xff\\xfeb\\xc3");
}
