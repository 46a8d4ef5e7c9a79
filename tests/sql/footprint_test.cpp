#include "sql/parse.hpp"
#include "support/catch.hpp"

using namespace changelog;

namespace {

/// "+column public.t.a": + create, . require, ~ alter, - drop; a question mark behind marks a tentative
/// touch.
std::string dump(const Footprint& footprint) {
    std::string out;
    for (const Touch& touch : footprint.touches) {
        out += out.empty() ? "" : ", ";
        out += "+.~-"[static_cast<std::size_t>(touch.access)];
        out += to_string(touch.object);
        if (touch.tentative) out += '?';
    }
    if (footprint.barrier) out += (out.empty() ? "! " : " ! ") + footprint.barrier_reason;
    return out;
}

std::string footprint(const std::string& text) {
    Footprint out;
    sql::footprint_of(text, "public", out);
    return dump(out);
}

void check(const std::vector<std::pair<std::string, std::string>>& rows) {
    for (const auto& [text, wanted] : rows) {
        CAPTURE(text);
        CHECK(footprint(text) == wanted);
    }
}

}  // namespace

TEST_CASE("a new table makes its columns and named constraints and needs what it refers to") {
    check({
        {"CREATE TABLE t (a int, B text)", "+table public.t, +column public.t.a, +column public.t.b"},
        {"CREATE TABLE IF NOT EXISTS app.\"T\" (a int)", "+table app.T?, +column app.T.a?"},
        {"CREATE TABLE t (a int PRIMARY KEY)",
         "+table public.t, +column public.t.a, .column public.t.a, +constraint public.t.t_pkey, .rows of "
         "public.t"},
        {"CREATE TABLE t (a int REFERENCES p(id))",
         "+table public.t, +column public.t.a, .column public.t.a, .table public.p, .column public.p.id, "
         ".rows of "
         "public.p, +constraint public.t.t_a_fkey, .rows of public.t"},
        {"CREATE TABLE t (a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES s.p)",
         "+table public.t, +column public.t.a, .column public.t.a, .table s.p, .constraint s.p.p_pkey, .rows "
         "of s.p, "
         "+constraint public.t.k, .rows of public.t"},
        {"CREATE TABLE t (a int, CONSTRAINT k CHECK (a > 0))",
         "+table public.t, +column public.t.a, .table public.t, .column public.t.a, +constraint public.t.k, "
         ".rows of public.t"},
        {"CREATE TABLE t (m mood, n app.dom[])",
         "+table public.t, +column public.t.m, .type public.mood, +column public.t.n, .type app.dom"},
        {"CREATE TABLE t (c citext)", "+table public.t, +column public.t.c, .extension citext"},
        {"CREATE TABLE t (a serial)", "+table public.t, +column public.t.a, +sequence public.t_a_seq"},
        {"CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
         "+table public.t, +column public.t.a, +sequence public.t_a_seq"},
        {"CREATE TABLE t (a int DEFAULT nextval('app.q'))",
         "+table public.t, +column public.t.a, .sequence app.q"},
        {"CREATE TABLE t (a int DEFAULT f())", "+table public.t, +column public.t.a, .function public.f"},
        {"CREATE TABLE t () INHERITS (p)", ".table public.p, .column public.p.*, +table public.t"},
        {"CREATE TABLE t PARTITION OF p FOR VALUES IN (1)",
         ".table public.p, .column public.p.*, +table public.t"},
        {"CREATE TABLE t (LIKE s)", "+table public.t, .table public.s, .column public.s.*"},
    });
}

TEST_CASE("a table, view or materialized view made from a query needs what the query reads") {
    check({
        {"CREATE TABLE t AS SELECT a FROM s",
         ".table public.s, .rows of public.s, .column public.s.a, +table public.t"},
        {"CREATE VIEW v AS SELECT a, x.b FROM s x WHERE c > 1",
         ".table public.s, .column public.s.a, .column public.s.b, .column public.s.c, +table public.v"},
        {"CREATE OR REPLACE VIEW v AS SELECT * FROM s",
         ".table public.s, .column public.s.*, +table public.v?"},
        {"CREATE VIEW v AS SELECT s.a FROM s JOIN app.u ON true",
         ".table public.s, .table app.u, .column public.s.*, .column app.u.*, +table public.v"},
        {"CREATE VIEW v AS WITH s AS (SELECT 1) SELECT * FROM s", "+table public.v"},
        {"CREATE VIEW v AS WITH s AS (SELECT * FROM s) SELECT * FROM s",
         ".table public.s, .column public.s.*, +table public.v"},
        {"CREATE VIEW v AS WITH RECURSIVE s AS (SELECT 1 UNION SELECT 2 FROM s) SELECT * FROM s",
         "+table public.v"},
        {"CREATE VIEW v AS SELECT f(a) FROM s",
         ".function public.f, .table public.s, .column public.s.a, +table public.v"},
        {"CREATE VIEW v AS SELECT a::mood AS b FROM s ORDER BY b",
         ".type public.mood, .table public.s, .column public.s.*, +table public.v"},
        {"CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM s",
         ".table public.s, .rows of public.s, +table public.v"},
        {"REFRESH MATERIALIZED VIEW v", ".table public.v, ~rows of public.v"},
        {"SELECT a INTO t FROM s", ".table public.s, .rows of public.s, .column public.s.a, +table public.t"},
    });
}

