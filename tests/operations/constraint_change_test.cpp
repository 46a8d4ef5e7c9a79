// Primary keys, UNIQUE, foreign keys, CHECK, EXCLUDE, lookup tables, indexes, partitions, dropTable.
#include "support/build.hpp"
#include "support/catch.hpp"

using namespace changelog;
using changelog::tests::codes_of;
using changelog::tests::Schema;

using Lines = std::vector<std::string>;

namespace {

void make_tables(Schema& schema) {
    schema.apply("createTable", R"yaml(
tableName: t
columns:
  - column: {name: id, type: int, constraints: {primaryKey: true}}
  - column: {name: a, type: int}
  - column: {name: b, type: text}
)yaml");
    schema.apply("createTable",
                 "{tableName: u, columns: [{column: {name: x, type: int}}, {column: {name: y, type: int, "
                 "constraints: {nullable: false}}}]}");
}

}  // namespace

TEST_CASE("undoing addPrimaryKey also takes NOT NULL from columns that did not have it") {
    Schema schema;
    make_tables(schema);
    CHECK(schema.sql("addPrimaryKey", "{tableName: u, columnNames: \"x, y\", constraintName: pk}") ==
          Lines{"ALTER TABLE public.u ADD CONSTRAINT pk PRIMARY KEY (x, y)"});
    CHECK(schema.undo_sql("addPrimaryKey", "{tableName: u, columnNames: \"x, y\"}") ==
          Lines{"ALTER TABLE public.u DROP CONSTRAINT u_pkey",
                "ALTER TABLE public.u ALTER COLUMN  x DROP NOT NULL"});
    CHECK(schema.sql("addPrimaryKey", "{tableName: u, columnNames: x, clustered: true}") ==
          Lines{"ALTER TABLE public.u ADD PRIMARY KEY (x)", "CLUSTER public.u USING u_pkey"});
    CHECK(schema.undo("addPrimaryKey", "{tableName: far, columnNames: x}").observe);
}

TEST_CASE("dropPrimaryKey finds the name, in the changelog or in the database") {
    Schema schema;
    make_tables(schema);
    CHECK(schema.sql("dropPrimaryKey", "{tableName: t}") ==
          Lines{"ALTER TABLE public.t DROP CONSTRAINT t_pkey"});
    CHECK(schema.undo_sql("dropPrimaryKey", "{tableName: t}") ==
          Lines{"ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id)"});
    CHECK_THAT(schema.sql("dropPrimaryKey", "{tableName: far}")[0], ContainsSubstring("pg_constraint"));
    schema.apply("dropPrimaryKey", "{tableName: t}");
    CHECK(schema.table("t").primary_key() == nullptr);
    CHECK(schema.table("t").column("id")->not_null);
}

TEST_CASE("an unnamed UNIQUE is undone by the name that PostgreSQL chose") {
    Schema schema;
    make_tables(schema);
    const std::string text = "{tableName: t, columnNames: \"a, b\"}";
    CHECK(schema.sql("addUniqueConstraint", text) == Lines{"ALTER TABLE public.t ADD UNIQUE (a, b)"});
    CHECK(schema.undo_sql("addUniqueConstraint", text) ==
          Lines{"ALTER TABLE public.t DROP CONSTRAINT t_a_b_key"});
    schema.apply("addUniqueConstraint", text);
    CHECK(schema.undo_sql("addUniqueConstraint", text) ==
          Lines{"ALTER TABLE public.t DROP CONSTRAINT t_a_b_key1"});
    CHECK(schema.undo_sql("dropUniqueConstraint", "{tableName: t, constraintName: t_a_b_key}") ==
          Lines{"ALTER TABLE public.t ADD CONSTRAINT t_a_b_key UNIQUE (a, b)"});
    CHECK(schema.undo("dropUniqueConstraint", "{tableName: t, constraintName: other}").impossible);
}

TEST_CASE("the index that a UNIQUE takes over comes back when it goes") {
    Schema schema;
    make_tables(schema);
    schema.apply("createIndex",
                 "{tableName: t, indexName: ui, unique: true, columns: [{column: {name: a}}]}");
    const std::string text = "{tableName: t, columnNames: a, constraintName: uq, forIndexName: ui}";
    CHECK(schema.sql("addUniqueConstraint", text) ==
          Lines{"ALTER TABLE public.t ADD CONSTRAINT uq UNIQUE USING INDEX ui"});
    CHECK(schema.undo_sql("addUniqueConstraint", text) ==
          Lines{"ALTER TABLE public.t DROP CONSTRAINT uq", "CREATE UNIQUE INDEX ui ON public.t (a)"});
    schema.apply("addUniqueConstraint", text);
    CHECK(schema.table("t").indexes.empty());
}

