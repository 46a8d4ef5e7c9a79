#include "cli/program.hpp"
#include "postgres/scratch.hpp"
#include "support/catch.hpp"

using changelog::Diagnostics;
using changelog::postgres::ScratchServer;
using changelog::test::Folder;
using changelog::test::Result;

namespace {

std::string server_url() {
    static Diagnostics diagnostics;
    static const std::unique_ptr<ScratchServer> server = ScratchServer::start({}, diagnostics);
    REQUIRE(server);
    return server->url();
}

const char* const good = R"(databaseChangeLog:
  - changeSet:
      id: create
      author: ana
      changes:
        - createTable:
            tableName: orders
            columns:
              - column: {name: id, type: bigint}
)";

const char* const forgets = R"(
  - changeSet:
      id: note
      author: ana
      changes:
        - addColumn: {tableName: orders, columns: [{column: {name: note, type: text}}]}
        - createIndex: {tableName: orders, indexName: by_note, columns: [{column: {name: note}}]}
      rollback: DROP INDEX by_note
)";

Result verify(const Folder& folder, const std::string& words) {
    return folder.run("$changelog verify --scratch-url '" + server_url() + "' " + words);
}

}  // namespace

TEST_CASE("verify: all is well") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", good);
    const Result result = verify(folder, "--require-lossless --data");
    CHECK(result.code == 0);
    CHECK_THAT(result.out, ContainsSubstring("1 changeset: 1 exact, 0 lossy, 0 impossible, 0 failed"));
    CHECK_THAT(result.out, ContainsSubstring("rollback of everything: 1 changeset, and all is as before"));
}

TEST_CASE("verify: a rollback that forgets something ends with 3 and says what") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", std::string(good) + forgets);
    const Result text = verify(folder, "");
    CHECK(text.code == 3);
    CHECK_THAT(text.out, ContainsSubstring("+ column public.orders.note") && ContainsSubstring("1 failed"));
    const Result json =
        verify(folder,
               "--format json > o.json; code=$?; python3 -c 'import json; d = json.load(open(\"o.json\")); "
               "c = d[\"changesets\"][1]; assert not d[\"ok\"] and c[\"id\"] == \"note\" and c[\"grade\"] "
               "== \"failed\" and c[\"differences\"] == [\"+ column public.orders.note\"], d' || code=1; "
               "exit $code");
    CHECK(json.code == 3);
    const Result junit =
        verify(folder,
               "--format junit -o o.xml; code=$?; python3 -c 'import xml.etree.ElementTree as e; r "
               "= e.parse(\"o.xml\").getroot(); assert r.get(\"failures\") != \"0\"' || code=1; "
               "exit $code");
    CHECK(junit.code == 3);
}

TEST_CASE("verify: what may not be lost or stay") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml",
                 std::string(good) +
                     "\n  - changeSet:\n      id: stays\n      author: ana\n      changes:\n"
                     "        - executeCommand: {executable: \"true\"}\n");
    const Result result = verify(folder, "--allow-commands");
    CHECK(result.code == 0);
    CHECK_THAT(result.out, ContainsSubstring("1 impossible"));
    CHECK(verify(folder, "--allow-commands --require-rollback").code == 3);
}

TEST_CASE("verify: no database of the user's is touched") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", good);
    const Result result = folder.run("$changelog verify --url '" + server_url() + "'");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("--scratch-url"));
    const Result scratch =
        folder.run("export CHANGELOG_URL=postgresql://nowhere.invalid/app; $changelog verify");
    CHECK(scratch.code == 0);
    CHECK_THAT(scratch.out, ContainsSubstring("1 exact"));
}

TEST_CASE("verify: a changeset that is not there") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", good);
    const Result result = verify(folder, "--changeset creat");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("CL3007"));
}

TEST_CASE("verify: what is asked for and not reached does not end with 0") {
    const Folder folder;
    folder.write(
        "changelogs/changelog.yaml",
        "databaseChangeLog:\n  - changeSet:\n      id: bad\n      author: ana\n      provides: [table "
        "public.orders]\n      changes:\n        - sql: {sql: SELECT 1/0}\n" +
            std::string(good).substr(std::string("databaseChangeLog:\n").size()) + forgets);
    const Result result = verify(folder, "--changeset note");
    CHECK(result.code == 3);
    CHECK_THAT(result.out, ContainsSubstring("not run") && ContainsSubstring("1 not run"));
}

TEST_CASE("verify: a password on the command line is warned of") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", good);
    const Result result =
        folder.run("$changelog verify --scratch-url '" + server_url() + " password=secret' ");
    CHECK_THAT(result.err, ContainsSubstring("--scratch-url shows in the process list"));
    CHECK(result.err.find("secret") == std::string::npos);
}