TEST_CASE("ALTER TABLE is read at column grain") {
    check({
        {"ALTER TABLE t ADD COLUMN a mood", ".table public.t, +column public.t.a, .type public.mood"},
        {"ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", ".table public.t, +column public.t.a?"},
        {"ALTER TABLE t DROP COLUMN a CASCADE", ".table public.t, -column public.t.a"},
        {"ALTER TABLE IF EXISTS t DROP COLUMN IF EXISTS a", ".table public.t?, -column public.t.a?"},
        {"ALTER TABLE t ALTER a TYPE mood USING b::mood",
         ".table public.t, ~column public.t.a, .type public.mood, .table public.t, .column public.t.b, "
         ".rows of public.t"},
        {"ALTER TABLE t ALTER a SET NOT NULL", ".table public.t, ~column public.t.a, .rows of public.t"},
        {"ALTER TABLE t ALTER a SET DEFAULT nextval('q'), ALTER b DROP DEFAULT",
         ".table public.t, ~column public.t.a, .sequence public.q, ~column public.t.b"},
        {"ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b)",
         ".table public.t, .column public.t.a, .column public.t.b, +constraint public.t.k, .rows of "
         "public.t"},
        {"ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i",
         ".table public.t, .index public.i, +constraint public.t.k, .rows of public.t"},
        {"ALTER TABLE t ADD CONSTRAINT k EXCLUDE USING gist (a WITH =)",
         ".table public.t, .column public.t.a, +constraint public.t.k, .rows of public.t"},
        {"ALTER TABLE t ADD PRIMARY KEY (a)",
         ".table public.t, .column public.t.a, +constraint public.t.t_pkey, .rows of public.t"},
        {"ALTER TABLE t DROP CONSTRAINT IF EXISTS k", ".table public.t, -constraint public.t.k?"},
        {"ALTER TABLE t VALIDATE CONSTRAINT k", ".table public.t, .rows of public.t, ~constraint public.t.k"},
        {"ALTER TABLE t ATTACH PARTITION p DEFAULT", ".table public.t, ~table public.t, ~table public.p"},
        {"ALTER TABLE t DETACH PARTITION p", ".table public.t, ~table public.t, ~table public.p"},
        {"ALTER TABLE t DISABLE TRIGGER g", ".table public.t, ~trigger public.t.g"},
        {"ALTER TABLE t DISABLE TRIGGER ALL", ".table public.t, ~table public.t"},
        {"ALTER TABLE t OWNER TO r", ".table public.t, ~table public.t"},
        {"ALTER TABLE t INHERIT p", ".table public.t, .table public.p, ~table public.t"},
        {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", ".table public.t, ~table public.t"},
        {"ALTER INDEX i SET (fillfactor = 70)", "~index public.i"},
        {"ALTER TYPE c ADD ATTRIBUTE b mood", ".type public.mood, ~type public.c"},
    });
}

TEST_CASE("a rename takes one name away and makes another") {
    check({
        {"ALTER TABLE s.t RENAME TO u", "-table s.t, +table s.u"},
        {"ALTER VIEW v RENAME TO w", "-table public.v, +table public.w"},
        {"ALTER TABLE t RENAME COLUMN a TO b", ".table public.t, -column public.t.a, +column public.t.b"},
        {"ALTER TABLE t RENAME CONSTRAINT a TO b",
         ".table public.t, -constraint public.t.a, +constraint public.t.b"},
        {"ALTER INDEX i RENAME TO j", "-index public.i, +index public.j"},
        {"ALTER SEQUENCE q RENAME TO r", "-sequence public.q, +sequence public.r"},
        {"ALTER TYPE m RENAME TO n", "-type public.m, +type public.n"},
        {"ALTER TYPE c RENAME ATTRIBUTE a TO b", "~type public.c"},
        {"ALTER FUNCTION f(int) RENAME TO g", "-function public.f, +function public.g"},
        {"ALTER TRIGGER g ON t RENAME TO h", ".table public.t, -trigger public.t.g, +trigger public.t.h"},
        {"ALTER POLICY p ON t RENAME TO q", ".table public.t, -policy public.t.p, +policy public.t.q"},
        {"ALTER TABLE t SET SCHEMA s", ".schema s, -table public.t, +table s.t"},
        {"ALTER FUNCTION f(int) SET SCHEMA s", ".schema s, -function public.f, +function s.f"},
        {"ALTER SCHEMA a RENAME TO b", "! it renames a schema, and with it every name in it"},
    });
}

TEST_CASE("drops name each kind of object") {
    check({
        {"DROP TABLE a, s.b CASCADE", "-table public.a, -table s.b"},
        {"DROP TABLE IF EXISTS a", "-table public.a?"},
        {"DROP VIEW v", "-table public.v"},
        {"DROP MATERIALIZED VIEW v", "-table public.v"},
        {"DROP INDEX CONCURRENTLY i", "-index public.i"},
        {"DROP SEQUENCE q", "-sequence public.q"},
        {"DROP TYPE m", "-type public.m"},
        {"DROP DOMAIN s.d", "-type s.d"},
        {"DROP FUNCTION f(int)", "-function public.f"},
        {"DROP PROCEDURE f", "-function public.f"},
        {"DROP SCHEMA s CASCADE", "-schema s"},
        {"DROP EXTENSION e", "-extension e"},
        {"DROP TRIGGER g ON s.t", ".table s.t, -trigger s.t.g"},
        {"DROP POLICY IF EXISTS p ON t", ".table public.t?, -policy public.t.p?"},
        {"DROP RULE r ON t", "~table public.t"},
        {"DROP PUBLICATION p", "! what it drops (OBJECT_PUBLICATION) is not known"},
    });
}

TEST_CASE("other objects are made from what they use") {
    check({
        {"CREATE UNIQUE INDEX i ON t (a, lower(b)) INCLUDE (c) WHERE d",
         ".table public.t, .column public.t.a, .table public.t, .column public.t.b, .column public.t.c, "
         ".table public.t, "
         ".column public.t.d, .rows of public.t, +index public.i"},
        {"CREATE INDEX IF NOT EXISTS i ON s.t (a)", ".table s.t, .column s.t.a, +index s.i?"},
        {"CREATE SEQUENCE q OWNED BY s.t.a", ".table s.t, .column s.t.a, +sequence public.q"},
        {"ALTER SEQUENCE q OWNED BY NONE", "~sequence public.q"},
        {"CREATE TYPE m AS ENUM ('a')", "+type public.m"},
        {"CREATE TYPE c AS (a int, b m)", ".type public.m, +type public.c"},
        {"CREATE TYPE r AS RANGE (subtype = float8)", "+type public.r"},
        {"CREATE DOMAIN d AS text CHECK (f(VALUE))", ".function public.f, +type public.d"},
        {"ALTER TYPE m ADD VALUE 'b'", "~type public.m"},
        {"ALTER TYPE m RENAME VALUE 'a' TO 'b'", "~type public.m"},
        {"ALTER DOMAIN d SET NOT NULL", "~type public.d"},
        {"CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()",
         ".table public.t, .column public.t.a, .function public.f, +trigger public.t.g"},
        {"CREATE POLICY p ON t USING (a = current_user)",
         ".table public.t, .column public.t.a, +policy public.t.p"},
        {"CREATE EXTENSION IF NOT EXISTS citext SCHEMA s", ".schema s, +extension citext?"},
        {"CREATE SCHEMA s CREATE TABLE t (a int)", "+schema s, +table s.t, +column s.t.a"},
        {"CREATE STATISTICS x ON a, b FROM t", ".table public.t, .column public.t.*"},
        {"CREATE RULE r AS ON INSERT TO t DO ALSO SELECT * FROM s",
         ".table public.s, .column public.s.*, ~table public.t"},
    });
}

TEST_CASE("the body of a function is read in language sql only") {
    check({
        {"CREATE FUNCTION f(a m) RETURNS int LANGUAGE sql AS 'select count(*) from t'",
         ".type public.m, .table public.t, +function public.f"},
        {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'begin perform x(); end'",
         "+function public.f?"},
        {"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT a FROM t; END",
         ".table public.t, .column public.t.a, +function public.f"},
        {"CREATE FUNCTION f(a t.c%TYPE) RETURNS int LANGUAGE plpgsql AS ''",
         ".table public.t, .column public.t.c, +function public.f"},
        {"CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = s AS 'select count(*) from t'",
         "+function public.f"},
    });
}

TEST_CASE("statements on rows need the columns that are named") {
    check({
        {"INSERT INTO t (a, b) VALUES (1, now())",
         ".table public.t, ~rows of public.t, .column public.t.a, .column public.t.b"},
        {"INSERT INTO t VALUES (1)", ".table public.t, ~rows of public.t, .column public.t.*"},
        {"INSERT INTO t (a) SELECT b FROM s",
         ".table public.t, ~rows of public.t, .column public.t.a, .table public.s, .rows of public.s, "
         ".column public.s.b"},
        {"INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.c",
         ".table public.t, ~rows of public.t, .column public.t.a, .column public.t.b, .table public.t, .rows "
         "of public.t, "
         ".column public.t.c"},
        {"UPDATE t SET a = b WHERE t.c = 1",
         ".table public.t, ~rows of public.t, .column public.t.a, .table public.t, .rows of public.t, "
         ".column public.t.b, "
         ".column public.t.c"},
        {"UPDATE t SET a = 1 FROM s WHERE t.b = s.b",
         ".table public.t, ~rows of public.t, .column public.t.a, .table public.t, .rows of public.t, .table "
         "public.s, "
         ".rows of public.s, .column public.t.*, .column public.s.*"},
        {"DELETE FROM t WHERE a = 1",
         ".table public.t, ~rows of public.t, .table public.t, .rows of public.t, .column public.t.a"},
        {"TRUNCATE a, s.b", ".table public.a, ~rows of public.a, .table s.b, ~rows of s.b"},
        {"COPY t (a) FROM STDIN", ".table public.t, ~rows of public.t, .column public.t.a"},
        {"COPY t FROM PROGRAM 'rm'", "! COPY runs a program"},
        {"MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE",
         ".table public.t, ~rows of public.t, .table public.t, .rows of public.t, .table public.s, .rows of "
         "public.s, "
         ".column public.t.*, .column public.s.*"},
        {"WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x",
         "~rows of public.t, .table public.t, .rows of public.t, .column public.t.*"},
        {"SELECT setval('app.q', max(a)) FROM t",
         "~sequence app.q, .table public.t, .rows of public.t, .column public.t.a"},
        {"SELECT 1", ""},
    });
}

TEST_CASE("comments and grants need their object and change nothing that matters to others") {
    check({
        {"COMMENT ON TABLE t IS 'x'", ".table public.t"},
        {"COMMENT ON COLUMN s.t.a IS 'x'", ".table s.t, .column s.t.a"},
        {"COMMENT ON CONSTRAINT k ON t IS 'x'", ".table public.t, .constraint public.t.k"},
        {"COMMENT ON FUNCTION f(int) IS 'x'", ".function public.f"},
        {"COMMENT ON DATABASE d IS 'x'", ""},
        {"GRANT SELECT (a) ON t TO r", ".table public.t, .column public.t.a"},
        {"GRANT USAGE ON SCHEMA s TO r", ".schema s"},
        {"REVOKE ALL ON FUNCTION f() FROM PUBLIC", ".function public.f"},
        {"GRANT SELECT ON ALL TABLES IN SCHEMA s TO r", "~schema s"},
        {"ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO r", "~schema s"},
    });
}

TEST_CASE("what cannot be seen through is a barrier that says why") {
    check({
        {"DO $$ begin end $$", "! it runs a DO block"},
        {"CALL p(1)", "! it calls procedure p"},
        {"EXECUTE x", "! it runs a prepared statement"},
        {"PREPARE x AS SELECT 1", "! it prepares a statement"},
        {"SET search_path = a", "! it sets search_path, so names cannot be resolved"},
        {"SET LOCAL search_path TO DEFAULT", "! it sets search_path, so names cannot be resolved"},
        {"RESET ALL", "! it sets search_path, so names cannot be resolved"},
        {"SELECT set_config('search_path', '', false)", "! it sets search_path, so names cannot be resolved"},
        {"SELECT f()", ".function public.f ! it calls function f, which may do anything"},
        {"SELECT app.now()", ".function app.now ! it calls function now, which may do anything"},
        {"UPDATE t SET a = f()",
         ".table public.t, ~rows of public.t, .column public.t.a, .function public.f, .table public.t, .rows "
         "of public.t ! "
         "it calls function f, which may do anything"},
        {"CREATE ROLE r", "! it makes a role"},
        {"SELEC 1", "! SQL that could not be parsed: syntax error at or near \"SELEC\""},
        {"CREATE PUBLICATION p", "! what CreatePublicationStmt touches is not known"},
    });
}

TEST_CASE("settings and care of storage touch nothing") {
    check({
        {"SET lock_timeout = '1s'", ""},
        {"SELECT set_config('app.user', 'x', true), pg_catalog.now()", ""},
        {"BEGIN", ""},
        {"COMMIT", ""},
        {"VACUUM t", ".table public.t"},
        {"ANALYZE", ""},
        {"LOCK TABLE t", ".table public.t"},
        {"SELECT relname FROM pg_catalog.pg_class", ""},
    });
}

TEST_CASE("temporary tables leave no touches") {
    check({
        {"CREATE TEMP TABLE x (a int); INSERT INTO x VALUES (1); INSERT INTO t (a) SELECT a FROM x",
         ".table public.t, ~rows of public.t, .column public.t.a"},
        {"CREATE TEMP TABLE x AS SELECT 1; DROP TABLE x", ""},
    });
}

TEST_CASE("statements that PostgreSQL refuses in a transaction are known") {
    for (const char* text :
         {"CREATE INDEX CONCURRENTLY i ON t (a)", "DROP INDEX CONCURRENTLY i", "REINDEX INDEX CONCURRENTLY i",
          "REINDEX (CONCURRENTLY) TABLE t", "REINDEX SCHEMA s", "VACUUM t", "VACUUM (FULL) t", "CLUSTER",
          "CREATE DATABASE d", "DROP DATABASE d", "ALTER SYSTEM SET a = 1",
          "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
          "/* x */ create unique index concurrently i on t (a)", "VACUUM (SOME_NEW_OPTION_OF ;) t"}) {
        CAPTURE(text);
        CHECK(sql::needs_no_transaction(text));
    }
    for (const char* text :
         {"CREATE INDEX i ON t (a)", "ANALYZE t", "REINDEX TABLE t", "CLUSTER t USING i", "SELECT 1", "",
          "CREATE TABLE concurrently_made (a int)", "ALTER TYPE m ADD VALUE 'x'", "DROP INDEX i",
          "REINDEX (CONCURRENTLY false) INDEX i"}) {
        CAPTURE(text);
        CHECK_FALSE(sql::needs_no_transaction(text));
    }
}

TEST_CASE("a query's objects are listed once each") {
    const auto objects =
        sql::relations_of_query("SELECT a, f(b), q.c FROM t JOIN s.u q ON true JOIN t x ON true", "app");
    std::vector<std::string> names;
    for (const ObjectRef& object : objects) names.push_back(to_string(object));
    CHECK(names == std::vector<std::string>{"table app.t", "table s.u", "function app.f"});
    CHECK(sql::relations_of_query("not sql", "app").empty());
}

TEST_CASE("a function's identity arguments are spelled as the catalog has them") {
    const auto arguments = [](const std::string& parameters) {
        const auto found = sql::function_signature(
            "CREATE FUNCTION f(" + parameters + ") RETURNS int LANGUAGE sql AS ''", "app");
        return found ? found->arguments : "none";
    };
    CHECK(arguments("") == "");
    CHECK(arguments("int, b TEXT") == "integer, text");
    CHECK(arguments("a varchar(5), b numeric(3,1), c char(2), d bit(3)") ==
          "character varying, numeric, character, bit");
    CHECK(arguments("a timestamptz, OUT b int, INOUT c bool, VARIADIC d text[]") ==
          "timestamp with time zone, boolean, VARIADIC text[]");
    CHECK(arguments("a \"char\", b app.\"Mood\", c int[][]") == "\"char\", app.\"Mood\", integer[]");
    const auto procedure =
        sql::function_signature("CREATE OR REPLACE PROCEDURE s.p() LANGUAGE sql AS ''", "app");
    REQUIRE(procedure);
    CHECK(procedure->kind == "PROCEDURE");
    CHECK(procedure->name == ObjectName{"s", "p"});
    CHECK_FALSE(sql::function_signature("SELECT 1", "app"));
}

TEST_CASE("a syntax error has its place") {
    CHECK_FALSE(sql::syntax_error("SELECT 1; SELECT 2"));
    const auto error = sql::syntax_error("SELECT 1 FROM");
    REQUIRE(error);
    CHECK(error->message == "syntax error at end of input");
    CHECK(error->position == 14);
    CHECK(sql::grammar_version() >= 15);
}
