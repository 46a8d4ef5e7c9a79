#include "report/data_lines.hpp"

#include "support/catch.hpp"

using changelog::report::without_data;

TEST_CASE("lines of a changelog are shown without data") {
    CHECK(without_data("    - createIndex:") == "    - createIndex:");
    CHECK(without_data("        indexName: by_updated_at") == "        indexName: by_updated_at");
    CHECK(without_data("    - dropColumn: {tableName: orders}") == "    - dropColumn: {tableName: orders}");
    CHECK(without_data("    - sql: insert into t values (1)") == "    - sql: ...");
    CHECK(without_data("        valueNumeric: 4711") == "        valueNumeric: ...");
    CHECK(without_data("    - column: {name: a, value: secret}") == "    - column: ...");
    CHECK(without_data("        (4711, 12)") == "        ...");
    CHECK(without_data("        UPDATE t SET a = 4711") == "        ...");
    CHECK(without_data("        and b = 'secret'") == "        ...");
}
