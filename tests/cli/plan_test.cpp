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

namespace {

constexpr const char* kChangelog = R"(databaseChangeLog:
  - changeSet:
      id: create
      author: ana
      changes:
        - createTable:
            tableName: items
            columns:
              - column: {name: id, type: bigint}
  - changeSet:
      id: index
      author: ana
      changes:
        - createIndex: {tableName: orders, indexName: orders_id, columns: [{column: {name: id}}]}
)";

}  // namespace

TEST_CASE("plan shows what update would do, and leaves the database alone") {
    Diagnostics diagnostics;
    const auto server = ScratchServer::start({}, diagnostics);
    REQUIRE(server);
    Connection connection(server->url());
    connection.execute(
        "CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 5000) i; ANALYZE orders");
    const Folder folder;
    folder.write("changelogs/changelog.yaml", kChangelog);
    const std::string with = "export CHANGELOG_URL='" + server->url() + "'; $changelog plan ";

    const Result text = folder.run(with);
    CHECK(text.code == 0);
    CHECK(text.out.starts_with(
        "2 changesets, 2 statements, 2 transactions; longest lock: SHARE on public.orders "
        "(5 k rows, "));
    CHECK(text.out.find("SHARE orders") != std::string::npos);

    const Result json = folder.run(with + "--count 1 --format json");
    const auto parsed = nlohmann::json::parse(json.out);
    CHECK(parsed["changesets"].size() == 1);
    CHECK(parsed["changesets"][0]["statements"][0]["locks"].empty());
    CHECK(
        connection.execute("SELECT to_regclass('changelog_history') IS NULL AND to_regclass('items') IS NULL")
            .text(0, 0) == "t");

    CHECK(folder.run(with + "--changeset nowhere").code != 0);
    CHECK(folder.run(with + "--count 1 --to v1").code == 2);
}

TEST_CASE("plan without a database is that of an empty one") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", kChangelog);
    const Result result = folder.run("$changelog plan");
    CHECK(result.code == 0);
    CHECK(result.out.starts_with("2 changesets, 2 statements"));
    CHECK(result.err.find("empty one") != std::string::npos);
}
