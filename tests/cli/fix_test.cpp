// changelog stats pull and changelog fix.
#include "cli/program.hpp"
#include "postgres/connection.hpp"
#include "postgres/scratch.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

using changelog::Diagnostics;
using changelog::postgres::Connection;
using changelog::postgres::ScratchServer;
using changelog::test::Folder;
using changelog::test::Result;
using nlohmann::json;

namespace {

const std::string kTable = R"(databaseChangeLog:
- changeSet:
    id: orders
    author: ada
    changes:
    - createTable:
        tableName: orders
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: user_id, type: bigint}
)";

const std::string kIndex = R"(- changeSet:
    id: by-user
    author: ada
    changes:
    - createIndex:
        tableName: orders   # ours
        indexName: by_user
        columns: [{column: {name: user_id}}]
)";

const std::string kFile = "changelogs/changelog.yaml";

std::string new_database() {
    static Diagnostics diagnostics;
    static const std::unique_ptr<ScratchServer> server = ScratchServer::start({}, diagnostics);
    static int count = 0;
    REQUIRE(server);
    const std::string name = fmt::format("fix{}", ++count);
    Connection(server->url()).execute("CREATE DATABASE " + name);
    return server->url(name);
}

/// A repository with the table on main, and the index in the working tree.
void prepare(const Folder& folder, const std::string& more = kIndex) {
    folder.write(kFile, kTable);
    REQUIRE(folder
                .run("git init -q -b main . && git config user.email a@b && git config user.name a && "
                     "git add -A && git commit -q -m one && git checkout -q -b feature")
                .code == 0);
    folder.write(kFile, kTable + more);
}

}  // namespace

TEST_CASE("fix mends what nobody has applied, once") {
    const Folder folder;
    prepare(folder);
    const Result dry = folder.run("$changelog fix --dry-run");
    INFO(dry.err);
    CHECK(dry.code == 0);
    CHECK_THAT(dry.out, ContainsSubstring("@@ -13,6 +13,7 @@"));
    CHECK_THAT(dry.out, ContainsSubstring("\n+        concurrently: true\n"));
    CHECK(folder.read(kFile) == kTable + kIndex);
    folder.write("dry.diff", dry.out);
    CHECK(folder.run("git apply --check dry.diff").code == 0);
    CHECK(folder.run("$changelog fix --code CL1203").code == 0);
    CHECK(folder.read(kFile) == kTable + kIndex);
    CHECK(folder.run("$changelog fix").code == 0);
    std::string wanted = kTable + kIndex;
    wanted.insert(wanted.find("        tableName: orders   # ours"), "        concurrently: true\n");
    CHECK(folder.read(kFile) == wanted);
    CHECK_THAT(folder.run("$changelog fix").err, ContainsSubstring("0 fixes in 0 files"));
    CHECK(folder.read(kFile) == wanted);
}

TEST_CASE("fix mends mistyped keys, and the findings that come to light then") {
    const Folder folder;
    std::string typo = kIndex;
    typo.replace(typo.find("tableName"), 9, "tabelName");
    prepare(folder, typo);
    const Result result = folder.run("$changelog fix");
    INFO(result.out << result.err);
    CHECK(result.code == 0);
    CHECK_THAT(folder.read(kFile),
               ContainsSubstring("        concurrently: true\n        tableName: orders   # ours"));
    CHECK(folder.run("$changelog validate").code == 0);
}

TEST_CASE("fix tells programs what it did") {
    const Folder folder;
    prepare(folder, kIndex + R"(- changeSet:
    id: positive
    author: ada
    changes:
    - addCheckConstraint: {tableName: orders, constraintName: positive, constraintBody: id > 0}
)");
    const json dry = json::parse(folder.run("$changelog fix --dry-run --format json").out);
    CHECK(dry["dry_run"] == true);
    CHECK_THAT(dry["diff"].get<std::string>(), ContainsSubstring("+        concurrently: true"));
    const json done = json::parse(folder.run("$changelog fix --format json").out);
    CHECK(done["ok"] == true);
    CHECK_FALSE(done.contains("diff"));
    CHECK(done["files"] == json::array({"changelogs/changelog.yaml"}));
    REQUIRE(done["fixes"].size() == 1);
    CHECK(done["fixes"][0]["code"] == "CL2161");
    CHECK(done["fixes"][0]["where"]["line"] == 15);
    CHECK(done["unsafe"] == 1);
    CHECK(done["diagnostics"].size() >= 1);
}

TEST_CASE("fix leaves alone what is applied") {
    const Folder folder;
    prepare(folder, "");
    folder.write(kFile, kTable + kIndex);
    const std::string url = new_database();
    REQUIRE(folder.run("$changelog update --url '" + url + "'").code == 0);
    CHECK_THAT(folder.run("$changelog fix --url '" + url + "'").err, ContainsSubstring("0 fixes"));
    std::string two = kTable + kIndex;
    const std::string second = two.substr(kTable.size());
    std::string another = second;
    another.replace(another.find("by-user"), 7, "by-more");
    another.replace(another.find("by_user"), 7, "by_more");
    folder.write(kFile, two + another);
    CHECK_THAT(folder.run("$changelog fix --url '" + url + "'").err, ContainsSubstring("1 fix in 1 file"));
    CHECK(folder.read(kFile).starts_with(two));
}

