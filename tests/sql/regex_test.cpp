#include "sql/regex.hpp"

#include "support/catch.hpp"

using namespace changelog::sql;

TEST_CASE("regular expressions replace as Java's do") {
    struct Row {
        std::string text, pattern, with, wanted;
    };
    const std::vector<Row> rows = {
        {"varchar(10)", R"(varchar\((\d+)\))", "char($1)", "char(10)"},
        {"a b", R"((?<x>\w) (?<y>\w))", "${y} ${x}", "b a"},
        {"ab", "(a)(b)", "$2$10", "ba0"},
        {"a", "a", R"(\$1\\)", R"($1\)"},
        {"a\nb", "^b", "x", "a\nb"},
        {"a\nb", "(?m)^b", "x", "a\nx"},
        {"abc", "", "-", "-a-b-c-"},
        {"aaXa", "a*", "-", "--X--"},
        {"\u00e4\u00f6", "", "-", "-\u00e4-\u00f6-"},
        {"A", "(?i)a++", "b", "b"},
        {"a", "(a)|(b)", "[$2]", "[]"},
    };
    for (const auto& [text, pattern, with, wanted] : rows) {
        CAPTURE(text, pattern, with);
        CHECK(regex_replace_all(text, pattern, with) == wanted);
    }
}

TEST_CASE("regular expressions of long texts need no stack") {
    const std::string text(200'000, 'a');
    CHECK(regex_replace_all(text, "(a|b)*", "x") == "xx");
    CHECK_THROWS_AS(regex_replace_all(std::string(40, 'a'), "(a+)+b|(a+)+(a+)+(a+)+c", ""),
                    std::runtime_error);
}

TEST_CASE("patterns and replacements that cannot be used are explained") {
    const auto error = [](const std::string& pattern, const std::string& with) {
        const auto found = regex_error(pattern, with);
        return found ? std::to_string(found->offset) + " " + found->message : "";
    };
    CHECK(error("a(b", "") == "3 missing closing parenthesis");
    CHECK(error("a", "$1") == "0 there is no group 1");
    CHECK(error("a", "${x}") == "0 no group is named 'x'");
    CHECK(error("a", "b$") == "1 '$' must be written '\\$' unless a group follows it");
    CHECK(error("a", "b\\") == "1 a backslash at the end of the replacement");
    CHECK_FALSE(error("[a-z&&[^b]]", "").empty());
    CHECK(error("[\\[&]", "").empty());
}
