#include "report/table.hpp"

#include "support/catch.hpp"

using namespace changelog::report;

TEST_CASE("columns are as wide as what is in them, without trailing spaces") {
    Table table({{"ID"}, {"TOOK", Align::right}, {"NOTE"}});
    table.row({"a", "12 ms", "x"});
    table.row({"longer", "3 ms", ""});
    CHECK(table.to_text() ==
          "ID       TOOK  NOTE\n"
          "a       12 ms  x\n"
          "longer   3 ms\n");
}

TEST_CASE("a narrow terminal cuts the widest column") {
    Table table({{"ID"}, {"TEXT"}});
    table.row({"1", "abcdefghijklmnopqrstuvwxyz"});
    CHECK(table.to_text(15) == "ID  TEXT\n1   abcdefghij…\n");
    CHECK(table.to_text(80) == "ID  TEXT\n1   abcdefghijklmnopqrstuvwxyz\n");
}

TEST_CASE("width counts characters and not bytes, and control characters do not get through") {
    CHECK(characters("äöü") == 3);
    CHECK(shorten("äöü", 3) == "äöü");
    CHECK(shorten("äöüß", 3) == "äö…");
    CHECK(shorten("a\x1b[1mb\n", 10) == "a [1mb ");
    CHECK(shorten("abc", 0).empty());
}
