#include "cli/program.hpp"
#include "postgres/connection.hpp"
#include "postgres/scratch.hpp"
#include "support/catch.hpp"

using changelog::Diagnostics;
using changelog::postgres::Connection;
using changelog::postgres::ScratchServer;
using changelog::test::Folder;
using changelog::test::Result;

namespace {

/// One server for all cases, and a database for each.
std::string new_database() {
    static Diagnostics diagnostics;
    static const std::unique_ptr<ScratchServer> server = ScratchServer::start({}, diagnostics);
    static int count = 0;
    REQUIRE(server);
    const std::string name = fmt::format("cli{}", ++count);
    Connection(server->url()).execute("CREATE DATABASE " + name);
    return server->url(name);
}

struct Project {
    Folder folder;
    std::string url = new_database();
    std::string database = Connection(url).target().database;

    Project() {
        folder.write("changelogs/changelog.yaml", R"(databaseChangeLog:
  - changeSet:
      id: create
      author: ana
      changes:
        - createTable:
            tableName: orders
            columns:
              - column: {name: id, type: bigint}
        - insert: {tableName: orders, columns: [{column: {name: id, valueNumeric: 7}}]}
      rollback: DROP TABLE orders
  - changeSet:
      id: note
      author: ana
      changes:
        - addColumn:
            tableName: orders
            columns:
              - column: {name: note, type: text}
)");
    }

    Result run(const std::string& words) const {
        return folder.run("export CHANGELOG_URL='" + url + "'; $changelog " + words);
    }
    bool json(const std::string& words, const std::string& condition) const {
        return run(words +
                   " --format json > o.json; python3 -c 'import json; d = json.load(open(\"o.json\")); "
                   "assert " +
                   condition + ", d'")
                   .code == 0;
    }
};

}  // namespace

TEST_CASE("update, status, history, tag and rollback, one after the other") {
    const Project project;
    CHECK(project.run("status --check").code == 4);
    CHECK_THAT(project.run("status").out, ContainsSubstring("0 applied, 2 pending, 0 skipped"));

    const Result one = project.run("update-count 1");
    CHECK(one.code == 0);
    CHECK(one.out.empty());
    CHECK_THAT(one.err, ContainsSubstring("target: " + project.database));
    CHECK_THAT(one.err, ContainsSubstring("1 changeset applied"));
    CHECK(project.run("tag v1").code == 0);
    CHECK(project.json("update", "d[\"ok\"] and d[\"applied\"] == 1 and d[\"outcome\"] == \"done\""));
    CHECK_THAT(project.run("update").err, ContainsSubstring("up to date"));
    CHECK(project.run("status --check").code == 0);
    CHECK(project.json("history",
                       "[e[\"event\"] for e in d[\"events\"]] == [\"applied\", \"tagged\", \"applied\"]"));
    CHECK(project.json("history", "d[\"events\"][0][\"at\"].endswith(\"Z\")"));

    const Result script = project.run("rollback v1 --dry-run");
    CHECK(script.code == 0);
    CHECK_THAT(script.out, ContainsSubstring("DROP COLUMN"));
    CHECK(project.run("rollback v1 --confirm " + project.database).code == 0);
    CHECK_THAT(project.run("status").out, ContainsSubstring("1 applied, 1 pending"));
}

TEST_CASE("a rollback that loses data needs the name of the database") {
    const Project project;
    CHECK(project.run("update").code == 0);
    CHECK(project.run("rollback --count 1").code == 0);  // nothing is in the column, so nothing is lost
    CHECK(project.run("update").code == 0);
    Connection(project.url).execute("INSERT INTO orders (id, note) VALUES (1, 'keep me')");
    const Result refused = project.run("rollback --count 1");
    CHECK(refused.code == 9);
    CHECK_THAT(refused.err, ContainsSubstring("CL5003"));
    CHECK_THAT(refused.err, ContainsSubstring("--confirm " + project.database));
    CHECK(project.run("rollback --count 1 --confirm other").code == 9);
    CHECK(project.run("rollback --count 1 --confirm " + project.database).code == 0);
}

TEST_CASE("an edited changeset is a mismatch for status and update") {
    const Project project;
    CHECK(project.run("update").code == 0);
    std::string text = project.folder.read("changelogs/changelog.yaml");
    project.folder.write("changelogs/changelog.yaml",
                         text.replace(text.find("type: text"), 10, "type: int4"));
    CHECK(project.run("status --check").code == 5);
    const Result update = project.run("update");
    CHECK(update.code == 5);
    CHECK_THAT(update.err, ContainsSubstring("CL3001"));
    CHECK(project.run("accept note").code == 2);
    CHECK(project.run("accept note --reason 'it is right'").code == 0);
    CHECK(project.run("status --check").code == 0);
}

