#include "support/catch.hpp"
#include "support/memory_files.hpp"

using namespace changelog;
using changelog::tests::Loaded;
using changelog::tests::MemoryFiles;

namespace {

std::string one(const std::string& id) {
    return "databaseChangeLog:\n- changeSet: {id: " + id + ", author: x}\n";
}

std::string ids(const Loaded& loaded) {
    std::string out;
    for (const ChangeSet& set : loaded.changelog.changesets) out += set.key.id + " ";
    return out;
}

const ChangeSet& first(const Loaded& loaded) {
    INFO(loaded.report());
    REQUIRE_FALSE(loaded.changelog.changesets.empty());
    return loaded.changelog.changesets.front();
}

}  // namespace

TEST_CASE("includes are read where they stand, relative to the search path or to the file") {
    MemoryFiles files{{"sub/a.yaml",
                       "databaseChangeLog:\n- include: {file: ../b.yaml, relativeToChangelogFile: true}\n- "
                       "changeSet: {id: a, author: x}\n"},
                      {"b.yaml", one("b")}};
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet: {id: first, author: x}\n- include: [{file: "
        "'classpath:/sub/a.yaml'}]\n- changeSet: {id: last, author: x}\n",
        {}, std::move(files));
    CHECK(loaded.report().empty());
    CHECK(ids(loaded) == "first b a last ");
    CHECK(loaded.changelog.changesets[1].key.path == "b.yaml");
    CHECK(loaded.changelog.changesets[2].key.path == "sub/a.yaml");
}

TEST_CASE("contexts, labels and ignore of an include hold for its changesets") {
    MemoryFiles files{
        {"a.yaml",
         "databaseChangeLog:\n- context: root\n- changeSet: {id: a, author: x, context: own, labels: l}\n"}};
    const Loaded loaded(
        "databaseChangeLog:\n- include: {file: a.yaml, context: in, labels: M, ignore: true}\n", {},
        std::move(files));
    CHECK(first(loaded).contexts == std::vector<std::string>{"in", "root", "own"});
    CHECK(first(loaded).labels == std::vector<std::string>{"m", "l"});
    CHECK(first(loaded).ignore);
}

TEST_CASE("a missing include is tolerated if it says so") {
    CHECK(Loaded("databaseChangeLog:\n- include: {file: a.yaml, errorIfMissing: false}\n").codes().empty());
    CHECK(Loaded("databaseChangeLog:\n- include: {file: a.yaml}\n").codes() == "CL1103");
    CHECK(Loaded("databaseChangeLog:\n- include: {file: a.csv}\n").codes() == "CL1105");
    CHECK(Loaded("databaseChangeLog:\n- include: {fil: a.yaml}\n").codes() == "CL1203");
}

TEST_CASE("includeAll takes whole paths in the order of plain strings") {
    MemoryFiles files;
    for (const char* name : {"9.yml", "10.yml", "a.yml", "Z.yml", "b.yml", "a/x.yml"})
        files.add(std::string("d/") + name, one(std::string("'") + name + "'"));
    const Loaded loaded("databaseChangeLog:\n- includeAll: {path: d/}\n", {}, std::move(files));
    CHECK(loaded.report().empty());
    CHECK(ids(loaded) == "10.yml 9.yml Z.yml a.yml a/x.yml b.yml ");
}

TEST_CASE("includeAll filters by depth and ending and passes over other kinds of files") {
    const auto load = [](const std::string& options) {
        MemoryFiles files{{"d/a.yml", one("a")}, {"d/e/b.yaml", one("b")}, {"d/e/f/c.yml", one("c")}};
        return ids(
            Loaded("databaseChangeLog:\n- includeAll: {path: d, " + options + "}\n", {}, std::move(files)));
    };
    CHECK(load("maxDepth: 1") == "a ");
    CHECK(load("minDepth: 2") == "b c ");
    CHECK(load("minDepth: 2, maxDepth: 2") == "b ");
    CHECK(load("endsWithFilter: .yml") == "a c ");
    CHECK(load("maxDepth: 0") == "");
    MemoryFiles files{{"d/a.yml", one("a")}, {"d/readme.txt", "x"}};
    const Loaded loaded("databaseChangeLog:\n- includeAll: {path: d}\n", {}, std::move(files));
    CHECK(loaded.codes() == "CL1105");
    CHECK_FALSE(loaded.diagnostics.has_errors());
}

TEST_CASE("includeAll of nothing is an error unless it says otherwise, and never includes itself") {
    CHECK(Loaded("databaseChangeLog:\n- includeAll: {path: d}\n").codes() == "CL1106");
    CHECK(Loaded("databaseChangeLog:\n- includeAll: {path: d, errorIfMissingOrEmpty: false}\n")
              .codes()
              .empty());
    CHECK(Loaded("databaseChangeLog:\n- includeAll: {path: d, filter: com.example.F}\n").codes() == "CL1216");
    MemoryFiles files{{"a.yaml", one("a")}};
    const Loaded loaded("databaseChangeLog:\n- includeAll: {path: ., relativeToChangelogFile: true}\n", {},
                        std::move(files));
    CHECK(loaded.report().empty());
    CHECK(ids(loaded) == "a ");
}

TEST_CASE("properties are expanded in values, before and after they are defined") {
    const Loaded loaded(R"(databaseChangeLog:
- changeSet: {id: "${p}-1", author: "${ P }", comment: "$${p} $p ${none} ${p"}
- property: {name: p, value: v}
- property: {name: p, value: second}
- property: {name: env, value: dev}
- property: {name: url.dev, value: "u-${p}"}
- changeSet: {id: "${url.${env}}", author: x, runOnChange: "${yes}"}
- property: {name: yes, value: true}
)");
    CHECK(first(loaded).key.id == "v-1");
    CHECK(first(loaded).key.author == "v");
    CHECK(first(loaded).comment == "$v $p ${none} ${p");
    CHECK(loaded.changelog.changesets[1].key.id == "u-v");
}

TEST_CASE("an expanded number is text and stays as it is") {
    const Loaded loaded(
        "databaseChangeLog:\n- property: {name: n, value: '007'}\n- changeSet: {id: '${n}', author: x}\n");
    CHECK(loaded.codes().empty());
    CHECK(first(loaded).key.id == "007");
}

TEST_CASE("properties come by precedence: parameters, global, local, environment") {
    LoadOptions options;
    options.environment = {{"PATH_X", "env"}, {"ONLY_THERE", "env"}};
    options.parameters = {{"path_x", "parameter"}, {"q", "parameter"}};
    const Loaded loaded(R"(databaseChangeLog:
- property: {name: path_x, value: file}
- property: {name: q, value: file}
- property: {name: l, value: one, global: false}
- property: {name: l, value: two, global: false}
- property: {name: other, value: x, dbms: oracle}
- changeSet: {id: "${path_x} ${q} ${l} ${other} ${database.typeName} ${only_there}", author: x}
)",
                        options);
    CHECK(first(loaded).key.id == "parameter parameter two ${other} postgresql env");
}

