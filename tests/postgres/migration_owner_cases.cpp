#include "postgres/migration_cases.hpp"

namespace changelog::tests {

std::vector<MigrationCase> owner_cases() {
    const std::string make =
        "CREATE TABLE t (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, a text); CREATE SEQUENCE "
        "q; CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE "
        "FUNCTION "
        "f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'; "
        "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int; CREATE TYPE c AS (x int); CREATE SCHEMA s; "
        "CREATE STATISTICS st ON id, a FROM t; ";
    const std::string give =
        "ALTER TABLE t OWNER TO clerk; ALTER SEQUENCE q OWNER TO clerk; ALTER VIEW v OWNER TO clerk; ALTER "
        "MATERIALIZED VIEW m OWNER TO \"Odd \"\"role\"\"\"; ALTER FUNCTION f OWNER TO clerk; ALTER PROCEDURE "
        "p "
        "OWNER TO clerk; ALTER TYPE e OWNER TO clerk; ALTER DOMAIN d OWNER TO clerk; ALTER TYPE c OWNER TO "
        "clerk; ALTER SCHEMA s OWNER TO clerk; ALTER STATISTICS st OWNER TO clerk; ";
    const std::string rights =
        "GRANT SELECT, UPDATE (a) ON t TO boss WITH GRANT OPTION; GRANT SELECT ON v TO clerk, boss, PUBLIC; "
        "GRANT USAGE ON SEQUENCE q TO boss; REVOKE EXECUTE ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON "
        "FUNCTION f TO boss; GRANT USAGE ON SCHEMA s TO boss; ";
    const std::string drop =
        "DROP VIEW v; DROP MATERIALIZED VIEW m; DROP TABLE t; DROP SEQUENCE q; DROP FUNCTION f; DROP "
        "PROCEDURE p; DROP TYPE e; DROP DOMAIN d; DROP TYPE c; DROP SCHEMA s";
    return {
        {make, give},
        {make + give,
         "ALTER TABLE t OWNER TO boss; ALTER VIEW v OWNER TO CURRENT_USER; ALTER TYPE e OWNER TO "
         "CURRENT_USER; ALTER SCHEMA s OWNER TO boss"},
        {make + rights, give},
        {make + give + rights,
         "ALTER TABLE t OWNER TO boss; ALTER VIEW v OWNER TO boss; ALTER SEQUENCE q "
         "OWNER TO boss; ALTER FUNCTION f OWNER TO boss; ALTER SCHEMA s OWNER TO boss"},
        {make + give, drop},
        {make + give + rights, drop},
        {make + give + "DROP STATISTICS st", "ALTER TABLE t DROP id CASCADE"},
        {make + give, "ALTER SEQUENCE t_id_seq OWNED BY NONE; ALTER SEQUENCE t_id_seq OWNER TO boss"},
        {"CREATE SCHEMA s AUTHORIZATION clerk; CREATE TABLE s.t (a int); ALTER TABLE s.t OWNER TO boss",
         "DROP SCHEMA s CASCADE"},
        {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); "
         "ALTER TABLE p OWNER TO clerk; ALTER TABLE p1 OWNER TO boss",
         "DROP TABLE p1"},
        {"CREATE FUNCTION g() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER w "
         "ON sql_drop EXECUTE FUNCTION g()",
         "ALTER EVENT TRIGGER w DISABLE"},
        {"CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE); COMMENT ON INDEX t_pkey IS 'the key'",
         "COMMENT ON INDEX t_pkey IS 'a key'; COMMENT ON INDEX t_a_key IS 'it''s'"},
        {"CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE); COMMENT ON INDEX t_pkey IS 'the key'; COMMENT "
         "ON CONSTRAINT t_pkey ON t IS 'the constraint'",
         "ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ALTER id DROP NOT NULL"},
        {"CREATE TABLE t (id int PRIMARY KEY); COMMENT ON INDEX t_pkey IS 'the key'", "DROP TABLE t"},
        {"CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e); CREATE FUNCTION f(e) RETURNS int LANGUAGE sql "
         "AS "
         "'SELECT 1'; CREATE CAST (e AS int) WITH FUNCTION f(e) AS ASSIGNMENT; CREATE CAST (e AS text) WITH "
         "INOUT",
         "ALTER TYPE e ADD VALUE 'b'"},
        {"SELECT 1",
         "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER b FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR "
         "clerk "
         "SERVER b; CREATE FOREIGN TABLE a (x int) SERVER b; CREATE FUNCTION h() RETURNS language_handler "
         "LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE LANGUAGE l HANDLER h; CREATE "
         "FUNCTION "
         "k() RETURNS int LANGUAGE l AS ''",
         true},
    };
}

}  // namespace changelog::tests
