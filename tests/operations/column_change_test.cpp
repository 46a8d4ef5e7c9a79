// addColumn, dropColumn, modifyDataType, NOT NULL, defaults, autoIncrement, mergeColumns, remarks.
#include "operations/restore_column.hpp"
#include "operations/type_change.hpp"
#include "support/build.hpp"
#include "support/catch.hpp"

using namespace changelog;
using changelog::tests::codes_of;
using changelog::tests::Schema;

using Lines = std::vector<std::string>;

namespace {

void make_orders(Schema& schema) {
    schema.apply("createTable", R"yaml(
tableName: orders
columns:
  - column: {name: id, type: bigint, constraints: {primaryKey: true}}
  - column: {name: note, type: varchar(50), defaultValue: none, remarks: A note, constraints: {nullable: false, unique: true}}
  - column: {name: amount, type: int}
)yaml");
    schema.apply("createIndex",
                 "{tableName: orders, indexName: orders_note_i, columns: [{column: {name: note}}]}");
}

}  // namespace

TEST_CASE("addColumn adds one column at a time, then what belongs to it") {
    const Schema schema;
    CHECK(schema.sql("addColumn", R"yaml(
tableName: t
columns:
  - column: {name: a, type: int, value: "5", remarks: an a, constraints: {nullable: false, unique: true, uniqueConstraintName: uq}}
  - column: {name: b, type: int, defaultValueNumeric: 0, constraints: {nullable: false, notNullConstraintName: nn}}
  - column: {name: c, type: int, constraints: {foreignKeyName: fk, references: "S2.U(d)", deleteCascade: true, validateForeignKey: false}}
)yaml") == Lines{"ALTER TABLE public.t ADD a INTEGER", "ALTER TABLE public.t ADD CONSTRAINT uq UNIQUE (a)",
                 "ALTER TABLE public.t ADD b INTEGER DEFAULT 0 CONSTRAINT nn NOT NULL",
                 "ALTER TABLE public.t ADD c INTEGER",
                 "ALTER TABLE public.t ADD CONSTRAINT fk FOREIGN KEY (c) REFERENCES S2.U (d) ON DELETE "
                 "CASCADE NOT VALID",
                 "UPDATE public.t SET a = '5'", "COMMENT ON COLUMN public.t.a IS 'an a'",
                 "ALTER TABLE public.t ALTER COLUMN  a SET NOT NULL"});
}

TEST_CASE("a serial type in addColumn makes no identity, autoIncrement does") {
    const Schema schema;
    CHECK(schema.sql("addColumn", "{tableName: t, columns: [{column: {name: a, type: serial}}]}") ==
          Lines{"ALTER TABLE public.t ADD a INTEGER"});
    CHECK(schema.sql("addColumn",
                     "{tableName: t, columns: [{column: {name: a, type: int, autoIncrement: true, "
                     "generationType: ALWAYS}}]}") ==
          Lines{"ALTER TABLE public.t ADD a INTEGER GENERATED ALWAYS AS IDENTITY"});
}

TEST_CASE("addColumn is undone by dropping, last first") {
    Schema schema;
    make_orders(schema);
    const std::string text =
        "{tableName: orders, columns: [{column: {name: x, type: int}}, {column: {name: y, type: int}}]}";
    CHECK(schema.undo_sql("addColumn", text) ==
          Lines{"ALTER TABLE public.orders DROP COLUMN y", "ALTER TABLE public.orders DROP COLUMN x"});
    schema.apply("addColumn", text);
    CHECK(schema.table("orders").columns.size() == 5);
}

TEST_CASE("a place among the columns is refused until removeChangeSetProperty takes it away") {
    const std::string text = "{tableName: t, columns: [{column: {name: a, type: int, afterColumn: b}}]}";
    CHECK(codes_of("addColumn", text) == Lines{"CL1214"});
    Diagnostics diagnostics;
    const auto operation = tests::read_operation("addColumn", text, diagnostics);
    operation->remove_property("afterColumn");
    Diagnostics again;
    operation->check(again);
    CHECK(again.empty());
}

TEST_CASE("dropColumn brings the column back with all that fell") {
    Schema schema;
    make_orders(schema);
    const Undo undo = schema.undo("dropColumn", "{tableName: orders, columnName: note}");
    CHECK(Schema::texts(undo.statements) ==
          Lines{"ALTER TABLE public.orders ADD note character varying(50) DEFAULT 'none' NOT NULL",
                "COMMENT ON COLUMN public.orders.note IS 'A note'",
                operations::try_to("ALTER TABLE public.orders ADD CONSTRAINT orders_note_key UNIQUE (note)",
                                   "constraint orders_note_key of public.orders does not come back")
                    .sql,
                "CREATE INDEX orders_note_i ON public.orders (note)"});
    CHECK(undo.losses == Lines{"values of public.orders.note"});
    CHECK(
        schema.sql("dropColumn",
                   "{tableName: orders, columns: [{column: {name: note}}, {column: {name: amount}}]}") ==
        Lines{"ALTER TABLE public.orders DROP COLUMN note", "ALTER TABLE public.orders DROP COLUMN amount"});
    CHECK(
        codes_of("dropColumn", "{tableName: orders, columns: [{column: {name: note, type: text}}]}").empty());
    schema.apply("dropColumn", "{tableName: orders, columnName: note}");
    CHECK(schema.table("orders").indexes.empty());
    CHECK(schema.undo("dropColumn", "{tableName: orders, columnName: nope}").impossible);
}

