#include "support/catch.hpp"
#include "support/memory_files.hpp"

using namespace changelog;
using changelog::tests::Loaded;

namespace {

std::string operations_of(const ChangeSet& set) {
    std::string out;
    for (const auto& change : set.changes) out += (out.empty() ? "" : " ") + std::string(change->type().name);
    return out;
}

/// The only changeset of a changelog whose changeSet has these lines besides id and author.
struct OneSet {
    Loaded loaded;
    explicit OneSet(const std::string& lines, const LoadOptions& options = {})
        : loaded("databaseChangeLog:\n- changeSet:\n    id: a\n    author: b\n" + lines, options) {}
    const ChangeSet& set() const {
        INFO(loaded.report());
        REQUIRE(loaded.changelog.changesets.size() == 1);
        return loaded.changelog.changesets.front();
    }
};

}  // namespace

TEST_CASE("every plain key of a changeSet is bound") {
    const OneSet one(R"(    comment: why
    context: prod
    contextFilter: test
    labels: A, b
    dbms: postgresql,h2
    runOnChange: true
    alwaysRun: true
    failOnError: false
    runInTransaction: false
    runOrder: last
    created: 2020
    onValidationFail: MARK_RAN
    validCheckSum: [ANY, "9:abc"]
    objectQuotingStrategy: QUOTE_ALL_OBJECTS
    logicalFilePath: /old/path.xml
    runWith: jdbc
    strategy: online
    provides: [f, g]
    dependsOn: [x, {id: y, author: c, path: classpath:p.yaml}]
    suppress:
    - {rule: CL2101, reason: small, until: 2030-01-01}
)");
    const ChangeSet& set = one.set();
    CHECK(one.loaded.codes().empty());
    CHECK(set.comment == "why");
    CHECK(set.contexts == std::vector<std::string>{"test"});
    CHECK(set.labels == std::vector<std::string>{"a,b"});
    CHECK(set.run_on_change);
    CHECK(set.run_always);
    CHECK_FALSE(set.fail_on_error);
    CHECK_FALSE(set.run_in_transaction);
    CHECK(set.run_order == RunOrder::last);
    CHECK(set.mark_ran_on_invalid);
    CHECK(set.valid_checksums == std::vector<std::string>{"ANY", "9:abc"});
    CHECK(set.quoting == QuotingStrategy::quote_all);
    CHECK(set.key.path == "old/path.xml");
    CHECK(set.stored_path == "db.yaml");
    CHECK(set.strategy == "online");
    CHECK(set.provides == std::vector<std::string>{"f", "g"});
    REQUIRE(set.depends_on.size() == 2);
    CHECK(set.depends_on[0].id == "x");
    CHECK(set.depends_on[1].path == "p.yaml");
    REQUIRE(set.suppressions.size() == 1);
    CHECK(set.suppressions[0].until == "2030-01-01");
}

TEST_CASE("a changeSet may be a list of maps, and its keys may have another case") {
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet:\n  - ID: a\n  - Author: b\n  - changes:\n    - sql: SELECT 1\n");
    CHECK(loaded.codes().empty());
    CHECK(to_string(loaded.changelog.changesets.at(0).key) == "db.yaml::a::b");
}

TEST_CASE("changes come in every form that Liquibase takes") {
    CHECK(operations_of(OneSet("").set()).empty());
    CHECK(operations_of(OneSet("    changes:\n").set()).empty());
    CHECK(operations_of(OneSet("    changes: []\n").set()).empty());
    CHECK(operations_of(OneSet("    changes: {sql: SELECT 1, dropTable: {tableName: t}}\n").set()) ==
          "sql dropTable");
    CHECK(
        operations_of(OneSet("    changes:\n    - sql: SELECT 1\n      dropTable: {tableName: t}\n").set()) ==
        "sql dropTable");
    CHECK(operations_of(OneSet("    sql: SELECT 1\n    dropTable: {tableName: t}\n").set()) ==
          "sql dropTable");
    CHECK(operations_of(
              OneSet("    changes:\n    - sql: [{sql: SELECT 1}, {splitStatements: false}]\n").set()) ==
          "sql");
    CHECK(operations_of(OneSet("    changes:\n    - sql: SELECT 1\n      remarks: text\n").set()) == "sql");
    CHECK(operations_of(OneSet("    remarks: x\n    description: y\n    comments: z\n").set()).empty());
}

