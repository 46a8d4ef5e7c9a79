#include "operations/raw_ddl.hpp"

#include "support/catch.hpp"
#include "support/fold.hpp"
#include "support/shown_catalog.hpp"

using namespace changelog;
using operations::FollowResult;
using tests::shown;

namespace {

struct Followed {
    catalog::Catalog catalog;
    FollowResult result;

    explicit Followed(const std::string& sql) { then(sql); }
    Followed& then(const std::string& sql) {
        result = operations::follow_sql(sql, "public", catalog);
        return *this;
    }
    const catalog::Table& table(const std::string& name) const { return catalog.tables.at({"public", name}); }
    std::string undo(const std::string& sql) const {
        RenderContext context;
        context.before = &catalog;
        const Undo found = operations::undo_sql({sql}, context);
        return found.impossible ? "impossible: " + *found.impossible : tests::joined(found.statements);
    }
};

}  // namespace

TEST_CASE("raw DDL: CREATE TABLE with everything") {
    const Followed made(
        "CREATE TABLE app.t (id bigserial PRIMARY KEY, a numeric(10, 2)[] NOT NULL DEFAULT (1+2),\n"
        "  b text COLLATE \"C\" CHECK (length(b) > 0) NO INHERIT UNIQUE,\n"
        "  i int GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT -2),\n"
        "  g int GENERATED ALWAYS AS (i*2) STORED, ts timestamp(3) with time zone DEFAULT now() NOT NULL,\n"
        "  iv interval day to second(3), c char, d varchar(5) DEFAULT 'x, y'::character varying,\n"
        "  CONSTRAINT x FOREIGN KEY (a) REFERENCES o (b) ON DELETE SET NULL DEFERRABLE,\n"
        "  EXCLUDE USING gist (a WITH =) WHERE (a > 1) DEFERRABLE, CHECK (i > g), CHECK (i > 0)\n"
        ") WITH (fillfactor=70, autovacuum_enabled=false)");
    CHECK(made.result.exact);
    CHECK(made.result.why == "");
    CHECK(
        shown(made.catalog) ==
        "CREATE SEQUENCE app.t_id_seq;\nALTER SEQUENCE app.t_id_seq OWNED BY app.t.id;\n"
        "CREATE TABLE app.t (id bigint DEFAULT nextval('app.t_id_seq'::regclass) NOT NULL, "
        "a numeric(10,2)[] DEFAULT (1+2) NOT NULL, b text COLLATE \"C\", "
        "i integer GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY -2) NOT NULL, "
        "g integer GENERATED ALWAYS AS (i*2) STORED, ts timestamp(3) with time zone DEFAULT now() NOT NULL, "
        "iv interval day to second(3), c character(1), "
        "d character varying(5) DEFAULT 'x, y'::character varying, CONSTRAINT t_pkey PRIMARY KEY (id), "
        "CONSTRAINT t_b_check CHECK (length(b) > 0) NO INHERIT, CONSTRAINT t_b_key UNIQUE (b), "
        "CONSTRAINT t_a_excl EXCLUDE USING gist (a WITH =) WHERE (a > 1) DEFERRABLE, "
        "CONSTRAINT t_check CHECK (i > g), CONSTRAINT t_i_check CHECK (i > 0)) "
        "WITH (autovacuum_enabled = false, fillfactor = 70);\n"
        "ALTER TABLE app.t ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES public.o (b) ON DELETE SET NULL "
        "DEFERRABLE");
}

TEST_CASE("raw DDL: ALTER TABLE, several commands at once") {
    Followed made("CREATE TABLE t (a int, b text DEFAULT 'x')");
    made.then(
        "ALTER TABLE t ADD COLUMN c serial, ALTER b TYPE varchar(10) USING b::varchar, "
        "ALTER b SET DEFAULT 'y, z', ALTER a SET NOT NULL, ADD CONSTRAINT k UNIQUE (a), "
        "ADD CHECK (a > 0) NOT VALID, ALTER b SET STORAGE external, ALTER b SET STATISTICS 7, "
        "SET (fillfactor=50), REPLICA IDENTITY FULL, ENABLE ROW LEVEL SECURITY");
    CHECK(made.result.why == "");
    const catalog::Table& table = made.table("t");
    CHECK(table.columns.size() == 3);
    CHECK(table.column("b")->type == "character varying(10)");
    CHECK(table.column("b")->expression == "'y, z'");
    CHECK(table.column("b")->storage == "EXTERNAL");
    CHECK(table.column("b")->statistics == 7);
    CHECK(table.column("a")->not_null);
    CHECK(table.column("c")->expression == "nextval('public.t_c_seq'::regclass)");
    CHECK_FALSE(table.constraint("t_a_check")->validated);
    CHECK(table.constraint("k") != nullptr);
    CHECK(table.row_security);
    CHECK(table.replica_identity == "FULL");
    CHECK(table.options.at("fillfactor") == "50");
    made.then(
        "ALTER TABLE t RENAME a TO z; ALTER TABLE t RENAME TO u; ALTER TABLE u DROP COLUMN b, "
        "VALIDATE CONSTRAINT t_a_check, ALTER c DROP DEFAULT, DISABLE ROW LEVEL SECURITY");
    CHECK(made.result.why == "");
    CHECK(made.table("u").constraint("t_a_check")->expression == "z > 0");
    CHECK(made.table("u").constraint("t_a_check")->validated);
    CHECK(made.table("u").column("b") == nullptr);
    CHECK_FALSE(made.table("u").column("c")->expression);
}

