#include "sql/identifier.hpp"

#include "sql/literal.hpp"
#include "support/catch.hpp"

using namespace changelog;
using enum QuotingStrategy;

TEST_CASE("names are quoted as each of Liquibase's strategies does") {
    struct Row {
        std::string name, legacy, reserved_only, all;
    };
    const Row rows[] = {
        {"abc", "abc", "abc", "\"abc\""},
        {"_x", "_x", "_x", "\"_x\""},
        {"abc1", "abc1", "abc1", "\"abc1\""},
        {"ABC", "ABC", "ABC", "\"ABC\""},
        {"ORDER_NO", "ORDER_NO", "ORDER_NO", "\"ORDER_NO\""},
        {"MyTable", "\"MyTable\"", "MyTable", "\"MyTable\""},
        {"order", "\"order\"", "\"order\"", "\"order\""},
        {"user", "\"user\"", "\"user\"", "\"user\""},
        {"end", "\"end\"", "\"end\"", "\"end\""},
        {"GROUP", "\"GROUP\"", "\"GROUP\"", "\"GROUP\""},
        {"1abc", "\"1abc\"", "\"1abc\"", "\"1abc\""},
        {"with space", "\"with space\"", "\"with space\"", "\"with space\""},
        {"with-dash", "\"with-dash\"", "\"with-dash\"", "\"with-dash\""},
        {"a$b", "\"a$b\"", "\"a$b\"", "\"a$b\""},
        {"\u00e9t\u00e9", "\"\u00e9t\u00e9\"", "\"\u00e9t\u00e9\"", "\"\u00e9t\u00e9\""},
        {"a.b", "\"a.b\"", "\"a.b\"", "\"a.b\""},
        {"a\"b", "\"a\"\"b\"", "\"a\"\"b\"", "\"a\"\"b\""},
        {"date", "date", "date", "\"date\""},
        {"value", "value", "value", "\"value\""},
        {"", "", "", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(sql::quote(row.name, legacy) == row.legacy);
        CHECK(sql::quote(row.name, quote_reserved) == row.reserved_only);
        CHECK(sql::quote(row.name, quote_all) == row.all);
    }
}

TEST_CASE("words that are not reserved stay bare") {
    for (const char* word :
         {"date", "name", "type", "key", "value", "timestamp", "level", "comment", "role", "between"})
        CHECK_FALSE(sql::is_reserved(word));
    for (const char* word : {"all", "ALL", "Window", "current_timestamp", "verbose", "authorization", "user"})
        CHECK(sql::is_reserved(word));
    CHECK_FALSE(sql::is_reserved("system_user"));
    CHECK(sql::identifier("system_user") == "\"system_user\"");
}

TEST_CASE("a stored name is folded unless its written form is quoted") {
    CHECK(sql::stored("ABC", legacy) == "abc");
    CHECK(sql::stored("MyTable", legacy) == "MyTable");
    CHECK(sql::stored("MyTable", quote_reserved) == "mytable");
    CHECK(sql::stored("GROUP", legacy) == "GROUP");
    CHECK(sql::stored("ABC", quote_all) == "ABC");
    CHECK(sql::stored("", legacy).empty());
}

TEST_CASE("a stored name has at most 63 bytes and no half character") {
    CHECK(sql::stored(std::string(70, 'a'), legacy) == std::string(63, 'a'));
    CHECK(sql::stored(std::string(62, 'a') + "\u00e9", legacy) == std::string(62, 'a'));
    CHECK(sql::stored(std::string(61, 'a') + "\u00e9", legacy) == std::string(61, 'a') + "\u00e9");
}

TEST_CASE("a stored name is quoted in SQL only where needed") {
    CHECK(sql::identifier("abc_1") == "abc_1");
    CHECK(sql::identifier("a$b") == "a$b");
    CHECK(sql::identifier("Abc") == "\"Abc\"");
    CHECK(sql::identifier("order") == "\"order\"");
    CHECK(sql::identifier("1a") == "\"1a\"");
    CHECK(sql::identifier("a\"b") == "\"a\"\"b\"");
    CHECK(sql::identifiers({"a", "B", "user"}) == "a, \"B\", \"user\"");
    CHECK(sql::qualified({"public", "Order"}) == "public.\"Order\"");
    CHECK(sql::qualified({"", "t"}) == "t");
}

TEST_CASE("an identifier from SQL text is read as the server reads it") {
    CHECK(sql::from_sql(" Foo ") == "foo");
    CHECK(sql::from_sql("\"Foo\"") == "Foo");
    CHECK(sql::from_sql("\"a\"\"b\"") == "a\"b");
    CHECK(sql::from_sql("\"") == "\"");
}

TEST_CASE("generated names are shortened as the server does") {
    CHECK(sql::make_object_name("orders", "note", "key") == "orders_note_key");
    CHECK(sql::make_object_name("orders", "", "pkey") == "orders_pkey");
    CHECK(sql::make_object_name("orders", "note", "") == "orders_note");
    const std::string long_table(60, 't'), long_column(60, 'c');
    // 63 - "_" - "_key" leaves 58 bytes, which both share.
    CHECK(sql::make_object_name(long_table, long_column, "key") ==
          std::string(29, 't') + "_" + std::string(29, 'c') + "_key");
    CHECK(sql::make_object_name(long_table, "c", "key") == std::string(57, 't') + "_c_key");
    CHECK(sql::make_object_name(long_table, "", "pkey") == std::string(58, 't') + "_pkey");
}

TEST_CASE("a literal doubles its quotes and keeps its backslashes") {
    CHECK(sql::literal("it's") == "'it''s'");
    CHECK(sql::literal("a\\b") == "'a\\b'");
    CHECK(sql::literal("") == "''");
}
