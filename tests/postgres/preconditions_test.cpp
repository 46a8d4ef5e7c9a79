#include "postgres/preconditions.hpp"

#include "support/catch.hpp"
#include "support/server.hpp"

using namespace changelog;
using namespace changelog::postgres;
using changelog::tests::TestDatabase;

namespace {

using Attributes = std::map<std::string, std::string>;

Condition condition(const std::string& kind, Attributes attributes = {}) {
    return {kind, {}, std::move(attributes), {}};
}

Condition group(const std::string& kind, std::vector<Condition> children) {
    Condition out = condition(kind);
    out.children = std::move(children);
    return out;
}

Condition dbms(const std::string& type) { return condition("dbms", {{"type", type}}); }
Condition sql(const std::string& text, const std::string& expected) {
    return condition("sqlCheck", {{"sql", text}, {"expectedResult", expected}});
}

constexpr auto schema = R"sql(
    CREATE TABLE orders (id int CONSTRAINT orders_pk PRIMARY KEY, "Note" text, a int, b int,
                         CONSTRAINT orders_ab UNIQUE (a, b));
    CREATE TABLE "MixedCase" (id int REFERENCES orders CONSTRAINT mixed_fk CHECK (true));
    ALTER TABLE "MixedCase" ADD CONSTRAINT "Mixed_FK" FOREIGN KEY (id) REFERENCES orders;
    CREATE TABLE parts (day date) PARTITION BY RANGE (day);
    CREATE INDEX orders_b_a ON orders (b, a DESC) INCLUDE ("Note");
    CREATE INDEX orders_expression ON orders (lower("Note"));
    CREATE VIEW open_orders AS SELECT id, a AS amount FROM orders;
    CREATE MATERIALIZED VIEW stored_orders AS SELECT id FROM orders;
    CREATE SEQUENCE sq1;
    CREATE SEQUENCE "SQ2";
    CREATE SCHEMA other;
    CREATE TABLE other.things (id int);
    INSERT INTO orders (id) VALUES (1), (2);
)sql";

struct Fixture {
    TestDatabase database;
    Connection connection = database.connect();
    Ledger ledger{connection, {}};
    PreconditionContext context;

    Fixture() {
        connection.execute(schema);
        context.default_schema = "public";
        context.changelog_path = "db/main.yaml";
    }
    Verdict check_all(std::vector<Condition> all) {
        Preconditions preconditions;
        preconditions.all = std::move(all);
        return check(preconditions, connection, ledger, context);
    }
    std::string operator()(Condition one) {
        const Verdict verdict = check_all({std::move(one)});
        if (verdict.kind == Verdict::Kind::holds) return "holds";
        CHECK(!verdict.reason.empty());
        return verdict.kind == Verdict::Kind::fails ? "fails" : "error";
    }
    std::string operator()(const std::string& kind, Attributes attributes) {
        return (*this)(condition(kind, std::move(attributes)));
    }
};

}  // namespace

TEST_CASE("tableExists folds names as the quoting strategy would, and views do not count") {
    Fixture ask;
    CHECK(ask("tableExists", {{"tableName", "orders"}}) == "holds");
    CHECK(ask("tableExists", {{"tableName", "ORDERS"}}) == "holds");
    CHECK(ask("tableExists", {{"tableName", "MixedCase"}}) == "holds");
    CHECK(ask("tableExists", {{"tableName", "mixedcase"}}) == "fails");
    CHECK(ask("tableExists", {{"tableName", "Orders"}}) == "fails");
    CHECK(ask("tableExists", {{"tableName", "parts"}}) == "holds");
    CHECK(ask("tableExists", {{"tableName", "open_orders"}}) == "fails");
    CHECK(ask("tableExists", {{"tableName", "things"}}) == "fails");
    CHECK(ask("tableExists", {{"tableName", "things"}, {"schemaName", "OTHER"}}) == "holds");
    ask.context.quoting = QuotingStrategy::quote_all;
    CHECK(ask("tableExists", {{"tableName", "ORDERS"}}) == "fails");
    ask.context.quoting = QuotingStrategy::quote_reserved;
    CHECK(ask("tableExists", {{"tableName", "Orders"}}) == "holds");
    ask.context.default_schema = "other";
    CHECK(ask("tableExists", {{"tableName", "things"}}) == "holds");
}

