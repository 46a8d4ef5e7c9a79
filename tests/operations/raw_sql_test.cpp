#include "operations/raw_ddl.hpp"
#include "support/catch.hpp"
#include "support/fold.hpp"

using namespace changelog;
using tests::Built;
using tests::Fold;

namespace {

void add_table(Fold& fold, const std::string& name) {
    catalog::Table table;
    table.name = {"public", name};
    table.columns.resize(1);
    table.columns[0].name = "id";
    table.columns[0].type = "integer";
    fold.catalog().tables.emplace(table.name, table);
}

bool knows(Fold& fold, const std::string& name) { return fold.catalog().tables.contains({"public", name}); }

}  // namespace

TEST_CASE("sql: pieces, each a statement") {
    Fold fold;
    CHECK(fold.sql("sql: SELECT 1; SELECT ';'") == "SELECT 1;\nSELECT ';'");
    CHECK(fold.sql("sql: {sql: 'SELECT 1; SELECT 2', splitStatements: false}") == "SELECT 1; SELECT 2");
    CHECK(fold.sql("sql: {sql: 'SELECT 1 // SELECT 2', endDelimiter: //}") == "SELECT 1;\nSELECT 2");
    CHECK(fold.sql("sql: SELECT a ?? 'b'") == "SELECT a ? 'b'");
}

TEST_CASE("sql: what PostgreSQL refuses in a transaction is marked") {
    const Built built("sql: SELECT 1; VACUUM");
    Fold fold;
    const auto statements = built.operation->statements(fold.context);
    REQUIRE(statements.size() == 2);
    CHECK(statements[0].transactional);
    CHECK_FALSE(statements[1].transactional);
}

TEST_CASE("sql: transactions of the author's own are one step outside any other") {
    Fold fold;
    const auto shown = [&](const std::string& yaml) {
        std::string out;
        for (const Statement& statement : Built(yaml).operation->statements(fold.context))
            out += (statement.transactional ? "+" : "-") + statement.sql + "|";
        return out;
    };
    CHECK(shown("sql: 'begin; insert into t values (1); commit;'") ==
          "-begin; insert into t values (1); commit|");
    CHECK(shown("sql: 'SELECT 0; BEGIN TRANSACTION; SELECT 1; COMMIT; SELECT 2'") ==
          "+SELECT 0|-BEGIN TRANSACTION;\nSELECT 1;\nCOMMIT|+SELECT 2|");
    CHECK(shown("sql: {sql: 'SELECT 1; COMMIT; SELECT 2', splitStatements: false}") ==
          "-SELECT 1; COMMIT; SELECT 2|");
    CHECK(
        shown(
            "createProcedure: {procedureText: 'CREATE PROCEDURE p() LANGUAGE sql AS $$ SELECT 1 $$; COMMIT'}")
            .starts_with("-"));
}

TEST_CASE("sql: misspelt keys are explained, remarks are for the reader") {
    CHECK(Built("sql: {sql: SELECT 1, endDetemiter: //}").codes() == "CL1207");
    CHECK(Built("sql: {sql: SELECT 1, remarks: why, comment: how}").codes().empty());
}

TEST_CASE("sql: white space, comments and remarks do not change the checksum") {
    CHECK(Built("sql: SELECT  1 -- one").checksum_form() ==
          Built("sql: {sql: select 1, comment: x}").checksum_form());
    CHECK(Built("sql: SELECT 1").checksum_form() != Built("sql: SELECT 2").checksum_form());
}

TEST_CASE("sql: without a rollback block it cannot be undone, unless there is nothing in it") {
    Fold fold;
    CHECK(fold.undo_sql("sql: DROP TABLE t") == "impossible: raw SQL needs a rollback block");
    CHECK(fold.undo_sql("sql: ' '").empty());
}

TEST_CASE("sqlFile: the text is hashed, the path is not") {
    Built one("sqlFile: {path: a.sql}", {{"a.sql", "SELECT 1;"}});
    Built moved("sqlFile: {path: b.sql, relativeToChangelogFile: true}", {{"b.sql", "SELECT 1;"}});
    Built other("sqlFile: {path: a.sql}", {{"a.sql", "SELECT 2;"}});
    CHECK(one.checksum_form() == moved.checksum_form());
    CHECK(one.checksum_form() != other.checksum_form());
    Fold fold;
    CHECK(tests::joined(one.operation->statements(fold.context)) == "SELECT 1");
}

TEST_CASE("raw SQL: tables that it drops or alters are not known any more") {
    for (const char* sql : {"DROP TABLE a", "ALTER TABLE a ADD COLUMN b integer", "ALTER TABLE a RENAME TO z",
                            "CREATE INDEX i ON a (id)"}) {
        Fold fold;
        add_table(fold, "a");
        add_table(fold, "b");
        operations::follow_sql(sql, "public", fold.catalog());
        INFO(sql);
        CHECK_FALSE(knows(fold, "a"));
        CHECK(knows(fold, "b"));
    }
}

