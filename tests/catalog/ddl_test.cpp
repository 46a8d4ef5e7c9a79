#include "catalog/ddl.hpp"

#include "catalog/sql_text.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::catalog;

TEST_CASE("a column is defined with all that stands in its line") {
    Column column;
    column.name = "Note";
    column.type = "character varying(50)";
    column.collation = "de-x-icu";
    column.expression = "'x'::character varying";
    column.not_null = true;
    CHECK(column_definition(column) ==
          "\"Note\" character varying(50) COLLATE \"de-x-icu\" DEFAULT 'x'::character varying NOT NULL");
    column = {};
    column.name = "total";
    column.type = "integer";
    column.expression = "price * amount";
    column.generated = Generated::stored;
    CHECK(column_definition(column) == "total integer GENERATED ALWAYS AS (price * amount) STORED");
    column.expression = "(price * amount)";
    CHECK(column_definition(column) == "total integer GENERATED ALWAYS AS (price * amount) STORED");
}

TEST_CASE("an identity column keeps its options and its sequence") {
    Column column;
    column.name = "id";
    column.type = "bigint";
    column.not_null = true;
    Identity identity;
    identity.always = true;
    identity.options.start = "100";
    identity.options.increment = "5";
    identity.sequence = "old_id_seq";
    column.identity = identity;
    CHECK(column_definition(column) ==
          "id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME old_id_seq START WITH 100 INCREMENT BY 5) "
          "NOT NULL");
}

TEST_CASE("constraints are defined with all that follows them") {
    Constraint constraint;
    constraint.name = "k";
    constraint.kind = ConstraintKind::foreign_key;
    constraint.columns = {"a", "b"};
    constraint.referenced_table = {"s", "order"};
    constraint.referenced_columns = {"c", "d"};
    constraint.match = "FULL";
    constraint.on_update = "CASCADE";
    constraint.on_delete = "SET NULL";
    constraint.initially_deferred = true;
    constraint.validated = false;
    CHECK(constraint_definition(constraint) ==
          "CONSTRAINT k FOREIGN KEY (a, b) REFERENCES s.\"order\" (c, d) MATCH FULL ON UPDATE CASCADE ON "
          "DELETE SET NULL "
          "DEFERRABLE INITIALLY DEFERRED NOT VALID");
    constraint = {};
    constraint.name = "u";
    constraint.kind = ConstraintKind::unique;
    constraint.columns = {"a"};
    constraint.include = {"b"};
    constraint.nulls_not_distinct = true;
    constraint.tablespace = "fast";
    CHECK(constraint_definition(constraint) ==
          "CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) USING INDEX TABLESPACE fast");
    constraint = {};
    constraint.name = "c";
    constraint.expression = "(a > 0) AND (b > 0)";
    constraint.no_inherit = true;
    CHECK(constraint_definition(constraint) == "CONSTRAINT c CHECK ((a > 0) AND (b > 0)) NO INHERIT");
    constraint = {};
    constraint.name = "e";
    constraint.kind = ConstraintKind::exclusion;
    constraint.expression = "USING gist (during WITH &&)";
    CHECK(constraint_definition(constraint) == "CONSTRAINT e EXCLUDE USING gist (during WITH &&)");
}

TEST_CASE("indexes are defined with method, order, predicate and options") {
    Index index;
    index.name = "i";
    index.unique = true;
    index.method = "gin";
    IndexKey plain, call;
    plain.text = "a";
    plain.descending = true;
    plain.nulls_first = false;
    call.text = "lower(b)";
    call.expression = true;
    call.operator_class = "gin_trgm_ops";
    call.collation = "C";
    index.keys = {plain, call};
    index.include = {"c"};
    index.options = {{"fastupdate", "off"}};
    index.predicate = "a IS NOT NULL";
    CHECK(create_index({"public", "t"}, index) ==
          "CREATE UNIQUE INDEX i ON public.t USING gin (a DESC NULLS LAST, (lower(b)) COLLATE \"C\" "
          "gin_trgm_ops) INCLUDE (c) "
          "WITH (fastupdate = off) WHERE a IS NOT NULL");
    CHECK(create_index({"public", "t"}, index, true).starts_with("CREATE UNIQUE INDEX CONCURRENTLY i"));
}

