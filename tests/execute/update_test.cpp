#include "changelog/codes.hpp"

#include "execute/lab.hpp"
#include "postgres/runner_lock.hpp"
#include "support/catch.hpp"

using namespace changelog;
using execute::Outcome;
using tests::changeset;
using tests::Lab;
using tests::table;

TEST_CASE("update applies what is pending, once") {
    Lab lab;
    const std::string yaml = table("a") + table("b");
    auto report = lab.update(yaml);
    REQUIRE(lab.errors() == "");
    CHECK(report.applied == 2);
    CHECK(lab.history() == "applied make-a, applied make-b");
    report = lab.update(yaml);
    CHECK(report.outcome == Outcome::done);
    CHECK(report.applied == 0);
    report = lab.update(yaml + table("c"));
    CHECK(report.applied == 1);
    CHECK(lab.has_table("c"));
}

TEST_CASE("a failing changeset leaves the database as it was and is named with its statement") {
    Lab lab;
    const auto report = lab.update(changeset("bad", "CREATE TABLE t (id int); CREATE TABLE t (id int)"));
    CHECK(report.outcome == Outcome::failed_unchanged);
    CHECK_FALSE(lab.has_table("t"));
    CHECK(lab.history() == "");
    REQUIRE(lab.diagnostics.has_errors());
    const Diagnostic& error = lab.diagnostics.items().back();
    CHECK(error.code == codes::statement_failed);
    CHECK(error.where.file == "db.yaml");
    CHECK(error.where.line == 6);
    REQUIRE(error.server);
    CHECK(error.server->sqlstate == "42P07");
    CHECK(error.server->statement == "CREATE TABLE t (id int)");
}

TEST_CASE("changesets before a failing one stay, also when they shared its transaction") {
    Lab lab;
    const auto report =
        lab.update(table("a") + table("b") + changeset("bad", "INSERT INTO b VALUES ('x')") + table("c"));
    CHECK(report.outcome == Outcome::failed_partly);
    CHECK(report.applied == 2);
    CHECK(lab.history() == "applied make-a, applied make-b");
    CHECK_FALSE(lab.has_table("c"));
}

TEST_CASE("one transaction for all leaves nothing behind when it fails") {
    Lab lab;
    execute::UpdateOptions run;
    run.transactions = TransactionMode::all;
    const auto report = lab.update(table("a") + changeset("bad", "INSERT INTO a VALUES ('x')"), run);
    CHECK(report.outcome == Outcome::failed_unchanged);
    CHECK_FALSE(lab.has_table("a"));
    REQUIRE(lab.diagnostics.has_errors());
    CHECK(lab.diagnostics.items().back().changeset == "db.yaml::bad::ann");
    CHECK(lab.update(table("a") + changeset("good", "INSERT INTO a VALUES (1)"), run).applied == 2);
    CHECK(lab.ask("SELECT count(*) FROM a") == "1");
}