TEST_CASE("UNIQUE takes deferral and tablespace in the order that PostgreSQL wants") {
    const Schema schema;
    CHECK(schema.sql("addUniqueConstraint",
                     "{tableName: t, columnNames: a, constraintName: k, deferrable: true, initiallyDeferred: "
                     "true, tablespace: fast}") ==
          Lines{"ALTER TABLE public.t ADD CONSTRAINT k UNIQUE (a) USING INDEX TABLESPACE fast DEFERRABLE "
                "INITIALLY DEFERRED"});
    CHECK(codes_of("addUniqueConstraint", "{tableName: t, columnNames: a, clustered: true}") ==
          Lines{"CL1214"});
    CHECK(codes_of("addUniqueConstraint", "{tableName: t, columnNames: a, constraint_name: k}") ==
          Lines{"CL1207"});
}

TEST_CASE("foreign keys are written with their actions, and come back as they were") {
    Schema schema;
    make_tables(schema);
    const std::string text =
        "{baseTableName: u, baseColumnNames: x, constraintName: fk, referencedTableName: t, "
        "referencedColumnNames: id, "
        "onDelete: CASCADE, onUpdate: RESTRICT, deferrable: true, initiallyDeferred: true, validate: false}";
    CHECK(schema.sql("addForeignKeyConstraint", text) ==
          Lines{"ALTER TABLE public.u ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES public.t (id) ON UPDATE "
                "RESTRICT ON DELETE CASCADE "
                "DEFERRABLE INITIALLY DEFERRED NOT VALID"});
    schema.apply("addForeignKeyConstraint", text);
    CHECK(schema.undo_sql("dropForeignKeyConstraint", "{baseTableName: u, constraintName: fk}") ==
          schema.sql("addForeignKeyConstraint", text));
    CHECK(schema.undo_sql("validateConstraint", "{tableName: u, constraintName: fk}").size() == 2);
    schema.apply("validateConstraint", "{tableName: u, constraintName: fk}");
    CHECK(schema.undo("validateConstraint", "{tableName: u, constraintName: fk}").statements.empty());
    CHECK(schema.sql("dropAllForeignKeyConstraints", "{baseTableName: u}") ==
          Lines{"ALTER TABLE public.u DROP CONSTRAINT fk"});
    CHECK(schema.undo_sql("dropAllForeignKeyConstraints", "{baseTableName: u}").size() == 2);
    CHECK_THAT(schema.sql("dropAllForeignKeyConstraints", "{baseTableName: far}")[0],
               ContainsSubstring("contype = 'f'"));
    CHECK(codes_of("addForeignKeyConstraint",
                   "{baseTableName: u, baseColumnNames: x, constraintName: fk, referencedTableName: t, "
                   "referencedColumnNames: \"a, b\", onDelete: EXPLODE}") == Lines{"CL1208", "CL1206"});
}

TEST_CASE("CHECK constraints come and go; switching them is refused") {
    Schema schema;
    make_tables(schema);
    const std::string text = "{tableName: t, constraintName: c, constraintBody: a > 0, validate: false}";
    CHECK(schema.sql("addCheckConstraint", text) ==
          Lines{"ALTER TABLE public.t ADD CONSTRAINT c CHECK (a > 0) NOT VALID"});
    schema.apply("addCheckConstraint", text);
    CHECK(schema.table("t").constraint("c")->columns == Lines{"a"});
    CHECK(schema.undo_sql("dropCheckConstraint", "{tableName: t, constraintName: c}") ==
          schema.sql("addCheckConstraint", text));
    schema.apply("renameConstraint", "{tableName: t, oldConstraintName: c, newConstraintName: d}");
    CHECK(schema.table("t").constraint("d") != nullptr);
    CHECK(codes_of("disableCheckConstraint", "{tableName: t, constraintName: c}") == Lines{"CL1214"});
    CHECK(codes_of("enableCheckConstraint", "{tableName: t, constraintName: c}") == Lines{"CL1214"});
}

