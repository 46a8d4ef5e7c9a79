// Rollbacks that something stands in the way of: rows that stay, runs that were interrupted, several runs.
#include "execute/lab.hpp"
#include "execute/row_removal.hpp"
#include "support/catch.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

using namespace changelog;
using execute::Outcome;
using tests::changeset;
using tests::Lab;
using tests::table;

namespace {

const std::string no_transaction = "    runInTransaction: false\n";

/// Three rows by SQL, one by an operation.
const std::string rows = changeset("sql", "INSERT INTO t SELECT generate_series(1, 3)") +
                         "- changeSet:\n    id: op\n    author: ann\n    changes:\n    - insert: {tableName: "
                         "t, columns: [{column: "
                         "{name: id, valueNumeric: 7}}]}\n";

std::string keys(Lab& lab, const std::string& of = "t") {
    return lab.ask("SELECT string_agg(id::text, ',' ORDER BY id) FROM " + of);
}

/// A changeset of two changes.
std::string both(const std::string& id, const std::string& first, const std::string& second,
                 const std::string& more = {}) {
    return changeset(id, first, more) + "    - sql:\n        sql: " + second + "\n";
}

}  // namespace

TEST_CASE("a DELETE that deletes nothing fails the rollback") {
    Lab lab;
    const std::string yaml = changeset("make", "CREATE TABLE t (id int PRIMARY KEY)") + rows;
    REQUIRE(lab.update(yaml).applied == 3);
    std::string remove;
    SECTION("a rule") {
        lab.connection.execute("CREATE RULE keep AS ON DELETE TO t DO INSTEAD NOTHING");
        remove = "DROP RULE keep ON t";
    }
    SECTION("a trigger") {
        lab.connection.execute(
            "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF OLD.id = 2 OR OLD.id = 7 "
            "THEN RETURN NULL; END IF; RETURN OLD; END'; CREATE TRIGGER keep BEFORE DELETE ON t FOR EACH ROW "
            "EXECUTE FUNCTION keep()");
        remove = "DROP TRIGGER keep ON t; DROP FUNCTION keep()";
    }
    SECTION("row security") {
        lab.connection.execute("DROP ROLE IF EXISTS sees_little");
        lab.connection.execute(
            "CREATE ROLE sees_little; GRANT ALL ON ALL TABLES IN SCHEMA public TO sees_little; ALTER TABLE t "
            "ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON t USING (id = 1)");
        lab.connection.execute("SET ROLE sees_little");
        remove = "RESET ROLE; DROP OWNED BY sees_little; DROP ROLE sees_little";
    }
    execute::RollbackOptions undo;
    undo.count = 2;
    CHECK(lab.rollback(undo).outcome == Outcome::failed_unchanged);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5009"));
    undo.count = 1;
    CHECK(lab.rollback(undo).outcome == Outcome::failed_unchanged);
    lab.connection.execute(remove);
    CHECK(keys(lab) == "1,2,3,7");
    CHECK_THAT(lab.history(), !ContainsSubstring("rolled_back"));
    lab.connection.execute("DELETE FROM t WHERE id = 2 OR id = 7");  // what is gone is gone
    CHECK(lab.rollback(2).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(keys(lab) == "");
}

TEST_CASE("row security that hides nothing of the rows is no reason to fail") {
    Lab lab;
    REQUIRE(lab.update(changeset("make", "CREATE TABLE t (id int PRIMARY KEY)") + rows).applied == 3);
    lab.connection.execute("DROP ROLE IF EXISTS sees_much");
    lab.connection.execute(
        "CREATE ROLE sees_much; GRANT ALL ON ALL TABLES IN SCHEMA public TO sees_much; ALTER TABLE t ENABLE "
        "ROW LEVEL SECURITY; CREATE POLICY many ON t USING (id < 100)");
    lab.connection.execute("SET ROLE sees_much");
    CHECK(lab.rollback(2).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    lab.connection.execute("RESET ROLE");
    CHECK(keys(lab) == "");
    lab.connection.execute("DROP OWNED BY sees_much; DROP ROLE sees_much");
}

TEST_CASE("rows without a key: as many go as came, and no more") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)");
    REQUIRE(lab.update(changeset("rows", "INSERT INTO t VALUES (1), (1), (2)")).applied == 1);
    lab.connection.execute("CREATE RULE keep AS ON DELETE TO t DO INSTEAD NOTHING");
    CHECK(lab.rollback(1).outcome == Outcome::failed_unchanged);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5009"));
    lab.connection.execute("DROP RULE keep ON t");
    CHECK(lab.rollback(1).outcome == Outcome::done);
    CHECK(keys(lab) == "1,1");
}