TEST_CASE("failOnError: false goes on without recording the changeset") {
    Lab lab;
    const auto report = lab.update(changeset("bad", "SELECT 1/0", "    failOnError: false\n") + table("a"));
    CHECK(report.outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(lab.history() == "applied make-a");
    CHECK(lab.diagnostics.count(Severity::warning) == 1);
}

TEST_CASE("preconditions decide: run, mark as run, skip, stop") {
    Lab lab;
    const auto with = [](const std::string& id, const std::string& on_fail) {
        return changeset(
            id, "CREATE TABLE " + id + " (id int)",
            "    preConditions:\n    - onFail: " + on_fail + "\n    - tableExists: {tableName: there}\n");
    };
    CHECK(lab.update(with("a", "MARK_RAN") + with("b", "CONTINUE") + with("c", "WARN")).outcome ==
          Outcome::done);
    CHECK(lab.history() == "marked_ran a, applied c");
    CHECK(lab.update(with("a", "MARK_RAN") + with("b", "CONTINUE") + with("c", "WARN") + with("d", "HALT"))
              .outcome == Outcome::failed_unchanged);
    CHECK(lab.diagnostics.items().back().code == codes::precondition_failed);
    CHECK(lab.update(with("a", "MARK_RAN") + with("b", "CONTINUE") + with("c", "WARN") + table("there") +
                     with("d", "HALT"))
              .applied == 2);
    CHECK_FALSE(lab.has_table("a"));
}

TEST_CASE("preconditions see what earlier changesets of the run did") {
    Lab lab;
    lab.update(table("a") + changeset("b", "CREATE TABLE b (id int)",
                                      "    preConditions:\n    - tableExists: {tableName: a}\n"));
    CHECK(lab.errors() == "");
    CHECK(lab.has_table("b"));
}

TEST_CASE("an index that is built concurrently is recorded by step, and an invalid leftover is replaced") {
    Lab lab;
    const std::string made = table("t") + changeset("rows", "INSERT INTO t VALUES (1), (1)");
    REQUIRE(lab.update(made).outcome == Outcome::done);
    const std::string unique = changeset("index", "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)");
    const auto report = lab.update(made + unique);
    CHECK(report.outcome != Outcome::done);
    CHECK(lab.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass") == "f");
    lab.connection.execute("TRUNCATE t");
    CHECK(lab.update(made + unique).outcome == Outcome::done);
    CHECK(lab.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass") == "t");
    CHECK_THAT(lab.history(), ContainsSubstring("started index, applied index"));
}

TEST_CASE("an edited changeset is refused with its difference of meaning") {
    Lab lab;
    REQUIRE(lab.update(table("a")).outcome == Outcome::done);
    std::string edited = table("a");
    edited.replace(edited.find("type: int"), 9, "type: bigint");
    const auto report = lab.update(edited + table("b"));
    CHECK(report.outcome == Outcome::history_mismatch);
    CHECK(lab.diagnostics.items().back().code == codes::checksum_mismatch);
    CHECK_THAT(lab.diagnostics.items().back().why, ContainsSubstring("type: int -> bigint"));
    CHECK_FALSE(lab.has_table("b"));
}

TEST_CASE("a formatting edit is none") {
    Lab lab;
    REQUIRE(lab.update(changeset("s", "\"CREATE TABLE s (id int)\"")).outcome == Outcome::done);
    CHECK(lab.update(changeset("s", "\"create   table s -- a comment\\n (ID int)\"",
                               "    comment: now with a comment\n"))
              .applied == 0);
    CHECK(lab.errors() == "");
}

TEST_CASE("a second runner waits for the first and gives up with its name") {
    Lab lab;
    postgres::Connection other = lab.database.connect();
    Diagnostics none;
    REQUIRE(lab.update(table("a")).outcome == Outcome::done);
    const postgres::RunnerLock lock(other, lab.engine().ledger().qualified_table(),
                                    std::chrono::milliseconds(100), {}, none);
    REQUIRE(lock.held());
    const auto report = lab.update(table("a") + table("b"));
    CHECK(report.outcome == Outcome::lock_not_obtained);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL4003"));
    CHECK(lab.update(table("a")).outcome == Outcome::done);  // nothing to run needs no lock
}

TEST_CASE("a lost connection is said, and nothing of its transaction is there") {
    Lab lab;
    REQUIRE(lab.update(table("a")).outcome == Outcome::done);
    const auto report = lab.update(
        table("a") +
        changeset("dies", "CREATE TABLE b (id int); SELECT pg_terminate_backend(pg_backend_pid())"));
    CHECK(report.outcome == Outcome::failed_unchanged);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL4002"));
    postgres::Connection again = lab.database.connect();
    CHECK(again.execute("SELECT to_regclass('b') IS NULL").text(0, 0) == "t");
    CHECK(again.execute("SELECT count(*) FROM changelog_history").text(0, 0) == "1");
}

TEST_CASE("search_path set by a changeset does not reach the next") {
    Lab lab;
    lab.update(changeset("dump", "SELECT pg_catalog.set_config('search_path', '', false)") +
               changeset("next", "CREATE TABLE t (id int)"));
    CHECK(lab.errors() == "");
    CHECK(lab.has_table("public.t"));
}

TEST_CASE("a rerun is recorded and replaces the checksum") {
    Lab lab;
    const std::string more = "    runOnChange: true\n";
    REQUIRE(lab.update(changeset("v", "CREATE OR REPLACE VIEW v AS SELECT 1 AS a", more)).applied == 1);
    CHECK(lab.update(changeset("v", "CREATE OR REPLACE VIEW v AS SELECT 1 AS a, 2 AS b", more)).applied == 1);
    CHECK(lab.update(changeset("v", "CREATE OR REPLACE VIEW v AS SELECT 1 AS a, 2 AS b", more)).applied == 0);
    CHECK(lab.history() == "applied v, reran v");
}

TEST_CASE("update_script prints what would run and changes nothing") {
    Lab lab;
    tests::Loaded loaded("databaseChangeLog:\n" + table("a") + changeset("s", "SELECT 1 -- one"));
    RenderContext context;
    const catalog::Catalog nothing;
    context.before = &nothing;
    const Graph graph = resolve(loaded.changelog, context, lab.diagnostics);
    const std::string script = lab.engine().update_script(loaded.changelog, graph, {});
    CHECK(script ==
          "-- changeset db.yaml::make-a::ann\nCREATE TABLE public.a (id INTEGER);\n\n"
          "-- changeset db.yaml::s::ann\nSELECT 1 -- one\n;\n\n");
    CHECK_FALSE(lab.has_table("changelog_history"));
}

TEST_CASE("a run in one transaction forgives what may fail, and prints what is to be printed") {
    Lab lab;
    execute::UpdateOptions run;
    run.transactions = TransactionMode::all;
    const std::string output =
        "- changeSet:\n    id: say\n    author: ann\n    changes:\n    - output: {message: hello, target: "
        "STDOUT}\n";
    const auto report = lab.update(
        table("a") + changeset("bad", "SELECT 1/0", "    failOnError: false\n") + output + table("b"), run);
    CHECK(report.outcome == Outcome::done);
    CHECK(lab.history() == "applied make-a, applied say, applied make-b");
    CHECK(std::any_of(lab.events.begin(), lab.events.end(),
                      [](const auto& event) { return event.text == "hello" && event.to_stdout; }));
}

TEST_CASE("a changeset that ends transactions does not take others with it") {
    Lab lab;
    const auto report =
        lab.update(table("a") + changeset("r", "ROLLBACK") + table("b") +
                   changeset("c", "\"BEGIN; CREATE TABLE c (id int); COMMIT;\"") + table("d"));
    CHECK(lab.errors() == "");
    CHECK(report.outcome == Outcome::done);
    for (const char* name : {"a", "b", "c", "d"}) CHECK(lab.has_table(name));
    CHECK(lab.update(table("a") + changeset("r", "ROLLBACK") + table("b") +
                     changeset("c", "\"BEGIN; CREATE TABLE c (id int); COMMIT;\"") + table("d") +
                     changeset("open", "BEGIN"))
              .outcome != Outcome::done);
    CHECK_THAT(lab.errors(), ContainsSubstring("left a transaction open"));
}

TEST_CASE("settings and roles end with their changeset") {
    Lab lab;
    lab.connection.execute("DROP ROLE IF EXISTS limited");
    lab.connection.execute("CREATE ROLE limited");
    lab.connection.execute("GRANT CREATE ON SCHEMA public TO limited");
    const auto report = lab.update(changeset("role", "SET ROLE limited") + table("a") +
                                   changeset("time", "SET statement_timeout = '5ms'") +
                                   changeset("sleep", "SELECT pg_sleep(0.02)"));
    CHECK(lab.errors() == "");
    CHECK(report.applied == 4);
    CHECK(lab.ask("SELECT tableowner <> 'limited' FROM pg_tables WHERE tablename = 'a'") == "t");
}

TEST_CASE("a rerun whose precondition says mark as run leaves the history as it is") {
    Lab lab;
    const std::string yaml = changeset("again", "SELECT 1",
                                       "    runAlways: true\n    preConditions:\n    - onFail: MARK_RAN\n    "
                                       "- tableExists: {tableName: none}\n");
    CHECK(lab.update(yaml).marked_ran == 1);
    CHECK(lab.update(yaml).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(lab.history() == "marked_ran again");
}

TEST_CASE("an interrupted changeset goes on where it stopped, also when the failing statement was mended") {
    Lab lab;
    const std::string begin = "\"CREATE TABLE one (id int); CREATE TABLE two (id int); ";
    const std::string more = "    runInTransaction: false\n";
    CHECK(lab.update(changeset("steps", begin + "SELECT 1/0; CREATE TABLE three (id int)\"", more)).outcome ==
          Outcome::failed_partly);
    CHECK(lab.has_table("two"));
    const auto report =
        lab.update(changeset("steps", begin + "SELECT 1/1; CREATE TABLE three (id int)\"", more));
    CHECK(lab.errors() == "");
    CHECK(report.applied == 1);
    CHECK(lab.has_table("three"));
}

TEST_CASE("an interrupted changeset is refused when what it has done was edited") {
    Lab lab;
    const std::string more = "    runInTransaction: false\n";
    lab.update(changeset("steps", "\"CREATE TABLE one (id int); SELECT 1/0\"", more));
    lab.update(changeset("steps", "\"CREATE TABLE uno (id int); SELECT 1/1\"", more));
    CHECK_THAT(lab.errors(), ContainsSubstring("CL3008"));
    CHECK_FALSE(lab.has_table("uno"));
}

TEST_CASE("an index that the server finished after we were killed is not built again") {
    Lab lab;
    const std::string yaml = table("t") + changeset("index", "CREATE INDEX CONCURRENTLY t_id ON t (id)");
    lab.update(yaml);
    lab.connection.execute("DELETE FROM changelog_history WHERE event = 'applied' AND id = 'index'");
    CHECK(lab.update(yaml).applied == 1);
    CHECK(lab.errors() == "");
}

TEST_CASE("what was there before the changelog is not taken away by a rollback") {
    Lab lab;
    lab.connection.execute("CREATE SEQUENCE counter; CREATE TABLE q (t int UNIQUE)");
    const auto change = [](const std::string& id, const std::string& what) {
        return "- changeSet:\n    id: " + id + "\n    author: ann\n    changes:\n    - " + what + "\n";
    };
    lab.update(change("s", "createSequence: {sequenceName: counter}"));
    execute::RollbackOptions undo;
    undo.count = 1;
    CHECK(lab.rollback(undo).outcome == Outcome::done);
    CHECK(lab.ask("SELECT to_regclass('counter') IS NOT NULL") == "t");
    lab.update(change("s", "createSequence: {sequenceName: counter}") +
               change("u", "addUniqueConstraint: {tableName: q, columnNames: t}"));
    CHECK(lab.ask("SELECT count(*) FROM pg_constraint WHERE conrelid = 'q'::regclass") == "2");
    CHECK(lab.rollback(undo).outcome == Outcome::done);
    CHECK(lab.ask("SELECT string_agg(conname, ',') FROM pg_constraint WHERE conrelid = 'q'::regclass") ==
          "q_t_key");
}

TEST_CASE("a changeset that is not selected is not compared") {
    Lab lab;
    const std::string more = "    context: night\n";
    lab.update(changeset("s", "SELECT 1", more));
    execute::UpdateOptions day;
    day.select.selection.contexts = {"day"};
    CHECK(lab.update(changeset("s", "SELECT 2", more), day).outcome == Outcome::done);
    CHECK(lab.update(changeset("s", "SELECT 2", more)).outcome == Outcome::history_mismatch);
}