TEST_CASE("fix asks before it writes further changesets") {
    const Folder folder;
    prepare(folder, R"(- changeSet:
    id: positive
    author: ada
    changes:
    - addCheckConstraint: {tableName: orders, constraintName: positive, constraintBody: id > 0}
)");
    CHECK_THAT(folder.run("$changelog fix").err,
               ContainsSubstring("0 fixes in 0 files; 1 more with --unsafe"));
    CHECK(folder.run("$changelog fix --unsafe --code CL2131").code == 0);
    CHECK_THAT(folder.read(kFile), ContainsSubstring("- validateConstraint:"));
    CHECK(folder.run("$changelog validate").code == 0);
}

TEST_CASE("fix writes every format, and leaves the rest of the file as it is") {
    const Folder folder;
    folder.write(kFile,
                 "databaseChangeLog:\n- include: {file: a.sql}\n- include: {file: b.xml}\n"
                 "- include: {file: c.json}\n");
    const std::string
        sql = "--liquibase formatted sql\n\n--changeset ada:1\nCREATE TABLE t (id bigint, a text);\n",
        xml = "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">\r\n";
    folder.write("a.sql", sql);
    folder.write("b.xml", xml + "</databaseChangeLog>");
    folder.write("c.json", "{\"databaseChangeLog\": []}");
    REQUIRE(folder
                .run("git init -q -b main . && git config user.email a@b && git config user.name a && "
                     "git add -A && git commit -q -m one && git checkout -q -b feature")
                .code == 0);
    folder.write("a.sql", sql + "--changeset ada:2\nCREATE INDEX i ON t (a);\n--rollback DROP INDEX i;");
    folder.write("b.xml", xml +
                              "<changeSet id=\"3\" author=\"ada\">\r\n<createIndex tableName=\"t\"\r\n"
                              "indexName=\"j\"><column name=\"a\"/></createIndex></changeSet>\r\n"
                              "</databaseChangeLog>");
    folder.write("c.json",
                 "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"4\", \"author\": \"ada\", "
                 "\"changes\": [{\"createIndex\": {\"tableName\": \"t\", \"indexName\": \"k\", "
                 "\"columns\": [{\"column\": {\"name\": \"a\"}}]}}]}}]}");
    const Result result = folder.run("$changelog fix --unsafe");
    INFO(result.out << result.err);
    CHECK(result.code == 0);
    CHECK(folder.read("a.sql") ==
          sql +
              "--changeset ada:2 runInTransaction:false\nCREATE INDEX CONCURRENTLY i ON t "
              "(a);\n--rollback DROP INDEX i;");
    CHECK_THAT(folder.read("b.xml"),
               ContainsSubstring("\r\n<createIndex concurrently=\"true\" tableName=\"t\"\r\nindexName"));
    CHECK_THAT(folder.read("c.json"), ContainsSubstring("{\"concurrently\": true, \"tableName\""));
    CHECK(folder.run("$changelog validate").code == 0);
    CHECK_THAT(folder.run("$changelog fix --unsafe").err, ContainsSubstring("0 fixes"));
}

TEST_CASE("stats pull writes sizes and what is applied, and no data") {
    const Folder folder;
    folder.write(kFile, kTable);
    const std::string url = new_database();
    REQUIRE(folder.run("$changelog update --url '" + url + "'").code == 0);
    Connection(url).execute(
        "INSERT INTO orders SELECT i, 424242 FROM generate_series(1, 20000) i; ANALYZE orders");
    const Result result = folder.run("$changelog stats pull --url '" + url + "' --output-file s.json");
    INFO(result.err);
    REQUIRE(result.code == 0);
    const std::string text = folder.read("s.json");
    CHECK(text.find("424242") == std::string::npos);
    CHECK(text.find("createTable") == std::string::npos);
    const json file = json::parse(text);
    CHECK(file["serverVersion"].get<int>() >= 130000);
    CHECK(file["applied"][0]["id"] == "orders");
    bool found = false;
    for (const json& each : file["relations"])
        if (each["name"] == "orders") {
            found = true;
            CHECK(each["rows"] == 20000);
            CHECK(each["indexCount"] == 1);
        }
    CHECK(found);
    prepare(folder);
    CHECK_THAT(folder.run("$changelog review --stats s.json").out, ContainsSubstring("20,000 rows"));
    folder.write("s.json", "{}");
    const Result broken = folder.run("$changelog review --stats s.json");
    CHECK(broken.code == 2);
    CHECK_THAT(broken.err, ContainsSubstring("CL0014"));
}
