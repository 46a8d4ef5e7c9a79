#include "report/markdown.hpp"

#include "support/catch.hpp"

using changelog::report::markdown_code;

TEST_CASE("an address in code is no link, however the code is written") {
    CHECK(markdown_code("http://x") == "`http://x`");
    CHECK(markdown_code("`|http://x").find("://") == std::string::npos);
    CHECK(markdown_code("`|www.x").find("www.x") == std::string::npos);
}