TEST_CASE("rows that point at each other go at once, and are looked after") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t)");
    REQUIRE(lab.update(changeset("rows", "INSERT INTO t SELECT i, 1 FROM generate_series(1, 3) AS i") +
                       changeset("more", "INSERT INTO t SELECT i, 2 FROM generate_series(5, 6) AS i"))
                .applied == 2);
    lab.connection.execute("CREATE RULE keep AS ON DELETE TO t WHERE OLD.id = 6 DO INSTEAD NOTHING");
    CHECK(lab.rollback(1).outcome == Outcome::failed_unchanged);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5009"));
    lab.connection.execute("DROP RULE keep ON t");
    CHECK(lab.rollback(2).outcome == Outcome::done);
    CHECK(keys(lab) == "");
    const std::string joined = execute::checked_removal(
        "WITH part_1 AS (DELETE FROM ONLY t WHERE id IN (1, 2)) DELETE FROM ONLY u WHERE a = ')'");
    CHECK_THAT(joined, ContainsSubstring("SELECT EXISTS (SELECT FROM ONLY t WHERE id IN (1, 2))") &&
                           ContainsSubstring("FROM ONLY u WHERE a ="));
}

TEST_CASE("how many rows a DELETE names") {
    const auto count = [](const std::string& condition) {
        const auto found = execute::read_removal("DELETE FROM ONLY \"a\".\"t\" WHERE " + condition);
        REQUIRE(found);
        CHECK(found->table == "\"a\".\"t\"");
        return found->rows.value_or(-1);
    };
    CHECK(count("id = 4") == 1);
    CHECK(count("a = 'x, y' AND b = 2") == 1);
    CHECK(count("id IN (1, 2, 3)") == 3);
    CHECK(count("(a, b) IN ((1, 'x'), (2, 'y)'))") == 2);
    CHECK(count("id IN (1, 2) OR id BETWEEN -2 AND 2 OR id BETWEEN 10 AND 12") == 10);
    CHECK(count("ctid = (SELECT ctid FROM ONLY t WHERE ROW(a) *= ROW(1) LIMIT 1)") == 1);
    CHECK_FALSE(execute::read_removal("DELETE FROM t USING u WHERE t.a = u.a"));
    CHECK_FALSE(execute::read_removal("DROP TABLE t"));
}

TEST_CASE("what deferred triggers write goes again") {
    Lab lab;
    lab.connection.execute(
        "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE log (id int PRIMARY KEY);"
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (NEW.id); "
        "RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER note AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
        "FUNCTION note();"
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p "
        "DEFERRABLE); INSERT INTO t VALUES (50)");
    execute::UpdateOptions run;
    SECTION("each changeset by itself") {}
    SECTION("all in one transaction") { run.transactions = TransactionMode::all; }
    const std::string yaml =
        both("one", "INSERT INTO t SELECT generate_series(1, 3)", "CREATE TABLE other (a int)") +
        // The author's order of keys is not disturbed by the look.
        both("keys", "\"SET CONSTRAINTS ALL DEFERRED; INSERT INTO c VALUES (1, 1)\"",
             "INSERT INTO p SELECT 1; INSERT INTO t SELECT 9");
    const auto report = lab.update(yaml, run);
    REQUIRE(lab.errors() == "");
    REQUIRE(report.applied == 2);
    CHECK(keys(lab, "log") == "1,2,3,9,50");
    const auto undone = lab.rollback(1);
    REQUIRE(lab.errors() == "");
    REQUIRE(undone.outcome == Outcome::done);
    CHECK(keys(lab, "log") == "1,2,3,50");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(keys(lab, "log") == "50");
    CHECK(keys(lab) == "50");
    CHECK(lab.ask("SELECT count(*) FROM c") == "0");
}

