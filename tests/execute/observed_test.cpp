// Rollbacks that come from looking at the database while the changeset runs.
#include "execute/lab.hpp"
#include "support/catch.hpp"

#include <thread>

using namespace changelog;
using execute::Outcome;
using tests::changeset;
using tests::Lab;
using tests::table;

namespace {

/// A YAML literal block for SQL of several lines.
std::string block(const std::string& id, const std::string& sql, const std::string& more = {}) {
    std::string body;
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t end = std::min(sql.find('\n', at), sql.size());
        body += "\n          " + sql.substr(at, end - at);
        at = end + 1;
    }
    return "- changeSet:\n    id: " + id + "\n    author: ann\n" + more +
           "    changes:\n    - sql:\n        splitStatements: false\n        sql: |" + body + "\n";
}

struct Observed : Lab {
    explicit Observed(const std::string& setup) {
        connection.execute(setup);
        before = tests::schema_snapshot(connection);
    }

    /// Applies it and takes it back, twice; the schema must be as it was each time.
    void round_trip(const std::string& yaml) {
        for (int i = 0; i < 2; ++i) {
            update(yaml);
            INFO(ask("SELECT coalesce(string_agg(rollback::text, E'\n'), '') FROM changelog_history"));
            REQUIRE(errors() == "");
            const auto undone = rollback(1);
            REQUIRE(errors() == "");
            REQUIRE(undone.outcome == Outcome::done);
            REQUIRE(tests::schema_snapshot(connection) == before);
        }
    }

    std::string stored() {
        return ask("SELECT rollback::text FROM changelog_history ORDER BY seq DESC LIMIT 1");
    }

    std::string before;
};

}  // namespace

TEST_CASE("a DO block that changes the schema is undone by what it did") {
    Observed lab(
        "CREATE TABLE customers(id int PRIMARY KEY, name text NOT NULL DEFAULT 'x');"
        "CREATE VIEW names AS SELECT name FROM customers; COMMENT ON VIEW names IS 'who';"
        "CREATE TABLE gone(id serial PRIMARY KEY, customer int REFERENCES customers)");
    lab.round_trip(
        block("do",
              "DO $$ BEGIN\n"
              "  CREATE TABLE orders(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, c int REFERENCES "
              "customers);\n"
              "  DROP VIEW names;\n"
              "  ALTER TABLE customers ALTER name TYPE varchar(50), ALTER name DROP DEFAULT, ADD note text;\n"
              "  ALTER TABLE customers RENAME TO clients;\n"
              "  DROP TABLE gone;\n"
              "END $$"));
}

TEST_CASE("rows that SQL inserted go again, and no others") {
    Observed lab(
        "CREATE TABLE parent(id bigint PRIMARY KEY); CREATE TABLE child(a int, b text, p bigint REFERENCES "
        "parent, "
        "PRIMARY KEY (a, b)); CREATE TABLE loose(x int, y text); INSERT INTO parent VALUES (1), (50); INSERT "
        "INTO "
        "loose VALUES (1, 'a'), (1, 'a')");
    lab.update(changeset(
        "rows",
        "\"INSERT INTO parent SELECT generate_series(10, 20); INSERT INTO parent VALUES (99); INSERT "
        "INTO child VALUES (1, 'it''s', 10), (2, 'x', 99); INSERT INTO loose VALUES (1, 'a'), (NULL, "
        "'b')\""));
    REQUIRE(lab.errors() == "");
    CHECK_THAT(lab.stored(), ContainsSubstring("BETWEEN 10 AND 20") && !ContainsSubstring("losses"));
    lab.connection.execute("INSERT INTO parent VALUES (21); INSERT INTO loose VALUES (2, 'c')");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask("SELECT string_agg(id::text, ',' ORDER BY id) FROM parent") == "1,21,50");
    CHECK(lab.ask("SELECT count(*) FROM child") == "0");
    CHECK(lab.ask("SELECT string_agg(x || y, ',' ORDER BY x) FROM loose") == "1a,1a,2c");
}