TEST_CASE("EXCLUDE is written with method and condition") {
    Schema schema;
    make_tables(schema);
    const std::string text =
        "{tableName: t, constraintName: e, elements: \"a WITH =\", using: btree, where: \"b IS NOT NULL\"}";
    CHECK(
        schema.sql("addExclusionConstraint", text) ==
        Lines{"ALTER TABLE public.t ADD CONSTRAINT e EXCLUDE USING btree (a WITH =) WHERE (b IS NOT NULL)"});
    schema.apply("addExclusionConstraint", text);
    CHECK(schema.undo_sql("dropExclusionConstraint", "{tableName: t, constraintName: e}") ==
          schema.sql("addExclusionConstraint", text));
}

TEST_CASE("addLookupTable makes the table, its key and the foreign key") {
    Schema schema;
    make_tables(schema);
    const std::string text =
        "{existingTableName: t, existingColumnName: b, newTableName: kinds, newColumnName: kind}";
    CHECK(
        schema.sql("addLookupTable", text) ==
        Lines{
            "CREATE TABLE public.kinds AS SELECT DISTINCT b AS kind FROM public.t WHERE b IS NOT NULL",
            "ALTER TABLE public.kinds ALTER COLUMN  kind SET NOT NULL",
            "ALTER TABLE public.kinds ADD PRIMARY KEY (kind)",
            "ALTER TABLE public.t ADD CONSTRAINT FK_T_KINDS FOREIGN KEY (b) REFERENCES public.kinds (kind)"});
    schema.apply("addLookupTable", text);
    CHECK(schema.table("kinds").column("kind")->type == "text");
    CHECK(schema.table("t").constraint("fk_t_kinds") != nullptr);
}

TEST_CASE("createIndex writes keys, expressions and our own options") {
    const Schema schema;
    CHECK(schema.sql("createIndex",
                     "{tableName: t, indexName: i, unique: true, columns: [{column: {name: a, descending: "
                     "true}}, {column: {name: \"lower(b)\", computed: true}}]}") ==
          Lines{"CREATE UNIQUE INDEX i ON public.t(a DESC, lower(b))"});
    CHECK(schema.sql(
              "createIndex",
              "{tableName: t, indexName: i, using: gin, where: a > 0, include: \"c, d\", "
              "columns: [{column: {name: b, opclass: gin_trgm_ops, collation: C, nullsFirst: true}}]}") ==
          Lines{"CREATE INDEX i ON public.t USING gin (b COLLATE \"C\" gin_trgm_ops NULLS FIRST) INCLUDE (c, "
                "d) WHERE a > 0"});
    CHECK(schema
              .sql("createIndex",
                   "{tableName: t, indexName: i, associatedWith: foreignKey, columns: [{column: {name: b}}]}")
              .empty());
    CHECK(schema.sql("createIndex",
                     "{tableName: t, indexName: i, clustered: true, columns: [{column: {name: b}}]}") ==
          Lines{"CREATE INDEX i ON public.t(b)", "CLUSTER public.t USING i"});
    CHECK(codes_of("createIndex",
                   "{tableName: t, indexName: i, whereClause: a > 0, columns: [{column: {name: b}}]}") ==
          Lines{"CL1207"});
}

TEST_CASE("an index made concurrently runs outside a transaction, and so does its undoing") {
    Schema schema;
    make_tables(schema);
    const auto operation = tests::make(
        "createIndex", "{tableName: t, indexName: i, concurrently: true, columns: [{column: {name: a}}]}");
    const auto made = operation->statements(schema.context);
    REQUIRE(made.size() == 1);
    CHECK(made[0].sql == "CREATE INDEX CONCURRENTLY i ON public.t(a)");
    CHECK_FALSE(made[0].transactional);
    const Undo undo = operation->inverse(schema.context);
    CHECK(undo.statements[0].sql == "DROP INDEX CONCURRENTLY public.i");
    CHECK_FALSE(undo.statements[0].transactional);
}

TEST_CASE("an unnamed index has the name that PostgreSQL chooses") {
    Schema schema;
    make_tables(schema);
    const std::string text =
        "{tableName: t, columns: [{column: {name: a}}, {column: {name: \"lower(b)\", computed: true}}]}";
    CHECK(schema.undo_sql("createIndex", text) == Lines{"DROP INDEX public.t_a_lower_idx"});
    schema.apply("createIndex", text);
    CHECK(schema.undo_sql("dropIndex", "{indexName: t_a_lower_idx}") ==
          Lines{"CREATE INDEX t_a_lower_idx ON public.t (a, (lower(b)))"});
    CHECK(schema.undo("dropIndex", "{indexName: unknown}").impossible);
    CHECK(schema.sql("dropIndex", "{indexName: i, concurrently: true, ifExists: true}") ==
          Lines{"DROP INDEX CONCURRENTLY IF EXISTS public.i"});
}

