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

TEST_CASE("sql: what cannot be read from it needs a rollback block") {
    Fold fold;
    CHECK(fold.undo_sql("sql: DROP TABLE t") ==
          "impossible: DROP: the definition of table public.t is not known: it needs a rollback block, or is "
          "undone by what is seen when it is applied");
    CHECK(fold.undo("sql: DROP TABLE t").observe);
    CHECK(fold.undo_sql("sql: ' '").empty());
    CHECK(fold.undo_sql("sql: CREATE TABLE t (a int); CREATE INDEX ON t (a)") == "DROP TABLE public.t");
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

TEST_CASE("raw SQL: reading and writing rows leaves the schema known and certain") {
    for (const char* sql :
         {"INSERT INTO a VALUES (1)", "UPDATE a SET id = 2", "SELECT * FROM a", "DELETE FROM a"}) {
        Fold fold;
        add_table(fold, "a");
        operations::follow_sql(std::string(sql), "public", fold.catalog());
        INFO(sql);
        CHECK(knows(fold, "a"));
        CHECK(fold.catalog().uncertain.empty());
    }
}

TEST_CASE("raw SQL: what cannot be seen through makes the schema uncertain") {
    Fold fold;
    operations::follow_sql(std::string("DO $$ BEGIN PERFORM 1; END $$"), "public", fold.catalog());
    CHECK(fold.catalog().uncertain.size() == 1);
    operations::follow_sql(std::string("CREATE TABLE t (a integer)"), "public", fold.catalog());
    CHECK(fold.catalog().uncertain.size() == 1);
    CHECK(knows(fold, "t"));
}

TEST_CASE("raw SQL: new views and functions are known") {
    Fold fold;
    operations::follow_sql(std::string("CREATE VIEW v AS SELECT 1 AS one;"), "public", fold.catalog());
    operations::follow_sql("CREATE FUNCTION f(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                           "public", fold.catalog());
    CHECK(fold.catalog().views.at({"public", "v"}).query == "SELECT 1 AS one");
    CHECK(fold.catalog().functions.count({"public", "f"}) == 1);
    CHECK(fold.undo_sql("dropView: {viewName: v}") == "CREATE VIEW public.v AS SELECT 1 AS one");
    CHECK(fold.catalog().uncertain.empty());
}

TEST_CASE("raw SQL: comments on tables and columns are followed") {
    Fold fold;
    add_table(fold, "a");
    operations::follow_sql(std::string("COMMENT ON COLUMN a.id IS 'it''s'"), "public", fold.catalog());
    operations::follow_sql(std::string("COMMENT ON TABLE a IS 'x'"), "public", fold.catalog());
    CHECK(fold.catalog().tables.at({"public", "a"}).columns[0].comment == "it's");
    CHECK(fold.catalog().tables.at({"public", "a"}).comment == "x");
    operations::follow_sql(std::string("COMMENT ON TABLE a IS NULL"), "public", fold.catalog());
    CHECK_FALSE(fold.catalog().tables.at({"public", "a"}).comment);
    CHECK(fold.catalog().uncertain.empty());
}

TEST_CASE("raw SQL: grants are followed") {
    Fold fold;
    add_table(fold, "a");
    const auto follow = [&](const char* sql) {
        operations::follow_sql(std::string(sql), "public", fold.catalog());
    };
    follow("GRANT SELECT, INSERT ON a TO app, PUBLIC");
    follow("GRANT ALL PRIVILEGES ON TABLE a TO \"Admin\" WITH GRANT OPTION");
    follow("REVOKE INSERT ON a FROM PUBLIC CASCADE");
    follow("GRANT SELECT (id) ON a TO app");
    const auto& grants = fold.catalog().tables.at({"public", "a"}).grants;
    const auto of = [&](const std::string& role) {
        std::string out;
        for (const catalog::Grant& grant : grants)
            if (grant.grantee == role)
                for (const std::string& privilege : grant.privileges)
                    out += privilege + (grant.columns.empty() ? " " : "(id) ");
        return out;
    };
    CHECK(of("app").find("INSERT SELECT ") != std::string::npos);
    CHECK(of("app").find("SELECT(id) ") != std::string::npos);
    CHECK(of("") == "SELECT ");
    CHECK(of("Admin").starts_with("DELETE INSERT "));
    CHECK(fold.catalog().uncertain.empty());
    follow("GRANT SELECT ON a TO CURRENT_USER");
    CHECK_FALSE(knows(fold, "a"));
}

TEST_CASE("raw SQL: a grant on all tables of a schema is given to those that are known") {
    Fold fold;
    add_table(fold, "a");
    const auto result = operations::follow_sql(
        std::string("GRANT SELECT ON ALL TABLES IN SCHEMA public TO app"), "public", fold.catalog());
    CHECK(fold.catalog().tables.at({"public", "a"}).grants.size() == 1);
    CHECK_FALSE(result.exact);
}

TEST_CASE("sql: a statement ends where a semicolon can be put behind it") {
    Fold fold;
    CHECK(fold.sql("sql: {sql: 'SELECT 1;', splitStatements: false}") == "SELECT 1");
    CHECK(fold.sql("sql: SELECT 1 -- one") == "SELECT 1 -- one\n");
}
