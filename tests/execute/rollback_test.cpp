#include "changelog/codes.hpp"

#include "execute/lab.hpp"
#include "support/catch.hpp"

using namespace changelog;
using execute::Outcome;
using tests::changeset;
using tests::Lab;
using tests::table;

TEST_CASE("rollback undoes the newest changesets first, without the files") {
    Lab lab;
    lab.update(table("a") + table("b") + table("c"));
    const auto report = lab.rollback(2);
    REQUIRE(lab.errors() == "");
    CHECK(report.rolled_back == 2);
    CHECK(lab.has_table("a"));
    CHECK_FALSE(lab.has_table("b"));
    CHECK(lab.history() ==
          "applied make-a, applied make-b, applied make-c, rolled_back make-c, rolled_back make-b");
}

TEST_CASE("what was rolled back can be applied again") {
    Lab lab;
    const std::string yaml = table("a") + table("b");
    lab.update(yaml);
    lab.rollback(1);
    CHECK(lab.update(yaml).applied == 1);
    lab.rollback(2);
    CHECK(lab.update(yaml).applied == 2);
    CHECK(lab.errors() == "");
}

TEST_CASE("a rollback that is not possible is refused before anything runs") {
    Lab lab;
    lab.update(table("a") +
               changeset("data", "\"DO $$ BEGIN INSERT INTO a VALUES (1); END $$\"",
                         "    runInTransaction: false\n") +
               table("b"));
    const auto report = lab.rollback(2);
    CHECK(report.outcome == Outcome::refused);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5001") && ContainsSubstring("'data'"));
    CHECK(lab.has_table("b"));
    CHECK(lab.rollback(1).outcome == Outcome::done);
}

TEST_CASE("a rollback block takes the place of the generated one") {
    Lab lab;
    lab.update(table("a") +
               changeset("data", "INSERT INTO a VALUES (1)", "    rollback: DELETE FROM a WHERE id = 1\n") +
               changeset("none", "INSERT INTO a VALUES (2)", "    rollback: empty\n"));
    CHECK(lab.rollback(2).outcome == Outcome::done);
    CHECK(lab.ask("SELECT string_agg(id::text, ',') FROM a") == "2");
}

TEST_CASE("a failing rollback leaves the database as it was") {
    Lab lab;
    lab.update(table("a") + changeset("bad", "SELECT 1", "    rollback: SELECT 1/0\n") + table("b"));
    execute::RollbackOptions undo;
    undo.count = 2;
    undo.source = execute::UndoSource::written;
    const auto report = lab.rollback(undo);
    CHECK(report.outcome == Outcome::failed_unchanged);
    CHECK(lab.has_table("b"));
    CHECK_THAT(lab.errors(), ContainsSubstring("SELECT 1/0") && ContainsSubstring("bad"));
}

TEST_CASE("a changeset that was only marked as run is rolled back by its record alone") {
    Lab lab;
    lab.connection.execute("CREATE TABLE kept (id int)");
    lab.update(changeset(
        "kept", "CREATE TABLE kept (id int)",
        "    preConditions:\n    - onFail: MARK_RAN\n    - not:\n      - tableExists: {tableName: kept}\n"
        "    rollback: DROP TABLE kept\n"));
    CHECK(lab.rollback(1).rolled_back == 1);
    CHECK(lab.has_table("kept"));
}

TEST_CASE("rollback to a tag") {
    Lab lab;
    lab.update(table("a"));
    lab.engine().tag("v1");
    lab.update(table("a") + table("b") + table("c"));
    execute::RollbackOptions undo;
    undo.to_tag = "v2";
    CHECK(lab.rollback(undo).outcome == Outcome::refused);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL3006") && ContainsSubstring("did you mean 'v1'"));
    undo.to_tag = "v1";
    CHECK(lab.rollback(undo).rolled_back == 2);
    CHECK(lab.has_table("a"));
}

TEST_CASE("rollback to a date and of a deployment") {
    Lab lab;
    lab.update(table("a"));
    const std::string between = lab.ask("SELECT clock_timestamp()");
    const auto second = lab.update(table("a") + table("b"));
    execute::RollbackOptions undo;
    undo.to_date = "not a date";
    CHECK(lab.rollback(undo).outcome == Outcome::refused);
    undo.to_date = between;
    CHECK(lab.rollback(undo).rolled_back == 1);
    const auto third = lab.update(table("a") + table("b"));
    CHECK(third.deployment != second.deployment);
    undo.to_date.reset();
    undo.deployment = third.deployment;
    CHECK(lab.rollback(undo).rolled_back == 1);
    CHECK(lab.has_table("a"));
}