TEST_CASE("a dropped table comes back with what pointed at it") {
    Schema schema;
    make_tables(schema);
    schema.apply("addForeignKeyConstraint",
                 "{baseTableName: u, baseColumnNames: x, constraintName: fk, referencedTableName: t, "
                 "referencedColumnNames: id}");
    const Undo undo = schema.undo("dropTable", "{tableName: t, cascadeConstraints: true}");
    const Lines texts = Schema::texts(undo.statements);
    REQUIRE(texts.size() == 3);
    CHECK(
        texts[0] ==
        "CREATE TABLE public.t (id integer NOT NULL, a integer, b text, CONSTRAINT t_pkey PRIMARY KEY (id))");
    // Rows that point at nothing do not keep it from coming back.
    CHECK(texts[1] ==
          "ALTER TABLE public.u ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES public.t (id) NOT VALID");
    CHECK_THAT(texts[2], ContainsSubstring("ALTER TABLE public.u VALIDATE CONSTRAINT fk"));
    CHECK(undo.losses == Lines{"rows of public.t"});
    CHECK(schema.sql("dropTable", "{tableName: t, cascadeConstraints: true}") ==
          Lines{"DROP TABLE public.t CASCADE"});
    CHECK(*schema.undo("dropTable", "{tableName: far}").impossible ==
          "the definition of table public.far is not known: it was made outside this changelog");
}

TEST_CASE("names are written without the schema where the context says so") {
    Schema schema;
    make_tables(schema);
    schema.context.qualify = false;
    CHECK(schema.sql("dropTable", "{tableName: t}") == Lines{"DROP TABLE t"});
    CHECK(schema.undo_sql("dropTable", "{tableName: u}") ==
          Lines{"CREATE TABLE u (x integer, y integer NOT NULL)"});
}

TEST_CASE("renameTable is undone by the opposite rename") {
    Schema schema;
    make_tables(schema);
    const std::string text = "{oldTableName: t, newTableName: T2}";
    CHECK(schema.sql("renameTable", text) == Lines{"ALTER TABLE public.t RENAME TO T2"});
    CHECK(schema.undo_sql("renameTable", text) == Lines{"ALTER TABLE public.T2 RENAME TO t"});
    schema.apply("renameTable", text);
    CHECK(schema.catalog.table({"public", "t2"}) != nullptr);
}

TEST_CASE("a partition is attached with the parent's indexes, and detached without what was built") {
    Schema schema;
    schema.apply("createTable",
                 "{tableName: m, partitionBy: RANGE (day), columns: [{column: {name: day, type: date}}, "
                 "{column: {name: v, type: int}}]}");
    schema.apply("createIndex", "{tableName: m, indexName: m_v, columns: [{column: {name: v}}]}");
    schema.apply(
        "createTable",
        "{tableName: m1, columns: [{column: {name: day, type: date}}, {column: {name: v, type: int}}]}");
    const std::string text =
        "{tableName: m, partitionName: m1, bound: \"FROM ('2026-01-01') TO ('2027-01-01')\"}";
    CHECK(schema.sql("attachPartition", text) == Lines{"ALTER TABLE public.m ATTACH PARTITION public.m1 FOR "
                                                       "VALUES FROM ('2026-01-01') TO ('2027-01-01')"});
    CHECK(schema.undo_sql("attachPartition", text) ==
          Lines{"ALTER TABLE public.m DETACH PARTITION public.m1", "DROP INDEX public.m1_v_idx"});
    schema.apply("attachPartition", text);
    CHECK(schema.undo_sql("detachPartition", "{tableName: m, partitionName: m1}") ==
          schema.sql("attachPartition", text));
    const auto detach =
        tests::make("detachPartition", "{tableName: m, partitionName: m1, concurrently: true}")
            ->statements(schema.context);
    CHECK(detach[0].sql == "ALTER TABLE public.m DETACH PARTITION public.m1 CONCURRENTLY");
    CHECK_FALSE(detach[0].transactional);
}
