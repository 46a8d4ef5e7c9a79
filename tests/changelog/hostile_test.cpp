// Texts that no honest author writes, and slips that honest ones make.
#include "operations/files.hpp"
#include "support/catch.hpp"
#include "support/memory_files.hpp"

using namespace changelog;
using changelog::tests::Loaded;
using changelog::tests::MemoryFiles;

namespace {

/// A changelog that includes one file.
Loaded including(const std::string& name, std::string text, const LoadOptions& options = {}) {
    MemoryFiles files;
    files.add(name, std::move(text));
    return Loaded("databaseChangeLog:\n- include: {file: " + name + "}\n", options, std::move(files));
}

std::string with(const std::string& keys) {
    return "databaseChangeLog:\n- changeSet:\n    id: a\n    author: b\n" + keys;
}

}  // namespace

TEST_CASE("U+0000 is refused wherever it can be written") {
    CHECK(Loaded(with("    changes:\n    - sql: \"SELECT 1\\0; DROP TABLE t\"\n")).report() ==
          R"(db.yaml:6:12: error CL1215: U+0000 in a text: PostgreSQL has no such character
    6 |     - sql: "SELECT 1\0; DROP TABLE t"
      |            ^
)");
    CHECK(Loaded(with("    \"com\\0ment\": x\n")).codes() == "CL1215");
    CHECK(including("a.json", "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"\\u0000\"}}]}").codes() ==
          "CL1215");
    CHECK(including("a.xml",
                    "<databaseChangeLog><changeSet id=\"a\" author=\"b\"><sql>a&#0;b</sql></changeSet>"
                    "</databaseChangeLog>")
              .codes() == "CL1108");
    CHECK(including("a.sql", std::string("SELECT 1\0;", 10)).codes() == "CL1004");
    MemoryFiles files;
    files.add("p.properties", "a=x\\u0000y\n");
    CHECK(Loaded("databaseChangeLog:\n- property: {file: p.properties}\n", {}, std::move(files)).codes() ==
          "CL1215");
}

TEST_CASE("JSON writes characters beyond U+FFFF as pairs") {
    const Loaded loaded = including(
        "a.json",
        R"({"databaseChangeLog": [{"changeSet": {"comment": "\ud83d\ude00\\ud83d", "id": "a", "author": "b", "x": 1}}]})");
    CHECK(loaded.codes() == "CL1203");
    REQUIRE(loaded.changelog.changesets.size() == 1);
    CHECK(loaded.changelog.changesets[0].comment == "\U0001F600\\ud83d");
    CHECK(loaded.diagnostics.items()[0].where.column == 99);
}

TEST_CASE("entities of XML are expanded or refused") {
    const auto file = [](const std::string& sql, const std::string& before = "") {
        return including("a.xml", before + "<databaseChangeLog><changeSet id=\"a\" author=\"b\"><sql>" + sql +
                                      "</sql></changeSet></databaseChangeLog>")
            .report();
    };
    CHECK(file("SELECT &quot;a&quot; &#x41;&#66; <![CDATA[ a && b ]]><!-- & -->").empty());
    CHECK_THAT(
        file("&none;"),
        ContainsSubstring("a.xml:1:54: error CL1108: XML syntax error: entity '&none;' is not defined"));
    CHECK_THAT(file("&own;", "<!DOCTYPE x [<!ENTITY own \"a\">]>"), ContainsSubstring("are not expanded"));
    CHECK_THAT(file("a && b"), ContainsSubstring("'&' must be written '&amp;'"));
}

TEST_CASE("the text of an XML column is its value") {
    const Loaded loaded =
        including("a.xml",
                  "<databaseChangeLog><changeSet id=\"a\" author=\"b\"><insert tableName=\"t\"><column "
                  "name=\"b\">text</column></insert></changeSet></databaseChangeLog>");
    CHECK(loaded.codes().empty());
    REQUIRE(loaded.changelog.changesets.size() == 1);
    CHECK_THAT(loaded.changelog.changesets[0].definition, ContainsSubstring("text"));
}

TEST_CASE("onValidationFail: MARK_RAN keeps an invalid changeset without its changes") {
    const std::string wrong =
        "    changes:\n    - dropTable: {cascadeConstraints: true}\n    - sql: SELECT 1\n";
    const Loaded loaded(with("    onValidationFail: MARK_RAN\n" + wrong));
    CHECK(loaded.codes() == "CL1204");
    CHECK_FALSE(loaded.diagnostics.has_errors());
    REQUIRE(loaded.changelog.changesets.size() == 1);
    CHECK(loaded.changelog.changesets[0].invalid);
    CHECK(loaded.changelog.changesets[0].changes.empty());
    CHECK(Loaded(with(wrong)).diagnostics.has_errors());
    const Loaded unknown(
        with("    onValidationFail: MARK_RAN\n    changes:\n    - dropTabel: {tableName: t}\n"));
    CHECK(unknown.diagnostics.has_errors());
    CHECK_FALSE(Loaded(with("    onValidationFail: MARK_RAN\n    changes:\n    - sql: SELECT 1\n"))
                    .changelog.changesets[0]
                    .invalid);
}

