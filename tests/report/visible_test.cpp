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