TEST_CASE("rows that point at each other, or at their own table, go at once") {
    Observed lab(
        "CREATE TABLE a(id int PRIMARY KEY, b int); CREATE TABLE b(id int PRIMARY KEY, a int REFERENCES a); "
        "ALTER "
        "TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE TABLE c(id int REFERENCES a PRIMARY KEY);"
        "CREATE TABLE tree(id text PRIMARY KEY, up text REFERENCES tree ON DELETE RESTRICT);"
        "CREATE TABLE loose(id int UNIQUE, up int REFERENCES loose(id));"
        "CREATE TABLE p(id int, up int, PRIMARY KEY (id)) PARTITION BY RANGE (id); ALTER TABLE p ADD FOREIGN "
        "KEY "
        "(up) REFERENCES p; CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE p2 "
        "PARTITION "
        "OF p FOR VALUES FROM (10) TO (20);"
        "INSERT INTO a VALUES (5, NULL); INSERT INTO tree VALUES ('root', NULL); INSERT INTO loose VALUES "
        "(100, "
        "NULL)");
    lab.round_trip(changeset("rows",
                             "\"WITH made AS (INSERT INTO a VALUES (1, 2), (6, NULL)), more AS (INSERT INTO "
                             "b VALUES (2, 1), (3, 5)) "
                             "INSERT INTO c VALUES (1), (5); INSERT INTO tree SELECT 'n' || i, CASE i WHEN 1 "
                             "THEN 'root' ELSE 'n' || "
                             "i - 1 END FROM generate_series(1, 2500) i; INSERT INTO loose VALUES (1, 2), "
                             "(2, 1), (3, 100), (NULL, 1), "
                             "(NULL, 1); INSERT INTO p VALUES (1, 11), (11, 1)\""));
    CHECK(lab.ask("SELECT count(*) FROM a") == "1");
    CHECK(lab.ask("SELECT count(*) FROM b") == "0");
    CHECK(lab.ask("SELECT count(*) FROM tree") == "1");
    CHECK(lab.ask("SELECT string_agg(id::text, ',') FROM loose") == "100");
    CHECK(lab.ask("SELECT count(*) FROM p") == "0");
}

TEST_CASE("a foreign key that comes after the rows counts when these go") {
    Observed lab("CREATE TABLE parent(id int PRIMARY KEY); CREATE TABLE child(p int PRIMARY KEY)");
    lab.round_trip(
        changeset("rows",
                  "\"INSERT INTO child VALUES (1); UPDATE child SET p = 1 WHERE false; INSERT INTO "
                  "parent VALUES (1); ALTER TABLE child ADD FOREIGN KEY (p) REFERENCES parent\""));
    CHECK(lab.ask("SELECT count(*) FROM parent") == "0");
}

TEST_CASE("a partition that is made and detached goes, though keys point at its parent") {
    Observed lab(
        "CREATE TABLE p(id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE p0 PARTITION OF p FOR "
        "VALUES FROM "
        "(0) TO (10); CREATE TABLE child(id int REFERENCES p); INSERT INTO p VALUES (1); INSERT INTO child "
        "VALUES "
        "(1)");
    lab.round_trip(
        changeset("make",
                  "\"CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (10) TO (20); ALTER TABLE p DETACH "
                  "PARTITION p1\""));
    lab.round_trip(block("do",
                         "DO $$ BEGIN\n"
                         "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (10) TO (20);\n"
                         "ALTER TABLE p DETACH PARTITION p1;\n"
                         "END $$"));
}

TEST_CASE("rows that a trigger and a nested block inserted are seen as well") {
    Observed lab(
        "CREATE TABLE log(id serial PRIMARY KEY, what text); CREATE TABLE t(id int PRIMARY KEY);"
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log(what) VALUES "
        "('t'); RETURN NEW; END $$; CREATE TRIGGER noting AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION "
        "note();"
        "INSERT INTO t VALUES (1)");
    lab.update(block(
        "rows",
        "DO $$ BEGIN\n  INSERT INTO t VALUES (2);\n  BEGIN\n    INSERT INTO t VALUES (3);\n  EXCEPTION WHEN "
        "others THEN NULL;\n  END;\n  BEGIN\n    INSERT INTO t VALUES (4), (1);\n  EXCEPTION WHEN others "
        "THEN NULL;\n  END;\nEND $$"));
    REQUIRE(lab.errors() == "");
    CHECK(lab.ask("SELECT count(*) FROM t") == "3");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask("SELECT string_agg(id::text, ',') FROM t") == "1");
    CHECK(lab.ask("SELECT count(*) FROM log") == "1");
}

