#include "cli/program.hpp"
#include "support/catch.hpp"

using changelog::test::Folder;
using changelog::test::Result;

namespace {

constexpr const char* kGood = R"(databaseChangeLog:
  - changeSet:
      id: 1
      author: ana
      changes:
        - createTable:
            tableName: orders
            columns:
              - column: {name: id, type: bigint}
  - changeSet:
      id: 2
      author: ana
      changes:
        - addColumn:
            tableName: orders
            columns:
              - column: {name: note, type: text}
)";

constexpr const char* kBad = R"(databaseChangeLog:
  - changeSet:
      id: 1
      author: ana
      contxt: prod
      lables: x
      changes:
        - createTable:
            tableNam: orders
)";

}  // namespace

TEST_CASE("a valid changelog ends with its counts and exit code 0") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", kGood);
    const Result result = folder.run("$changelog validate");
    CHECK(result.code == 0);
    CHECK(result.out == "1 file, 2 changesets: 0 errors, 0 warnings\n");
}

TEST_CASE("every fault of a changelog is reported at its place in one run") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", kBad);
    const Result result = folder.run("$changelog validate");
    CHECK(result.code == 3);
    CHECK_THAT(result.out, ContainsSubstring("changelogs/changelog.yaml:5:7: error CL1203"));
    CHECK_THAT(result.out, ContainsSubstring("did you mean 'context'?"));
    CHECK_THAT(result.out, ContainsSubstring("changelogs/changelog.yaml:6:7: error CL1203"));
    CHECK_THAT(result.out, ContainsSubstring("did you mean 'tableName'?"));
    CHECK_THAT(result.err, ContainsSubstring("--lenient"));
}

TEST_CASE("validate as JSON is one object with an envelope for each fault") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", kBad);
    const Result result = folder.run(
        "$changelog validate --format json > out.json; code=$?; python3 -c '\n"
        "import json; d = json.load(open(\"out.json\"))\n"
        "assert d[\"ok\"] is False and d[\"errors\"] >= 3, d\n"
        "e = d[\"diagnostics\"][0]\n"
        "assert e[\"code\"] == \"CL1203\" and e[\"severity\"] == \"error\", e\n"
        "assert e[\"where\"][\"line\"] == 5 and e[\"where\"][\"col\"] == 7, e\n"
        "assert e[\"did_you_mean\"] == \"context\", e\n"
        "assert e[\"docs\"] == \"changelog explain CL1203\", e\n"
        "' && exit $code");
    CHECK(result.err.empty());
    CHECK(result.code == 3);
}

TEST_CASE("lenient reading turns unknown keys into warnings") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml",
                 "databaseChangeLog:\n  - changeSet: {id: 1, author: a, contxt: b}\n");
    CHECK(folder.run("$changelog validate").code == 3);
    const Result result = folder.run("$changelog validate --lenient");
    CHECK(result.code == 0);
    CHECK_THAT(result.out, ContainsSubstring("warning CL1203"));
}

TEST_CASE("a missing, unreadable or strange changelog is an error and never hangs") {
    const Folder folder;
    folder.write("db/x.yaml", "");
    CHECK_THAT(folder.run("$changelog validate").out, ContainsSubstring("CL1001"));
    CHECK(folder.run("$changelog validate").code == 3);
    CHECK_THAT(folder.run("$changelog validate --changelog-file db").out, ContainsSubstring("CL1002"));
    CHECK_THAT(folder.run("mkfifo p; timeout 5 $changelog validate --changelog-file p").out,
               ContainsSubstring("CL1002"));
    CHECK_THAT(folder.run("timeout 5 $changelog validate --changelog-file /dev/zero").out,
               ContainsSubstring("CL1002"));
    CHECK_THAT(folder
                   .run("head -c 3000000 /dev/zero | tr '\\0' '#' > big.yaml; $changelog validate "
                        "--changelog-file big.yaml --max-file-size 1")
                   .out,
               ContainsSubstring("CL1008"));
}

TEST_CASE("a file is named as it is seen from the root, wherever the program is started") {
    const Folder folder;
    folder.write("changelog.config.yaml", "changelog-file: db/root.yaml\n");
    folder.write(".git/HEAD", "");
    folder.write("db/root.yaml", "databaseChangeLog:\n  - changeSet: {id: 1, author: a, contxt: b}\n");
    for (const char* line : {"$changelog validate", "cd db; $changelog validate",
                             "cd db; $changelog validate --changelog-file root.yaml",
                             "cd /; $changelog validate --config \"$OLDPWD/changelog.config.yaml\""}) {
        INFO(line);
        CHECK_THAT(folder.run(line).out, Catch::Matchers::StartsWith("db/root.yaml:2:"));
    }
}

TEST_CASE("the graph is printed in four forms") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", kGood);
    CHECK_THAT(folder.run("$changelog graph").out, ContainsSubstring("changelogs/changelog.yaml::2::ana"));
    CHECK_THAT(folder.run("$changelog graph --format dot").out, ContainsSubstring("c0 -> c1"));
    CHECK_THAT(folder.run("$changelog --format mermaid graph").out, ContainsSubstring("c0 -->|"));
    CHECK_THAT(folder.run("$changelog graph --changeset 1 --format dot").out, !ContainsSubstring("c1"));
    CHECK(folder.run("$changelog graph --changeset 3").code == 2);
    CHECK(folder
              .run("$changelog graph --format json > o.json; python3 -c 'import json; "
                   "d = json.load(open(\"o.json\")); assert d[\"ok\"] and len(d[\"changesets\"]) == 2, d'")
              .code == 0);
    folder.write("changelogs/changelog.yaml", kBad);
    CHECK(folder.run("$changelog graph").code == 3);
}

TEST_CASE("without a database a dry run prints the SQL for an empty one") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", kGood);
    const Result result = folder.run("$changelog update --dry-run");
    CHECK(result.code == 0);
    CHECK_THAT(result.out, ContainsSubstring("CREATE TABLE"));
    CHECK_THAT(result.out, ContainsSubstring("ADD"));
    CHECK(folder.run("$changelog update-sql").out == result.out);
    CHECK(folder.run("$changelog update-count-sql 1").out.find("note") == std::string::npos);
    CHECK(folder.run("$changelog update --dry-run --output-file o.sql").out.empty());
    CHECK(folder.read("o.sql") == result.out);
}
