#include "postgres/migration_cases.hpp"

namespace changelog::tests {

std::vector<MigrationCase> hard_cases() {
    const std::string partitioned =
        "CREATE TABLE p (a int PRIMARY KEY, b text) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p "
        "FOR VALUES "
        "FROM (1) TO (10); INSERT INTO p VALUES (5, 'x'); ";
    return {
        {partitioned, "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY"},
        {partitioned +
             "CREATE TABLE r (a int REFERENCES p, b int); CREATE VIEW v AS SELECT b FROM p; CREATE VIEW v1 "
             "AS "
             "SELECT b FROM p1; CREATE INDEX i ON p (lower(b)); CREATE POLICY q ON p USING (b <> '')",
         "DROP VIEW v, v1; DROP INDEX i; DROP POLICY q ON p; ALTER TABLE p ALTER b TYPE varchar(20); CREATE "
         "VIEW v AS "
         "SELECT b FROM p; CREATE VIEW v1 AS SELECT b FROM p1"},
        {partitioned, "DROP TABLE p; CREATE TABLE p (a int PRIMARY KEY, b text)"},
        {partitioned, "ALTER TABLE p DETACH PARTITION p1; DROP TABLE p; ALTER TABLE p1 RENAME TO p"},
        {"CREATE TABLE t (a int)",
         "CREATE SCHEMA s; ALTER TABLE t SET SCHEMA s; ALTER TABLE s.t RENAME TO u"},
        {"CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY); CREATE TYPE s.e AS ENUM ('a'); CREATE "
         "FUNCTION "
         "s.f() RETURNS s.e LANGUAGE sql AS $$SELECT 'a'::s.e$$",
         "ALTER TABLE s.t SET SCHEMA public; ALTER TYPE s.e SET SCHEMA public; ALTER FUNCTION s.f SET SCHEMA "
         "public; "
         "DROP SCHEMA s"},
        {"CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (x int); CREATE TABLE b.t (y int)",
         "ALTER SCHEMA a RENAME TO c; ALTER SCHEMA b RENAME TO a; ALTER SCHEMA c RENAME TO b"},
        {"CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (x int); CREATE TABLE b.t (y int)",
         "ALTER TABLE a.t SET SCHEMA public; ALTER TABLE b.t SET SCHEMA a; ALTER TABLE public.t SET SCHEMA "
         "b"},
        {"CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b, a + b AS c FROM t WHERE a > 0 ORDER "
         "BY b; CREATE "
         "MATERIALIZED VIEW m AS SELECT t.a, x.b FROM t JOIN t x ON x.a = t.b",
         "ALTER TABLE t RENAME a TO tmp; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME tmp TO b"},
        {"CREATE TABLE t (a int); CREATE TABLE u (x t); CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS "
         "'SELECT $1.a'",
         "ALTER TABLE t ADD b int; ALTER TABLE t RENAME TO w"},
        {"CREATE TABLE t (a int); CREATE TABLE u (x t, y t[])", "DROP TABLE u; DROP TABLE t"},
        {"CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t); CREATE TABLE s (id int REFERENCES t)",
         "DROP TABLE s; DROP TABLE t"},
        {"CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a text) RETURNS "
         "int "
         "LANGUAGE sql AS 'SELECT 2'; CREATE VIEW v AS SELECT f(1) AS x, f('a'::text) AS y",
         "DROP VIEW v; DROP FUNCTION f(int); CREATE VIEW v AS SELECT f('a'::text) AS y; COMMENT ON FUNCTION "
         "f(text) IS "
         "'x'"},
        {"CREATE TABLE t (a int, b text); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC "
         "SELECT "
         "count(b) FROM t WHERE a > 0; END; CREATE VIEW v AS SELECT f() AS x",
         "DROP VIEW v; DROP FUNCTION f; ALTER TABLE t ALTER a TYPE bigint"},
        {"CREATE TABLE t (a int); CREATE TABLE u (b int); CREATE POLICY q ON u USING (EXISTS (SELECT FROM t "
         "WHERE t.a = "
         "u.b)); ALTER TABLE u ENABLE ROW LEVEL SECURITY",
         "DROP POLICY q ON u; ALTER TABLE t ALTER a TYPE bigint"},
        {"CREATE TABLE t (a int); CREATE TABLE u (b int); CREATE POLICY q ON u USING (EXISTS (SELECT FROM t "
         "WHERE t.a = "
         "u.b)); ALTER TABLE u ENABLE ROW LEVEL SECURITY",
         "DROP TABLE t CASCADE"},
        {"CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e[]; CREATE TYPE c AS (x e, y d); CREATE "
         "TABLE t (k e "
         "PRIMARY KEY, l d, m c, n e GENERATED ALWAYS AS ('a'::e) STORED); CREATE FUNCTION f(x e DEFAULT "
         "'a') RETURNS c "
         "LANGUAGE sql AS $$SELECT ROW(x, ARRAY[x])::c$$; CREATE VIEW v AS SELECT f(k) AS z, n FROM t; "
         "INSERT INTO t "
         "VALUES ('a', '{a,b}', ROW('b', '{a}'))",
         "ALTER TYPE e ADD VALUE 'c'"},
        {"CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (k e) PARTITION BY LIST (k); CREATE TABLE p1 "
         "PARTITION OF p "
         "FOR VALUES IN ('a'); CREATE TABLE t (k e, CHECK (k IN ('a', 'b')), EXCLUDE (k WITH =))",
         "ALTER TYPE e RENAME VALUE 'a' TO 'z'"},
        {"CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL UNIQUE); ALTER TABLE t REPLICA IDENTITY USING "
         "INDEX "
         "t_b_key",
         "ALTER TABLE t DROP CONSTRAINT t_b_key; ALTER TABLE t REPLICA IDENTITY DEFAULT"},
        {"CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE RULE r AS ON INSERT TO "
         "v DO INSTEAD "
         "INSERT INTO t VALUES (NEW.a, NEW.b); GRANT INSERT (a) ON v TO clerk",
         "DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint; CREATE VIEW v AS SELECT a FROM t"},
        {"CREATE TABLE t (a int); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; CREATE STATISTICS s "
         "(ndistinct) "
         "ON (a + 1), (a + 2) FROM t",
         "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b"},
        {"CREATE TABLE t (a int DEFAULT 5, b int DEFAULT 6)",
         "ALTER TABLE t ALTER a DROP DEFAULT, ALTER b SET DEFAULT 7, ALTER a SET NOT NULL"},
        {"CREATE SEQUENCE q; CREATE TABLE t (a int DEFAULT nextval('q'))",
         "ALTER SEQUENCE q RENAME TO r; CREATE SEQUENCE q; ALTER TABLE t ALTER a SET DEFAULT nextval('q')"},
        {"CREATE TABLE a (x int); CREATE VIEW b AS SELECT x FROM a; CREATE SEQUENCE c",
         "ALTER VIEW b RENAME TO d; ALTER TABLE a RENAME TO b; ALTER SEQUENCE c RENAME TO a; ALTER VIEW d "
         "RENAME TO c"},
        {"CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)", "DROP INDEX i; CREATE TABLE i (x int)"},
        {"CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)",
         "ALTER INDEX i RENAME TO j; CREATE TABLE i (x int)"},
        {"CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))",
         "ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)"},
        {"CREATE TABLE \"a.b\" (\"c.d\" int, \"e\"\"f\" int CHECK (\"e\"\"f\" > 0)); CREATE VIEW \"x.y\" AS "
         "SELECT "
         "\"c.d\" AS \"A\" FROM \"a.b\"; CREATE FUNCTION \"f.g\"(\"H\" int) RETURNS int LANGUAGE sql AS "
         "'SELECT 1'; "
         "COMMENT ON FUNCTION \"f.g\" IS 'it''s \\ here'",
         "DROP VIEW \"x.y\"; ALTER TABLE \"a.b\" ALTER \"c.d\" TYPE bigint; ALTER TABLE \"a.b\" DROP "
         "\"e\"\"f\"; DROP "
         "FUNCTION \"f.g\""},
        {"CREATE TABLE t (a text NOT NULL); INSERT INTO t VALUES ('1')",
         "ALTER TABLE t ALTER a TYPE int USING a::int, ALTER a DROP NOT NULL, ADD CONSTRAINT c CHECK (a > "
         "0)"},
        {"CREATE TABLE t (a int) WITH (fillfactor = 70); CREATE INDEX i ON t (a) WITH (fillfactor = 80)",
         "DROP TABLE t; CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b)"},
        {"CREATE TABLE g (id int PRIMARY KEY); CREATE FUNCTION one() RETURNS int LANGUAGE sql STABLE AS "
         "'SELECT "
         "min(id) FROM g'; CREATE TABLE t (a int DEFAULT one()); CREATE VIEW v AS SELECT one() AS o",
         "DROP VIEW v; DROP TABLE t; DROP FUNCTION one; DROP TABLE g"},
        {"CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b() RETURNS int "
         "LANGUAGE sql AS "
         "'SELECT a()'; CREATE FUNCTION c() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN a() + b(); END'",
         "DROP FUNCTION c; DROP FUNCTION b; DROP FUNCTION a"},
        {"CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b text); INSERT INTO t (b) VALUES "
         "('x')",
         "ALTER TABLE t DROP a; ALTER TABLE t ADD a bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
        {"CREATE TABLE p (a int, b int NOT NULL); CREATE TABLE c () INHERITS (p); CREATE TABLE d (e int) "
         "INHERITS (c)",
         "ALTER TABLE p RENAME a TO z; ALTER TABLE c ALTER z SET DEFAULT 4; ALTER TABLE p ADD CONSTRAINT k "
         "CHECK (z > "
         "0); ALTER TABLE d ADD CHECK (e > 1)"},
        {"CREATE TABLE p (a int); CREATE TABLE c (a int, b int) INHERITS (p)", "ALTER TABLE c NO INHERIT p"},
    };
}

}  // namespace changelog::tests
