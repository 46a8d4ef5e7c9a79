#include "sql/parse.hpp"
#include "sql/tokens.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::sql;

TEST_CASE("statements that begin or end a transaction are found") {
    for (const char* text :
         {"begin; insert into t values (1); commit;", "COMMIT", "Start Transaction", "SELECT 1; END", "abort",
          "rollback work", "ROLLBACK AND CHAIN", "PREPARE TRANSACTION 'x'", "commit prepared 'x'",
          "/* a */ BEGIN", "select (1); -- x\ncommit"}) {
        CAPTURE(text);
        CHECK(controls_transaction(text));
    }
    for (const char* text :
         {"", "ROLLBACK TO SAVEPOINT a", "rollback transaction to a", "SELECT 'a; commit;'",
          "DO $$begin; commit; end$$",
          "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
          "PREPARE p AS SELECT 1", "SELECT 1 AS commit", "-- ; commit\nselect 1", "SAVEPOINT a",
          "START WITH 1", "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)"}) {
        CAPTURE(text);
        CHECK_FALSE(controls_transaction(text));
    }
    CHECK(leaves_transaction_open("begin", false));
    CHECK(leaves_transaction_open("select 1", true));
    CHECK_FALSE(leaves_transaction_open("begin; commit", false));
    CHECK(leaves_transaction_open("commit and chain", true));
}

TEST_CASE("SQL that nests too deeply is opaque and no stack ends") {
    const auto repeated = [](const std::string& first, const std::string& next, int count) {
        std::string text = first;
        for (int i = 0; i < count; ++i) text += next;
        return text;
    };
    const std::string deep[] = {
        repeated("select 1", "+1", 50'000),
        repeated("select 1", " union all select 1", 50'000),
        repeated("select 1 where a and b", " union all select 1 where a and b", 50'000),
        "select " + std::string(50'000, '(') + "1" + std::string(50'000, ')'),
        repeated("select ", "not ", 50'000) + "true",
        repeated("select ", "case when a then b else ", 20'000) + "1" + repeated("", " end", 20'000),
        repeated("select a", "::text", 50'000),
        repeated("select * from a", " cross join b", 20'000),
        repeated("select ", "f(", 50'000) + repeated("1", ")", 50'000),
    };
    for (const std::string& text : deep) {
        CAPTURE(text.substr(0, 60));
        Footprint footprint;
        footprint_of(text, "public", footprint);
        CHECK(footprint.barrier);
        CHECK_FALSE(needs_no_transaction("create view v as " + text));
        CHECK_FALSE(function_signature(text, "public").has_value());
        relations_of_query(text, "public");
        syntax_error(text);
    }
    for (const std::string& text :
         {repeated("select 1", "+1", 400), repeated("select a from t where a = 1", " or a = 1", 20'000),
          repeated("insert into t values (1)", ", (1 + 1)", 20'000)}) {
        Footprint footprint;
        footprint_of(text, "public", footprint);
        CHECK_FALSE(footprint.barrier);
    }
}

TEST_CASE("function escapes of JDBC are taken off outside quotes") {
    CHECK(unescape_jdbc("select {fn now()}, '{fn x()}', {fn concat('}', {fn y()})}") ==
          "select now(), '{fn x()}', concat('}', y())");
    CHECK(unescape_jdbc("select '{}'::int[], $${fn x()}$$") == "select '{}'::int[], $${fn x()}$$");
}
