#include "execute/verify.hpp"

#include "execute/lab.hpp"
#include "support/catch.hpp"

using namespace changelog;
using execute::VerifiedChangeSet;
using execute::VerifyGrade;
using execute::VerifyReport;
using tests::changeset;
using tests::table;

namespace {

/// A changelog and what a proof says of it.
struct Proven {
    Diagnostics diagnostics;
    VerifyReport report;
    std::vector<std::string> ids;

    explicit Proven(const std::string& yaml, execute::VerifyOptions options = {}) {
        tests::Loaded loaded("databaseChangeLog:\n" + yaml);
        diagnostics = std::move(loaded.diagnostics);
        REQUIRE(tests::errors_of(diagnostics) == "");
        RenderContext context;
        const catalog::Catalog nothing;
        context.before = &nothing;
        const Graph graph = resolve(loaded.changelog, context, diagnostics);
        execute::Verifier verifier(tests::server_url(), std::move(options), {}, diagnostics);
        report = verifier.run(loaded.changelog, graph);
        for (const VerifiedChangeSet& item : report.changesets)
            ids.push_back(loaded.changelog.changesets[item.index].key.id);
    }

    const VerifiedChangeSet& of(const std::string& id) const {
        const auto found = std::find(ids.begin(), ids.end(), id);
        REQUIRE(found != ids.end());
        return report.changesets[static_cast<std::size_t>(found - ids.begin())];
    }
    std::string grade(const std::string& id) const { return std::string(to_string(of(id).grade)); }
    std::string differences(const std::string& id) const {
        std::string out;
        for (const std::string& line : of(id).differences) out += line + "\n";
        return out;
    }
};

execute::VerifyOptions with_data() {
    execute::VerifyOptions options;
    options.data = true;
    return options;
}

std::string databases() {
    return postgres::Connection(tests::server_url())
        .execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'changelog_verify%'")
        .text(0, 0);
}

const std::string add_note =
    "- changeSet:\n    id: note\n    author: ann\n    changes:\n    - addColumn:\n        tableName: a\n"
    "        columns:\n        - column: {name: note, type: text}\n";

}  // namespace

TEST_CASE("verify: what is undone exactly") {
    const Proven proven(table("a") + table("b") + add_note);
    CHECK(proven.report.count(VerifyGrade::exact) == 3);
    CHECK(proven.report.good());
    CHECK(proven.report.rollback.tried);
    CHECK(proven.report.rollback.changesets == 3);
    CHECK(proven.report.rollback.stopped_by.empty());
    CHECK(proven.report.update.tried);
    CHECK(proven.report.update.changesets == 3);
    CHECK(databases() == "0");
}

TEST_CASE("verify: a rollback that forgets something fails with the difference") {
    const Proven proven(table("a") +
                        "- changeSet:\n    id: forgets\n    author: ann\n    changes:\n"
                        "    - addColumn:\n        tableName: a\n        columns:\n"
                        "        - column: {name: x, type: int}\n"
                        "        - column: {name: y, type: int}\n"
                        "    rollback: ALTER TABLE a DROP COLUMN x\n" +
                        table("b"));
    CHECK(proven.grade("forgets") == "failed");
    CHECK_THAT(proven.differences("forgets"), ContainsSubstring("+ column public.a.y"));
    CHECK_FALSE(proven.report.good());
    CHECK(proven.grade("make-a") == "exact");
    CHECK(proven.grade("make-b") == "exact");  // on a new database, since it could not be applied again
}

TEST_CASE("verify: a rollback that drops too much fails with what is missing") {
    const Proven proven(table("a") +
                        changeset("index", "CREATE INDEX i ON a (id)", "    rollback: DROP TABLE a\n"));
    CHECK(proven.grade("index") == "failed");
    CHECK_THAT(proven.differences("index"), ContainsSubstring("- table public.a"));
}