TEST_CASE("an undo that defers keys leaves those of the next one as they were made") {
    Lab lab;
    lab.connection.execute(
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p "
        "DEFERRABLE INITIALLY DEFERRED)");
    REQUIRE(lab.update(changeset("wait", "INSERT INTO c VALUES (1, 1); INSERT INTO p VALUES (1)",
                                 "    rollback: DELETE FROM p; DELETE FROM c\n") +
                       both("set", "\"SET CONSTRAINTS ALL DEFERRED; INSERT INTO c VALUES (2, 2)\"",
                            "INSERT INTO p SELECT 2"))
                .applied == 2);
    REQUIRE(lab.rollback(2).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(lab.ask("SELECT count(*) FROM c") == "0");
}

TEST_CASE("under one transaction, keys that wait for a later changeset go on waiting") {
    Lab lab;
    lab.connection.execute(
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p "
        "DEFERRABLE INITIALLY DEFERRED); CREATE TABLE t (id int PRIMARY KEY);"
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER nothing AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION nothing()");
    execute::UpdateOptions run;
    run.transactions = TransactionMode::all;
    const auto report = lab.update(
        changeset("child", "INSERT INTO c SELECT 1, 1") + changeset("parent", "INSERT INTO p SELECT 1"), run);
    CHECK(lab.errors() == "");
    CHECK(report.applied == 2);
}

namespace {

std::string view(const std::string& query, const std::string& more = {}) {
    return changeset("v", "CREATE OR REPLACE VIEW v AS " + query, "    runOnChange: true\n" + more);
}

std::string columns_of_v(Lab& lab) {
    return lab.ask(
        "SELECT coalesce(string_agg(attname, ','  ORDER BY attnum), 'none') FROM pg_attribute WHERE attrelid "
        "= to_regclass('v')");
}

}  // namespace

TEST_CASE("a changeset that ran several times goes as a whole") {
    Lab lab;
    REQUIRE(lab.update(table("a")).applied == 1);
    const std::string before = tests::schema_snapshot(lab.connection);
    std::string more;
    SECTION("by what was made from the changes") {}
    SECTION("by its rollback block, once") { more = "    rollback: DROP VIEW v\n"; }
    for (const char* query : {"SELECT 1 AS x", "SELECT 1 AS x, 2 AS y", "SELECT 1 AS x, 2 AS y, 3 AS z"})
        REQUIRE(lab.update(table("a") + view(query, more)).applied == 1);
    CHECK(lab.history() == "applied make-a, applied v, reran v, reran v");
    REQUIRE(lab.rollback(1).rolled_back == 1);
    CHECK(columns_of_v(lab) == "none");
    CHECK(tests::schema_snapshot(lab.connection) == before);
    CHECK(lab.update(table("a") + view("SELECT 5 AS five", more)).applied == 1);
    CHECK(lab.rollback(2).rolled_back == 2);
    CHECK_FALSE(lab.has_table("a"));
}

TEST_CASE("back to a tag means the run of that time") {
    Lab lab;
    std::string more;
    SECTION("by what was made from the changes") {}
    SECTION("a block drops the view, which was there then") { more = "    rollback: DROP VIEW v\n"; }
    const std::string first = view("SELECT 1 AS x", more), second = view("SELECT 1 AS x, 2 AS y", more);
    lab.update(first);
    lab.engine().tag("v1");
    lab.update(second + table("b"));
    lab.update(view("SELECT 1 AS x, 2 AS y, 3 AS z", more) + table("b"));
    execute::RollbackOptions undo;
    undo.to_tag = "v1";
    for (int i = 0; i < 2; ++i) {  // a second time there is nothing left to do
        REQUIRE(lab.rollback(undo).outcome == Outcome::done);
        CHECK(columns_of_v(lab) == "x");
        CHECK_FALSE(lab.has_table("b"));
    }
    CHECK(lab.update(first).applied == 0);  // it is what is applied
    CHECK(lab.update(second).applied == 1);
    CHECK(columns_of_v(lab) == "x,y");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(columns_of_v(lab) == "none");
    CHECK(lab.ask("SELECT count(*) FROM changelog_current") == "0");
}

TEST_CASE("a run that cannot be undone keeps the changeset from going") {
    Lab lab;
    const std::string more = "    runOnChange: true\n    runInTransaction: false\n";
    lab.update(changeset("again", "\"DO $$ BEGIN CREATE TABLE t (a int); END $$\"", more));
    lab.update(changeset("again", "CREATE INDEX CONCURRENTLY i ON t (a)", more));
    REQUIRE(lab.errors() == "");
    lab.connection.execute(
        "ALTER TABLE changelog_history DISABLE TRIGGER ALL; UPDATE changelog_history SET rollback = "
        "'{\"impossible\": \"nobody saw it\"}' WHERE event = 'applied'");
    CHECK(lab.rollback(1).outcome == Outcome::refused);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5001") && ContainsSubstring("its run of"));
}

TEST_CASE("what was interrupted half way is undone to the state before its first statement") {
    Lab lab;
    lab.connection.execute(
        "CREATE TABLE t (id int PRIMARY KEY, note varchar(20) NOT NULL DEFAULT 'x', other int); COMMENT ON "
        "COLUMN t.note IS 'what'; CREATE TABLE gone (a int)");
    const std::string before = tests::schema_snapshot(lab.connection);
    const auto yaml = [](const std::string& last) {
        return both("steps", "\"ALTER TABLE t DROP COLUMN note; DROP TABLE gone\"", last, no_transaction);
    };
    std::string mended;
    SECTION("the statement is mended") { mended = "SELECT 1"; }
    SECTION("and goes on with more") {
        mended = "\"ALTER TABLE t ALTER other TYPE bigint; CREATE TABLE n()\"";
    }
    CHECK(lab.update(yaml("SELECT 1/0")).outcome == Outcome::failed_partly);
    REQUIRE(lab.update(yaml(mended)).applied == 1);
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(tests::schema_snapshot(lab.connection) == before);
}

TEST_CASE("an operation that was interrupted half way is undone by what it met") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t (id int PRIMARY KEY, note varchar(20) DEFAULT 'x')");
    const std::string before = tests::schema_snapshot(lab.connection);
    const auto yaml = [](const std::string& last) {
        return "- changeSet:\n    id: steps\n    author: ann\n    runInTransaction: false\n    changes:\n    "
               "- "
               "modifyDataType: {tableName: t, columnName: note, newDataType: text}\n    - "
               "dropDefaultValue: {tableName: t, columnName: note}\n    - sql: {sql: \"" +
               last + "\"}\n";
    };
    CHECK(lab.update(yaml("SELECT 1/0")).outcome == Outcome::failed_partly);
    REQUIRE(lab.update(yaml("SELECT 1")).applied == 1);
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(tests::schema_snapshot(lab.connection) == before);
}

TEST_CASE("rows are seen where a statement outside a transaction can be run in one") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
    lab.update(both("rows", "INSERT INTO t SELECT generate_series(2, 4)", "INSERT INTO t VALUES (9)",
                    no_transaction));
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(keys(lab) == "1");
}

