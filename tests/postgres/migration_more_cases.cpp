#include "postgres/migration_cases.hpp"

namespace changelog::tests {

std::vector<MigrationCase> view_cases() {
    const std::string views =
        "CREATE TABLE t (id int PRIMARY KEY, a int, b text); CREATE VIEW v AS SELECT id, a FROM t; CREATE "
        "VIEW w WITH "
        "(security_barrier) AS SELECT a + 1 AS a1 FROM v; CREATE MATERIALIZED VIEW m AS SELECT a1 FROM w; "
        "CREATE "
        "UNIQUE INDEX mi ON m (a1); COMMENT ON VIEW v IS 'x'; COMMENT ON COLUMN v.a IS 'y'; GRANT SELECT ON "
        "v TO "
        "clerk; GRANT SELECT (a1) ON w TO clerk; ALTER VIEW v ALTER a SET DEFAULT 3; COMMENT ON INDEX mi IS "
        "'z'; ALTER "
        "TABLE m CLUSTER ON mi; ";
    return {
        {"CREATE TABLE t (a int)", "CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT * FROM v"},
        {views, "DROP TABLE t CASCADE"},
        {views,
         "DROP MATERIALIZED VIEW m; DROP VIEW w; DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint; CREATE VIEW "
         "v "
         "AS SELECT id, a FROM t"},
        {views, "CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t"},
        {views, "CREATE OR REPLACE VIEW v AS SELECT id, a FROM t WHERE a > 0"},
        {views,
         "ALTER VIEW w RESET (security_barrier); ALTER VIEW v SET (check_option = local); COMMENT ON VIEW v "
         "IS "
         "NULL; REVOKE SELECT ON v FROM clerk; ALTER VIEW v ALTER a DROP DEFAULT; DROP INDEX mi"},
        {views, "ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME TO u"},
        {views, "ALTER VIEW v RENAME TO v2; ALTER VIEW w RENAME COLUMN a1 TO a2"},
        {views, "ALTER TABLE t DROP a CASCADE"},
        {views, "REFRESH MATERIALIZED VIEW m WITH NO DATA; ALTER MATERIALIZED VIEW m RENAME TO m2"},
        {"CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t "
         "GROUP BY id",
         "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE"},
        {"CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS trigger "
         "LANGUAGE plpgsql "
         "AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION "
         "f(); "
         "COMMENT ON TRIGGER g ON v IS 'x'",
         "DROP FUNCTION f CASCADE"},
        {"CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS SETOF v "
         "LANGUAGE sql AS "
         "'SELECT * FROM v'; CREATE VIEW x AS SELECT a FROM f()",
         "DROP VIEW v CASCADE"},
        {"CREATE TABLE t (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; "
         "CREATE VIEW "
         "v AS SELECT f(a) AS b FROM t",
         "DROP FUNCTION f CASCADE"},
        {"CREATE VIEW v AS SELECT 1 AS a",
         "DROP VIEW v; CREATE MATERIALIZED VIEW v AS SELECT 1 AS a WITH NO DATA"},
    };
}

std::vector<MigrationCase> type_cases() {
    const std::string color =
        "CREATE TYPE color AS ENUM ('red', 'green', 'blue'); CREATE TABLE t (id int, c color DEFAULT 'red', "
        "d color[]); "
        "INSERT INTO t VALUES (1, 'green', '{red,blue}'); CREATE VIEW v AS SELECT c FROM t WHERE c <> 'red'; "
        "CREATE "
        "INDEX i ON t (c) WHERE c = 'red'; CREATE FUNCTION f(color) RETURNS int LANGUAGE sql AS 'SELECT 1'; "
        "GRANT USAGE "
        "ON TYPE color TO clerk; COMMENT ON TYPE color IS 'x'; ALTER TABLE t ADD CHECK (c <> 'blue'); ";
    return {
        {"SELECT 1",
         "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE c AS (x int, y e); CREATE DOMAIN d AS int CHECK "
         "(VALUE > 0); CREATE TYPE r AS RANGE (subtype = int); CREATE TABLE t (e e, c c, d d, r r)"},
        {"CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE c AS (x int, y e); CREATE DOMAIN d AS int CHECK "
         "(VALUE > 0); "
         "CREATE TYPE r AS RANGE (subtype = int); CREATE TABLE t (e e, c c, d d, r r); REVOKE USAGE ON TYPE "
         "e FROM "
         "PUBLIC; COMMENT ON TYPE c IS 'x'; COMMENT ON DOMAIN d IS 'y'",
         "DROP TABLE t; DROP TYPE r; DROP DOMAIN d; DROP TYPE c; DROP TYPE e"},
        {color, "ALTER TYPE color ADD VALUE 'black'"},
        {color, "ALTER TYPE color ADD VALUE 'black' BEFORE 'red'"},
        {color, "ALTER TYPE color RENAME VALUE 'red' TO 'pink'"},
        {color,
         "ALTER TYPE color RENAME VALUE 'red' TO 'tmp'; ALTER TYPE color RENAME VALUE 'green' TO 'red'; "
         "ALTER "
         "TYPE color RENAME VALUE 'tmp' TO 'green'"},
        {color,
         "ALTER TYPE color RENAME VALUE 'red' TO 'pink'; ALTER TYPE color ADD VALUE 'black' AFTER 'green'; "
         "ALTER TYPE color RENAME TO colour",
         true},
        {color + "CREATE DOMAIN shade AS color DEFAULT 'blue'; CREATE TYPE pair AS (a color, b int); CREATE "
                 "TABLE u (s "
                 "shade, p pair); INSERT INTO u VALUES ('red', ROW('green', 1))",
         "ALTER TYPE color ADD VALUE 'black'"},
        {"CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (c text DEFAULT 'a'); INSERT INTO t VALUES ('b')",
         "ALTER TABLE t ALTER c DROP DEFAULT; ALTER TABLE t ALTER c TYPE e USING c::e; ALTER TABLE t ALTER c "
         "SET "
         "DEFAULT 'b'"},
        {"CREATE DOMAIN d AS int DEFAULT 1 NOT NULL CONSTRAINT c CHECK (VALUE > 0); CREATE TABLE t (a d); "
         "COMMENT ON "
         "CONSTRAINT c ON DOMAIN d IS 'x'",
         "ALTER DOMAIN d DROP DEFAULT; ALTER DOMAIN d DROP NOT NULL; ALTER DOMAIN d DROP CONSTRAINT c; ALTER "
         "DOMAIN d "
         "ADD CONSTRAINT e CHECK (VALUE > -5) NOT VALID"},
        {"CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0); CREATE TABLE t (a d); INSERT INTO t VALUES "
         "(5)",
         "ALTER DOMAIN d RENAME CONSTRAINT c TO k; ALTER DOMAIN d RENAME TO e"},
        {"CREATE DOMAIN d AS int; CREATE TABLE t (a d); INSERT INTO t VALUES (5)",
         "ALTER TABLE t ALTER a TYPE int; DROP DOMAIN d; CREATE DOMAIN d AS bigint; ALTER TABLE t ALTER a "
         "TYPE d"},
        {"CREATE TYPE c AS (x int, y text); CREATE TABLE t (a c); INSERT INTO t VALUES (ROW(1, 'a'))",
         "ALTER TYPE c ADD ATTRIBUTE z int"},
        {"CREATE TYPE c AS (x int, y text); CREATE TABLE t (a c); INSERT INTO t VALUES (ROW(1, 'a'))",
         "ALTER TYPE c DROP ATTRIBUTE x"},
        {"CREATE TYPE c AS (x int, y text)", "ALTER TYPE c ALTER ATTRIBUTE x TYPE bigint, DROP ATTRIBUTE y"},
        {"CREATE TYPE c AS (x int, y text); CREATE TABLE t (a c)",
         "ALTER TYPE c RENAME ATTRIBUTE x TO z; ALTER TYPE c RENAME TO k"},
        {"CREATE TYPE c AS (x int); CREATE TABLE t (a c)",
         "ALTER TABLE t DROP a; DROP TYPE c; CREATE TYPE c AS ENUM "
         "('a'); ALTER TABLE t ADD a c"},
        {"CREATE TYPE x AS ENUM ('a')", "DROP TYPE x; CREATE TABLE x (a int)"},
        {"CREATE TABLE x (a int)", "DROP TABLE x; CREATE TYPE x AS ENUM ('a')"},
        {"CREATE FUNCTION ok(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'; CREATE DOMAIN d "
         "AS int "
         "CHECK (ok(VALUE)); CREATE TABLE t (a d, b int CHECK (ok(b)), c int DEFAULT 1)",
         "DROP TABLE t; DROP DOMAIN d; DROP FUNCTION ok"},
    };
}

std::vector<MigrationCase> code_cases() {
    const std::string trigger =
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a "
        "int, b "
        "int); CREATE TRIGGER g BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE "
        "FUNCTION f(); ";
    return {
        {"SELECT 1",
         "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; "
         "END'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'"},
        {"CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION "
         "f TO clerk; "
         "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC; COMMENT ON FUNCTION f IS 'x'; CREATE PROCEDURE p() "
         "LANGUAGE sql AS "
         "'SELECT 1'",
         "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE COST 5 AS 'SELECT 2'; DROP "
         "PROCEDURE "
         "p; COMMENT ON FUNCTION f IS NULL"},
        {"CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION f FROM "
         "PUBLIC; "
         "COMMENT ON FUNCTION f IS 'x'; CREATE VIEW v AS SELECT f(1)",
         "DROP FUNCTION f CASCADE; CREATE FUNCTION f(b int) RETURNS bigint LANGUAGE sql AS 'SELECT "
         "1::bigint'; CREATE "
         "VIEW v AS SELECT f(1)"},
        {"CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
         "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 2'; ALTER FUNCTION f(int) RENAME TO "
         "g"},
        {"CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int "
         "DEFAULT f(1), "
         "b int GENERATED ALWAYS AS (f(1)) STORED, c int CHECK (f(c) > 0)); CREATE INDEX i ON t (f(a)); "
         "INSERT INTO t "
         "VALUES (1)",
         "DROP FUNCTION f CASCADE"},
        {"CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; "
         "CREATE FUNCTION "
         "g(x t) RETURNS int LANGUAGE sql AS 'SELECT x.a'",
         "DROP TABLE t CASCADE"},
        {"CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT "
         "count(a) FROM t; "
         "END",
         "DROP TABLE t CASCADE"},
        {"CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT "
         "count(a) FROM t; "
         "END",
         "ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME TO u"},
        {trigger,
         "DROP TRIGGER g ON t; CREATE CONSTRAINT TRIGGER h AFTER DELETE ON t DEFERRABLE FOR EACH ROW EXECUTE "
         "FUNCTION f(); COMMENT ON TRIGGER h ON t IS 'x'; ALTER TABLE t ENABLE ALWAYS TRIGGER h"},
        {trigger, "ALTER TABLE t DISABLE TRIGGER g; ALTER TRIGGER g ON t RENAME TO h"},
        {trigger + "ALTER TABLE t ENABLE REPLICA TRIGGER g; COMMENT ON TRIGGER g ON t IS 'x'",
         "DROP TRIGGER g ON t"},
        {trigger, "ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME TO u; ALTER FUNCTION f RENAME TO k"},
        {trigger,
         "DROP TRIGGER g ON t; ALTER TABLE t ALTER a TYPE bigint; CREATE TRIGGER g BEFORE INSERT OR UPDATE "
         "OF "
         "a ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f()"},
        {trigger,
         "DROP TRIGGER g ON t; ALTER TABLE t DROP a; ALTER TABLE t ADD a int; CREATE TRIGGER g BEFORE INSERT "
         "OR UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f()"},
        {"CREATE TABLE t (a int, owner text); CREATE POLICY p ON t FOR SELECT TO clerk, boss USING (owner = "
         "current_user); COMMENT ON POLICY p ON t IS 'x'; ALTER TABLE t ENABLE ROW LEVEL SECURITY",
         "DROP POLICY p ON t; ALTER TABLE t DISABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL "
         "SECURITY; CREATE "
         "POLICY q ON t AS RESTRICTIVE FOR INSERT WITH CHECK (a > 0)"},
        {"CREATE TABLE t (a int, owner text); CREATE POLICY p ON t USING (a > 0)",
         "ALTER POLICY p ON t USING (a > 5); ALTER POLICY p ON t RENAME TO q; ALTER TABLE t RENAME a TO b"},
        {"CREATE TABLE t (a int, owner text); CREATE POLICY p ON t USING (a > 0)",
         "DROP POLICY p ON t; ALTER TABLE t ALTER a TYPE bigint; CREATE POLICY p ON t USING (a > 0)"},
        {"CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e "
         "ON "
         "ddl_command_end EXECUTE FUNCTION f(); ALTER EVENT TRIGGER e DISABLE; COMMENT ON EVENT TRIGGER e IS "
         "'x'",
         "DROP EVENT TRIGGER e; DROP FUNCTION f"},
    };
}

std::vector<MigrationCase> right_cases() {
    return {
        {"CREATE TABLE t (a int, b int); CREATE SEQUENCE q; CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); "
         "CREATE "
         "FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
         "GRANT ALL ON t TO clerk; GRANT SELECT (a), UPDATE (b) ON t TO boss WITH GRANT OPTION; GRANT USAGE "
         "ON SEQUENCE "
         "q TO PUBLIC; GRANT CREATE, USAGE ON SCHEMA s TO clerk; REVOKE ALL ON TYPE e FROM PUBLIC; GRANT "
         "USAGE ON TYPE "
         "e TO clerk; REVOKE ALL ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO boss WITH GRANT "
         "OPTION"},
        {"CREATE TABLE t (a int, b int); GRANT SELECT ON t TO clerk; GRANT SELECT (a) ON t TO clerk; GRANT "
         "UPDATE ON t "
         "TO clerk WITH GRANT OPTION; GRANT SELECT ON t TO PUBLIC",
         "REVOKE SELECT ON t FROM clerk; REVOKE GRANT OPTION FOR UPDATE ON t FROM clerk; REVOKE SELECT ON t "
         "FROM "
         "PUBLIC; GRANT SELECT (b) ON t TO boss, \"Odd \"\"role\"\"\""},
        {"CREATE TABLE t (a int); GRANT SELECT (a) ON t TO clerk",
         "GRANT SELECT ON t TO clerk; REVOKE SELECT ON t FROM "
         "clerk; GRANT SELECT ON t TO clerk"},
        {"CREATE TABLE t (a int)",
         "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO clerk; ALTER DEFAULT PRIVILEGES IN SCHEMA "
         "public GRANT ALL "
         "ON SEQUENCES TO boss WITH GRANT OPTION; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM "
         "PUBLIC; "
         "DROP TABLE t; CREATE SEQUENCE q; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"},
        {"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO clerk; CREATE TABLE t (a int)",
         "DROP TABLE t; ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM clerk; CREATE TABLE u (a int)"},
        {"CREATE TABLE t (a int); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'; CREATE SEQUENCE "
         "q; COMMENT "
         "ON SEQUENCE q IS 'z'",
         "COMMENT ON TABLE t IS 'other'; COMMENT ON COLUMN t.a IS NULL; COMMENT ON SEQUENCE q IS NULL; "
         "COMMENT ON "
         "SCHEMA public IS 'here'"},
    };
}

std::vector<MigrationCase> rename_cases() {
    const std::string long_name(63, 'x');
    return {
        {"CREATE TABLE t (id serial PRIMARY KEY, a int CHECK (a > 0)); CREATE INDEX i ON t (a)",
         "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b; ALTER TABLE u RENAME CONSTRAINT t_a_check "
         "TO c; ALTER "
         "INDEX i RENAME TO j; ALTER SEQUENCE t_id_seq RENAME TO s; ALTER INDEX t_pkey RENAME TO u_pkey"},
        {"CREATE TABLE a (x int); CREATE TABLE b (y int); INSERT INTO a VALUES (1)",
         "ALTER TABLE a RENAME TO tmp; ALTER TABLE b RENAME TO a; ALTER TABLE tmp RENAME TO b"},
        {"CREATE TABLE t (a int, b text CHECK (b <> ''), c int GENERATED ALWAYS AS (a + 1) STORED)",
         "ALTER TABLE t RENAME a TO tmp; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME tmp TO b"},
        {"CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a DESC)",
         "ALTER INDEX i RENAME TO k; ALTER INDEX j RENAME TO i; ALTER INDEX k RENAME TO j"},
        {"CREATE SCHEMA s; CREATE TABLE t (id serial PRIMARY KEY, a int); CREATE INDEX i ON t (a); CREATE "
         "VIEW v AS "
         "SELECT id FROM t; CREATE TABLE c (t int REFERENCES t)",
         "ALTER TABLE t SET SCHEMA s"},
        {"CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a'); CREATE TABLE s.t (id serial PRIMARY KEY, a s.e "
         "DEFAULT 'a'); "
         "CREATE VIEW v AS SELECT id, a FROM s.t WHERE a = 'a'; CREATE FUNCTION s.f(s.e) RETURNS int "
         "LANGUAGE sql AS "
         "'SELECT 1'",
         "ALTER SCHEMA s RENAME TO z"},
        {"CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e); CREATE SEQUENCE q; CREATE "
         "FUNCTION f() "
         "RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT 1 AS a",
         "ALTER TYPE e SET SCHEMA s; ALTER SEQUENCE q SET SCHEMA s; ALTER FUNCTION f SET SCHEMA s; ALTER "
         "VIEW v SET "
         "SCHEMA s; ALTER TYPE s.e RENAME TO g; ALTER FUNCTION s.f RENAME TO h"},
        {"CREATE TABLE t (a int); INSERT INTO t VALUES (1)",
         "ALTER TABLE t RENAME TO old; CREATE TABLE t (a text); CREATE VIEW v AS SELECT a FROM t"},
        {"CREATE TABLE t (a int); CREATE TABLE u (b int)", "DROP TABLE u; ALTER TABLE t RENAME TO u"},
        {"CREATE SCHEMA \"My.Schema\"; CREATE TABLE \"My.Schema\".\"Order\" (\"Id\" serial PRIMARY KEY, "
         "\"select\" int "
         "DEFAULT 1 CHECK (\"select\" > 0), \"a\"\"b\" text, \"c.d\" int UNIQUE); CREATE VIEW "
         "\"My.Schema\".\"user\" AS "
         "SELECT \"select\", \"a\"\"b\" FROM \"My.Schema\".\"Order\"; CREATE INDEX \"I x\" ON "
         "\"My.Schema\".\"Order\" "
         "(\"a\"\"b\")",
         "ALTER TABLE \"My.Schema\".\"Order\" RENAME \"select\" TO \"Group\"; ALTER TABLE "
         "\"My.Schema\".\"Order\" RENAME "
         "TO \"Table\"; ALTER SCHEMA \"My.Schema\" RENAME TO \"quo\"\"ted\"; ALTER TABLE "
         "\"quo\"\"ted\".\"Table\" RENAME "
         "\"a\"\"b\" TO \"x'y\""},
        {"CREATE TABLE " + long_name + " (" + long_name + " serial, b int); CREATE INDEX ON " + long_name +
             " (b)",
         "ALTER TABLE " + long_name + " RENAME " + long_name + " TO short; ALTER TABLE " + long_name +
             " ADD CONSTRAINT y" + long_name.substr(1) + " CHECK (b > 0); ALTER TABLE " + long_name +
             " RENAME TO z" + long_name.substr(1)},
        {"CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)",
         "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME id TO "
         "key"},
        {"CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (b > 0))",
         "ALTER TABLE t RENAME CONSTRAINT c TO x; ALTER TABLE t RENAME CONSTRAINT d TO c; ALTER TABLE t "
         "RENAME "
         "CONSTRAINT x TO d"},
    };
}

std::vector<MigrationCase> mixed_cases() {
    return {
        {"CREATE TYPE st AS ENUM ('new', 'done'); CREATE TABLE c (id serial PRIMARY KEY, name text NOT "
         "NULL); CREATE "
         "TABLE o (id serial PRIMARY KEY, c int REFERENCES c, s st DEFAULT 'new', total numeric(10, 2)); "
         "CREATE VIEW v "
         "AS SELECT o.id, c.name, o.s FROM o JOIN c ON c.id = o.c; GRANT SELECT ON v TO clerk; CREATE "
         "FUNCTION touch() "
         "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE ON o "
         "FOR EACH ROW "
         "EXECUTE FUNCTION touch(); INSERT INTO c (name) VALUES ('x'); INSERT INTO o (c) VALUES (1)",
         "DO $$ BEGIN EXECUTE 'ALTER TABLE o ADD note text'; EXECUTE 'DROP VIEW v'; EXECUTE 'ALTER TABLE o "
         "ALTER total "
         "TYPE text'; EXECUTE 'ALTER TYPE st RENAME VALUE ''done'' TO ''over'''; EXECUTE 'ALTER TABLE c "
         "RENAME TO "
         "customer'; EXECUTE 'CREATE TABLE item (id int PRIMARY KEY, o int REFERENCES o)'; EXECUTE 'CREATE "
         "VIEW v AS "
         "SELECT id, note FROM o'; EXECUTE 'DROP TRIGGER g ON o'; EXECUTE 'DROP FUNCTION touch'; END $$"},
        {"CREATE TABLE t (a int)", "CREATE EXTENSION IF NOT EXISTS citext; ALTER TABLE t ADD b citext"},
        {"CREATE EXTENSION citext; CREATE TABLE t (a int, b citext DEFAULT 'x'); CREATE INDEX i ON t (b)",
         "DROP EXTENSION citext CASCADE"},
        {"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); "
         "CREATE VIEW v AS "
         "SELECT b.id FROM a JOIN b ON b.a = a.id",
         "DROP VIEW v; ALTER TABLE b DROP CONSTRAINT b_a_fkey; ALTER TABLE a ALTER id TYPE bigint; ALTER "
         "TABLE b ALTER "
         "a TYPE bigint; ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a; CREATE VIEW v AS SELECT b.id FROM a "
         "JOIN b ON "
         "b.a = a.id"},
        {"CREATE SEQUENCE q; CREATE FUNCTION next_id() RETURNS bigint LANGUAGE sql AS $$SELECT "
         "nextval('q')$$; CREATE "
         "TABLE t (id bigint DEFAULT next_id() PRIMARY KEY); CREATE VIEW v AS SELECT id FROM t; CREATE "
         "FUNCTION all_t() "
         "RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'",
         "DROP TABLE t CASCADE; DROP FUNCTION next_id; DROP SEQUENCE q"},
        {"CREATE TABLE t (a int)", "SELECT 1"},
    };
}

}  // namespace changelog::tests