TEST_CASE("each change of a changeset takes back its own rows only") {
    Observed lab("CREATE TABLE t(id int PRIMARY KEY, note text)");
    lab.update(
        "- changeSet:\n    id: mixed\n    author: ann\n    changes:\n    - insert:\n        tableName: t\n   "
        "     "
        "columns:\n        - column: {name: id, valueNumeric: 1}\n    - sql: INSERT INTO t VALUES (2, 'b')\n "
        "   - "
        "addColumn:\n        tableName: t\n        columns:\n        - column: {name: more, type: int}\n    "
        "- sql: "
        "INSERT INTO t VALUES (3, 'c', 7)\n");
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask("SELECT count(*) FROM t") == "0");
    CHECK(tests::schema_snapshot(lab.connection) == lab.before);
}

TEST_CASE("rows are told apart in one text that inserts, updates, renames and deletes") {
    Observed lab(
        "CREATE TABLE t(id text PRIMARY KEY, note text, n int); INSERT INTO t VALUES ('a', 'x', 1), ('b', "
        "'y', 2)");
    lab.update(block(
        "mixed",
        "INSERT INTO t VALUES ('c', 'z', 3);\nUPDATE t SET note = note || '!';\nALTER TABLE t RENAME TO "
        "u;\nALTER TABLE u RENAME COLUMN id TO key;\nINSERT INTO u VALUES ('d', 'w', 4);\nDELETE FROM u "
        "WHERE key = 'b';"));
    REQUIRE(lab.errors() == "");
    CHECK_THAT(lab.stored(), ContainsSubstring("1 deleted rows") && ContainsSubstring("3 updated rows"));
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(tests::schema_snapshot(lab.connection) == lab.before);
    CHECK(lab.ask("SELECT string_agg(id, ',') FROM t") == "a");
}

TEST_CASE("what updated and deleted rows held is said to be lost") {
    Observed lab(
        "CREATE TABLE t(id int PRIMARY KEY, note text); INSERT INTO t SELECT i, 'x' FROM generate_series(1, "
        "5) i");
    lab.update(changeset("change", "\"UPDATE t SET note = 'y' WHERE id < 4; DELETE FROM t WHERE id = 5\""));
    REQUIRE(lab.errors() == "");
    CHECK_THAT(lab.stored(), ContainsSubstring("what 3 updated rows of public.t held before") &&
                                 ContainsSubstring("1 deleted rows of public.t"));
    SECTION("a rollback goes past it") { CHECK(lab.rollback(1).outcome == Outcome::done); }
    SECTION("not where nothing may be lost") {
        execute::RollbackOptions undo;
        undo.count = 1;
        undo.lossless = true;
        CHECK(lab.rollback(undo).outcome == Outcome::refused);
        CHECK_THAT(lab.errors(), ContainsSubstring("CL5011"));
    }
}

TEST_CASE("a table that is emptied counts as lost rows") {
    Observed lab("CREATE TABLE t(id int PRIMARY KEY); INSERT INTO t VALUES (1)");
    lab.update(changeset("empty", "TRUNCATE t"));
    CHECK_THAT(lab.stored(), ContainsSubstring("rows of public.t"));
}

TEST_CASE("objects made outside the changelog come back as they were") {
    Observed lab(
        "CREATE TABLE t(id int PRIMARY KEY, state text NOT NULL DEFAULT 'new' COLLATE \"C\", n numeric(8,2));"
        "COMMENT ON COLUMN t.state IS 'of the order'; CREATE INDEX t_state ON t (state DESC) WHERE n > 0;"
        "CREATE VIEW v AS SELECT id, state FROM t; GRANT SELECT ON v TO PUBLIC; ALTER TABLE t ENABLE ROW "
        "LEVEL SECURITY");
    const auto one = [](const std::string& change) {
        return "- changeSet:\n    id: one\n    author: ann\n    changes:\n" + change;
    };
    SECTION("a default that was there") {
        lab.round_trip(
            one("    - addDefaultValue: {tableName: t, columnName: state, defaultValue: other}\n"));
    }
    SECTION("NOT NULL that was there") {
        lab.round_trip(one("    - addNotNullConstraint: {tableName: t, columnName: state}\n"));
    }
    SECTION("a view") { lab.round_trip(one("    - dropView: {viewName: v}\n")); }
    SECTION("an index") { lab.round_trip(one("    - dropIndex: {tableName: t, indexName: t_state}\n")); }
    SECTION("row level security") { lab.round_trip(one("    - enableRowLevelSecurity: {tableName: t}\n")); }
    SECTION("a type") {
        lab.round_trip(
            one("    - modifyDataType: {tableName: t, columnName: n, newDataType: 'numeric(12,4)'}\n"));
    }
    SECTION("a table with what hangs on it") {
        lab.round_trip(one("    - dropTable: {tableName: t, cascadeConstraints: true}\n"));
    }
    SECTION("a view that is replaced") {
        lab.round_trip(
            one("    - createView: {viewName: v, replaceIfExists: true, selectQuery: 'SELECT id, state, n "
                "FROM t'}\n"));
    }
    SECTION("a sequence that is asked for IF NOT EXISTS") {
        lab.connection.execute("CREATE SEQUENCE s INCREMENT 5");
        lab.before = tests::schema_snapshot(lab.connection);
        lab.round_trip(one("    - sql: CREATE SEQUENCE IF NOT EXISTS s\n"));
    }
    SECTION("rows without their key in the file") {
        lab.update(
            one("    - insert:\n        tableName: t\n        columns:\n        - column: {name: id, "
                "valueNumeric: "
                "7}\n"));
        REQUIRE(lab.errors() == "");
        REQUIRE(lab.rollback(1).outcome == Outcome::done);
        CHECK(lab.ask("SELECT count(*) FROM t") == "0");
    }
}