TEST_CASE("verify: what cannot be undone stays, and ends the rollback of everything") {
    const Proven proven(table("a") +
                            "- changeSet:\n    id: never\n    author: ann\n    changes:\n"
                            "    - executeCommand: {executable: \"true\"}\n" +
                            table("b") + table("c"),
                        [] {
                            execute::VerifyOptions options;
                            options.engine.allow_commands = true;
                            return options;
                        }());
    INFO(proven.of("never").error);
    CHECK(proven.grade("never") == "impossible");
    CHECK_FALSE(proven.of("never").reason.empty());
    CHECK(proven.grade("make-c") == "exact");
    CHECK(proven.report.rollback.changesets == 2);
    CHECK_THAT(proven.report.rollback.stopped_by, ContainsSubstring("never"));
    CHECK(proven.report.good());
}

TEST_CASE("verify: programs run only where they may") {
    const Proven proven(
        "- changeSet:\n    id: program\n    author: ann\n    changes:\n"
        "    - executeCommand: {executable: \"true\"}\n" +
        table("b"));
    CHECK(proven.grade("program") == "failed");
    CHECK(proven.grade("make-b") == "not_run");
}

TEST_CASE("verify: an error of the rollback is shown, and the next changeset is proved") {
    const Proven proven(
        table("a") +
        changeset("bad", "ALTER TABLE a ADD COLUMN x int", "    rollback: DROP TABLE nowhere\n") +
        table("b"));
    CHECK(proven.grade("bad") == "failed");
    CHECK_THAT(proven.of("bad").error, ContainsSubstring("42P01"));
    CHECK(proven.grade("make-b") == "exact");
    CHECK_THAT(proven.report.rollback.stopped_by, ContainsSubstring("bad"));
}

TEST_CASE("verify: what cannot be applied ends the run, and what came before is proved as a whole") {
    const Proven proven(table("a") + changeset("bad", "SELECT 1/0") + table("b"));
    CHECK(proven.grade("bad") == "failed");
    CHECK_THAT(proven.of("bad").error, ContainsSubstring("22012"));
    CHECK(proven.grade("make-b") == "not_run");
    CHECK(proven.report.rollback.changesets == 1);
    CHECK_FALSE(proven.report.update.tried);
}

TEST_CASE("verify: what opaque code leaves is found") {
    const std::string block =
        "\"DO $$ BEGIN EXECUTE 'CREATE TABLE made (id int)'; EXECUTE 'CREATE TABLE left_over (id int)'; END "
        "$$\"";
    const Proven proven(table("a") + changeset("opaque", block, "    rollback: DROP TABLE made\n"));
    CHECK(proven.grade("opaque") == "failed");
    CHECK_THAT(proven.differences("opaque"), ContainsSubstring("+ table public.left_over"));
}

TEST_CASE("verify: what a changeset does not say that it touches is found and laid at its door") {
    const std::string hidden =
        "\"DO $$ BEGIN EXECUTE 'CREATE TABLE IF NOT EXISTS left_over (id int)'; END $$\"";
    const Proven proven(
        table("a") + table("b") +
        changeset("hides", hidden, "    provides: [table public.other]\n    rollback: empty\n") + table("c"));
    INFO(proven.report.rollback.differences.size());
    CHECK(proven.grade("hides") == "failed");
    CHECK_THAT(proven.differences("hides"), ContainsSubstring("+ table public.left_over"));
    CHECK(proven.grade("make-c") == "exact");
}

TEST_CASE("verify: rows that a rollback takes away are found once there are some") {
    const std::string yaml = table("a") + changeset("wrong", "ALTER TABLE a ADD COLUMN x int",
                                                    "    rollback:\n    - sql:\n        sql: DELETE FROM a\n"
                                                    "    - sql:\n        sql: ALTER TABLE a DROP COLUMN x\n");
    CHECK(Proven(yaml).grade("wrong") == "exact");
    const Proven proven(yaml, with_data());
    CHECK(proven.grade("wrong") == "failed");
    CHECK_THAT(proven.differences("wrong"), ContainsSubstring("rows of public.a: 5 -> 0"));
}