TEST_CASE("raw DDL: partitions get what their parent has") {
    const Followed made(
        "CREATE TABLE p (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);"
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
        "CREATE INDEX ON p (lower(id::text), (day + 1) DESC NULLS LAST) WHERE id > 1;"
        "CREATE TABLE p2 (LIKE p); ALTER TABLE p ATTACH PARTITION p2 DEFAULT");
    CHECK(made.result.why == "");
    CHECK(made.table("p").partition_by == "RANGE (day)");
    CHECK(made.table("p1").partition_bound == "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')");
    CHECK(made.table("p1").constraints.at(0).name == "p1_pkey");
    CHECK(made.table("p1").indexes.at(0).name == "p1_lower_expr_idx");
    CHECK(made.table("p1").indexes.at(0).attached_to == ObjectName{"public", "p_lower_expr_idx"});
    CHECK(made.table("p2").partition_bound == "DEFAULT");
    CHECK(made.table("p2").indexes.at(0).keys.at(1).text == "day + 1");
    CHECK(made.table("p2").indexes.at(0).keys.at(1).nulls_first == false);
}

TEST_CASE("raw DDL: types, domains and sequences") {
    const Followed made(
        "CREATE TYPE mood AS ENUM ('a','b'); ALTER TYPE mood ADD VALUE 'c' BEFORE 'b';"
        "CREATE DOMAIN d AS int DEFAULT 5 NOT NULL CHECK (VALUE > 0) CONSTRAINT x CHECK (VALUE < 10);"
        "CREATE TYPE ct AS (a int, b text); ALTER TYPE ct ADD ATTRIBUTE m mood;"
        "CREATE TYPE r AS RANGE (subtype = float8); CREATE TABLE t (m mood[], d d);"
        "CREATE SEQUENCE s INCREMENT BY -1 MINVALUE -100 CACHE 5 OWNED BY t.d;"
        "ALTER SEQUENCE s NO MINVALUE CYCLE; ALTER TYPE mood RENAME TO feeling");
    CHECK(made.result.why == "");
    CHECK(shown(made.catalog) ==
          "CREATE TYPE public.ct AS (a integer, b text, m public.feeling);\n"
          "CREATE DOMAIN public.d AS integer DEFAULT 5 NOT NULL CONSTRAINT d_check CHECK (VALUE > 0) "
          "CONSTRAINT x CHECK (VALUE < 10);\n"
          "CREATE TYPE public.feeling AS ENUM ('a', 'c', 'b');\n"
          "CREATE TYPE public.r AS RANGE (subtype = float8);\n"
          "CREATE SEQUENCE public.s INCREMENT BY -1 CACHE 5 CYCLE;\n"
          "ALTER SEQUENCE public.s OWNED BY public.t.d;\n"
          "CREATE TABLE public.t (m public.feeling[], d public.d)");
}

TEST_CASE("raw DDL: views, triggers, policies, comments, grants") {
    const Followed made(
        "CREATE TABLE t (a int);"
        "CREATE VIEW v (x) WITH (security_barrier) AS SELECT a FROM t WITH LOCAL CHECK OPTION;"
        "CREATE MATERIALIZED VIEW m AS SELECT a AS b FROM t WITH NO DATA; CREATE UNIQUE INDEX ON m (b);"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
        "CREATE POLICY p ON t FOR SELECT USING (a > 1); ALTER POLICY p ON t TO bob WITH CHECK (a > 2);"
        "COMMENT ON POLICY p ON t IS 'p'; COMMENT ON FUNCTION f() IS 'f';"
        "GRANT SELECT (a), INSERT ON t TO bob; REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC");
    CHECK(made.result.why == "");
    const catalog::View& view = made.catalog.views.at({"public", "v"});
    CHECK(view.query == "SELECT a FROM t");
    CHECK(view.columns == std::vector<std::string>{"x"});
    CHECK(view.options.at("check_option") == "local");
    const catalog::View& rows = made.catalog.views.at({"public", "m"});
    CHECK(rows.query == "SELECT a AS b FROM t");
    CHECK_FALSE(rows.populated);
    CHECK(rows.indexes.at(0).name == "m_b_idx");
    const catalog::Table& table = made.table("t");
    CHECK(table.triggers.at(0).definition ==
          "CREATE TRIGGER tr BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION f()");
    CHECK(table.policies.at(0).definition ==
          "CREATE POLICY p ON public.t FOR SELECT TO bob USING (a > 1) WITH CHECK (a > 2)");
    CHECK(table.policies.at(0).comment == "p");
    CHECK(table.grants.size() == 2);
    CHECK(made.catalog.functions.begin()->second.closed);
    CHECK(made.catalog.functions.begin()->second.comment == "f");
}