TEST_CASE("viewExists finds views and not tables") {
    Fixture ask;
    CHECK(ask("viewExists", {{"viewName", "OPEN_ORDERS"}}) == "holds");
    CHECK(ask("viewExists", {{"viewName", "stored_orders"}}) == "holds");
    CHECK(ask("viewExists", {{"viewName", "orders"}}) == "fails");
}

TEST_CASE("columnExists ignores case and finds columns of views") {
    Fixture ask;
    CHECK(ask("columnExists", {{"tableName", "ORDERS"}, {"columnName", "note"}}) == "holds");
    CHECK(ask("columnExists", {{"tableName", "mixedcase"}, {"columnName", "ID"}, {"schemaName", "PUBLIC"}}) ==
          "holds");
    CHECK(ask("columnExists", {{"tableName", "open_orders"}, {"columnName", "amount"}}) == "holds");
    CHECK(ask("columnExists", {{"tableName", "orders"}, {"columnName", "missing"}}) == "fails");
    ask.connection.execute("ALTER TABLE orders DROP COLUMN \"Note\"");
    CHECK(ask("columnExists", {{"tableName", "orders"}, {"columnName", "Note"}}) == "fails");
}

TEST_CASE("indexExists takes a name, or the full list of columns in order") {
    Fixture ask;
    CHECK(ask("indexExists", {{"indexName", "ORDERS_B_A"}}) == "holds");
    CHECK(ask("indexExists", {{"indexName", "orders_pk"}}) == "holds");
    CHECK(ask("indexExists", {{"indexName", "orders_b_a"}, {"tableName", "parts"}}) == "fails");
    CHECK(ask("indexExists", {{"tableName", "orders"}, {"columnNames", "b, A"}}) == "holds");
    CHECK(ask("indexExists", {{"tableName", "orders"}, {"columnNames", "a,b"}}) == "holds");
    CHECK(ask("indexExists", {{"tableName", "orders"}, {"columnNames", "b"}}) == "fails");
    CHECK(ask("indexExists",
              {{"indexName", "orders_b_a"}, {"tableName", "orders"}, {"columnNames", "b,a,Note"}}) ==
          "fails");
    CHECK(ask("indexExists", {{"indexName", "none"}}) == "fails");
}

TEST_CASE("constraints are found by name or table, without regard to case") {
    Fixture ask;
    CHECK(ask("primaryKeyExists", {{"tableName", "ORDERS"}}) == "holds");
    CHECK(ask("primaryKeyExists", {{"primaryKeyName", "ORDERS_PK"}}) == "holds");
    CHECK(ask("primaryKeyExists", {{"tableName", "mixedcase"}}) == "fails");
    CHECK(ask("primaryKeyExists", {{"tableName", "orders"}, {"primaryKeyName", "other"}}) == "fails");
    CHECK(ask("uniqueConstraintExists", {{"tableName", "orders"}, {"constraintName", "Orders_AB"}}) ==
          "holds");
    CHECK(ask("uniqueConstraintExists", {{"tableName", "orders"}, {"columnNames", "B, a"}}) == "holds");
    CHECK(ask("uniqueConstraintExists", {{"tableName", "orders"}, {"columnNames", "a"}}) == "fails");
    CHECK(ask("uniqueConstraintExists", {{"tableName", "orders"}, {"constraintName", "orders_pk"}}) ==
          "fails");
    CHECK(ask("foreignKeyConstraintExists", {{"foreignKeyName", "mixed_fk"}}) == "holds");
    CHECK(ask("foreignKeyConstraintExists",
              {{"foreignKeyTableName", "MIXEDCASE"}, {"foreignKeyName", "MIXED_FK"}}) == "holds");
    CHECK(ask("foreignKeyConstraintExists",
              {{"foreignKeyTableName", "orders"}, {"foreignKeyName", "mixed_fk"}}) == "fails");
    CHECK(ask("foreignKeyConstraintExists", {{"foreignKeyName", "mixed_fk"}, {"schemaName", "other"}}) ==
          "fails");
}

