// The text of errors is what users see: these are exact.
#include "support/catch.hpp"
#include "support/memory_files.hpp"

using namespace changelog;
using changelog::tests::Loaded;

TEST_CASE("six misspellings give six errors with places and suggestions in one run") {
    const Loaded loaded(R"(databaseChangeLog:
  - changeSet:
      id: add-note
      author: alice
      runInTranaction: false
      lables: nightly
      contxt: prod
      changes:
        - addColumn:
            tableName: orders
            colums:
              - column:
                  name: note
                  type: text
        - sql:
            sql: SELECT 1
            splitStatments: false
      rollbak:
        - sql: SELECT 2
)");
    CHECK(loaded.report() ==
          R"(db.yaml:5:7: error CL1203: unknown key 'runInTranaction' in changeSet 'add-note'
    5 |       runInTranaction: false
      |       ^^^^^^^^^^^^^^^ did you mean 'runInTransaction'?
db.yaml:6:7: error CL1203: unknown key 'lables' in changeSet 'add-note'
    6 |       lables: nightly
      |       ^^^^^^ did you mean 'labels'?
db.yaml:7:7: error CL1203: unknown key 'contxt' in changeSet 'add-note'
    7 |       contxt: prod
      |       ^^^^^^ did you mean 'context'?
db.yaml:11:13: error CL1203: unknown key 'colums' in addColumn
   11 |             colums:
      |             ^^^^^^ did you mean 'columns'?
db.yaml:17:13: error CL1203: unknown key 'splitStatments' in sql
   17 |             splitStatments: false
      |             ^^^^^^^^^^^^^^ did you mean 'splitStatements'?
db.yaml:18:7: error CL1203: unknown key 'rollbak' in changeSet 'add-note'
   18 |       rollbak:
      |       ^^^^^^^ did you mean 'rollback'?
)");
    const Diagnostic& first = loaded.diagnostics.items().front();
    CHECK(first.changeset == "add-note");
    CHECK(first.pointer == "/databaseChangeLog/0/changeSet/runInTranaction");
    CHECK(first.got == "runInTranaction");
    REQUIRE(first.fixes.size() == 1);
    REQUIRE(first.fixes[0].edits.size() == 1);
    const Edit& edit = first.fixes[0].edits[0];
    CHECK(edit.start_column == 7);
    CHECK(edit.end_column == 22);
    CHECK(edit.text == "runInTransaction");
}

