// The edits of findings: applied, read again, and looked at once more.
#include "review/apply_edits.hpp"
#include "reviewed.hpp"

using namespace changelog;
using namespace changelog::tests;

namespace {

const std::string kBase = R"(databaseChangeLog:
- changeSet:
    id: base
    author: ada
    changes:
    - createTable:
        tableName: users
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
    - createTable:
        tableName: orders
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: user_id, type: bigint}
    - createIndex: {tableName: orders, indexName: old, columns: [{column: {name: user_id}}]}
)";

struct Fixed {
    std::string text;   ///< of the file afterwards
    std::string added;  ///< what `diff -u` adds
    bool safe = false, found = false;
};

/// Mends the finding of this code, and requires that it is gone then, in a changelog that is read.
Fixed fix(const std::string& base, const std::string& head, std::string_view code) {
    const review::Review before = Reviewed(base, head).run();
    const review::LocatedFinding* finding = find_code(before.findings, code);
    REQUIRE(finding != nullptr);
    Fixed out;
    if (finding->item.fixes.empty()) return out;
    const Fix& fix = finding->item.fixes.front();
    out.found = true;
    out.safe = fix.safe;
    const auto text = review::apply_edits(head, fix.edits);
    REQUIRE(text);
    out.text = *text;
    INFO(out.text);
    const review::Review after = Reviewed(base, out.text).run();
    const review::LocatedFinding* still = find_code(after.findings, code);
    CHECK((still == nullptr || (still->item.severity < finding->item.severity && still->item.fixes.empty())));
    const std::string diff = review::unified_diff("db.yaml", head, fix.edits);
    for (std::size_t at = diff.find("\n+", diff.find("@@")); at != std::string::npos;
         at = diff.find("\n+", at + 1))
        out.added += diff.substr(at + 2, diff.find('\n', at + 1) - at - 1);
    return out;
}

Fixed fix(const std::string& more, std::string_view code) { return fix(kBase, kBase + more, code); }

}  // namespace

TEST_CASE("fixes: an index is built concurrently, in block form of any indentation") {
    const Fixed two = fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - createIndex:
        # why not
        tableName: orders
        indexName: i
        columns: [{column: {name: user_id}}]
)",
                          "CL2161");
    CHECK_FALSE(two.found);  // a comment stands where the key would go
    const Fixed deep = fix(R"(-   changeSet:
          id: a
          author: ada
          changes:
              -   createIndex:
                      tableName: orders
                      indexName: i
                      columns: [{column: {name: user_id}}]
)",
                           "CL2161");
    CHECK(deep.safe);
    CHECK(deep.added == "                      concurrently: true\n");
}

TEST_CASE("fixes: flow form, and a value that is there") {
    CHECK(fix("- changeSet: {id: a, author: ada, changes: [{createIndex: {tableName: orders, indexName: i, "
              "columns: "
              "[{column: {name: user_id}}]}}]}\n",
              "CL2161")
              .added.find("{concurrently: true, tableName") != std::string::npos);
    CHECK(
        fix("- changeSet: {\"id\": \"a\", \"author\": \"ada\", \"changes\": [{\"dropIndex\": {\"indexName\": "
            "\"old\"}}]}\n",
            "CL2165")
            .added.find("{\"concurrently\": true, \"indexName\"") != std::string::npos);
    CHECK(fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - dropIndex:
        indexName: old
        concurrently: false   # quick
)",
              "CL2165")
              .added == "        concurrently: true   # quick\n");
}

TEST_CASE("fixes: an anchor is left alone, and other changes ask for a decision") {
    CHECK_FALSE(fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - createIndex: &i
        tableName: orders
        indexName: i
        columns: [{column: {name: user_id}}]
)",
                    "CL2161")
                    .found);
    CHECK_FALSE(fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - dropIndex:
        indexName: old
    - empty: {}
)",
                    "CL2165")
                    .safe);
}

TEST_CASE("fixes: a foreign key and a CHECK are validated by a changeset of their own") {
    const Fixed key = fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - addForeignKeyConstraint:
        baseTableName: orders
        baseColumnNames: user_id
        constraintName: to_user
        referencedTableName: users
        referencedColumnNames: id

# the next one
- changeSet:
    id: b
    author: ada
    changes:
    - empty: {}
)",
                          "CL2143");
    CHECK_FALSE(key.safe);
    CHECK(key.added == R"(        validate: false
- changeSet:
    id: a-validate
    author: ada
    changes:
    - validateConstraint:
        tableName: orders
        constraintName: to_user
)");
    CHECK(fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - addCheckConstraint:
        tableName: orders
        constraintName: c
        constraintBody: id > 0)",
              "CL2131")
              .text.ends_with("        constraintName: c"));
}

TEST_CASE("fixes: NOT NULL is proved by a CHECK") {
    const Fixed fixed = fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - addNotNullConstraint: {tableName: orders, columnName: user_id}
)",
                            "CL2111");
    CHECK(fixed.found);
    CHECK(fixed.text.find("constraintBody: user_id IS NOT NULL") != std::string::npos);
    CHECK(fixed.text.find("- dropCheckConstraint:") > fixed.text.find("- addNotNullConstraint:"));
}

TEST_CASE("fixes: what is dropped can be kept") {
    const Fixed fixed = fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - dropTable:
        tableName: orders
)",
                            "CL2221");
    CHECK(fixed.added == "        retain: true\n");
    CHECK_FALSE(fixed.safe);
}

TEST_CASE("fixes: SQL, with what Liquibase has to be told") {
    const Fixed fixed = fix(R"(- changeSet:
    id: a
    author: ada
    changes:
    - sql: CREATE UNIQUE INDEX i ON orders (user_id)
)",
                            "CL2161");
    CHECK(fixed.added ==
          "    runInTransaction: false\n    - sql: CREATE UNIQUE INDEX CONCURRENTLY i ON "
          "orders (user_id)\n");
}

TEST_CASE("edits: applied at once, and refused where they overlap") {
    const std::string text = "one\ntwo\nthree";
    const Edit first{"f", 1, 1, 1, 4, "1"}, last{"f", 3, 6, 3, 6, "!\nfour"};
    CHECK(review::apply_edits(text, {last, first, first}) == "1\ntwo\nthree!\nfour");
    CHECK_FALSE(review::apply_edits(text, {first, {"f", 1, 2, 1, 3, ""}}));
    CHECK_FALSE(review::apply_edits(text, {{"f", 4, 1, 4, 1, ""}}));
    CHECK(review::unified_diff("f", text, {last, first}) ==
          "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n-one\n+1\n two\n-three\n\\ No newline at end of "
          "file\n+three!\n+four\n"
          "\\ No newline at end of file\n");
    for (const std::string& after : {std::string("1\ntwo\nthree!\nfour"), std::string(""),
                                     std::string("one\n"), std::string("zero\none\ntwo\nthree\nfour\n")})
        CHECK(review::apply_edits(text, review::line_edits("f", text, after)) == after);
}