TEST_CASE("sequenceExists takes the exact name") {
    Fixture ask;
    CHECK(ask("sequenceExists", {{"sequenceName", "sq1"}}) == "holds");
    CHECK(ask("sequenceExists", {{"sequenceName", "SQ1"}}) == "fails");
    CHECK(ask("sequenceExists", {{"sequenceName", "SQ2"}}) == "holds");
    CHECK(ask("sequenceExists", {{"sequenceName", "orders"}}) == "fails");
}

TEST_CASE("sqlCheck compares the text of one value") {
    Fixture ask;
    CHECK(ask(sql("SELECT count(*) FROM orders", "2")) == "holds");
    CHECK(ask(sql("SELECT count(*) FROM orders;", "3")) == "fails");
    CHECK(ask(sql("SELECT true", "t")) == "holds");
    CHECK(ask(sql("SELECT true", "true")) == "fails");
    CHECK(ask(sql("SELECT 1, 2", "1")) == "holds");
    CHECK(ask(sql("SELECT NULL", "")) == "fails");
    CHECK(ask(sql("SELECT 1 WHERE false", "1")) == "error");
    CHECK(ask(sql("SELECT id FROM orders", "1")) == "error");
    CHECK(ask(sql("SELECT * FROM nowhere", "1")) == "error");
    CHECK(ask(sql("not sql", "1")) == "error");
    CHECK(ask("rowCount", {{"tableName", "ORDERS"}, {"expectedRows", "2"}}) == "holds");
    CHECK(ask("rowCount", {{"tableName", "orders"}, {"expectedRows", "3"}}) == "fails");
    CHECK(ask("rowCount", {{"tableName", "nowhere"}, {"expectedRows", "0"}}) == "error");
    CHECK(ask("tableIsEmpty", {{"tableName", "MixedCase"}}) == "holds");
    CHECK(ask("tableIsEmpty", {{"tableName", "orders"}}) == "fails");
    CHECK(ask("tableIsEmpty", {{"tableName", "things"}, {"schemaName", "other"}}) == "holds");
}

TEST_CASE("a failing condition leaves the transaction as it was, and a sqlCheck leaves nothing behind") {
    Fixture ask;
    CHECK(ask(sql("SELECT * FROM nowhere", "1")) == "error");
    CHECK(!ask.connection.in_transaction());
    CHECK(ask(sql("INSERT INTO orders (id) VALUES (9) RETURNING id", "9")) == "holds");
    CHECK(ask.connection.execute("SELECT count(*) FROM orders").text(0, 0) == "2");
    ask.connection.execute("BEGIN; INSERT INTO orders (id) VALUES (3)");
    CHECK(ask(sql("SELECT * FROM nowhere", "1")) == "error");
    CHECK(ask(sql("SELECT count(*) FROM orders", "3")) == "holds");
    ask.connection.execute("COMMIT");
    CHECK(ask.connection.execute("SELECT count(*) FROM orders").text(0, 0) == "3");
}