TEST_CASE("keys of the changeSet may stand among the changes") {
    const OneSet one(R"(    changes:
    - comment: said here
    - preConditions:
      - onFail: CONTINUE
      - tableExists: {tableName: t}
      changes:
      - sql: SELECT 1
    - modifySql:
      - dbms: postgresql
      - append: {value: x}
      - replace: {replace: a, with: b}
    - rollback: SELECT 2
    - rollback:
      - sql: SELECT 3
)");
    const ChangeSet& set = one.set();
    CHECK(one.loaded.report().empty());
    CHECK(set.comment == "said here");
    REQUIRE(set.preconditions);
    CHECK(set.preconditions->on_fail == OnFail::carry_on);
    CHECK(set.preconditions->all.size() == 1);
    CHECK(operations_of(set) == "sql");
    REQUIRE(set.sql_edits.size() == 2);
    CHECK(set.sql_edits[0].kind == "append");
    CHECK(set.sql_edits[0].text == "x");
    CHECK(set.sql_edits[1].find == "a");
    CHECK(set.sql_edits[1].dbms == "postgresql");
    REQUIRE(set.rollback);
    CHECK(set.rollback->operations.size() == 2);
}

TEST_CASE("modifySql takes its options once per block") {
    const OneSet one(
        "    modifySql: [{dbms: postgresql}, {append: {value: x}}, {dbms: mysql}, {append: {value: y}}]\n");
    CHECK(one.loaded.codes() == "CL1218");
}

TEST_CASE("rollback forms") {
    const auto operations = [](const std::string& value) {
        const OneSet one("    rollback: " + value + "\n");
        INFO(one.loaded.report());
        CHECK(one.loaded.codes().empty());
        REQUIRE(one.set().rollback);
        return one.set().rollback->operations.size();
    };
    CHECK(operations("") == 0);
    CHECK(operations("''") == 0);
    CHECK(operations("[]") == 0);
    CHECK(operations("{}") == 0);
    CHECK(operations("Empty") == 0);
    CHECK(operations("{empty: {}}") == 0);
    CHECK(operations("DROP TABLE t; DROP TABLE u") == 1);
    CHECK(operations("[DROP TABLE t]") == 1);
    CHECK(operations("{sql: DROP TABLE t}") == 1);
    CHECK(operations("{sql: {sql: DROP TABLE t, splitStatements: false}}") == 1);
    CHECK(operations("[{dropTable: {tableName: t}}, {sql: SELECT 1}]") == 2);
    CHECK(operations("[{dropTable: {tableName: t}, sql: SELECT 1}]") == 2);
    CHECK(operations("not required") == 1);
    CHECK(OneSet("    rollback: [a, b]\n").loaded.codes() == "CL1213");
    CHECK(OneSet("    rollback: 5\n").loaded.codes() == "CL1213");
    CHECK_FALSE(OneSet("").set().rollback.has_value());
}

TEST_CASE("a rollback may name a changeset above it") {
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet: {id: a, author: b, changes: [{sql: SELECT 1}]}\n"
        "- changeSet: {id: c, author: b, rollback: {changeSetId: a, changeSetAuthor: b}}\n"
        "- changeSet: {id: d, author: b, rollback: [{changeSetId: e}, {changeSetAuthor: b}]}\n");
    CHECK(loaded.codes() == "CL1213");
    REQUIRE(loaded.changelog.changesets[1].rollback->forward_of);
    CHECK(to_string(*loaded.changelog.changesets[1].rollback->forward_of) == "db.yaml::a::b");
}

TEST_CASE("preconditions become a tree") {
    const OneSet one(R"(    preConditions:
    - onFail: MARK_RAN
    - onFailMessage: no
    - onUpdateSQL: TEST
    - dbms: {type: postgresql}
    - or:
      - tableExists: {tableName: a, schemaName: s}
      - not:
          sqlCheck: {expectedResult: 0, sql: SELECT 1}
          viewExists: [{viewName: v}]
)");
    CHECK(one.loaded.report().empty());
    REQUIRE(one.set().preconditions);
    const Preconditions& found = *one.set().preconditions;
    CHECK(found.on_fail == OnFail::mark_ran);
    CHECK(found.on_error == OnFail::halt);
    CHECK(found.on_fail_message == "false");
    CHECK(found.on_sql_output == "TEST");
    REQUIRE(found.all.size() == 2);
    CHECK(found.all[0].attributes.at("type") == "postgresql");
    const Condition& any = found.all[1];
    REQUIRE(any.children.size() == 2);
    CHECK(any.children[0].attributes.at("schemaName") == "s");
    REQUIRE(any.children[1].children.size() == 2);
    CHECK(any.children[1].children[0].attributes.at("expectedResult") == "0");
    CHECK(any.children[1].children[1].kind == "viewExists");
}