TEST_CASE("formatted SQL: slips in directives are reported where they are") {
    const auto report = [](const std::string& body) {
        return including("a.sql", "--liquibase formatted sql\n" + body).report();
    };
    CHECK_THAT(report("--changeset a:1\nSELECT 1;\n/* liquibase rollback\nDROP TABLE t;\n--changeset a:2\n"),
               ContainsSubstring("a.sql:4:1: error CL1109: '/* liquibase rollback' is not closed"));
    for (const auto& [typo, wanted] : std::vector<std::pair<std::string, std::string>>{
             {"--rolback DROP TABLE t", "rollback"},
             {"--coment: x", "comment"},
             {"--changset a", "changeset"},
             {"--precondtion-sql-check expectedResult:0 SELECT 1", "precondition-sql-check"}}) {
        CAPTURE(typo);
        const std::string text = report("--changeset a:1\nSELECT 1;\n" + typo + "\n");
        CHECK_THAT(text, ContainsSubstring("a.sql:4:3: warning CL1109") &&
                             ContainsSubstring("did you mean '" + wanted + "'?"));
    }
    CHECK_THAT(report("--changeset a:1\n--precondition-sql-chek expectedResult:0 SELECT 1\n"),
               ContainsSubstring("did you mean '--precondition-sql-check'?"));
    CHECK(report("--changeset a:1\n--commit\n--rolled back\n-- rolback\n--contents of\n-----\nSELECT 1;\n")
              .empty());
    CHECK_THAT(report("--changeset a:1 runOnChnge:true\nSELECT 1;\n"),
               ContainsSubstring("a.sql:2:17: error CL1203: unknown key 'runOnChnge'") &&
                   ContainsSubstring("did you mean 'runOnChange'?"));
    CHECK_THAT(report("--changeset a:1 runOnChange=true\nSELECT 1;\n"),
               ContainsSubstring("a.sql:2:17: error CL1109") &&
                   ContainsSubstring("did you mean 'runOnChange:true'?"));
}

TEST_CASE("regular expressions of modifySql are checked when they are read") {
    const auto report = [](const std::string& edit) {
        return Loaded(with("    modifySql:\n    - regExpReplace: " + edit + "\n")).report();
    };
    CHECK(report("{replace: 'a(?=b)\\w++', with: $0}").empty());
    CHECK_THAT(report("{replace: 'a(b', with: x}"),
               ContainsSubstring(
                   "db.yaml:6:32: error CL1218: 'replace' of regExpReplace, character 4: missing closing "
                   "parenthesis"));
    CHECK_THAT(report("{replace: a, with: $1}"),
               ContainsSubstring("'with' of regExpReplace, character 1: there is no group 1"));
}

TEST_CASE("properties files have escapes for characters") {
    MemoryFiles files;
    files.add("p.properties", "a=\\u00e4\\ud83d\\ude00\\u20AC\\t|\n");
    const Loaded loaded(
        "databaseChangeLog:\n- property: {file: p.properties}\n- changeSet: {id: '${a}', author: b}\n", {},
        std::move(files));
    CHECK(loaded.changelog.changesets.at(0).key.id == "\u00e4\U0001F600\u20AC\t|");
}

TEST_CASE("keys given twice are found in lists too") {
    CHECK(Loaded(with("    preConditions:\n    - onFail: WARN\n    - onFail: HALT\n")).codes() == "CL1202");
    CHECK(Loaded(with("    preConditions: {onFail: WARN, onFail: HALT}\n")).codes() == "CL1202");
    CHECK_THAT(
        Loaded(with("    rollback:\n    - changeSetId: a\n    - changeSetAuthor: b\n    - changeSetId: c\n"))
            .codes(),
        ContainsSubstring("CL1202"));
}

TEST_CASE("a second databaseChangeLog is an error, or in lenient reading wins") {
    const std::string text =
        "databaseChangeLog:\n- changeSet: {id: a, author: b}\ndatabaseChangeLog:\n- changeSet: {id: c, "
        "author: b}\n";
    CHECK(Loaded(text).diagnostics.has_errors());
    LoadOptions options;
    options.lenient = true;
    const Loaded loaded(text, options);
    CHECK(loaded.codes() == "CL1202");
    CHECK_FALSE(loaded.diagnostics.has_errors());
    CHECK(loaded.changelog.changesets.at(0).key.id == "c");
}

TEST_CASE("retain of a changeset is true, false or a period") {
    CHECK(Loaded(with("    retain: 30d\n")).codes().empty());
    CHECK(Loaded(with("    retain: true\n")).codes().empty());
    CHECK(Loaded(with("    retain: 30 dys\n")).codes() == "CL1215");
    CHECK(Loaded(with("    retain: false\n")).codes().empty());
    CHECK(Loaded(with("    retain: null\n")).codes().empty());
    CHECK(Loaded(with("    retain: ~\n")).codes().empty());
    CHECK(Loaded(with("    retain:\n")).codes().empty());
    CHECK(Loaded(with("    retain: ''\n")).codes() == "CL1215");
}

TEST_CASE("names of columns are trimmed") {
    const Loaded loaded(
        with("    changes:\n    - dropColumn: {tableName: t, columns: [{column: {name: ' a '}}]}\n"));
    CHECK_THAT(loaded.changelog.changesets.at(0).definition,
               ContainsSubstring("\"a\"") && !ContainsSubstring("\" a \""));
}