TEST_CASE("raw DDL: DROP takes along what CASCADE does") {
    Followed made(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a) STORED);"
        "CREATE TABLE u (t int REFERENCES t); CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT * "
        "FROM v");
    made.then("ALTER TABLE t DROP COLUMN a CASCADE");
    CHECK(made.table("t").columns.size() == 1);
    made.then("DROP TABLE t CASCADE");
    CHECK(made.result.exact);
    CHECK(made.catalog.views.empty());
    CHECK(made.table("u").constraints.empty());
}

TEST_CASE("raw DDL: search_path and temporary tables") {
    const Followed made(
        "SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE app.a (x int);"
        "SET search_path TO app, public; CREATE TABLE b (x int); RESET search_path; CREATE TABLE c (x int);"
        "CREATE TEMP TABLE gone (x int); CREATE INDEX ON gone (x); ALTER TABLE gone ADD y int; DROP TABLE "
        "gone");
    CHECK(made.result.why == "");
    CHECK(made.catalog.tables.size() == 3);
    CHECK(made.catalog.tables.contains({"app", "b"}));
    CHECK(made.catalog.tables.contains({"public", "c"}));
    CHECK(made.catalog.uncertain.size() == 1);
}

TEST_CASE("raw DDL: what cannot be followed is not known any more") {
    Followed made("CREATE TABLE t (a int); CREATE TABLE u (a int)");
    made.then("CREATE INDEX ON t USING gin (a gin_trgm_ops (siglen = 32))");
    CHECK_FALSE(made.result.exact);
    CHECK(made.catalog.tables.size() == 1);
    made.then("CREATE TABLE made AS SELECT 1 AS a");
    CHECK_FALSE(made.catalog.tables.contains({"public", "made"}));
    CHECK(made.catalog.uncertain.back() == "SQL makes table public.made");
    made.then("ALTER TABLE elsewhere DROP COLUMN a");
    CHECK(made.result.why == "ALTER: the definition of table public.elsewhere is not known");
    CHECK(made.catalog.tables.size() == 1);
}

TEST_CASE("raw DDL: what else a statement does") {
    Followed made("CREATE TABLE t (a int); CREATE SEQUENCE s");
    const auto kinds = [&](const char* sql) {
        const FollowResult found = operations::follow_sql(std::string(sql), "public", made.catalog);
        return std::string(found.exact ? "exact " : "") + (found.data ? "data " : "") +
               (found.opaque ? "opaque " : "") + (found.not_kept ? "not kept " : "") + found.why;
    };
    CHECK(kinds("SELECT 1; SET lock_timeout = 5; ANALYZE t; BEGIN; COMMIT") == "exact ");
    CHECK(kinds("INSERT INTO t VALUES (1)") == "data INSERT changes rows of public.t");
    CHECK(kinds("WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x") ==
          "data WITH changes rows of public.t");
    CHECK(kinds("SELECT setval('s', 4)") == "data SELECT changes the value of sequence public.s");
    CHECK(kinds("TRUNCATE t") == "data TRUNCATE changes rows of public.t");
    CHECK(kinds("DO $$ BEGIN END $$") == "opaque DO runs a DO block");
    CHECK(kinds("SELECT f()") == "opaque SELECT calls function f, which may do anything");
    CHECK(kinds("ALTER TABLE t OWNER TO bob") == "exact ");
    CHECK(kinds("ALTER PUBLICATION p OWNER TO bob") == "ALTER: who owned what it changes is not known");
    CHECK(kinds("ALTER ROLE bob LOGIN") == "not kept ALTER: what it changes is not part of the schema");
    CHECK(kinds("CREATE TABLE IF NOT EXISTS n (a int)") ==
          "CREATE: whether table public.n was there before is not known");
    CHECK(kinds("CREATE TABLE IF NOT EXISTS t (a int)") == "exact ");
    CHECK(kinds("CREATE TABLE x (a int); ROLLBACK") == "opaque ROLLBACK undoes a part of it");
    CHECK(kinds("CREATE TABLE").starts_with("opaque SQL that could not be parsed: syntax error"));
}