namespace {

const std::string two_indexes =
    table("t") +
    changeset("indexes", "\"CREATE INDEX CONCURRENTLY i ON t (id); CREATE INDEX CONCURRENTLY j ON t (id)\"") +
    changeset("nothing", "SELECT 1");

std::string indexes(Lab& lab) {
    return lab.ask("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass");
}

}  // namespace

TEST_CASE("a rollback outside a transaction goes on where it stopped") {
    Lab lab;
    const std::string block =
        "    rollback:\n    - sql: DROP INDEX CONCURRENTLY i\n    - sql: CREATE TABLE done (a int)\n    - "
        "sql: "
        "INSERT INTO counted SELECT 1\n    - sql: SELECT wait()\n    - sql: DROP INDEX CONCURRENTLY j\n";
    lab.connection.execute("CREATE TABLE counted (a int)");
    REQUIRE(lab.update(table("t") +
                       changeset("indexes",
                                 "\"CREATE INDEX CONCURRENTLY i ON t (id); CREATE INDEX CONCURRENTLY j ON t "
                                 "(id)\"",
                                 block))
                .applied == 2);
    SECTION("an error") {
        CHECK(lab.rollback(1).outcome == Outcome::failed_partly);
        CHECK_THAT(lab.errors(), ContainsSubstring("wait()"));
    }
    SECTION("kill -9") {
        lab.connection.execute(
            "CREATE FUNCTION wait() RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(60)::text::void'");
        const pid_t child = fork();
        if (child == 0) {
            Diagnostics diagnostics;
            postgres::Connection own(lab.database.url(), "to_be_killed");
            execute::RollbackOptions undo;
            undo.count = 1;
            execute::Engine(own, lab.options, {}, diagnostics).rollback(undo);
            _exit(0);
        }
        const std::string sleeps =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
            "'to_be_killed' AND query LIKE '%wait()%'";
        for (int i = 0; i < 500 && lab.ask(sleeps) == "0"; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        REQUIRE(lab.ask(sleeps) == "1");
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        REQUIRE(WIFSIGNALED(status));
        lab.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'to_be_killed'");
        lab.connection.execute("DROP FUNCTION wait()");
        for (int i = 0; i < 100 && lab.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                                           "'to_be_killed'") != "0";
             ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(indexes(lab) == "1");
    CHECK(lab.ask("SELECT count(*) FROM changelog_current") == "2");  // it counts as applied
    lab.connection.execute("CREATE FUNCTION wait() RETURNS void LANGUAGE sql AS ''");
    CHECK_THAT(lab.engine().rollback_script([] {
        execute::RollbackOptions undo;
        undo.count = 1;
        return undo;
    }()),
               !ContainsSubstring("CONCURRENTLY i") && ContainsSubstring("CONCURRENTLY j"));
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(indexes(lab) == "0");
    CHECK(lab.ask("SELECT count(*) FROM counted") == "1");
    CHECK(lab.ask("SELECT count(*) FROM changelog_current") == "1");
}

TEST_CASE("an index that was dropped before the rollback was killed is not dropped again") {
    Lab lab;
    REQUIRE(lab.update(two_indexes).applied == 3);
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    // As if killed between the statement and its record.
    lab.connection.execute(
        "INSERT INTO changelog_history (deployment, event, id, author, path, step, rollback) SELECT "
        "deployment, "
        "'started', id, author, path, 0, rollback FROM changelog_history WHERE id = 'indexes' AND event = "
        "'applied'");
    lab.connection.execute("DROP INDEX i");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.errors() == "");
    CHECK(indexes(lab) == "0");
}

TEST_CASE("looking survives a changeset that takes prepared statements away") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
    const std::string before = tests::schema_snapshot(lab.connection);
    lab.update(both("one", "ALTER TABLE t DROP COLUMN a", "DEALLOCATE ALL") +
               changeset("two", "DROP TABLE t"));
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.rollback(2).outcome == Outcome::done);
    CHECK(tests::schema_snapshot(lab.connection) == before);
}