TEST_CASE("local properties end with their file, global ones reach what is read later") {
    MemoryFiles files{{"a.yaml",
                       "databaseChangeLog:\n- property: {name: g, value: G}\n- property: {name: l, value: L, "
                       "global: false}\n- changeSet: {id: '${g}${l}', author: x}\n"}};
    const Loaded loaded(
        "databaseChangeLog:\n- changeSet: {id: '1${g}', author: x}\n- include: {file: a.yaml}\n- changeSet: "
        "{id: '2${g}${l}', author: x}\n",
        {}, std::move(files));
    CHECK(ids(loaded) == "1${g} GL 2G${l} ");
}

TEST_CASE("property files are Java's") {
    MemoryFiles files{
        {"p.properties", "# note\n! note\na=1\nb : two words \n  c\\ d = e\\\n   f\nprefix=\n"}};
    const Loaded loaded(
        "databaseChangeLog:\n- property: {file: p.properties}\n- changeSet: {id: '${a}|${b}|${c "
        "d}|${prefix}|', author: x}\n",
        {}, std::move(files));
    CHECK(first(loaded).key.id == "1|two words |ef||");
    CHECK(Loaded("databaseChangeLog:\n- property: {file: none.properties}\n").codes() == "CL1107");
    CHECK(Loaded("databaseChangeLog:\n- property: {value: x}\n").codes() == "CL1204");
}