TEST_CASE("changeSetExecuted asks the ledger, by id, author and file") {
    Fixture ask;
    const Attributes one = {{"id", "1"}, {"author", "alice"}};
    Attributes elsewhere = one;
    elsewhere["changeLogFile"] = "db/other.yaml";
    CHECK(ask("changeSetExecuted", one) == "fails");
    Diagnostics diagnostics;
    REQUIRE(ask.ledger.ensure(diagnostics));
    LedgerRow row;
    row.deployment = "00000000-0000-4000-8000-000000000001";
    row.event = "marked_ran";
    row.key = {"1", "alice", "db/main.yaml"};
    ask.connection.execute(ask.ledger.insert_sql({row}));
    CHECK(ask("changeSetExecuted", one) == "holds");
    CHECK(ask("changeSetExecuted", elsewhere) == "fails");
    elsewhere["changeLogFile"] = "classpath:/db/main.yaml";
    CHECK(ask("changeSetExecuted", elsewhere) == "holds");
    row.event = "rolled_back";
    ask.connection.execute(ask.ledger.insert_sql({row}));
    CHECK(ask("changeSetExecuted", one) == "fails");
}

TEST_CASE("conditions that need no database") {
    Fixture ask;
    CHECK(ask(dbms("postgresql")) == "holds");
    CHECK(ask(dbms("oracle, PostgreSQL")) == "holds");
    CHECK(ask(dbms("!oracle")) == "holds");
    CHECK(ask(dbms("!postgresql")) == "fails");
    CHECK(ask(dbms("postgres")) == "fails");
    CHECK(ask(dbms("all")) == "holds");
    CHECK(ask(dbms("none")) == "fails");
    CHECK(ask("runningAs", {{"username", "POSTGRES"}}) == "holds");
    CHECK(ask("runningAs", {{"username", "alice"}}) == "fails");
    ask.context.properties = {{"size", "big"}};
    CHECK(ask("changeLogPropertyDefined", {{"property", "size"}}) == "holds");
    CHECK(ask("changeLogPropertyDefined", {{"property", "size"}, {"value", "big"}}) == "holds");
    CHECK(ask("changeLogPropertyDefined", {{"property", "size"}, {"value", "small"}}) == "fails");
    CHECK(ask("changeLogPropertyDefined", {{"property", "colour"}}) == "fails");
    CHECK(ask("expectedQuotingStrategy", {{"strategy", "LEGACY"}}) == "fails");
    ask.context.changelog_quoting = "LEGACY";
    CHECK(ask("expectedQuotingStrategy", {{"strategy", "LEGACY"}}) == "holds");
    CHECK(ask("customPrecondition", {{"className", "com.example.Check"}}) == "fails");
    CHECK(ask(group("not", {condition("customPrecondition", {{"className", "x"}})})) == "holds");
}

TEST_CASE("and, or, not combine, and errors come through") {
    Fixture ask;
    const Condition yes = dbms("postgresql"), no = dbms("oracle"), broken = sql("SELECT * FROM nowhere", "1");
    CHECK(ask.check_all({}).kind == Verdict::Kind::holds);
    CHECK(ask.check_all({yes, no}).kind == Verdict::Kind::fails);
    CHECK(ask(group("and", {yes, yes})) == "holds");
    CHECK(ask(group("and", {yes, no})) == "fails");
    CHECK(ask(group("or", {no, yes})) == "holds");
    CHECK(ask(group("or", {no, no})) == "fails");
    CHECK(ask(group("or", {})) == "fails");
    CHECK(ask(group("and", {})) == "holds");
    CHECK(ask(group("not", {no, no})) == "holds");
    CHECK(ask(group("not", {no, yes})) == "fails");
    CHECK(ask(group("not", {broken})) == "error");
    CHECK(ask(group("or", {yes, broken})) == "holds");
    CHECK(ask(group("or", {broken, yes})) == "error");
    CHECK(ask(group("and", {no, broken})) == "fails");
    CHECK(ask(group("not", {group("or", {no, group("and", {yes, no})})})) == "holds");
    CHECK_THAT(ask.check_all({condition("tableExists", {{"tableName", "Gone"}})}).reason,
               ContainsSubstring("tableName Gone"));
}

TEST_CASE("a cancelled condition is no verdict") {
    Fixture ask;
    ask.connection.execute("SET statement_timeout = '50ms'");
    CHECK_THROWS_AS(ask(sql("SELECT pg_sleep(10)", "")), DatabaseError);
    CHECK(!ask.connection.in_transaction());
}