TEST_CASE("verify: announced losses are no failure") {
    const std::string yaml = table("a") + add_note +
                             "- changeSet:\n    id: drops\n    author: ann\n    changes:\n"
                             "    - dropColumn: {tableName: a, columnName: note}\n";
    const Proven proven(yaml, with_data());
    INFO(proven.differences("drops") + proven.of("drops").error);
    CHECK(proven.grade("drops") == "lossy");
    CHECK_FALSE(proven.of("drops").losses.empty());
    CHECK(proven.report.good());
}

TEST_CASE("verify: constraints that rows do not satisfy do not end the proof") {
    const Proven proven(table("a") +
                            changeset("check", "ALTER TABLE a ADD CONSTRAINT small CHECK (id < 10)",
                                      "    rollback: ALTER TABLE a DROP CONSTRAINT small\n") +
                            table("b"),
                        with_data());
    CHECK(proven.grade("check") == "exact");
    REQUIRE(proven.of("check").notes.size() == 1);
    CHECK_THAT(proven.of("check").notes[0], ContainsSubstring("made-up rows") && ContainsSubstring("23514"));
    CHECK(proven.report.good());
}

TEST_CASE("verify: preconditions, failOnError and changesets without a transaction behave as in an update") {
    const Proven proven(
        table("a") +
        changeset("marked", "SELECT 1/0",
                  "    preConditions:\n    - onFail: MARK_RAN\n    - tableExists: {tableName: nowhere}\n") +
        changeset("skipped", "SELECT 1/0",
                  "    preConditions:\n    - onFail: CONTINUE\n    - tableExists: {tableName: nowhere}\n") +
        changeset("soft", "SELECT 1/0", "    failOnError: false\n") +
        changeset("index", "CREATE INDEX CONCURRENTLY i ON a (id)",
                  "    runInTransaction: false\n    rollback: DROP INDEX i\n"));
    CHECK(proven.grade("marked") == "exact");
    CHECK(proven.grade("skipped") == "not_run");
    CHECK(proven.grade("soft") == "not_run");
    CHECK(proven.grade("index") == "exact");
    CHECK(proven.report.good());
    CHECK(proven.report.rollback.changesets == 3);
}

TEST_CASE("verify: one changeset, with what it needs") {
    execute::VerifyOptions options;
    options.only = {"note"};
    const Proven proven(table("a") + table("b") + add_note, options);
    REQUIRE(proven.report.changesets.size() == 1);
    CHECK(proven.grade("note") == "exact");
    CHECK_FALSE(proven.report.rollback.tried);
}

TEST_CASE("verify: setup makes what the changelog expects") {
    execute::VerifyOptions options;
    options.setup = "CREATE SCHEMA app; CREATE TABLE app.old (id int, kept text)";
    const Proven proven(changeset("alter", "ALTER TABLE app.old ADD COLUMN x int",
                                  "    rollback: ALTER TABLE app.old DROP COLUMN x\n"),
                        options);
    CHECK(proven.grade("alter") == "exact");
    CHECK(proven.report.good());
}

TEST_CASE("verify: a column whose values are lost need not be NOT NULL again") {
    const Proven proven(
        "- changeSet:\n    id: make\n    author: ann\n    changes:\n    - createTable:\n"
        "        tableName: t\n        columns:\n        - column: {name: id, type: int}\n"
        "        - column: {name: a, type: int, constraints: {nullable: false}}\n"
        "- changeSet:\n    id: drops\n    author: ann\n    changes:\n"
        "    - dropColumn: {tableName: t, columnName: a}\n",
        with_data());
    INFO(proven.differences("drops") + proven.of("drops").error);
    CHECK(proven.grade("drops") == "lossy");
    CHECK(proven.report.good());
}

