#include "review/masked_differences.hpp"

#include "support/catch.hpp"

using changelog::review::masked_differences;

TEST_CASE("an edit of rows is told without them") {
    CHECK(masked_differences({"insert countries: name: value: Germany -> France",
                              "insert countries: code: value: a: b -> c",
                              "rollback: delete t: where: x = 1 -> y = 2", "loadData x: added: secret"}) ==
          std::vector<std::string>{"insert countries: its values differ",
                                   "rollback: delete t: its values differ", "loadData x: its values differ"});
    CHECK(masked_differences({"addColumn orders: channel: value: web -> shop"}) ==
          std::vector<std::string>{"addColumn orders: channel: its value differs"});
}

TEST_CASE("an edit of SQL is told as far as it holds no literal") {
    CHECK(masked_differences({"sql: sql: ... VALUES ( 'a' ) -> ... VALUES ( 'b' )",
                              "sql: sql: DROP TABLE a -> DROP TABLE b"}) ==
          std::vector<std::string>{"sql: its text differs", "sql: sql: DROP TABLE a -> DROP TABLE b"});
}

TEST_CASE("an edit of the schema is told in full") {
    const std::vector<std::string> lines = {"createTable orders: note: type: varchar(200) -> varchar(2000)",
                                            "createTable insertions: added: a", "author: a -> b"};
    CHECK(masked_differences(lines) == lines);
}