TEST_CASE("dropping a column with its own sequence brings the sequence back first") {
    Schema schema;
    make_orders(schema);
    schema.apply("addAutoIncrement", "{tableName: orders, columnName: amount, startWith: 10}");
    CHECK(schema.undo_sql("dropColumn", "{tableName: orders, columnName: amount}") ==
          Lines{"CREATE SEQUENCE public.orders_amount_seq START WITH 10",
                "ALTER TABLE public.orders ADD amount integer DEFAULT nextval('public.orders_amount_seq') "
                "NOT NULL",
                "ALTER SEQUENCE public.orders_amount_seq OWNED BY public.orders.amount"});
}

TEST_CASE("modifyDataType goes back by the opposite cast, around the default") {
    Schema schema;
    make_orders(schema);
    const std::string shorter = "{tableName: orders, columnName: note, newDataType: varchar(10)}";
    CHECK(schema.sql("modifyDataType", shorter) ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN note TYPE VARCHAR(10) USING (note::VARCHAR(10))"});
    CHECK(schema.undo_sql("modifyDataType", shorter) ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN note DROP DEFAULT",
                "ALTER TABLE public.orders ALTER COLUMN note TYPE character varying(50) USING "
                "(note::character varying(50))",
                "ALTER TABLE public.orders ALTER COLUMN note SET DEFAULT 'none'"});
    CHECK(schema.undo("modifyDataType", shorter).losses.size() == 1);
    CHECK(schema.undo("modifyDataType", "{tableName: orders, columnName: note, newDataType: text}").since ==
          Lines{"what values of public.orders.note written since have beyond character varying(50)"});
    CHECK(
        schema.undo("modifyDataType", "{tableName: other, columnName: note, newDataType: text}").impossible);
    CHECK(codes_of("modifyDataType",
                   "{tableName: t, columnName: a, newDataType: int, defaultValueBoolean: true}") ==
          Lines{"CL1207"});
}

TEST_CASE("a cast loses only where the new type holds less") {
    using operations::may_lose;
    CHECK_FALSE(may_lose("integer", "bigint"));
    CHECK(may_lose("bigint", "integer"));
    CHECK_FALSE(may_lose("character varying(10)", "text"));
    CHECK(may_lose("text", "character varying(10)"));
    CHECK_FALSE(may_lose("character varying(10)", "character varying(20)"));
    CHECK_FALSE(may_lose("numeric(10,2)", "numeric(12,2)"));
    CHECK(may_lose("numeric(10,2)", "numeric(12,1)"));
    CHECK_FALSE(may_lose("integer", "numeric"));
    CHECK_FALSE(may_lose("uuid", "text"));
    CHECK(may_lose("timestamp without time zone", "date"));
    CHECK_FALSE(may_lose("date", "timestamp without time zone"));
    CHECK(may_lose("timestamp(6) without time zone", "timestamp(3) without time zone"));
    CHECK(may_lose("double precision", "numeric(10,2)"));
}

TEST_CASE("NOT NULL is set after rows with NULL are filled, and taken back only if it was not there") {
    Schema schema;
    make_orders(schema);
    const std::string text =
        "{tableName: orders, columnName: amount, defaultNullValue: 0, columnDataType: int}";
    CHECK(schema.sql("addNotNullConstraint", text) ==
          Lines{"UPDATE public.orders SET amount = '0' WHERE amount IS NULL",
                "ALTER TABLE public.orders ALTER COLUMN  amount SET NOT NULL"});
    CHECK(schema.undo("addNotNullConstraint", text).losses ==
          Lines{"which rows of public.orders.amount were NULL"});
    CHECK(schema.undo("addNotNullConstraint", "{tableName: orders, columnName: note}").statements.empty());
    const Lines back = schema.undo_sql("dropNotNullConstraint", "{tableName: orders, columnName: note}");
    REQUIRE(back.size() == 1);
    CHECK_THAT(back.front(), ContainsSubstring("ALTER TABLE public.orders ALTER COLUMN note SET NOT NULL"));
    CHECK(schema.undo("dropNotNullConstraint", "{tableName: orders, columnName: amount}").statements.empty());
    for (const char* change : {"addNotNullConstraint", "dropNotNullConstraint", "dropDefaultValue"})
        CHECK(schema.undo(change, "{tableName: elsewhere, columnName: amount}").observe);
}

