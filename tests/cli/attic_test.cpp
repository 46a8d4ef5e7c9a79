// `changelog attic` as a user runs it.
#include "cli/program.hpp"
#include "support/catch.hpp"
#include "support/server.hpp"

using changelog::test::Folder;
using changelog::test::Result;
using changelog::tests::TestDatabase;

namespace {

struct Project {
    Folder folder;
    TestDatabase database;

    Project() {
        folder.write("changelogs/changelog.yaml", R"yaml(databaseChangeLog:
  - changeSet:
      id: create
      author: ana
      changes:
        - createTable: {tableName: orders, columns: [{column: {name: id, type: int}}]}
        - sql: {sql: "INSERT INTO orders VALUES (7)"}
      rollback: DROP TABLE orders
  - changeSet:
      id: drop-orders
      author: ana
      changes:
        - dropTable: {tableName: orders, retain: 30 days}
)yaml");
    }
    Result run(const std::string& words) const {
        return folder.run("export CHANGELOG_URL='" + database.url() + "'; $changelog " + words);
    }
    std::string ask(const std::string& sql) const { return database.connect().execute(sql).text(0, 0); }
};

}  // namespace

TEST_CASE("attic: an empty one is no error") {
    const Project project;
    const Result listed = project.run("attic");
    CHECK(listed.code == 0);
    CHECK(listed.out == "the attic is empty\n");
    CHECK_THAT(project.run("attic list --format json").out, ContainsSubstring("\"items\": []"));
    CHECK(project.run("attic purge --expired").code == 0);
}

TEST_CASE("attic: what was dropped is listed with its changeset, and restored") {
    const Project project;
    REQUIRE(project.run("update").code == 0);
    const Result listed = project.run("attic list");
    CHECK_THAT(listed.out, ContainsSubstring("table public.orders") && ContainsSubstring("drop-orders"));
    CHECK_THAT(project.run("attic list --format json").out, ContainsSubstring("::drop-orders::ana\""));
    const Result restored = project.run("attic restore 1 --as old_orders");
    CHECK(restored.code == 0);
    CHECK_THAT(restored.err, ContainsSubstring("restored: table public.orders as old_orders"));
    CHECK(project.ask("SELECT id FROM old_orders") == "7");
    const Result again = project.run("attic restore 1");
    CHECK(again.code == 2);
    CHECK_THAT(again.err, ContainsSubstring("CL5006"));
}

TEST_CASE("attic: a name that is taken is refused") {
    const Project project;
    REQUIRE(project.run("update").code == 0);
    project.database.connect().execute("CREATE TABLE orders ()");
    const Result restored = project.run("attic restore public.orders");
    CHECK(restored.code == 6);
    CHECK_THAT(restored.err, ContainsSubstring("CL5007") && ContainsSubstring("--as"));
}

TEST_CASE("attic: a purge needs consent, and can be looked at before") {
    const Project project;
    REQUIRE(project.run("update").code == 0);
    CHECK_THAT(project.run("attic purge --item 1 --dry-run").out,
               ContainsSubstring("DROP TABLE changelog_attic.orders__"));
    const Result refused = project.run("attic purge --item 1");
    CHECK(refused.code == 9);
    CHECK_THAT(refused.err,
               ContainsSubstring("CL5008") && ContainsSubstring("--confirm " + project.database.name()));
    CHECK(project.run("attic purge --item 1 --confirm other").code == 9);
    CHECK(project.run("attic purge --expired --confirm " + project.database.name()).code == 0);
    CHECK(project.ask("SELECT count(*) FROM changelog_attic.items") == "1");
    CHECK(project.run("attic purge --item 1 --confirm " + project.database.name()).code == 0);
    CHECK(project.ask("SELECT count(*) FROM changelog_attic.items") == "0");
    CHECK(project.run("attic purge --item 1 --confirm " + project.database.name()).code == 2);
}

TEST_CASE("attic: a dry run of a restore prints the SQL and does nothing") {
    const Project project;
    REQUIRE(project.run("update").code == 0);
    const Result shown = project.run("attic restore 1 --dry-run");
    CHECK(shown.code == 0);
    CHECK_THAT(shown.out, ContainsSubstring("DO $attic$"));
    CHECK(project.ask("SELECT to_regclass('orders') IS NULL") == "t");
    CHECK(project.run("attic restore 7 --dry-run").code == 2);
}

TEST_CASE("attic: words and options that an action does not take are usage errors") {
    const Project project;
    for (const char* words : {"list foo", "list --item 1", "list --dry-run", "purge 1",
                              "purge --item 1 --as x", "restore 1 --expired", "restore 1 --older-than 3d",
                              "restore 1 --item 1", "list --expired", "list --as x"}) {
        INFO(words);
        const Result result = project.run(std::string("attic ") + words);
        CHECK(result.code == 2);
        CHECK_THAT(result.err, ContainsSubstring("'attic "));
    }
}

TEST_CASE("attic: wrong use is explained") {
    const Project project;
    CHECK_THAT(project.run("attic lits").err, ContainsSubstring("did you mean 'list'"));
    CHECK_THAT(project.run("attic purge").err, ContainsSubstring("--older-than"));
    CHECK_THAT(project.run("attic purge --older-than '30 dys'").err, ContainsSubstring("30 days"));
    CHECK(project.run("attic restore").code == 2);
}