TEST_CASE("a foreign key to another table does not make that one the changeset's") {
    Observed lab(
        "CREATE TABLE far(id int PRIMARY KEY); CREATE TABLE near(id int, far int); CREATE RULE r AS ON "
        "INSERT TO "
        "far WHERE NEW.id < 0 DO INSTEAD NOTHING");
    lab.round_trip(changeset(
        "fk", "\"ALTER TABLE near ADD FOREIGN KEY (far) REFERENCES far; SELECT count(*) FROM far\""));
}

TEST_CASE("under one transaction for all, every changeset is observed by itself") {
    Observed lab("CREATE TABLE t(id int PRIMARY KEY)");
    execute::UpdateOptions run;
    run.transactions = TransactionMode::all;
    lab.update(changeset("a", "INSERT INTO t VALUES (1)") + changeset("b", "INSERT INTO t VALUES (2)"), run);
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask("SELECT string_agg(id::text, ',') FROM t") == "1");
}

TEST_CASE("opaque code outside a transaction needs a rollback block") {
    Observed lab("CREATE TABLE t(id int PRIMARY KEY)");
    lab.update(changeset("plain", "\"DO $$ BEGIN INSERT INTO t VALUES (1); END $$\"",
                         "    runInTransaction: false\n"));
    REQUIRE(lab.errors() == "");
    CHECK(lab.rollback(1).outcome == Outcome::refused);
    CHECK_THAT(lab.errors(), ContainsSubstring("outside a transaction"));
}

TEST_CASE("half of a deployment may be rolled back already") {
    Lab lab;
    const auto run = lab.update(table("a") + table("b") + table("c"));
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    execute::RollbackOptions undo;
    undo.deployment = run.deployment;
    CHECK(lab.rollback(undo).rolled_back == 2);
    CHECK_FALSE(lab.has_table("a"));
}

TEST_CASE("a rollback block that empties a table asks for consent") {
    Lab lab;
    lab.update(table("a") + changeset("x", "SELECT 1", "    rollback: TRUNCATE a\n"));
    execute::RollbackOptions undo;
    undo.count = 1;
    CHECK(lab.engine().rollback_risks(undo).empty());
    lab.connection.execute("INSERT INTO a VALUES (1)");
    CHECK(lab.engine().rollback_risks(undo) == std::vector<std::string>{"rows of public.a"});
}