TEST_CASE("verify: what the changes destroyed no rollback block has to bring back") {
    const Proven proven(table("a") + add_note +
                            "- changeSet:\n    id: drops\n    author: ann\n    changes:\n"
                            "    - dropColumn: {tableName: a, columnName: note}\n"
                            "    rollback: ALTER TABLE a ADD COLUMN note text\n",
                        with_data());
    INFO(proven.differences("drops") + proven.of("drops").error);
    CHECK(proven.grade("drops") == "lossy");
}

TEST_CASE("verify: a written block is not forgiven what the change did not destroy") {
    const std::string make =
        "- changeSet:\n    id: make\n    author: ann\n    changes:\n    - createTable:\n"
        "        tableName: t\n        columns:\n        - column: {name: id, type: int}\n"
        "        - column: {name: v, type: int}\n        - column: {name: w, type: int}\n"
        "    - sql:\n        sql: INSERT INTO t VALUES (1, 5, 7), (2, 5, 7)\n"
        "    rollback: DROP TABLE t\n";
    const auto proven = [&](const std::string& change, const std::string& block) {
        return Proven(make + "- changeSet:\n    id: u\n    author: ann\n    changes:\n    " + change + block,
                      with_data());
    };
    const std::string update =
        "- update:\n        tableName: t\n        columns:\n"
        "        - column: {name: v, valueNumeric: 6}\n        where: id = 1\n";
    const std::string drop = "- dropColumn: {tableName: t, columnName: v}\n";
    {
        const Proven wiped = proven(update, "    rollback: DELETE FROM t\n");
        CHECK(wiped.grade("u") == "failed");
        CHECK_THAT(wiped.differences("u"), ContainsSubstring("rows of public.t: 2 -> 0"));
    }
    {
        const Proven other = proven(update, "    rollback: UPDATE t SET w = 0\n");
        CHECK(other.grade("u") == "failed");
        CHECK_THAT(other.differences("u"), ContainsSubstring("values of public.t.w differ"));
    }
    CHECK(proven(update, "    rollback: empty\n").grade("u") == "lossy");
    CHECK(proven(drop, "    rollback: \"ALTER TABLE t ADD v int; DELETE FROM t\"\n").grade("u") == "failed");
    CHECK(proven(drop, "    rollback: ALTER TABLE t ADD v int\n").grade("u") == "lossy");
}

TEST_CASE("verify: what is asked for and cannot be reached is not run, and that is no success") {
    execute::VerifyOptions options;
    options.only = {"note"};
    const Proven proven(
        changeset("bad", "SELECT 1/0", "    provides: [table public.a]\n") + table("a") + add_note, options);
    CHECK(proven.grade("note") == "not_run");
    CHECK_THAT(proven.of("note").reason, ContainsSubstring("bad") && ContainsSubstring("22012"));
    CHECK_FALSE(proven.report.good());
}

TEST_CASE("verify: what a known fault leaves is said of the whole, and the update in one go begins anew") {
    const Proven proven(table("a") + changeset("leaves", "CREATE TABLE IF NOT EXISTS left_over (id int)",
                                               "    rollback: empty\n"));
    CHECK(proven.grade("leaves") == "failed");
    REQUIRE(proven.report.rollback.differences.size() == 1);
    CHECK_THAT(proven.report.rollback.differences[0],
               ContainsSubstring("leaves") && ContainsSubstring("+ table public.left_over"));
    CHECK(proven.report.update.tried);
    CHECK(proven.report.update.changesets == 2);
    CHECK(proven.report.update.good());
}

TEST_CASE("verify: a long statement is cut") {
    std::string block = "|\n";
    for (int i = 0; i < 50; ++i) block += "          -- line " + std::to_string(i) + "\n";
    const Proven proven(table("a") + changeset("long", block + "          SELECT 1/0"));
    CHECK(proven.grade("long") == "failed");
    CHECK(proven.of("long").error.size() < 400);
    CHECK(proven.of("long").error.find('\n') == std::string::npos);
}

