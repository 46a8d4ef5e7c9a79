// What was there before each measured statement, where that is more than the base schema, and the statement
// itself where the measurement only describes it.
#pragma once

#include <map>
#include <string>

namespace changelog::hazards {

struct Setup {
    std::string before;
    std::string statement = {};  ///< empty: the measurement has it
};

/// The tables that the measured statements speak of, with the indexes that their locks show.
inline const std::string kMeasuredBase = R"(
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, c text, n int NOT NULL, pid bigint);
CREATE INDEX t_a_idx ON t (a);
CREATE TABLE q (id bigint);
CREATE TABLE e (id int);
CREATE TABLE pt (k int, pid bigint) PARTITION BY RANGE (k);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (100);
CREATE TABLE par (id bigint, a int);
CREATE TYPE en AS ENUM ('a', 'b');
CREATE DOMAIN dp AS int;
CREATE DOMAIN dc AS int CHECK (VALUE > 0);
CREATE DOMAIN dd AS int DEFAULT 3 CHECK (VALUE > 0);
CREATE DOMAIN dv AS uuid DEFAULT gen_random_uuid();
CREATE SEQUENCE sq;
CREATE FUNCTION fv() RETURNS int LANGUAGE sql VOLATILE AS 'select 1';
CREATE FUNCTION fp() RETURNS int LANGUAGE plpgsql STABLE AS 'begin return 1; end';
CREATE FUNCTION fi() RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
)";