TEST_CASE("a plain SQL file is one changeset that is not split and not expanded") {
    MemoryFiles files{{"a.sql", "SELECT '${p}'; SELECT 2;\n"}};
    const Loaded loaded("databaseChangeLog:\n- property: {name: p, value: v}\n- include: {file: a.sql}\n", {},
                        std::move(files));
    CHECK(loaded.report().empty());
    CHECK(to_string(first(loaded).key) == "a.sql::raw::includeAll");
    CHECK_THAT(first(loaded).definition, ContainsSubstring("${p}"));
}

TEST_CASE("formatted SQL gives the changesets that YAML would") {
    MemoryFiles files{{"a.sql", R"(
-- liquibase formatted sql
--property name:t value:orders
--changeset alice:1 runOnChange:true context:"a or b" labels:x splitStatements:false
--comment: makes it
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT count(*) FROM pg_class
--validCheckSum: ANY
CREATE TABLE ${t} (id int);
-- a remark
--rollback DROP TABLE
--rollback ${t};

--changeset "bob smith":"id 2" endDelimiter:/
SELECT 1;
/* liquibase rollback
  SELECT 2;
*/
--changeset bob:3
--ignoreLines:start
not sql
--ignoreLines:end
--rollback not required
--changeset bob:4
SELECT 4;
--rollback changesetId:1 changesetAuthor:alice
)"}};
    const Loaded loaded("databaseChangeLog:\n- include: {file: a.sql}\n", {}, std::move(files));
    CHECK(loaded.report().empty());
    REQUIRE(loaded.changelog.changesets.size() == 4);
    const ChangeSet& set = first(loaded);
    CHECK(to_string(set.key) == "a.sql::1::alice");
    CHECK(set.at.line == 4);
    CHECK(set.comment == "makes it");
    CHECK(set.run_on_change);
    CHECK(set.contexts == std::vector<std::string>{"a or b"});
    CHECK(set.valid_checksums == std::vector<std::string>{"ANY"});
    REQUIRE(set.preconditions);
    CHECK(set.preconditions->on_fail == OnFail::mark_ran);
    CHECK(set.preconditions->all.at(0).attributes.at("sql") == "SELECT count(*) FROM pg_class");
    CHECK_THAT(set.definition, ContainsSubstring("create table orders"));
    REQUIRE(set.rollback);
    CHECK(set.rollback->operations.size() == 1);
    CHECK(loaded.changelog.changesets[1].key.id == "id 2");
    CHECK(loaded.changelog.changesets[1].key.author == "bob smith");
    CHECK(loaded.changelog.changesets[1].rollback->operations.size() == 1);
    CHECK(loaded.changelog.changesets[2].changes.empty());
    CHECK(loaded.changelog.changesets[2].rollback->operations.empty());
    CHECK(loaded.changelog.changesets[3].rollback->forward_of->id == "1");
}

TEST_CASE("formatted SQL is read as strictly as YAML") {
    const auto codes = [](const std::string& lines) {
        MemoryFiles files{{"a.sql", "--liquibase formatted sql\n" + lines}};
        return Loaded("databaseChangeLog:\n- include: {file: a.sql}\n", {}, std::move(files)).codes();
    };
    CHECK(codes("--changeset alice\nSELECT 1;\n") == "CL1109");
    CHECK(codes("--changset alice:1\nSELECT 1;\n") == "CL1109 CL1109");
    CHECK(codes("--changeset alice:1 contxt:prod\nSELECT 1;\n") == "CL1203");
    CHECK(codes("--changeset alice:1 stray\nSELECT 1;\n") == "CL1109");
    CHECK(codes("SELECT 1;\n--changeset alice:1\nSELECT 1;\n") == "CL1109");
    CHECK(codes("--changeset alice:1\n--precondition-magic x\n") == "CL1211");
}

TEST_CASE("an XML changelog gives the changesets that YAML would") {
    MemoryFiles files{{"a.xml", R"(<?xml version="1.0" encoding="UTF-8"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="x" xsi:schemaLocation="y" logicalFilePath="old.xml">
  <property name="t" value="orders"/>
  <changeSet id="1" author="alice" context="prod">
    <validCheckSum>ANY</validCheckSum>
    <preConditions onFail="MARK_RAN"><not><tableExists tableName="${t}"/></not></preConditions>
    <comment>makes it</comment>
    <sql splitStatements="false">SELECT 1 &lt; 2</sql>
    <sql>SELECT 2</sql>
    <rollback>SELECT 3</rollback>
    <rollback><sql>SELECT 4</sql></rollback>
    <modifySql dbms="postgresql"><append value=" x"/></modifySql>
  </changeSet>
  <changeSet id="2" author="bob"><ext:empty/><tagDatabase tag="v1"/></changeSet>
</databaseChangeLog>
)"}};
    const Loaded loaded("databaseChangeLog:\n- include: {file: a.xml}\n", {}, std::move(files));
    CHECK(loaded.report().empty());
    REQUIRE(loaded.changelog.changesets.size() == 2);
    const ChangeSet& set = first(loaded);
    CHECK(to_string(set.key) == "old.xml::1::alice");
    CHECK(set.at.line == 4);
    CHECK(set.comment == "makes it");
    CHECK(set.changes.size() == 2);
    CHECK(set.rollback->operations.size() == 2);
    CHECK(set.sql_edits.size() == 1);
    CHECK(set.preconditions->all.at(0).children.at(0).attributes.at("tableName") == "orders");
    CHECK(loaded.changelog.changesets[1].tag == "v1");
}

TEST_CASE("XML changes have the definition of the same changes in YAML") {
    const auto definition = [](const std::string& xml) {
        MemoryFiles files{{"a.xml", "<databaseChangeLog><changeSet id='1' author='a'>" + xml +
                                        "</changeSet></databaseChangeLog>"}};
        const Loaded loaded("databaseChangeLog:\n- include: {file: a.xml}\n", {}, std::move(files));
        INFO(loaded.report());
        CHECK(loaded.codes().empty());
        return first(loaded).definition;
    };
    const auto yaml = [](const std::string& changes) {
        const Loaded loaded("databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n    changes:\n" +
                            changes);
        INFO(loaded.report());
        CHECK(loaded.codes().empty());
        return first(loaded).definition;
    };
    CHECK(
        definition(
            "<createTable tableName='t'><column name='a' type='int'><constraints nullable='false'/></column>"
            "<column name='b' type='text'/></createTable>") ==
        yaml("    - createTable: {tableName: t, columns: [{column: {name: a, type: int, constraints: "
             "{nullable: false}}}, "
             "{column: {name: b, type: text}}]}\n"));
    CHECK(definition("<update tableName='t'><column name='a' value='1'/><where>b = 2</where></update>") ==
          yaml("    - update: {tableName: t, columns: [{column: {name: a, value: 1}}], where: b = 2}\n"));
    CHECK(definition("<createView viewName='v'>SELECT 1</createView>") ==
          yaml("    - createView: {viewName: v, selectQuery: SELECT 1}\n"));
    CHECK(definition("<createProcedure>CREATE PROCEDURE p() AS 'x'</createProcedure>") ==
          yaml("    - createProcedure: {procedureText: \"CREATE PROCEDURE p() AS 'x'\"}\n"));
}

TEST_CASE("errors in XML have their place") {
    const auto load = [](const std::string& xml) {
        MemoryFiles files{{"a.xml", xml}};
        return Loaded("databaseChangeLog:\n- include: {file: a.xml}\n", {}, std::move(files));
    };
    CHECK_THAT(load("<databaseChangeLog>\n  <changeSet>\n</databaseChangeLog>\n").report(),
               ContainsSubstring("a.xml:3:") && ContainsSubstring("CL1108"));
    const Loaded typo =
        load("<databaseChangeLog>\n  <changeSet id='1'\n    author='a' contxt='x'/>\n</databaseChangeLog>\n");
    CHECK(typo.codes() == "CL1203");
    CHECK_THAT(typo.report(), ContainsSubstring("a.xml:3:16: error"));
    std::string deep;
    for (int i = 0; i < 5000; ++i) deep += "<a>";
    CHECK(load(deep).diagnostics.has_errors());
}