TEST_CASE("one changeset is refused while others that are applied need it, or takes them along") {
    Lab lab;
    const std::string yaml =
        table("a") + table("b") +
        "- changeSet:\n    id: more\n    author: ann\n    changes:\n    - addColumn:\n        tableName: a\n"
        "        columns:\n        - column: {name: x, type: int}\n";
    lab.update(yaml);
    tests::Loaded loaded("databaseChangeLog:\n" + yaml);
    RenderContext context;
    const catalog::Catalog nothing;
    context.before = &nothing;
    const Graph graph = resolve(loaded.changelog, context, lab.diagnostics);
    execute::RollbackOptions undo;
    undo.changeset = "make-a";
    CHECK(lab.engine().rollback(undo, &loaded.changelog, &graph).outcome == Outcome::refused);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5004") && ContainsSubstring("db.yaml::more::ann"));
    lab.diagnostics = {};
    undo.cascade = true;
    CHECK(lab.engine().rollback(undo, &loaded.changelog, &graph).rolled_back == 2);
    CHECK(lab.has_table("b"));
    CHECK_FALSE(lab.has_table("a"));
}

TEST_CASE("a rollback on an empty database says so") {
    Lab lab;
    CHECK(lab.rollback(1).outcome == Outcome::refused);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5002"));
}

TEST_CASE("only data that is there is at risk") {
    Lab lab;
    const std::string yaml =
        table("a") + changeset("v", "CREATE VIEW v AS SELECT 1 AS one", "    rollback: DROP VIEW v\n") +
        "- changeSet:\n    id: more\n    author: ann\n    changes:\n    - addColumn:\n        tableName: a\n"
        "        columns:\n        - column: {name: x, type: int}\n";
    lab.update(yaml);
    execute::RollbackOptions undo;
    undo.count = 3;
    CHECK(lab.engine().rollback_risks(undo).empty());
    lab.connection.execute("INSERT INTO a VALUES (1, NULL)");
    CHECK(lab.engine().rollback_risks(undo) == std::vector<std::string>{"rows of public.a"});
    lab.connection.execute("UPDATE a SET x = 2");
    CHECK(lab.engine().rollback_risks(undo) ==
          std::vector<std::string>{"values of public.a.x", "rows of public.a"});
}

TEST_CASE("where a rollback block fails, what was made from the changes is run instead") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t(id int PRIMARY KEY)");
    const std::string before = tests::schema_snapshot(lab.connection);
    lab.update(
        "- changeSet:\n    id: column\n    author: ann\n    changes:\n    - addColumn: {tableName: t, "
        "columns: [{column: "
        "{name: c, type: int}}]}\n    rollback: ALTER TABLE t DROP COLUMN wrong\n" +
        changeset("index", "CREATE INDEX i ON t (c)", "    rollback: empty\n"));
    REQUIRE(lab.errors() == "");
    execute::RollbackOptions undo;
    undo.count = 2;
    SECTION("said loudly") {
        lab.events.clear();
        CHECK(lab.rollback(undo).rolled_back == 2);
        CHECK(tests::schema_snapshot(lab.connection) == before);
        CHECK(std::any_of(lab.events.begin(), lab.events.end(), [](const execute::Event& event) {
            return event.kind == execute::Event::Kind::warning &&
                   event.text.find("\"wrong\"") != std::string::npos;
        }));
    }
    SECTION("not where only the blocks are wanted") {
        undo.source = execute::UndoSource::written;
        CHECK(lab.rollback(undo).outcome == Outcome::failed_unchanged);
    }
    SECTION("and without the blocks from the start") {
        undo.source = execute::UndoSource::generated;
        CHECK(lab.rollback(undo).rolled_back == 2);
        CHECK(tests::schema_snapshot(lab.connection) == before);
    }
    SECTION("not where it would lose what nobody agreed to") {
        lab.connection.execute("INSERT INTO t VALUES (1, 7)");
        CHECK(lab.rollback(undo).outcome == Outcome::failed_unchanged);
    }
}

TEST_CASE("undoing a rename loses nothing, dropping a view neither") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t(id int); INSERT INTO t VALUES (1)");
    lab.update(
        "- changeSet:\n    id: names\n    author: ann\n    changes:\n    - renameTable: {oldTableName: t, "
        "newTableName: u}\n    - renameColumn: {tableName: u, oldColumnName: id, newColumnName: key}\n    - "
        "createView: "
        "{viewName: v, selectQuery: SELECT key FROM u}\n");
    REQUIRE(lab.errors() == "");
    execute::RollbackOptions undo;
    undo.count = 1;
    CHECK(lab.engine().rollback_risks(undo) == std::vector<std::string>{});
    undo.lossless = true;
    CHECK(lab.rollback(undo).outcome == Outcome::done);
}