inline const std::map<std::string, Setup>& measured_setups() {
    static const std::string pt2 = "CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM (100) TO (200)";
    static const std::string fk = "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p";
    static const std::string vw = "CREATE VIEW vw AS SELECT id, a FROM t";
    static const std::string vb = "CREATE VIEW vw AS SELECT id, b FROM t";
    static const std::string k = "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID";
    static const std::string stored = "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a*2) STORED";
    static const std::string identity = "ALTER TABLE t ADD COLUMN x bigint GENERATED ALWAYS AS IDENTITY";
    static const std::string on_read = "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a*2) VIRTUAL";
    static const std::string mv = "CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t";
    static const std::string mvi = mv + "; CREATE UNIQUE INDEX mvi ON mv (id)";
    static const std::string set = "ALTER TABLE t ALTER a SET NOT NULL";
    static const std::string trigger =
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf()";
    static const std::string dt = "CREATE DOMAIN dm AS int; CREATE TABLE dt1 (v dm); CREATE TABLE dt2 (v dm)";
    static const std::string dk = dt + "; ALTER DOMAIN dm ADD CONSTRAINT k CHECK (value > 0) NOT VALID";
    static const std::string et = "CREATE TABLE et (v en)";
    static const std::string nw = "CREATE TABLE nw (k int, pid bigint)";
    static const std::string nn = "CREATE TABLE nw (k int NOT NULL, pid bigint)";
    static const std::string check = "; ALTER TABLE nw ADD CONSTRAINT c CHECK (k >= 100 AND k < 200)";
    static const std::string attach = "ALTER TABLE pt ATTACH PARTITION nw FOR VALUES FROM (100) TO (200)";
    static const std::string ptd = "CREATE TABLE ptd PARTITION OF pt DEFAULT";
    static const std::string qi = "CREATE UNIQUE INDEX qi ON q (id)";
    static const std::string add_qi = "ALTER TABLE q ADD CONSTRAINT qi PRIMARY KEY USING INDEX qi";
    static const std::string q_nn = "ALTER TABLE q ALTER id SET NOT NULL";
    static const std::string using_ui = "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX ui";
    static const std::string volatile_function =
        "CREATE FUNCTION vf() RETURNS int LANGUAGE plpgsql AS 'begin return 1; end'";
    static const std::map<std::string, Setup> setups = {
        {"ALTER TABLE pt ADD COLUMN x int", {pt2}},
        {"ALTER TABLE pt ALTER k SET NOT NULL", {pt2}},
        {"SET NOT NULL with validated CHECK(a IS NOT NULL)",
         {"ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL)", set}},
        {"SET NOT NULL with NOT VALID CHECK",
         {"ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID", set}},
        {"SET NOT NULL with validated CHECK(a IS NOT NULL AND a>0)",
         {"ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL AND a>0)", set}},
        {"SET NOT NULL with validated CHECK(a>0)", {"ALTER TABLE t ADD CONSTRAINT k CHECK (a>0)", set}},
        {"SET NOT NULL + DROP CONSTRAINT k in one ALTER (proof constraint dropped same stmt)",
         {"ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL)", set + ", DROP CONSTRAINT k"}},
        {"SET NOT NULL on PK column (already not null)", {"", "ALTER TABLE t ALTER id SET NOT NULL"}},
        {"ALTER TABLE t VALIDATE CONSTRAINT nn", {"ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID"}},
        {"18: SET NOT NULL when NOT VALID not-null exists",
         {"ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID", set}},
        {"ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL", {""}},
        {"ALTER TABLE t VALIDATE CONSTRAINT k", {k}},
        {"NOT VALID + VALIDATE same tx", {"", k + "; ALTER TABLE t VALIDATE CONSTRAINT k"}},
        {"VALIDATE already valid",
         {k + "; ALTER TABLE t VALIDATE CONSTRAINT k", "ALTER TABLE t VALIDATE CONSTRAINT k"}},
        {"ALTER TABLE t DROP CONSTRAINT k", {k}},
        {"ALTER TABLE t RENAME CONSTRAINT k TO k2", {k}},
        {"ALTER TABLE t VALIDATE CONSTRAINT fk", {fk + " NOT VALID"}},
        {"ALTER TABLE t ALTER CONSTRAINT fk ENFORCED", {fk + " NOT ENFORCED"}},
        {"ALTER TABLE t ALTER CONSTRAINT fk DEFERRABLE INITIALLY DEFERRED", {fk}},
        {"ALTER TABLE t DROP CONSTRAINT fk", {fk}},
        {"self FK NOT VALID",
         {"", "ALTER TABLE t ADD CONSTRAINT sf FOREIGN KEY (pid) REFERENCES t NOT VALID"}},
        {"ALTER TABLE pt VALIDATE CONSTRAINT fk",
         {"ALTER TABLE pt ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p NOT VALID"}},
        {"DROP TABLE t (t references p)", {fk, "DROP TABLE t"}},
        {"DROP TABLE p CASCADE (t references p)", {fk, "DROP TABLE p CASCADE"}},
        {"DROP COLUMN pid (has FK to p)", {fk, "ALTER TABLE t DROP COLUMN pid"}},
        {"TRUNCATE p CASCADE", {fk}},
        {"ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX ui", {"CREATE UNIQUE INDEX ui ON t (a)"}},
        {"ALTER TABLE t DROP CONSTRAINT u", {"ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)"}},
        {"ADD PK col already NOT NULL", {q_nn, "ALTER TABLE q ADD PRIMARY KEY (id)"}},
        {"ADD PK USING INDEX nullable col", {qi, add_qi}},
        {"ADD PK USING INDEX not-null col", {q_nn + ";" + qi, add_qi}},
        {"ADD PK USING INDEX nullable col with valid CHECK not null",
         {qi + "; ALTER TABLE q ADD CHECK (id IS NOT NULL)", add_qi}},
        {"18: ADD PK USING INDEX with NOT VALID not-null",
         {qi + "; ALTER TABLE q ADD CONSTRAINT nn NOT NULL id NOT VALID", add_qi}},
        {"swap PK: DROP + ADD USING INDEX in one ALTER",
         {"CREATE UNIQUE INDEX qi ON t (id)",
          "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT qi PRIMARY KEY USING INDEX qi"}},
        {"CREATE INDEX on partitioned parent", {"", "CREATE INDEX ON pt (pid)"}},
        {"ALTER INDEX ci ATTACH PARTITION ci1",
         {"CREATE INDEX ci ON ONLY pt (pid); CREATE INDEX ci1 ON pt1 (pid)"}},

        {"ADD COLUMN DEFAULT plpgsql volatile fn",
         {volatile_function, "ALTER TABLE t ADD COLUMN x int DEFAULT vf()"}},
        {"ADD COLUMN DEFAULT sql volatile fn wrapping random()",
         {"CREATE FUNCTION vr() RETURNS float8 LANGUAGE sql AS 'select random()'",
          "ALTER TABLE t ADD COLUMN x float8 DEFAULT vr()"}},
        {"ALTER TABLE t ADD COLUMN x int PRIMARY KEY", {"ALTER TABLE t DROP CONSTRAINT t_pkey"}},
        {"ADD COLUMN NOT NULL no default on EMPTY table", {"", "ALTER TABLE e ADD COLUMN x int NOT NULL"}},
        {"volatile default on EMPTY table",
         {"", "ALTER TABLE e ADD COLUMN x uuid DEFAULT gen_random_uuid()"}},
        {"ALTER TABLE t ALTER x DROP IDENTITY", {identity}},
        {"ALTER TABLE t ALTER x SET GENERATED BY DEFAULT SET INCREMENT 2", {identity}},
        {"ALTER TABLE t ALTER x RESTART WITH 9000", {identity}},
        {"ALTER TABLE t ALTER x DROP EXPRESSION", {stored}},
        {"ALTER TABLE t ALTER x SET EXPRESSION AS (a*3)", {stored}},
        {"SET EXPRESSION on VIRTUAL", {on_read, "ALTER TABLE t ALTER x SET EXPRESSION AS (a*3)"}},
        {"DROP EXPRESSION on VIRTUAL", {on_read, "ALTER TABLE t ALTER x DROP EXPRESSION"}},
        {"DROP COLUMN a (indexed)", {"", "ALTER TABLE t DROP COLUMN a"}},
        {"DROP COLUMN used by view", {vb, "ALTER TABLE t DROP COLUMN b"}},
        {"ALTER TABLE t DROP COLUMN b CASCADE", {vb}},
        {"RENAME COLUMN used by view (view follows)", {vb, "ALTER TABLE t RENAME COLUMN b TO bb"}},
        {"DROP TABLE t CASCADE", {vw}},
        {"DROP SCHEMA s2 CASCADE", {"CREATE SCHEMA s2; CREATE TABLE s2.z (id int)"}},
        {"ALTER SCHEMA s2 RENAME TO s3", {"CREATE SCHEMA s2"}},
        {"ALTER TABLE t SET LOGGED", {"ALTER TABLE t SET UNLOGGED"}},
        {"ALTER TABLE ch NO INHERIT par", {"CREATE TABLE ch (id bigint, a int) INHERITS (par)"}},
        {"ALTER POLICY po ON t USING (false)", {"CREATE POLICY po ON t USING (true)"}},
        {"DROP POLICY po ON t", {"CREATE POLICY po ON t USING (true)"}},
        {"CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf()", {trigger}},
        {"DROP TRIGGER tr ON t", {trigger}},
        {"ALTER TRIGGER tr ON t RENAME TO tr2", {trigger}},
        {"ALTER TABLE t DISABLE TRIGGER tr", {trigger}},
        {"DROP FUNCTION tf() CASCADE", {trigger}},
        {"DROP RULE r ON t", {"CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING"}},
        {"CREATE TRIGGER on partitioned parent",
         {"", "CREATE TRIGGER tr AFTER INSERT ON pt FOR EACH ROW EXECUTE FUNCTION tf()"}},
        {"CREATE OR REPLACE VIEW vw AS SELECT id,a,b FROM t", {vw}},
        {"CREATE OR REPLACE VIEW vw AS SELECT id,b FROM t", {vw}},
        {"CREATE OR REPLACE VIEW vw AS SELECT id,a::bigint AS a FROM t", {vw}},
        {"DROP VIEW vw", {vw}},
        {"ALTER VIEW vw RENAME TO vw2", {vw}},
        {"ALTER VIEW vw RENAME COLUMN a TO z", {vw}},
        {"ALTER VIEW vw SET (security_invoker=true)", {vw}},
        {"ALTER VIEW vw ALTER a SET DEFAULT 3", {vw}},
        {"REFRESH MATERIALIZED VIEW mv", {mvi}},
        {"REFRESH MATERIALIZED VIEW CONCURRENTLY mv", {mvi}},
        {"REFRESH CONCURRENTLY without unique index", {mv, "REFRESH MATERIALIZED VIEW CONCURRENTLY mv"}},
        {"DROP MATERIALIZED VIEW mv", {mvi}},
        {"CREATE INDEX mi ON mv(a)", {mv}},
        {"ALTER MATERIALIZED VIEW mv RENAME TO mv2", {mv}},
        {"ALTER TYPE en ADD VALUE 'c' ; INSERT INTO et VALUES('c')", {et}},
        {"ALTER TYPE en ADD VALUE 'c' ; ALTER TABLE et ALTER v SET DEFAULT 'c'", {et}},
        {"DROP TYPE en", {et}},
        {"DROP TYPE en CASCADE", {et}},
        {"ALTER DOMAIN dm ADD CONSTRAINT k CHECK (value>0)", {dt}},
        {"ALTER DOMAIN dm ADD CONSTRAINT k CHECK (value>0) NOT VALID", {dt}},
        {"ALTER DOMAIN dm VALIDATE CONSTRAINT k", {dk}},
        {"ALTER DOMAIN dm SET NOT NULL", {dt}},
        {"ALTER DOMAIN dm DROP NOT NULL", {dt}},
        {"ALTER DOMAIN dm SET DEFAULT 4", {dt}},
        {"ALTER DOMAIN dm DROP CONSTRAINT k", {dk}},
        {"CREATE PARTITION OF with DEFAULT partition present", {ptd, pt2}},
        {attach, {nw}},
        {"ATTACH with CHECK + NOT NULL col", {nn + check, attach}},
        {"ATTACH with CHECK, nullable col, CHECK lacks IS NOT NULL", {nw + check, attach}},
        {"ATTACH with CHECK incl IS NOT NULL, nullable col",
         {nw + "; ALTER TABLE nw ADD CONSTRAINT c CHECK (k IS NOT NULL AND k >= 100 AND k < 200)", attach}},
        {"ATTACH with CHECK, DEFAULT partition present", {ptd + ";" + nn + check, attach}},
        {"ATTACH with CHECK, DEFAULT partition with CHECK excluding range",
         {ptd + ";" + nn + check + "; ALTER TABLE ptd ADD CONSTRAINT d CHECK (NOT (k >= 100 AND k < 200))",
          attach}},
        {"DETACH with default partition", {ptd, "ALTER TABLE pt DETACH PARTITION pt1"}},
        {"ATTACH, parent has index that child lacks (index built)",
         {"CREATE INDEX pt_k_idx ON pt (k);" + nn + check, attach}},
        {"ATTACH, matching index prebuilt",
         {"CREATE INDEX pt_k_idx ON pt (k);" + nn + check + "; CREATE INDEX nw_k_idx ON nw (k)", attach}},
        {"ALTER PUBLICATION px ADD TABLE p", {"CREATE PUBLICATION px FOR TABLE t"}},
        {"ALTER TABLE t ALTER CONSTRAINT nn INHERIT", {"ALTER TABLE t ADD CONSTRAINT nn NOT NULL a"}},
        {"UNIQUE USING partial INDEX", {"CREATE UNIQUE INDEX ui ON t (a) WHERE a > 0", using_ui}},
        {"UNIQUE USING expression INDEX", {"CREATE UNIQUE INDEX ui ON t (lower(b))", using_ui}},
        {"UNIQUE USING DESC INDEX", {"CREATE UNIQUE INDEX ui ON t (a DESC)", using_ui}},
        {"UNIQUE USING NULLS NOT DISTINCT INDEX",
         {"CREATE UNIQUE INDEX ui ON t (a) NULLS NOT DISTINCT", using_ui}},
        {"UNIQUE USING INDEX on partitioned",
         {"CREATE UNIQUE INDEX ui ON pt (k)", "ALTER TABLE pt ADD CONSTRAINT u UNIQUE USING INDEX ui"}},
        {"DROP INDEX backing a constraint", {"", "DROP INDEX t_pkey"}},
        {"DROP PK referenced by FK",
         {"CREATE TABLE rf (x bigint REFERENCES t)", "ALTER TABLE t DROP CONSTRAINT t_pkey"}},
        {"ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE", {"CREATE TABLE rf (x bigint REFERENCES t)"}},

        {"column used by a view",
         {"CREATE TABLE y (v int); CREATE VIEW w AS SELECT v FROM y", "ALTER TABLE y ALTER v TYPE bigint"}},
        {"column used by SQL-body function (BEGIN ATOMIC)",
         {"CREATE TABLE y (v int); CREATE FUNCTION yf() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT v FROM "
          "y; END",
          "ALTER TABLE y ALTER v TYPE bigint"}},
        {"column used by generated stored column",
         {"CREATE TABLE y (v int, w int GENERATED ALWAYS AS (v * 2) STORED)",
          "ALTER TABLE y ALTER v TYPE bigint"}},
        {"column used in trigger UPDATE OF / WHEN",
         {"CREATE TABLE y (v int); CREATE TRIGGER r BEFORE UPDATE OF v ON y FOR EACH ROW EXECUTE FUNCTION "
          "tf()",
          "ALTER TABLE y ALTER v TYPE bigint"}},
        {"column used in RLS policy",
         {"CREATE TABLE y (v int); CREATE POLICY o ON y USING (v > 0)", "ALTER TABLE y ALTER v TYPE bigint"}},
        {"partition key column",
         {"CREATE TABLE y (id int) PARTITION BY RANGE (id)", "ALTER TABLE y ALTER id TYPE bigint"}},
        {"column in publication column list (15+)",
         {"CREATE TABLE y (id int PRIMARY KEY, v int); CREATE PUBLICATION py FOR TABLE y WHERE (v > 0)",
          "ALTER TABLE y ALTER v TYPE bigint"}},
        {"column in extended statistics",
         {"CREATE TABLE y (v varchar(20), w int); CREATE STATISTICS ys ON v, w FROM y",
          "ALTER TABLE y ALTER v TYPE text"}},
        {"column DEFAULT cast needed: text default -> int",
         {"CREATE TABLE y (v text DEFAULT '1')", "ALTER TABLE y ALTER v TYPE int USING v::int"}},
        {"partitioned: ALTER TYPE on parent",
         {"CREATE TABLE y (id int, v int) PARTITION BY RANGE (id); "
          "CREATE TABLE y1 PARTITION OF y FOR VALUES FROM (0) TO (100)",
          "ALTER TABLE y ALTER v TYPE bigint"}},
        {"identity column int->bigint",
         {"CREATE TABLE y (id int GENERATED ALWAYS AS IDENTITY)", "ALTER TABLE y ALTER id TYPE bigint"}},
        {"serial column int->bigint (sequence type?)",
         {"CREATE TABLE y (id serial)", "ALTER TABLE y ALTER id TYPE bigint"}},
        {"FK column int->bigint",
         {"CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE y (v int REFERENCES k)",
          "ALTER TABLE y ALTER v TYPE bigint"}},
        {"referenced PK int->bigint (FK in y)",
         {"CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE y (v int REFERENCES k)",
          "ALTER TABLE k ALTER id TYPE bigint"}},
        {"referenced PK varchar(20)->text",
         {"CREATE TABLE k (id varchar(20) PRIMARY KEY); CREATE TABLE y (v varchar(20) REFERENCES k)",
          "ALTER TABLE k ALTER id TYPE text"}},
        {"varchar(20)->text with FK on it (same collation)",
         {"CREATE TABLE k (id varchar(20) PRIMARY KEY); CREATE TABLE y (v varchar(20) REFERENCES k)",
          "ALTER TABLE y ALTER v TYPE text"}},
        {"varchar(20)->text with INCLUDE index",
         {"CREATE TABLE y (id int, v varchar(20)); CREATE INDEX yv ON y (id) INCLUDE (v)",
          "ALTER TABLE y ALTER v TYPE text"}},
        {"varchar(20)->text with UNIQUE constraint",
         {"CREATE TABLE y (v varchar(20) UNIQUE)", "ALTER TABLE y ALTER v TYPE text"}},
        {"varchar(20)->text with btree index and CHECK on the column",
         {"CREATE TABLE y (v varchar(20) CHECK (v <> '')); CREATE INDEX yv ON y (v)",
          "ALTER TABLE y ALTER v TYPE text"}},
        {"varchar(20)->text with expression index lower(v)",
         {"CREATE TABLE y (v varchar(20)); CREATE INDEX yv ON y (lower(v))",
          "ALTER TABLE y ALTER v TYPE text"}},
        {"varchar(20)->text with partial index WHERE v IS NOT NULL",
         {"CREATE TABLE y (v varchar(20)); CREATE INDEX yv ON y (v) WHERE v IS NOT NULL",
          "ALTER TABLE y ALTER v TYPE text"}},
        {"varchar(20)->text with partial index WHERE v<>''",
         {"CREATE TABLE y (v varchar(20)); CREATE INDEX yv ON y (v) WHERE v <> ''",
          "ALTER TABLE y ALTER v TYPE text"}},
        {"varchar(20)->varchar(30) with CHECK on the column",
         {"CREATE TABLE y (v varchar(20) CHECK (v <> '')); CREATE INDEX yv ON y (v)",
          "ALTER TABLE y ALTER v TYPE varchar(30)"}},
        {"varchar(20)->varchar(30) with partial index WHERE v<>''",
         {"CREATE TABLE y (v varchar(20)); CREATE INDEX yv ON y (v) WHERE v <> ''",
          "ALTER TABLE y ALTER v TYPE varchar(30)"}},
    };
    return setups;
}

}  // namespace changelog::hazards