TEST_CASE("a default goes back to the one before") {
    Schema schema;
    make_orders(schema);
    CHECK(schema.sql("addDefaultValue", "{tableName: orders, columnName: note, defaultValue: x}") ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN  note SET DEFAULT 'x'"});
    CHECK(schema.undo_sql("addDefaultValue", "{tableName: orders, columnName: note, defaultValue: x}") ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN note SET DEFAULT 'none'"});
    CHECK(schema.undo_sql("addDefaultValue",
                          "{tableName: orders, columnName: amount, defaultValueNumeric: 1}") ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN amount DROP DEFAULT"});
    CHECK(schema.undo_sql("dropDefaultValue", "{tableName: orders, columnName: note}") ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN  note SET DEFAULT 'none'"});
    CHECK(schema.undo("dropDefaultValue", "{tableName: orders, columnName: amount}").statements.empty());
    CHECK(codes_of("addDefaultValue", "{tableName: orders, columnName: note}") == Lines{"CL1204"});
    CHECK(codes_of("addDefaultValue",
                   "{tableName: o, columnName: n, defaultValue: 1, defaultValueNumeric: 1}") ==
          Lines{"CL1208"});
}

TEST_CASE("a sequence as default belongs to the column until it is undone") {
    Schema schema;
    make_orders(schema);
    const std::string text = "{tableName: orders, columnName: amount, defaultValueSequenceNext: q}";
    CHECK(schema.sql("addDefaultValue", text) ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN  amount SET DEFAULT nextval('public.q')",
                "ALTER SEQUENCE public.q OWNED BY public.orders.amount"});
    CHECK(schema.undo("addDefaultValue", text).observe);  // whose it was is not known
    schema.apply("createSequence", "{sequenceName: q}");
    CHECK(schema.undo_sql("addDefaultValue", text) ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN amount DROP DEFAULT",
                "ALTER SEQUENCE public.q OWNED BY NONE"});
}

TEST_CASE("addAutoIncrement gives the column a sequence and takes all of it back") {
    Schema schema;
    make_orders(schema);
    const std::string text = "{tableName: orders, columnName: amount, startWith: 5, incrementBy: 2}";
    CHECK(
        schema.sql("addAutoIncrement", text) ==
        Lines{
            "CREATE SEQUENCE  IF NOT EXISTS public.orders_amount_seq START WITH 5 INCREMENT BY 2",
            "ALTER TABLE public.orders ALTER COLUMN  amount SET NOT NULL",
            "ALTER TABLE public.orders ALTER COLUMN  amount SET DEFAULT nextval('public.orders_amount_seq')",
            "ALTER SEQUENCE public.orders_amount_seq OWNED BY public.orders.amount"});
    CHECK(schema.undo_sql("addAutoIncrement", text) ==
          Lines{"ALTER TABLE public.orders ALTER COLUMN amount DROP DEFAULT",
                "ALTER TABLE public.orders ALTER COLUMN amount DROP NOT NULL",
                "DROP SEQUENCE public.orders_amount_seq"});
}

TEST_CASE("mergeColumns joins with the text between, and comes back without the values") {
    Schema schema;
    schema.apply(
        "createTable",
        "{tableName: p, columns: [{column: {name: a, type: text}}, {column: {name: b, type: text}}]}");
    const std::string text =
        "{tableName: p, column1Name: a, column2Name: b, joinString: \", \", finalColumnName: ab, "
        "finalColumnType: text}";
    CHECK(schema.sql("mergeColumns", text) ==
          Lines{"ALTER TABLE public.p ADD ab TEXT", "UPDATE public.p SET ab = a || ', ' || b",
                "ALTER TABLE public.p DROP COLUMN a", "ALTER TABLE public.p DROP COLUMN b"});
    CHECK(schema.undo_sql("mergeColumns", text) == Lines{"ALTER TABLE public.p DROP COLUMN ab",
                                                         "ALTER TABLE public.p ADD a text",
                                                         "ALTER TABLE public.p ADD b text"});
    CHECK(schema.undo("mergeColumns", text).losses == Lines{"values of public.p.a", "values of public.p.b"});
}

TEST_CASE("remarks go back to those before") {
    Schema schema;
    make_orders(schema);
    CHECK(schema.undo_sql("setColumnRemarks", "{tableName: orders, columnName: note, remarks: new}") ==
          Lines{"COMMENT ON COLUMN public.orders.note IS 'A note'"});
    CHECK(schema.undo_sql("setTableRemarks", "{tableName: orders, remarks: new}") ==
          Lines{"COMMENT ON TABLE public.orders IS NULL"});
    CHECK(schema.sql("setTableRemarks", "{tableName: orders}") ==
          Lines{"COMMENT ON TABLE public.orders IS ''"});
    CHECK(schema.undo("setTableRemarks", "{tableName: unknown, remarks: new}").impossible);
}

TEST_CASE("markUnused is refused") {
    CHECK(codes_of("markUnused", "{tableName: t, columnName: a}") == Lines{"CL1214"});
}