TEST_CASE("lenient reading turns unknown keys into warnings and counts them") {
    LoadOptions options;
    options.lenient = true;
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet: {id: a, author: b, contxt: prod, changes: [{sql: {sql: SELECT 1, "
        "splitStatments: false}}]}\n",
        options);
    CHECK(loaded.codes() == "CL1203 CL1203 CL1219");
    CHECK_FALSE(loaded.diagnostics.has_errors());
    REQUIRE(loaded.changelog.changesets.size() == 1);
    CHECK(loaded.changelog.changesets[0].changes.size() == 1);
}

TEST_CASE("lenient paths are globs") {
    LoadOptions options;
    options.lenient_paths = {"old/**"};
    tests::MemoryFiles files{
        {"old/a.yaml", "databaseChangeLog:\n- changeSet: {id: a, author: b, contxt: prod}\n"}};
    const Loaded loaded(
        "databaseChangeLog:\n- include: {file: old/a.yaml}\n- changeSet: {id: c, author: b, contxt: prod}\n",
        options, std::move(files));
    CHECK(loaded.diagnostics.count(Severity::error) == 1);
    CHECK(loaded.diagnostics.count(Severity::warning) == 1);
}

TEST_CASE("an id that YAML reads as something else is pointed out with both readings") {
    const Loaded loaded("databaseChangeLog:\n- changeSet: {id: 001, author: no}\n");
    CHECK(loaded.report() == R"(db.yaml:2:19: warning CL1209: id 001 is read as '1', not as '001'
    2 | - changeSet: {id: 001, author: no}
      |                   ^^^
      YAML 1.1, which Liquibase follows, takes it for a number. Write "1" to keep the identity, or "001" if it was never applied.
db.yaml:2:32: warning CL1209: author no is read as 'false', not as 'no'
    2 | - changeSet: {id: 001, author: no}
      |                                ^^
      YAML 1.1, which Liquibase follows, takes it for true or false. Write "false" to keep the identity, or "no" if it was never applied.
)");
    const auto& fixes = loaded.diagnostics.items()[0].fixes;
    REQUIRE(fixes.size() == 2);
    CHECK(fixes[0].safe);
    CHECK(fixes[0].edits.at(0).text == "\"1\"");
    CHECK_FALSE(fixes[1].safe);
    CHECK(fixes[1].edits.at(0).text == "\"001\"");
    CHECK(loaded.changelog.changesets[0].key.id == "1");
}

TEST_CASE("the root must be a databaseChangeLog") {
    CHECK(Loaded("").codes() == "CL1101");
    CHECK(Loaded("[1, 2]\n").codes() == "CL1101");
    CHECK(Loaded("databaseChangeLog: {changeSet: {}}\n").codes() == "CL1205");
    CHECK(Loaded("databaseChangeLog: text\n").codes() == "CL1205");
    CHECK(Loaded("databaseChangeLog:\n").codes().empty());
    CHECK(Loaded("x: 1\ndatabaseChangeLog: []\n").codes().empty());
    CHECK(Loaded("databaseChangeLog: []\ndatabaseChangeLog: []\n").codes() == "CL1202");
    const Loaded near("databasechangelog:\n- changeSet: {id: 1, author: a}\n");
    REQUIRE(near.codes() == "CL1101");
    CHECK(near.diagnostics.items()[0].did_you_mean == "databaseChangeLog");
}

TEST_CASE("unknown root entries are errors with a suggestion") {
    const Loaded loaded(
        "databaseChangeLog:\n- changeset: {id: 1, author: a}\n- inculde: {file: x.yaml}\n- text\n");
    CHECK(loaded.codes() == "CL1102 CL1102 CL1205");
    CHECK(loaded.diagnostics.items()[0].did_you_mean == "changeSet");
    CHECK(loaded.diagnostics.items()[1].did_you_mean == "include");
}

TEST_CASE("unknown changes are errors with a suggestion, known but impossible ones say why") {
    const Loaded loaded(R"(databaseChangeLog:
- changeSet:
    id: a
    author: b
    changes:
    - creatTable: {tableName: t}
    - customChange: {class: com.example.Thing}
    - createSynonym: {synonymName: s}
)");
    CHECK(loaded.codes() == "CL1201 CL1216 CL1214");
    CHECK(loaded.diagnostics.items()[0].did_you_mean == "createTable");
}

TEST_CASE("a changeset for another database is not checked") {
    const Loaded loaded(R"(databaseChangeLog:
- changeSet:
    id: a
    author: b
    dbms: oracle
    changes:
    - customChange: {class: com.example.Thing}
    - sqlFile: {path: not-there.sql}
)");
    CHECK(loaded.codes().empty());
    CHECK(why_not_selected(loaded.changelog.changesets[0], {}) == "dbms 'oracle'");
}

TEST_CASE("two changesets of one identity are reported with both places") {
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet: {id: a, author: b}\n- changeSet: {id: a, author: b}\n- changeSet: "
        "{id: a, author: c}\n");
    CHECK(loaded.codes() == "CL1210");
    CHECK_THAT(loaded.report(), ContainsSubstring("db.yaml:3:3: error") &&
                                    ContainsSubstring("It is defined at db.yaml:2:3 already"));
}

TEST_CASE("missing and empty identities are errors") {
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {author: b}\n").codes() == "CL1204");
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {id: ~, author: b}\n").codes() == "CL1204");
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {id: a}\n").codes() == "CL1204");
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {id: a, author: ''}\n").codes().empty());
}

TEST_CASE("keys of the changeSet that stand among the changes do nothing there") {
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet:\n    id: a\n    author: b\n    changes:\n    - context: prod\n    "
        "- sql: SELECT 1\n");
    CHECK(loaded.codes() == "CL1207");
    CHECK_THAT(loaded.report(), ContainsSubstring("put it beside 'changes'"));
}

TEST_CASE("keys of a change that are indented too little are explained") {
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet:\n    id: a\n    author: b\n    changes:\n    - dropTable:\n      "
        "tableName: t\n");
    CHECK_THAT(loaded.codes(), ContainsSubstring("CL1204") && ContainsSubstring("CL1201"));
    CHECK_THAT(loaded.report(),
               ContainsSubstring("If it belongs to 'dropTable', indent it further than that."));
}