TEST_CASE("raw DDL: undone without a server") {
    const Followed made(
        "CREATE TABLE t (id serial PRIMARY KEY, a int, b text); CREATE INDEX i ON t (b);"
        "CREATE VIEW v AS SELECT id FROM t; COMMENT ON TABLE t IS 'old'");
    CHECK(made.undo("CREATE TABLE n (id serial PRIMARY KEY, x int REFERENCES t)") == "DROP TABLE public.n");
    CHECK(made.undo("CREATE INDEX j ON t (a)") == "DROP INDEX public.j");
    CHECK(made.undo("CREATE INDEX CONCURRENTLY j ON t (a)") == "DROP INDEX CONCURRENTLY public.j");
    CHECK(made.undo("DROP INDEX CONCURRENTLY i") == "CREATE INDEX CONCURRENTLY i ON public.t (b)");
    CHECK(made.undo("CREATE VIEW w AS SELECT 1") == "DROP VIEW public.w");
    CHECK(made.undo("DROP VIEW v") == "CREATE VIEW public.v AS SELECT id FROM t");
    CHECK(made.undo("CREATE FUNCTION g(n int) RETURNS int LANGUAGE sql AS 'SELECT 1'") ==
          "DROP FUNCTION public.g(integer)");
    CHECK(made.undo("CREATE TYPE x AS ENUM ('a')") == "DROP TYPE public.x");
    CHECK(made.undo("CREATE SEQUENCE s") == "DROP SEQUENCE public.s");
    CHECK(made.undo("CREATE SCHEMA s") == "DROP SCHEMA s");
    CHECK(made.undo("ALTER TABLE t ADD COLUMN c int") == "ALTER TABLE public.t DROP COLUMN c");
    CHECK(made.undo("ALTER TABLE t ADD CHECK (a > 1)") == "ALTER TABLE public.t DROP CONSTRAINT t_a_check");
    CHECK(made.undo("ALTER TABLE t OWNER TO bob") == "ALTER TABLE public.t OWNER TO CURRENT_USER");
    CHECK(made.undo("ALTER VIEW v OWNER TO bob") == "ALTER VIEW public.v OWNER TO CURRENT_USER");
    CHECK(made.undo("COMMENT ON TABLE t IS 'new'") == "COMMENT ON TABLE public.t IS 'old'");
    CHECK(made.undo("ALTER TABLE t RENAME TO t2") == "ALTER TABLE public.t2 RENAME TO t");
    CHECK(made.undo("ALTER TABLE t RENAME b TO c") == "ALTER TABLE public.t RENAME COLUMN c TO b");
    CHECK(made.undo("GRANT SELECT ON t TO bob") == "REVOKE SELECT ON TABLE public.t FROM bob");
    CHECK(made.undo("CREATE TABLE x AS SELECT 1 AS a") == "DROP TABLE public.x");
    CHECK(made.undo("SELECT 1; SET lock_timeout = 5") == "");
}

TEST_CASE("raw DDL: what is added to a table that is not known can be taken away") {
    const Followed made("CREATE TABLE t (a int)");
    CHECK(made.undo("ALTER TABLE other ADD COLUMN c int") == "ALTER TABLE public.other DROP COLUMN c");
    CHECK(made.undo("ALTER TABLE other ADD CONSTRAINT k UNIQUE (x)") ==
          "ALTER TABLE public.other DROP CONSTRAINT k");
    CHECK(made.undo("CREATE INDEX q ON other (x)") == "DROP INDEX public.q");
    CHECK(made.undo("ALTER TABLE other RENAME TO another") == "ALTER TABLE public.another RENAME TO other");
    for (const char* sql :
         {"ALTER TABLE other DROP COLUMN x", "DROP TABLE other", "CREATE INDEX ON other (x)",
          "ALTER TABLE other ADD UNIQUE (x)", "ALTER TABLE other SET (fillfactor = 5)",
          "DROP TABLE IF EXISTS other", "CREATE OR REPLACE VIEW v AS SELECT 1"}) {
        INFO(sql);
        RenderContext context;
        context.before = &made.catalog;
        const Undo undo = operations::undo_sql({sql}, context);
        CHECK(undo.impossible);
        CHECK(undo.observe);
    }
    CHECK(made.catalog.tables.size() == 1);
}

TEST_CASE("raw DDL: a change that nobody can see needs a rollback block") {
    const Followed made("CREATE TABLE t (a int)");
    RenderContext context;
    context.before = &made.catalog;
    const Undo undo = operations::undo_sql({"ALTER ROLE bob LOGIN"}, context);
    CHECK(undo.impossible == "ALTER: what it changes is not part of the schema: it needs a rollback block");
    CHECK_FALSE(undo.observe);
}