TEST_CASE("raw SQL: reading and writing rows leaves the schema known and certain") {
    for (const char* sql :
         {"INSERT INTO a VALUES (1)", "UPDATE a SET id = 2", "SELECT * FROM a", "DELETE FROM a"}) {
        Fold fold;
        add_table(fold, "a");
        operations::follow_sql(sql, "public", fold.catalog());
        INFO(sql);
        CHECK(knows(fold, "a"));
        CHECK(fold.catalog().uncertain.empty());
    }
}

TEST_CASE("raw SQL: what cannot be seen through makes the schema uncertain") {
    Fold fold;
    operations::follow_sql("DO $$ BEGIN PERFORM 1; END $$", "public", fold.catalog());
    CHECK(fold.catalog().uncertain.size() == 1);
    operations::follow_sql("CREATE TABLE t (a integer)", "public", fold.catalog());
    CHECK(fold.catalog().uncertain.back() == "SQL makes table public.t");
}

TEST_CASE("raw SQL: new views and functions are known") {
    Fold fold;
    operations::follow_sql("CREATE VIEW v AS SELECT 1 AS one;", "public", fold.catalog());
    operations::follow_sql("CREATE FUNCTION f(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                           "public", fold.catalog());
    CHECK(fold.catalog().views.at({"public", "v"}).definition == "CREATE VIEW v AS SELECT 1 AS one");
    CHECK(fold.catalog().functions.count({"public", "f"}) == 1);
    CHECK(fold.undo_sql("dropView: {viewName: v}") == "CREATE VIEW v AS SELECT 1 AS one");
    CHECK(fold.catalog().uncertain.empty());
}

TEST_CASE("raw SQL: tables whose foreign keys point at a dropped one are not known either") {
    Fold fold;
    add_table(fold, "a");
    add_table(fold, "b");
    catalog::Constraint key;
    key.name = "b_a";
    key.kind = catalog::ConstraintKind::foreign_key;
    key.columns = {"id"};
    key.referenced_table = {"public", "a"};
    fold.catalog().tables.at({"public", "b"}).constraints.push_back(key);
    operations::follow_sql("ALTER TABLE a RENAME TO c", "public", fold.catalog());
    CHECK_FALSE(knows(fold, "b"));
}

TEST_CASE("raw SQL: comments on tables and columns are followed") {
    Fold fold;
    add_table(fold, "a");
    operations::follow_sql("COMMENT ON COLUMN a.id IS 'it''s'", "public", fold.catalog());
    operations::follow_sql("COMMENT ON TABLE a IS 'x'", "public", fold.catalog());
    CHECK(fold.catalog().tables.at({"public", "a"}).columns[0].comment == "it's");
    CHECK(fold.catalog().tables.at({"public", "a"}).comment == "x");
    operations::follow_sql("COMMENT ON TABLE a IS NULL", "public", fold.catalog());
    CHECK_FALSE(fold.catalog().tables.at({"public", "a"}).comment);
    CHECK(fold.catalog().uncertain.empty());
}

TEST_CASE("raw SQL: plain grants are followed, others leave the table unknown") {
    Fold fold;
    add_table(fold, "a");
    const auto follow = [&](const char* sql) { operations::follow_sql(sql, "public", fold.catalog()); };
    follow("GRANT SELECT, INSERT ON a TO app, PUBLIC");
    follow("GRANT ALL PRIVILEGES ON TABLE a TO \"Admin\" WITH GRANT OPTION");
    follow("REVOKE INSERT ON a FROM PUBLIC CASCADE");
    const auto& grants = fold.catalog().tables.at({"public", "a"}).grants;
    REQUIRE(grants.size() == 3);
    CHECK(grants[0].grantee == "app");
    CHECK(grants[0].privileges == std::vector<std::string>{"INSERT", "SELECT"});
    CHECK(grants[1].privileges == std::vector<std::string>{"SELECT"});
    CHECK(grants[2].grantee == "Admin");
    CHECK(grants[2].grantable);
    CHECK(fold.catalog().uncertain.empty());
    follow("GRANT SELECT (id) ON a TO app");
    CHECK_FALSE(knows(fold, "a"));
}

TEST_CASE("raw SQL: a grant on all tables of a schema keeps what is known of them") {
    Fold fold;
    add_table(fold, "a");
    operations::follow_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO app", "public", fold.catalog());
    CHECK(knows(fold, "a"));
    CHECK(fold.catalog().uncertain.size() == 1);
}

TEST_CASE("sql: a statement ends where a semicolon can be put behind it") {
    Fold fold;
    CHECK(fold.sql("sql: {sql: 'SELECT 1;', splitStatements: false}") == "SELECT 1");
    CHECK(fold.sql("sql: SELECT 1 -- one") == "SELECT 1 -- one\n");
}