TEST_CASE("a table is made with all that belongs to it, foreign keys last") {
    Table table;
    table.name = {"public", "t"};
    table.persistence = "UNLOGGED";
    Column id;
    id.name = "id";
    id.type = "bigint";
    id.not_null = true;
    Column note;
    note.name = "note";
    note.type = "text";
    note.storage = "EXTERNAL";
    note.statistics = 500;
    note.comment = "it's free";
    table.columns = {id, note};
    Constraint reference, check, key;
    reference.name = "fk";
    reference.kind = ConstraintKind::foreign_key;
    reference.columns = {"id"};
    reference.referenced_table = {"public", "u"};
    check.name = "c";
    check.expression = "id > 0";
    check.validated = false;
    key.name = "t_pkey";
    key.kind = ConstraintKind::primary_key;
    key.columns = {"id"};
    table.constraints = {reference, check, key};
    Index index;
    index.name = "t_note_idx";
    IndexKey by_note;
    by_note.text = "note";
    index.keys = {by_note};
    index.clustered = true;
    table.indexes = {index};
    Trigger trigger;
    trigger.name = "g";
    trigger.definition =
        "CREATE TRIGGER g BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f()";
    trigger.enabled = "D";
    table.triggers = {trigger};
    table.row_security = true;
    table.options = {{"fillfactor", "70"}};
    table.grants = {{"", {"SELECT"}, {}, false}, {"clerk", {"INSERT", "UPDATE"}, {"note"}, true}};
    table.comment = "all of it";

    std::vector<std::string> made;
    for (const Statement& statement : create_table(table)) made.push_back(statement.sql);
    const std::vector<std::string> expected = {
        "CREATE UNLOGGED TABLE public.t (id bigint NOT NULL, note text, CONSTRAINT t_pkey PRIMARY KEY (id)) "
        "WITH (fillfactor = 70)",
        "ALTER TABLE public.t ALTER COLUMN note SET STORAGE EXTERNAL",
        "ALTER TABLE public.t ALTER COLUMN note SET STATISTICS 500",
        "COMMENT ON COLUMN public.t.note IS 'it''s free'",
        "ALTER TABLE public.t ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
        "CREATE INDEX t_note_idx ON public.t (note)",
        "ALTER TABLE public.t CLUSTER ON t_note_idx",
        "CREATE TRIGGER g BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f()",
        "ALTER TABLE public.t DISABLE TRIGGER g",
        "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY",
        "COMMENT ON TABLE public.t IS 'all of it'",
        "GRANT SELECT ON TABLE public.t TO PUBLIC",
        "GRANT INSERT (note), UPDATE (note) ON TABLE public.t TO clerk WITH GRANT OPTION",
        "ALTER TABLE public.t ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES public.u",
    };
    CHECK(made == expected);
}

TEST_CASE("types, sequences and views are made as they are") {
    Type color;
    color.name = {"public", "color"};
    color.labels = {"red", "it's"};
    CHECK(create_type(color) == "CREATE TYPE public.color AS ENUM ('red', 'it''s')");
    Type positive;
    positive.name = {"public", "positive"};
    positive.kind = TypeKind::domain;
    positive.base_type = "integer";
    positive.not_null = true;
    Constraint check;
    check.name = "positive_check";
    check.expression = "VALUE > 0";
    positive.constraints = {check};
    CHECK(create_type(positive) ==
          "CREATE DOMAIN public.positive AS integer NOT NULL CONSTRAINT positive_check CHECK (VALUE > 0)");
    Sequence sequence;
    sequence.name = {"public", "q"};
    sequence.options.type = "integer";
    sequence.options.cycle = true;
    sequence.options.maximum = "9";
    sequence.owned_by = ObjectRef{ObjectKind::column, {"public", "t"}, "id"};
    const auto made = create_sequence_statements(sequence);
    REQUIRE(made.size() == 2);
    CHECK(made[0].sql == "CREATE SEQUENCE public.q AS integer MAXVALUE 9 CYCLE");
    CHECK(made[1].sql == "ALTER SEQUENCE public.q OWNED BY public.t.id");
    View view;
    view.name = {"public", "v"};
    view.materialized = true;
    view.columns = {"a"};
    view.query = "SELECT 1";
    CHECK(create_view(view) == "CREATE MATERIALIZED VIEW public.v (a) AS SELECT 1");
}

TEST_CASE("names in expressions are told from functions, types, qualifiers and text") {
    CHECK(mentions("lower(note) = 'x'", "note"));
    CHECK(mentions("t.\"Note\" > 1", "Note"));
    CHECK_FALSE(mentions("note(a)", "note"));
    CHECK_FALSE(mentions("'note'", "note"));
    CHECK_FALSE(mentions("a::note", "note"));
    CHECK_FALSE(mentions("note.a", "note"));
    CHECK(rename_in("NOTE > 1 AND 'note' <> Note", "note", "a b") == "\"a b\" > 1 AND 'note' <> \"a b\"");
    CHECK(parenthesised("(a) + (b)") == "((a) + (b))");
    CHECK(parenthesised("(a + b)") == "(a + b)");
}
