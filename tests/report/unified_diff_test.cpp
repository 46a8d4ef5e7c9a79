#include "report/unified_diff.hpp"

#include "support/catch.hpp"

using changelog::Edit;
using changelog::report::unified_diff;

namespace {

const std::string kText = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";

std::string diff(std::vector<Edit> edits) { return unified_diff(kText, std::move(edits), 1); }

}  // namespace

TEST_CASE("a line that comes in takes none away") {
    CHECK(diff({{"f", 2, 4, 2, 4, "\n  more"}}) == "@@ -2,2 +2,3 @@\n two\n+  more\n three\n");
    CHECK(diff({{"f", 3, 1, 3, 1, "more\n"}}) == "@@ -2,2 +2,3 @@\n two\n+more\n three\n");
    CHECK(diff({{"f", 10, 1, 10, 1, "ten\n"}}) == "@@ -9,1 +9,2 @@\n nine\n+ten\n");
    CHECK(diff({{"f", 1, 1, 1, 1, "zero\n"}}) == "@@ -1,1 +1,2 @@\n+zero\n one\n");
}

TEST_CASE("lines change and go") {
    CHECK(diff({{"f", 2, 1, 2, 4, "2"}}) == "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
    CHECK(diff({{"f", 2, 1, 4, 1, ""}}) == "@@ -1,4 +1,2 @@\n one\n-two\n-three\n four\n");
    CHECK(diff({{"f", 2, 2, 3, 2, "X"}}) == "@@ -1,4 +1,3 @@\n one\n-two\n-three\n+tXhree\n four\n");
}

TEST_CASE("edits of one line are one change, far ones are hunks of their own") {
    CHECK(diff({{"f", 2, 1, 2, 2, "T"}, {"f", 2, 3, 2, 4, "O"}}) ==
          "@@ -1,3 +1,3 @@\n one\n-two\n+TwO\n three\n");
    CHECK(diff({{"f", 8, 1, 8, 6, "8"}, {"f", 1, 1, 1, 1, "zero\n"}}) ==
          "@@ -1,1 +1,2 @@\n+zero\n one\n@@ -7,3 +8,3 @@\n seven\n-eight\n+8\n nine\n");
    CHECK(diff({{"f", 2, 1, 2, 4, "2"}, {"f", 4, 1, 4, 5, "4"}}) ==
          "@@ -1,5 +1,5 @@\n one\n-two\n+2\n three\n-four\n+4\n five\n");
}

TEST_CASE("edits that do not fit the text give nothing") {
    CHECK(diff({}).empty());
    CHECK(diff({{"f", 99, 1, 99, 1, "x"}}).empty());
    CHECK(diff({{"f", 1, 9, 1, 9, "x"}}).empty());
    CHECK(diff({{"f", 2, 3, 2, 1, "x"}}).empty());
    CHECK(diff({{"f", 2, 1, 2, 3, "x"}, {"f", 2, 2, 2, 4, "y"}}).empty());
}

TEST_CASE("control characters of a file do not reach the diff") {
    CHECK(unified_diff("a\x1b[31m\r\nb\n", {{"f", 2, 1, 2, 2, "c"}}, 1) ==
          "@@ -1,2 +1,2 @@\n a\\x1b[31m\n-b\n+c\n");
}
