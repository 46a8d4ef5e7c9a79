#include "cli/program.hpp"
#include "support/catch.hpp"

using changelog::test::Folder;
using changelog::test::Result;

namespace {

/// Runs `new` with a fixed time and author.
Result make(const Folder& folder, const std::string& words) {
    return folder.run(
        "export SOURCE_DATE_EPOCH=1795342500 USER=ana HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1; $changelog "
        "new " +
        words);
}

}  // namespace

TEST_CASE("new writes a changeset, the changelog and the schema, and prints the path") {
    const Folder folder;
    const Result result = make(
        folder, "create-table users 'id:bigint!' name:text 'email:varchar(255)?' 'at:timestamptz=now()'");
    CHECK(result.code == 0);
    CHECK(result.out == "changelogs/changes/20261122-1015-create-users.yaml\n");
    CHECK(folder.read("changelogs/changes/20261122-1015-create-users.yaml") ==
          R"(# yaml-language-server: $schema=../changelog.schema.json
databaseChangeLog:
  - changeSet:
      id: 20261122-1015-create-users
      author: ana
      changes:
        - createTable:
            tableName: users
            columns:
              - column:
                  name: id
                  type: bigint
                  autoIncrement: true
                  constraints:
                    primaryKey: true
                    nullable: false
              - column:
                  name: name
                  type: text
                  constraints:
                    nullable: false
              - column:
                  name: email
                  type: varchar(255)
              - column:
                  name: at
                  type: timestamptz
                  defaultValueComputed: now()
                  constraints:
                    nullable: false
)");
    CHECK_THAT(folder.read("changelogs/changelog.yaml"), ContainsSubstring("includeAll"));
    CHECK(folder.has("changelogs/changelog.schema.json"));
}

TEST_CASE("what new writes is valid, for each kind") {
    const Folder folder;
    for (const char* words :
         {"create-table users 'id:bigint!' name:text", "add-column users 'note:text?' 'x:int=0'",
          "create-index users name,note", "create-index users x --unique",
          "create-table orders 'id:bigint!' user_id:bigint", "add-foreign-key orders.user_id users.id",
          "rename-column users note remark", "drop-column users remark", "create-enum state new,paid,yes",
          "sql fix \"UPDATE users SET name = 'a: b # c'\"", "sql later", "empty nothing"}) {
        INFO(words);
        const Result result = make(folder, words);
        CHECK(result.code == 0);
    }
    const Result valid = folder.run("$changelog validate");
    INFO(valid.out);
    CHECK(valid.code == 0);
    CHECK_THAT(valid.out, ContainsSubstring("12 changesets"));
}

TEST_CASE("new overwrites nothing") {
    const Folder folder;
    CHECK(make(folder, "empty same").code == 0);
    const std::string before = folder.read("changelogs/changes/20261122-1015-same.yaml");
    const Result result = make(folder, "sql same 'SELECT 2'");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("CL0010"));
    CHECK(folder.read("changelogs/changes/20261122-1015-same.yaml") == before);
    CHECK(folder.files("changelogs/changes").size() == 1);
}

TEST_CASE("new leaves nothing behind when the disk refuses") {
    const Folder folder;
    folder.write("changelogs", "a file where the folder should be");
    const Result result = make(folder, "empty a");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("CL0008"));
}

TEST_CASE("new says when the changelog does not include its file") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    CHECK_THAT(make(folder, "empty a").err, ContainsSubstring("does not include the new file"));
}

TEST_CASE("names that would be something else in YAML are quoted") {
    const Folder folder;
    CHECK(make(folder, "rename-column 'no' 'on: x' 'a#b'").code == 0);
    const std::string text = folder.read("changelogs/changes/" + folder.files("changelogs/changes").front());
    CHECK_THAT(text, ContainsSubstring("tableName: \"no\""));
    CHECK_THAT(text, ContainsSubstring("oldColumnName: \"on: x\""));
    CHECK_THAT(text, ContainsSubstring("newColumnName: \"a#b\""));
}

TEST_CASE("explain prints the page of a code") {
    const Folder folder;
    CHECK_THAT(folder.run("$changelog explain cl1203").out,
               Catch::Matchers::StartsWith("# CL1203: unknown key"));
    CHECK_THAT(folder.run("$changelog explain").out, ContainsSubstring("CL9001"));
    const Result unknown = folder.run("$changelog explain CL1230");
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, ContainsSubstring("CL0009"));
}

TEST_CASE("the schema is printed or written") {
    const Folder folder;
    CHECK(folder.run("$changelog schema | python3 -m json.tool").code == 0);
    CHECK(folder.run("$changelog schema --output s.json").code == 0);
    CHECK(folder.read("s.json") == folder.run("$changelog schema").out);
    CHECK(folder.run("$changelog schema --output /proc/s.json").code == 2);
}