TEST_CASE("keys mean the same in every session") {
    Observed lab(
        "CREATE SCHEMA s2; CREATE TYPE s2.mood AS ENUM ('a', 'b'); CREATE TABLE c(k char(5) PRIMARY KEY); "
        "INSERT INTO c "
        "VALUES ('a'), ('b'); CREATE TABLE d(k date PRIMARY KEY); INSERT INTO d VALUES ('2020-01-02'); "
        "CREATE TABLE "
        "f(k float8 PRIMARY KEY); INSERT INTO f VALUES (0.3), (1); CREATE TABLE m(k s2.mood PRIMARY KEY); "
        "CREATE TABLE "
        "w(a timestamptz, b bytea, c json); CREATE TABLE parent(id int PRIMARY KEY); CREATE TABLE kid() "
        "INHERITS "
        "(parent); INSERT INTO kid VALUES (2)");
    lab.update(block(
        "keys",
        "SET datestyle = 'SQL, DMY'; SET extra_float_digits = -15; SET search_path = s2; SET bytea_output = "
        "escape;\nINSERT INTO public.c VALUES ('abc'), ('bcd');\nINSERT INTO public.d VALUES "
        "('2020-02-01'::date);\nINSERT INTO public.f VALUES (0.1::float8 + 0.2), (1.0000000001);\nINSERT "
        "INTO "
        "public.m VALUES ('a');\nINSERT INTO public.w VALUES ('2020-01-01 10:00:00+00', '\\x00ff', "
        "'{}'), (NULL, NULL, NULL);\nINSERT INTO public.parent VALUES (2);"));
    REQUIRE(lab.errors() == "");
    lab.connection.execute(
        "SET datestyle = 'German'; SET timezone = 'Asia/Tokyo'; SET bytea_output = 'escape'");
    lab.rollback(1);
    REQUIRE(lab.errors() == "");
    lab.connection.execute("RESET datestyle; RESET timezone");
    CHECK(lab.ask("SELECT string_agg(trim(k), ',' ORDER BY k) FROM c") == "a,b");
    CHECK(lab.ask("SELECT string_agg(k::text, ',') FROM d") == "2020-01-02");
    CHECK(lab.ask("SELECT string_agg(k::text, ',' ORDER BY k) FROM f") == "0.3,1");
    CHECK(lab.ask("SELECT count(*) FROM m") == "0");
    CHECK(lab.ask("SELECT count(*) FROM w") == "0");
    CHECK(lab.ask("SELECT count(*) FROM ONLY parent") == "0");
    CHECK(lab.ask("SELECT count(*) FROM kid") == "1");
}

TEST_CASE("what other sessions do meanwhile is theirs") {
    Observed lab(
        "CREATE TABLE t(id int PRIMARY KEY); CREATE VIEW keep AS SELECT 1 AS x; CREATE TABLE o(a int)");
    postgres::Connection other = lab.database.connect();
    other.execute("CREATE TABLE wait_for(a int)");
    std::thread meanwhile([&] {
        postgres::Connection session = lab.database.connect();
        for (int i = 0; i < 200; ++i) {
            if (session
                    .execute(
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO%pg_sleep%' AND pid <> "
                        "pg_backend_pid()")
                    .text(0, 0) != "0")
                break;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        session.execute(
            "CREATE TABLE others(id int PRIMARY KEY); ALTER TABLE o ADD COLUMN cc text; DROP TABLE wait_for");
    });
    lab.update(block("slow", "DO $$ BEGIN CREATE TABLE ours(a int); PERFORM pg_sleep(1); END $$"));
    meanwhile.join();
    REQUIRE(lab.errors() == "");
    lab.rollback(1);
    REQUIRE(lab.errors() == "");
    CHECK_FALSE(lab.has_table("ours"));
    CHECK(lab.has_table("others"));
    CHECK_FALSE(lab.has_table("wait_for"));
    CHECK(lab.ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'o'::regclass AND attname = 'cc'") ==
          "1");
}

TEST_CASE("rules, statistics and functions that a drop takes along come back") {
    Observed lab(
        "CREATE TABLE t(a int, b int); CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING; CREATE STATISTICS "
        "s ON a, b "
        "FROM t; CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT 1'");
    SECTION("by raw SQL") { lab.round_trip(changeset("drop", "DROP TABLE t CASCADE")); }
    SECTION("by an operation") {
        lab.round_trip(
            "- changeSet:\n    id: drop\n    author: ann\n    changes:\n    - dropTable: {tableName: t, "
            "cascadeConstraints: true}\n");
    }
    SECTION("a column") {
        lab.round_trip(
            "- changeSet:\n    id: drop\n    author: ann\n    changes:\n    - dropColumn: {tableName: t, "
            "columnName: b}\n");
    }
}

TEST_CASE("a finished statement outside a transaction is not run again") {
    Observed lab("CREATE TABLE t(a int)");
    const std::string begin =
        "- changeSet:\n    id: steps\n    author: ann\n    runInTransaction: false\n    changes:\n    - sql: "
        "{sql: \"DO $$ "
        "BEGIN INSERT INTO t VALUES (1); END $$\", splitStatements: false}\n";
    lab.update(begin + "    - sql: ALTER TABLE nope ADD b int\n");
    CHECK(lab.ask("SELECT count(*) FROM t") == "1");
    lab.update(begin + "    - sql: ALTER TABLE t ADD b int\n");
    REQUIRE(lab.errors() == "");
    CHECK(lab.ask("SELECT count(*) FROM t") == "1");
}