TEST_CASE("verify: roles of the run go with its database") {
    const Proven proven(
        changeset("role", "CREATE ROLE changelog_verify_role",
                  "    rollback: DROP ROLE changelog_verify_role\n") +
        table("a") + changeset("bad", "ALTER TABLE a ADD x int", "    rollback: empty\n") +
        changeset("alter", "ALTER TABLE a ADD y int", "    rollback: ALTER TABLE a DROP COLUMN y\n"));
    CHECK(proven.grade("bad") == "failed");
    CHECK(proven.grade("alter") == "exact");
    CHECK(postgres::Connection(tests::server_url())
              .execute("SELECT count(*) FROM pg_roles WHERE rolname = 'changelog_verify_role'")
              .text(0, 0) == "0");
}

TEST_CASE("verify: a rollback that only made-up rows stand in the way of is proved without them") {
    const Proven proven(table("a") +
                            changeset("tight", "ALTER TABLE a ADD x int",
                                      "    rollback:\n    - sql:\n        sql: ALTER TABLE a DROP COLUMN x\n"
                                      "    - sql:\n        sql: SELECT 1 / (count(*) - 5) FROM a\n") +
                            table("b"),
                        with_data());
    INFO(proven.of("tight").error);
    CHECK(proven.grade("tight") == "exact");
    REQUIRE_FALSE(proven.of("tight").notes.empty());
    CHECK_THAT(proven.of("tight").notes.back(),
               ContainsSubstring("made-up rows") && ContainsSubstring("22012"));
    CHECK(proven.grade("make-b") == "exact");
    CHECK(proven.report.good());
    CHECK_FALSE(proven.report.rollback.note.empty());
}

TEST_CASE("verify: made-up rows that keep a change from its work are told apart") {
    const std::string keyed =
        "- changeSet:\n    id: keyed\n    author: ann\n    changes:\n    - sql: CREATE TABLE k (id int "
        "PRIMARY "
        "KEY)\n";
    const Proven proven(
        keyed +
            changeset("if-empty", "INSERT INTO k SELECT 1 WHERE NOT EXISTS (SELECT FROM k)",
                      "    rollback: DELETE FROM k\n") +
            changeset("second", "CREATE TABLE s (id int PRIMARY KEY)") +
            changeset("empty-only", "INSERT INTO s VALUES (2)",
                      "    preConditions:\n    - onFail: CONTINUE\n    - sqlCheck: {expectedResult: 0, sql: "
                      "SELECT count(*) FROM s WHERE id > 9000}\n    rollback: DELETE FROM s WHERE id = 2\n") +
            changeset("too-much", "INSERT INTO s VALUES (3)", "    rollback: DELETE FROM s\n") + table("b"),
        with_data());
    CHECK(proven.grade("if-empty") == "exact");
    CHECK_THAT(proven.of("if-empty").notes.back(), ContainsSubstring("not provable with made-up rows"));
    CHECK(proven.grade("empty-only") == "exact");
    CHECK_THAT(proven.of("empty-only").notes.front(), ContainsSubstring("precondition"));
    CHECK(proven.grade("too-much") == "failed");  // it would take anybody's rows
    CHECK(proven.grade("make-b") == "exact");
}

TEST_CASE("verify: databases of killed runs are removed") {
    postgres::Connection admin(tests::server_url());
    admin.execute("CREATE DATABASE changelog_verify_1000_1_1");
    admin.execute("CREATE DATABASE changelog_verify_9999999999_1_1");
    const Proven proven(table("a"));
    CHECK(databases() == "1");
    admin.execute("DROP DATABASE changelog_verify_9999999999_1_1");
    admin.execute("DROP DATABASE IF EXISTS changelog_verify_1000_1_1");
}