TEST_CASE("preconditions are read as strictly as everything else") {
    CHECK(OneSet("    preConditions:\n").loaded.codes().empty());
    CHECK(OneSet("    preConditions: [{tableExist: {tableName: t}}]\n").loaded.codes() == "CL1211");
    CHECK(OneSet("    preConditions: [{tableExists: {table: t}}]\n").loaded.codes() == "CL1204 CL1203");
    CHECK(OneSet("    preConditions: [{onFail: mark_ran}]\n").loaded.codes() == "CL1206");
    CHECK(OneSet("    preConditions: [{customPrecondition: {className: x}}]\n").loaded.codes() == "CL1216");
    CHECK_THAT(
        OneSet("    preConditions: [{foreignKeyConstraintExists: , foreignKeyName: x}]\n").loaded.report(),
        ContainsSubstring("indent it further"));
}

TEST_CASE("removeChangeSetProperty takes keys out before they are checked") {
    const Loaded loaded(R"(databaseChangeLog:
- removeChangeSetProperty: {change: addColumn, dbms: postgresql, remove: afterColumn}
- changeSet:
    id: a
    author: b
    changes:
    - addColumn:
        tableName: t
        columns:
        - column: {name: c, type: int, afterColumn: d}
)");
    CHECK(loaded.report().empty());
}

TEST_CASE("root settings hold for the changesets of the file") {
    const Loaded loaded(R"(databaseChangeLog:
- changeSet: {id: a, author: b, context: own}
- logicalFilePath: classpath:/old.xml
- objectQuotingStrategy: QUOTE_ONLY_RESERVED_WORDS
- context: root
- preConditions: [{dbms: {type: postgresql}}]
)");
    CHECK(loaded.report().empty());
    const ChangeSet& set = loaded.changelog.changesets.at(0);
    CHECK(set.key.path == "old.xml");
    CHECK(set.quoting == QuotingStrategy::quote_reserved);
    CHECK(set.contexts == std::vector<std::string>{"root", "own"});
    CHECK(loaded.changelog.preconditions.size() == 1);
}

TEST_CASE("runOrder moves changesets to the ends, keeping the order among them") {
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet: {id: a, author: b, runOrder: last}\n- changeSet: {id: c, author: "
        "b}\n"
        "- changeSet: {id: d, author: b, runOrder: first}\n- changeSet: {id: e, author: b, runOrder: "
        "first}\n");
    std::string order;
    for (const ChangeSet& set : loaded.changelog.changesets) order += set.key.id;
    CHECK(order == "deca");
    CHECK(Loaded("databaseChangeLog:\n- changeSet: {id: a, author: b, runOrder: FIRST}\n").codes() ==
          "CL1206");
}

TEST_CASE("tagDatabase gives the changeset its tag") {
    CHECK(OneSet("    changes:\n    - tagDatabase: {tag: v1}\n").set().tag == "v1");
}

TEST_CASE("duplicate keys are errors, and warnings when reading leniently") {
    const std::string lines = "    comment: x\n    comment: y\n";
    CHECK(OneSet(lines).loaded.codes() == "CL1202");
    LoadOptions options;
    options.lenient = true;
    const OneSet one(lines, options);
    CHECK(one.loaded.codes() == "CL1202");
    CHECK_FALSE(one.loaded.diagnostics.has_errors());
    CHECK(one.set().comment == "y");
    CHECK_THAT(one.loaded.report(), ContainsSubstring("It stands at db.yaml:5:5 already"));
}

TEST_CASE("the definition holds what a changeset does and nothing else") {
    const auto definition = [](const std::string& lines) { return OneSet(lines).set().definition; };
    const std::string plain =
        definition("    changes:\n    - renameColumn: {tableName: t, oldColumnName: a, newColumnName: b}\n");
    CHECK(plain ==
          R"({"changes":[{"renameColumn":{"newColumnName":"b","oldColumnName":"a","tableName":"t"}}]})");
    CHECK(definition(R"(    comment: text
    labels: x
    context: prod
    runOnChange: true
    rollback: SELECT 1
    preConditions: [{tableExists: {tableName: t}}]
    changes:
    - renameColumn:
        newColumnName: "b"
        oldColumnName: a
        remarks: none
        catalogName: c
        tableName: t
)") == plain);
    CHECK(OneSet("    changes:\n    - sql: SELECT 1\n").set().checksum.size() == 66);
    CHECK(OneSet("    changes:\n    - sql: SELECT 1\n").set().checksum ==
          OneSet("    changes:\n    - sql: {sql: \"select  1 -- note\"}\n").set().checksum);
    CHECK_THAT(
        definition("    dbms: mysql\n    provides: [g, f]\n    objectQuotingStrategy: QUOTE_ALL_OBJECTS\n"),
        ContainsSubstring(
            R"({"changes":[],"dbms":["mysql"],"provides":["f","g"],"quoting":"QUOTE_ALL_OBJECTS"})"));
    CHECK_THAT(definition("    modifySql: [{dbms: postgresql}, {append: {value: x}}]\n"),
               ContainsSubstring(R"("modifySql":[{"kind":"append","text":"x"}])"));
}