TEST_CASE("expressions that cannot hold are found when the file is read") {
    const auto code = [](const std::string& context) {
        return Loaded("databaseChangeLog:\n- changeSet: {id: a, author: b, context: \"" + context + "\"}\n")
            .codes();
    };
    CHECK(code("a and (b or !c)").empty());
    CHECK(code("a, b").empty());
    CHECK(code("(a, b) and c") == "CL1212");
    CHECK(code("a and") == "CL1212");
    CHECK(code("(a") == "CL1212");
    CHECK(code("a)") == "CL1212");
    CHECK(code("a && b") == "CL1212");
}

TEST_CASE("a file that is not there names the nearest one") {
    tests::MemoryFiles files{{"db/orders.yaml", "databaseChangeLog:\n"}};
    const Loaded loaded("databaseChangeLog:\n- include: {file: db/order.yaml}\n", {}, std::move(files));
    CHECK(loaded.report() == R"(db.yaml:2:19: error CL1103: file 'db/order.yaml' not found
    2 | - include: {file: db/order.yaml}
      |                   ^^^^^^^^^^^^^ did you mean 'db/orders.yaml'?
)");
}

TEST_CASE("files that include each other are reported with the chain") {
    tests::MemoryFiles files{{"a.yaml", "databaseChangeLog:\n- include: {file: b.yaml}\n"},
                             {"b.yaml", "databaseChangeLog:\n- include: {file: db.yaml}\n"}};
    const Loaded loaded("databaseChangeLog:\n- include: {file: a.yaml}\n", {}, std::move(files));
    CHECK(loaded.codes() == "CL1104");
    CHECK_THAT(loaded.report(), ContainsSubstring("db.yaml -> a.yaml -> b.yaml -> db.yaml"));
}

TEST_CASE("a file that is included twice is one error, not one per changeset") {
    tests::MemoryFiles files{
        {"a.yaml", "databaseChangeLog:\n- changeSet: {id: 1, author: a}\n- changeSet: {id: 2, author: a}\n"}};
    const Loaded loaded("databaseChangeLog:\n- include: {file: a.yaml}\n- include: {file: a.yaml}\n", {},
                        std::move(files));
    CHECK(loaded.codes() == "CL1210");
    CHECK_THAT(loaded.report(), ContainsSubstring("db.yaml:3:3: error CL1210: 'a.yaml' is included twice"));
}

TEST_CASE("the changelog itself may be missing or not readable") {
    tests::MemoryFiles files;
    Diagnostics diagnostics;
    load_changelog("none.yaml", files, {}, diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(to_text(diagnostics.items()[0]) == "none.yaml: error CL1001: file 'none.yaml' not found\n");
}

TEST_CASE("a file over the limit is refused") {
    LoadOptions options;
    options.max_file_bytes = 100;
    CHECK(Loaded("databaseChangeLog: # " + std::string(200, 'x') + "\n", options).codes() == "CL1008");
}

TEST_CASE("hostile changelogs end in errors, not in crashes") {
    std::string binary = "databaseChangeLog:\n- changeSet: {id: ";
    for (int i = 0; i < 256; ++i) binary += static_cast<char>(i);
    CHECK(Loaded(binary).diagnostics.has_errors());
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {id: a, author: b, changes: " + std::string(10'000, '[') +
                 "}\n")
              .diagnostics.has_errors());
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {id: " + std::string(2'000'000, '1') + ", author: b}\n")
              .changelog.changesets.size() == 1);
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {? {a: b} : c, [x]: d, id: a, author: b}\n")
              .diagnostics.has_errors());
    CHECK(Loaded("databaseChangeLog:\n- property: {name: a, value: '${a}${a}${a}'}\n- changeSet: {id: "
                 "'${a}', author: b}\n")
              .changelog.changesets.size() == 1);
    const std::string deep(5000, '(');
    CHECK(
        Loaded("databaseChangeLog:\n- changeSet: {id: a, author: b, context: \"" + deep + "\"}\n").codes() ==
        "CL1212");
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {id: a, author: b, context: \"" + std::string(5000, '!') +
                 "a\"}\n")
              .codes() == "CL1212");
}