TEST_CASE("failures tell whether anything was applied") {
    const Project project;
    project.folder.write("changelogs/changelog.yaml",
                         "databaseChangeLog:\n"
                         "  - changeSet: {id: 1, author: a, changes: [{sql: 'CREATE TABLE a ()'}]}\n"
                         "  - changeSet: {id: 2, author: a, changes: [{sql: 'SELECT 1 / 0'}]}\n");
    const Result all = project.run("update --transaction all");
    CHECK(all.code == 6);
    CHECK_THAT(all.err, ContainsSubstring("CL4001"));
    CHECK_THAT(all.err, ContainsSubstring("22012"));
    CHECK(project.run("update --transaction changeset").code == 7);
    CHECK(
        project.json("update", "not d[\"ok\"] and d[\"diagnostics\"][0][\"pg\"][\"sqlstate\"] == \"22012\""));
}

TEST_CASE("a signal cancels the running statement and sets the exit code") {
    const Project project;
    project.folder.write(
        "changelogs/changelog.yaml",
        "databaseChangeLog:\n  - changeSet: {id: 1, author: a, changes: [{sql: 'SELECT pg_sleep(60)'}]}\n");
    const Result interrupted = project.run("update & p=$!; sleep 1; kill -TERM $p; wait $p");
    CHECK(interrupted.code == 143);
    CHECK_THAT(project.run("status").out, ContainsSubstring("0 applied, 1 pending"));
}

TEST_CASE("nobody waits for ever for another runner") {
    const Project project;
    project.folder.write(
        "changelogs/slow.yaml",
        "databaseChangeLog:\n  - changeSet: {id: 1, author: a, changes: [{sql: 'SELECT pg_sleep(4)'}]}\n");
    const Result second = project.run(
        "update --changelog-file changelogs/slow.yaml & sleep 1.5; "
        "$changelog update --ignore-missing --lock-wait 0 2>e; echo $? >code; cat e >&2; wait");
    CHECK(project.folder.read("code") == "8\n");
    CHECK_THAT(second.err, ContainsSubstring("CL4003"));
}

TEST_CASE("a throw-away server is one word away and leaves nothing") {
    const Project project;
    const Result result = project.folder.run("$changelog update --url scratch: --quiet");
    CHECK(result.code == 0);
    CHECK(result.out.empty());
    CHECK(result.err.empty());
}

TEST_CASE("looking needs no more than SELECT, and a missing right is one exit code everywhere") {
    const Project project;
    CHECK(project.run("update").code == 0);
    Connection admin(project.url);
    admin.execute("CREATE ROLE looker LOGIN");
    const std::string url = "export CHANGELOG_URL='" + project.url + "&user=looker'; ";
    const Result blind = project.folder.run(url + "$changelog status");
    CHECK(blind.code == 6);
    CHECK(blind.out.empty());
    CHECK_THAT(blind.err, ContainsSubstring("CL4006"));
    CHECK(project.folder.run(url + "$changelog history").code == 6);
    CHECK(project.folder.run(url + "$changelog update").code == 6);
    admin.execute("GRANT SELECT ON changelog_history TO looker");
    CHECK(project.folder.run(url + "$changelog status --check").code == 0);
    CHECK(project.folder.run(url + "$changelog history").code == 0);
    CHECK(project.folder.run(url + "$changelog update").code == 0);
    const Result rollback = project.folder.run(url + "$changelog rollback --count 1");
    CHECK(rollback.code == 6);
    CHECK_THAT(rollback.err, ContainsSubstring("CL4006"));
    admin.execute("DROP OWNED BY looker; DROP ROLE looker");
}

TEST_CASE("a single changeset can be undone although the files are gone") {
    const Project project;
    CHECK(project.run("update").code == 0);
    project.folder.write("changelogs/changelog.yaml", "databaseChangeLog: [\n");
    CHECK(project.run("rollback --changeset create --confirm " + project.database).code != 0);
    const Result newest = project.run("rollback --changeset note");
    CHECK(newest.code == 0);
    CHECK_THAT(newest.err, ContainsSubstring("warning CL"));
    CHECK(project.run("rollback --changeset create --cascade --confirm " + project.database).code == 0);
}
