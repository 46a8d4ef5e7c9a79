// From PostgreSQL 18 on NOT NULL is a constraint with a name, from 17 on that of a domain: the fold has it.
#include "support/catch.hpp"
#include "support/fold.hpp"

using namespace changelog;
using tests::Fold;

namespace {

std::string name_of(Fold& fold, const std::string& table, const std::string& column) {
    const catalog::Table* found = fold.catalog().table({"public", table});
    return found == nullptr || found->column(column) == nullptr ? "none"
                                                                : found->column(column)->not_null_name;
}

std::string sql(const std::string& text) { return "sql: {sql: \"" + text + "\"}"; }

}  // namespace

TEST_CASE("a NOT NULL keeps its name when its table and column get others") {
    Fold fold;
    fold.context.server_version = 180000;
    fold.apply(
        "createTable: {tableName: t, columns: [{column: {name: a, type: int, constraints: {nullable: "
        "false}}}, {column: {name: b, type: int}}]}");
    CHECK(name_of(fold, "t", "a") == "t_a_not_null");
    CHECK(name_of(fold, "t", "b").empty());
    fold.apply("renameTable: {oldTableName: t, newTableName: u}");
    fold.apply("renameColumn: {tableName: u, oldColumnName: a, newColumnName: z}");
    CHECK(name_of(fold, "u", "z") == "t_a_not_null");
    // Names are chosen for the whole schema.
    fold.apply(sql("CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT given NOT NULL)"));
    CHECK(name_of(fold, "t", "a") == "t_a_not_null1");
    CHECK(name_of(fold, "t", "b") == "given");
    CHECK(
        fold.undo_sql("dropColumn: {tableName: t, columnName: b}").find("ADD CONSTRAINT given NOT NULL b") !=
        std::string::npos);
    fold.apply("dropNotNullConstraint: {tableName: t, columnName: b}");
    fold.apply("addNotNullConstraint: {tableName: t, columnName: b}");
    CHECK(name_of(fold, "t", "b") == "t_b_not_null");
    fold.apply(sql("ALTER TABLE t RENAME CONSTRAINT t_b_not_null TO filled"));
    CHECK(name_of(fold, "t", "b") == "filled");
    fold.apply(sql("ALTER TABLE t DROP CONSTRAINT filled"));
    CHECK_FALSE(fold.catalog().table({"public", "t"})->column("b")->not_null);
    CHECK(fold.catalog().uncertain.empty());
}

TEST_CASE("partitions and children have the names of their parents' NOT NULLs") {
    Fold fold;
    fold.context.server_version = 180000;
    fold.apply(
        sql("CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION "
            "OF p DEFAULT"));
    CHECK(name_of(fold, "p1", "a") == "p_a_not_null");
    fold.apply(sql("ALTER TABLE p ALTER b SET NOT NULL, ADD c int NOT NULL"));
    CHECK(name_of(fold, "p1", "b") == "p_b_not_null");
    CHECK(name_of(fold, "p1", "c") == "p_c_not_null");
    fold.apply(sql("ALTER TABLE p RENAME CONSTRAINT p_b_not_null TO filled"));
    CHECK(name_of(fold, "p1", "b") == "filled");
    fold.apply(sql("ALTER TABLE p DETACH PARTITION p1"));
    CHECK(name_of(fold, "p1", "a") == "p_a_not_null");
}

TEST_CASE("a child's own NOT NULL stays when its parent's goes") {
    for (const std::string drop :
         {"dropNotNullConstraint: {tableName: t, columnName: a}", "sql: ALTER TABLE t ALTER a DROP NOT NULL",
          "sql: ALTER TABLE t DROP CONSTRAINT t_a_not_null"}) {
        INFO(drop);
        Fold fold;
        fold.context.server_version = 180000;
        fold.apply(
            sql("CREATE TABLE t (a int NOT NULL); CREATE TABLE c () INHERITS (t); CREATE TABLE d (a int NOT "
                "NULL) INHERITS (t)"));
        fold.apply(drop);
        CHECK_FALSE(fold.catalog().table({"public", "c"})->column("a")->not_null);
        CHECK(fold.catalog().table({"public", "d"})->column("a")->not_null);
    }
}

TEST_CASE("servers before PostgreSQL 18 know no name of a NOT NULL") {
    Fold fold;
    fold.apply(sql("CREATE TABLE t (a int CONSTRAINT given NOT NULL, b int PRIMARY KEY)"));
    fold.apply("renameTable: {oldTableName: t, newTableName: u}");
    CHECK(name_of(fold, "u", "a").empty());
    CHECK(name_of(fold, "u", "b").empty());
}

TEST_CASE("a domain's NOT NULL keeps its name from PostgreSQL 17 on") {
    for (const int version : {160000, 170000}) {
        Fold fold;
        fold.context.server_version = version;
        fold.apply("createDomain: {domainName: d, dataType: int, nullable: false}");
        fold.apply(sql("CREATE DOMAIN e AS int CONSTRAINT given NOT NULL"));
        fold.apply(sql("ALTER DOMAIN d RENAME TO f"));
        const auto& types = fold.catalog().types;
        const catalog::Type &renamed = types.at({"public", "f"}), &named = types.at({"public", "e"});
        CHECK(renamed.not_null == (version < 170000));
        CHECK(named.not_null == (version < 170000));
        if (version < 170000) continue;
        REQUIRE(renamed.constraints.size() == 1);
        CHECK(renamed.constraints.front().name == "d_not_null");
        CHECK(fold.undo_sql(sql("DROP DOMAIN e")).find("CONSTRAINT given NOT NULL") != std::string::npos);
        fold.apply(sql("ALTER DOMAIN f RENAME TO d"));
        CHECK(types.at({"public", "d"}).not_null);
        CHECK(types.at({"public", "d"}).constraints.empty());
    }
}
