// What `retain` keeps comes back: schema and data, whatever hangs on it, and although others have written
// meanwhile.
#include "execute/retain_lab.hpp"
#include "postgres/attic.hpp"
#include "support/catch.hpp"

using namespace changelog;
using execute::Outcome;
using tests::change;
using tests::Kept;
using tests::Lab;

namespace {

std::string drop_table(const std::string& name, const std::string& more = "") {
    return "    - dropTable: {tableName: " + name + ", retain: true" + more + "}\n";
}

std::string drop_column(const std::string& table, const std::string& column) {
    return "    - dropColumn: {tableName: " + table + ", columnName: " + column + ", retain: true}\n";
}

const std::string kShop = R"sql(
CREATE TABLE customer (id int PRIMARY KEY, name text);
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Ben');
CREATE TABLE orders (id serial PRIMARY KEY, nr bigint GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 5),
  customer_id int REFERENCES customer ON DELETE CASCADE, parent int REFERENCES orders,
  note text DEFAULT 'n' NOT NULL,
  CONSTRAINT short CHECK (length(note) < 90), CONSTRAINT un UNIQUE (note, nr) WITH (fillfactor = 70));
COMMENT ON CONSTRAINT short ON orders IS 'it''s short';
COMMENT ON COLUMN orders.note IS 'a note';
CREATE INDEX orders_note ON orders (lower(note)) WHERE id > 0;
COMMENT ON INDEX orders_note IS 'i';
INSERT INTO orders (customer_id, note) VALUES (1, 'a'), (2, 'b');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.note := new.note || 1; RETURN new; END';
CREATE TRIGGER first BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();
COMMENT ON TRIGGER first ON orders IS 'trigger';
CREATE TRIGGER second BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE orders DISABLE TRIGGER second;
)sql";
const std::string kAllOrders = "SELECT * FROM orders ORDER BY id";

const std::string kPartitions = R"sql(
CREATE TABLE measures (id int, day date NOT NULL, c int DEFAULT 1, PRIMARY KEY (id, day))
  PARTITION BY RANGE (day);
CREATE INDEX measures_c ON measures (c);
CREATE TABLE measures_2020 PARTITION OF measures FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE measures_rest PARTITION OF measures DEFAULT;
ALTER TABLE measures_rest ALTER c SET DEFAULT 7;
INSERT INTO measures VALUES (1, '2020-02-02'), (2, '2022-02-02');
)sql";

}  // namespace

TEST_CASE("a dropped table comes back with all that hung on it") {
    Kept kept(kShop, kAllOrders);
    kept.prove(drop_table("orders"));
}

TEST_CASE("while a table is in the attic, its name, its keys and what it used are free") {
    Kept kept(kShop, kAllOrders);
    kept.destroy(drop_table("orders"));
    kept.connection.execute("DELETE FROM customer WHERE id = 3");
    kept.connection.execute("DROP FUNCTION f()");
    kept.connection.execute("CREATE TABLE orders (id serial PRIMARY KEY)");
    kept.connection.execute("DROP TABLE orders");
    kept.connection.execute(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.note := new.note || 1; RETURN "
        "new; END'");
    kept.undo();
    kept.check_all_is_back();
    CHECK(kept.ask("INSERT INTO orders (note) VALUES ('z') RETURNING id || ' ' || nr") == "3 110");
}

TEST_CASE("a foreign key whose rows are gone comes back NOT VALID, with a warning") {
    Kept kept(kShop, kAllOrders);
    std::string notices;
    kept.connection.on_notice([&](const std::string& text) { notices += text; });
    kept.destroy(drop_table("orders"));
    kept.connection.execute("DELETE FROM customer WHERE id = 2");
    kept.undo();
    CHECK(kept.rows() == kept.rows_before);
    CHECK(kept.ask("SELECT convalidated FROM pg_constraint WHERE conname = 'orders_customer_id_fkey'") ==
          "f");
    CHECK_THAT(notices, ContainsSubstring("warning") && ContainsSubstring("orders_customer_id_fkey"));
}

TEST_CASE("privileges, publications, policies and statistics come back") {
    Kept kept(kShop + R"sql(
DROP ROLE IF EXISTS retain_bob; CREATE ROLE retain_bob;
GRANT SELECT, INSERT ON orders TO retain_bob WITH GRANT OPTION;
GRANT UPDATE (note) ON orders TO retain_bob;
GRANT SELECT ON orders TO PUBLIC;
GRANT USAGE ON SEQUENCE orders_id_seq TO retain_bob;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON orders USING (note <> '');
CREATE STATISTICS st ON customer_id, note FROM orders;
CREATE PUBLICATION pub FOR TABLE orders, customer;)sql",
              "SELECT pubname || tablename FROM pg_publication_tables UNION ALL SELECT stxname FROM "
              "pg_statistic_ext "
              "ORDER BY 1");
    kept.destroy(drop_table("orders"));
    CHECK(kept.ask("SELECT count(*) FROM pg_publication_tables") == "1");
    CHECK(kept.ask("SELECT has_table_privilege('retain_bob', 'changelog_attic.orders__' || "
                   "(SELECT tag FROM changelog_attic.items), 'SELECT')") == "f");
    kept.undo();
    kept.check_all_is_back();
    kept.connection.execute("DROP OWNED BY retain_bob; DROP ROLE retain_bob");
}

TEST_CASE("a table that others need is not dropped, and the server says why") {
    Kept kept(kShop + "CREATE VIEW v AS SELECT id FROM customer; DELETE FROM orders;", "SELECT 1");
    CHECK(kept.update(change(drop_table("customer"))).outcome == Outcome::failed_unchanged);
    CHECK_THAT(kept.errors(), ContainsSubstring("other objects depend on it"));
    CHECK(tests::schema_snapshot(kept.connection) == kept.before);
}

TEST_CASE("with cascadeConstraints keys of others and views fall, and come back") {
    Lab lab;
    const std::string make =
        "- changeSet:\n    id: make\n    author: ann\n    changes:\n"
        "    - createTable: {tableName: customer, columns: [{column: {name: id, type: int, constraints: "
        "{primaryKey: true}}}]}\n"
        "    - createTable: {tableName: orders, columns: [{column: {name: customer_id, type: int, "
        "constraints: "
        "{foreignKeyName: fk, references: customer(id)}}}]}\n"
        "    - createView: {viewName: v, selectQuery: SELECT id FROM public.customer}\n"
        "    - createView: {viewName: w, selectQuery: SELECT id FROM public.v}\n";
    lab.update(make);
    lab.connection.execute("INSERT INTO customer VALUES (1); INSERT INTO orders VALUES (1)");
    const std::string before = tests::schema_snapshot(lab.connection);
    lab.update(make + change(drop_table("customer", ", cascadeConstraints: true")));
    REQUIRE(lab.errors() == "");
    CHECK_FALSE(lab.has_table("w"));
    lab.rollback(1);
    REQUIRE(lab.errors() == "");
    CHECK(tests::schema_snapshot(lab.connection) == before);
    // The same without the rows: the key comes back, though not validated where rows are in its way.
    lab.update(make + change("    - dropTable: {tableName: customer, cascadeConstraints: true}\n"));
    lab.rollback(1);
    REQUIRE(lab.errors() == "");
    CHECK(lab.ask("SELECT convalidated FROM pg_constraint WHERE conname = 'fk'") == "f");
}

TEST_CASE("a partitioned table goes and comes with its partitions, and a partition to its parent") {
    Kept whole(kPartitions, "SELECT tableoid::regclass, * FROM measures ORDER BY id");
    whole.prove(drop_table("measures"));
    Kept one(kPartitions, "SELECT tableoid::regclass, * FROM measures ORDER BY id");
    one.prove(drop_table("measures_2020"), "CREATE TABLE measures_2020 (); DROP TABLE measures_2020");
}

TEST_CASE("an inheritance child is not kept, and its parent is not dropped") {
    Kept kept("CREATE TABLE a (id int); CREATE TABLE b () INHERITS (a)", "SELECT 1");
    kept.update(change(drop_table("b")));
    CHECK_THAT(kept.errors(), ContainsSubstring("inherits from another one"));
    kept.update(change(drop_table("a")));
    CHECK_THAT(kept.errors(), ContainsSubstring("other objects depend on it"));
}

TEST_CASE("a table dropped, made and dropped again in one changeset comes back twice") {
    Kept kept("CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (5)", "SELECT * FROM t");
    kept.prove(drop_table("t") +
               "    - createTable: {tableName: t, columns: [{column: {name: b, type: text}}]}\n" +
               drop_table("t"));
}

TEST_CASE("tables of one name from two schemas do not meet in the attic") {
    Kept kept(
        "CREATE SCHEMA s; CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE s.t (a int PRIMARY KEY); "
        "INSERT INTO t VALUES (1); INSERT INTO s.t VALUES (2)",
        "SELECT * FROM t UNION ALL SELECT * FROM s.t");
    kept.prove(drop_table("t") + drop_table("t", ", schemaName: s"));
}

TEST_CASE("dropped columns come back in place, with defaults, sequences, keys and indexes") {
    for (const std::string column : {"note", "nr", "customer_id", "id"}) {
        INFO(column);
        Kept kept(kShop + "ALTER TABLE orders DROP parent;", kAllOrders);
        kept.prove(drop_column("orders", column));
    }
}

TEST_CASE("several columns that share an index come back together") {
    Kept kept(kShop, kAllOrders);
    kept.prove(
        "    - dropColumn: {tableName: orders, retain: true, columns: [{column: {name: note}}, "
        "{column: {name: nr}}]}\n");
}

TEST_CASE("rows that were written while a column was away have no value in it, and nothing fails") {
    Kept kept(kShop, "SELECT id, note FROM orders WHERE id < 3 ORDER BY id");
    std::string notices;
    kept.destroy(drop_column("orders", "note"));
    kept.connection.execute("ALTER TABLE orders DISABLE TRIGGER first");
    kept.connection.execute("INSERT INTO orders (customer_id) VALUES (1)");
    kept.connection.on_notice([&](const std::string& text) { notices += text; });
    kept.undo();
    CHECK(kept.rows() == kept.rows_before);
    CHECK(kept.ask("SELECT note IS NULL FROM orders WHERE id = 3") == "t");
    CHECK_THAT(notices, ContainsSubstring("public.orders.note"));
}

TEST_CASE("a column that others need is not dropped") {
    Kept kept(kShop + "CREATE VIEW v AS SELECT note FROM orders;", "SELECT 1");
    CHECK(kept.update(change(drop_column("orders", "note"))).outcome == Outcome::failed_unchanged);
    CHECK_THAT(kept.errors(), ContainsSubstring("other objects depend on it"));
}

TEST_CASE("columns of domains, of partitioned tables and of parents") {
    Kept domain(
        "CREATE DOMAIN positive AS int NOT NULL CHECK (value > 0); CREATE TABLE t (id int, v positive "
        "DEFAULT 3); "
        "INSERT INTO t VALUES (1, 2)",
        "SELECT * FROM t ORDER BY id");
    domain.prove(drop_column("t", "v"), "INSERT INTO t VALUES (9); DELETE FROM t WHERE id = 9");
    Kept partitions(kPartitions, "SELECT * FROM measures ORDER BY id");
    partitions.prove(drop_column("measures", "c"));
    Kept parent(
        "CREATE TABLE a (id int, x int DEFAULT 3 NOT NULL CHECK (x > 0)); "
        "CREATE TABLE b (y int, CHECK (x > y)) INHERITS (a); CREATE INDEX ON b (x); INSERT INTO b VALUES (1, "
        "2, 1)",
        "SELECT * FROM b");
    parent.prove(drop_column("a", "x"));
}

TEST_CASE("a generated column is dropped and computed again") {
    Kept kept(
        "CREATE TABLE t (id int, twice int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO t VALUES (4)",
        "SELECT id, twice FROM t");
    kept.update(change(drop_column("t", "twice")));
    CHECK(kept.errors() == "");
    CHECK(kept.ask("SELECT count(*) FROM information_schema.columns WHERE table_name = 't'") == "1");
}

TEST_CASE("deleted rows come back with their identities, past triggers and types") {
    const std::string setup =
        "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY "
        "PRIMARY KEY, "
        "m mood, x text, twice int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO t (m, x) VALUES "
        "('good', 'a'), "
        "('bad', NULL), ('good', 'c');"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.x := ''changed''; RETURN new; "
        "END';"
        "CREATE TRIGGER tr BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()";
    Kept kept(setup, "SELECT * FROM t ORDER BY id");
    kept.prove("    - delete: {tableName: t, where: \"m = 'good' -- all\", retain: true}\n");
    Kept twice(setup, "SELECT * FROM t ORDER BY id");
    twice.prove(
        "    - delete: {tableName: t, where: id = 1, retain: true}\n"
        "    - delete: {tableName: t, where: id = 7, retain: true}\n"
        "    - delete: {tableName: t, retain: true}\n");
}

TEST_CASE("rows whose keys are taken stay in the attic, and the others come back") {
    Kept kept("CREATE TABLE t (id int PRIMARY KEY, x text); INSERT INTO t VALUES (1, 'a'), (2, 'b')",
              "SELECT * FROM t ORDER BY id");
    std::string notices;
    kept.destroy("    - delete: {tableName: t, retain: true}\n");
    kept.connection.execute("INSERT INTO t VALUES (1, 'new')");
    kept.connection.on_notice([&](const std::string& text) { notices += text; });
    kept.undo();
    CHECK(kept.rows() == "1 new 2 b ");
    CHECK_THAT(notices, ContainsSubstring("1 of 2 rows"));
    CHECK(kept.ask("SELECT count(*) FROM changelog_attic.items") == "1");
}

TEST_CASE("updated and backfilled values come back into the rows that changed, and only those") {
    const std::string setup =
        "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (a int, b int, m mood, x text, PRIMARY KEY "
        "(a, b)); "
        "INSERT INTO t VALUES (1, 1, 'good', 'q'), (1, 2, NULL, NULL), (2, 2, 'bad', 'r')";
    const std::string columns =
        "columns: [{column: {name: m, value: bad}}, {column: {name: x, valueComputed: \"x || 'y'\"}}]";
    for (const std::string verb : {"update", "backfill"}) {
        Kept kept(setup, "SELECT * FROM t ORDER BY a, b");
        kept.prove("    - " + verb + ": {tableName: t, " + columns + ", where: a = 1, retain: true}\n" +
                       "    - " + verb + ": {tableName: t, " + columns + ", retain: true}\n",
                   "INSERT INTO t VALUES (3, 3); DELETE FROM t WHERE a = 3");
    }
}

TEST_CASE("without a primary key a wish to keep values is refused before anything changes") {
    Kept kept("CREATE TABLE t (a int); INSERT INTO t VALUES (1)", "SELECT * FROM t");
    kept.update(change(
        "    - update: {tableName: t, columns: [{column: {name: a, valueNumeric: 2}}], retain: true}\n"));
    CHECK_THAT(kept.errors(), ContainsSubstring("no primary key"));
    CHECK(kept.rows() == kept.rows_before);
}

TEST_CASE("values come back from a narrower type, but for those written since") {
    Lab lab;
    const std::string make =
        "- changeSet:\n    id: make\n    author: ann\n    changes:\n"
        "    - createTable: {tableName: t, columns: [{column: {name: id, type: int, constraints: "
        "{primaryKey: true}}}, "
        "{column: {name: x, type: numeric, defaultValueNumeric: 1.5, constraints: {nullable: false}}}]}\n";
    lab.update(make);
    lab.connection.execute("INSERT INTO t VALUES (1, 1.25), (2, 2.75), (3, 3.5)");
    const std::string before = tests::schema_snapshot(lab.connection);
    const std::string narrow =
        change("    - modifyDataType: {tableName: t, columnName: x, newDataType: text, retain: true}\n");
    lab.update(
        make +
        change("    - modifyDataType: {tableName: t, columnName: x, newDataType: int, retain: true}\n"));
    REQUIRE(lab.errors() == "");
    CHECK(lab.ask("SELECT string_agg(x::text, ' ' ORDER BY id) FROM t") == "1 3 4");
    lab.connection.execute(
        "UPDATE t SET x = 99 WHERE id = 2; DELETE FROM t WHERE id = 3; INSERT INTO t VALUES (4, 7)");
    lab.rollback(1);
    REQUIRE(lab.errors() == "");
    CHECK(lab.ask("SELECT string_agg(x::text, ' ' ORDER BY id) FROM t") == "1.25 99 7");
    CHECK(tests::schema_snapshot(lab.connection) == before);
    CHECK(lab.ask("SELECT count(*) FROM changelog_attic.items") == "0");
}

TEST_CASE("values that do not fit the former type any more do not keep it from coming back") {
    Lab lab;
    const std::string make =
        "- changeSet:\n    id: make\n    author: ann\n    changes:\n"
        "    - createTable: {tableName: t, columns: [{column: {name: id, type: int, constraints: "
        "{primaryKey: true}}}, "
        "{column: {name: x, type: timestamp, constraints: {nullable: false}}}]}\n";
    lab.update(make);
    lab.connection.execute("INSERT INTO t VALUES (1, '2026-01-02 03:04:05'), (2, '2026-01-02 03:04:06')");
    lab.update(
        make +
        change(
            "    - modifyDataType: {tableName: t, columnName: x, newDataType: varchar(30), retain: true}\n"));
    REQUIRE(lab.errors() == "");
    lab.connection.execute("UPDATE t SET x = 'soon' WHERE id = 2");
    lab.rollback(1);
    REQUIRE(lab.errors() == "");
    CHECK(lab.ask("SELECT string_agg(coalesce(x::text, '-'), ' | ' ORDER BY id) FROM t") ==
          "2026-01-02 03:04:05 | -");
}

TEST_CASE("one can go back past a delete that kept nothing") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
    lab.update(tests::table("x") + change("    - delete: {tableName: t}\n"));
    CHECK(lab.rollback(2).rolled_back == 2);
    CHECK(lab.errors() == "");
    CHECK_FALSE(lab.has_table("x"));
}

TEST_CASE("a NOT NULL column comes back to a table with rows, without NOT NULL, and a key as NOT VALID") {
    Lab lab;
    const std::string make =
        "- changeSet:\n    id: make\n    author: ann\n    changes:\n"
        "    - createTable: {tableName: t, columns: [{column: {name: id, type: int}}, {column: {name: x, "
        "type: text, "
        "constraints: {nullable: false}}}]}\n";
    const std::string drop = change("    - dropColumn: {tableName: t, columnName: x}\n");
    lab.update(make + drop);
    lab.rollback(1);
    CHECK(lab.ask("SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'x'") ==
          "t");
    lab.update(make + drop);
    lab.connection.execute("INSERT INTO t VALUES (1)");
    CHECK(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask("SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'x'") ==
          "f");
}

TEST_CASE("the same changeset keeps again when it runs again") {
    Lab lab;
    lab.connection.execute("CREATE TABLE t (a int)");
    const std::string daily =
        "- changeSet:\n    id: daily\n    author: ann\n    runAlways: true\n    changes:\n"
        "    - delete: {tableName: t, retain: 30 days}\n";
    for (const char* value : {"1", "2"}) {
        lab.connection.execute(std::string("INSERT INTO t VALUES (") + value + ")");
        lab.update(daily);
        REQUIRE(lab.errors() == "");
    }
    CHECK(lab.ask("SELECT count(*) FROM changelog_attic.items WHERE purge_after > now() + '29 days'") == "2");
    lab.rollback(1);
    CHECK(lab.errors() == "");
    // The changeset goes as a whole, so both of its runs are undone.
    CHECK(lab.ask("SELECT string_agg(a::text, ' ' ORDER BY a) FROM t") == "1 2");
}

TEST_CASE("a run whose item was purged does not take that of an older run") {
    Lab lab;
    const std::string daily =
        "- changeSet:\n    id: daily\n    author: ann\n    runAlways: true\n    changes:\n" + drop_table("t");
    for (const char* value : {"1", "2", "3"}) {
        lab.connection.execute(std::string("CREATE TABLE t AS SELECT ") + value + " AS a");
        lab.update(daily);
        REQUIRE(lab.errors() == "");
    }
    postgres::Attic attic(lab.connection, "changelog_attic");
    attic.purge({attic.list().at(2)});
    CHECK(lab.rollback(1).outcome == Outcome::refused);
    CHECK_THAT(lab.errors(), ContainsSubstring("CL5005"));
    CHECK_FALSE(lab.has_table("t"));
}

TEST_CASE("what was purged or restored by hand cannot be rolled back, and nothing is") {
    Kept kept("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)", "SELECT 1");
    kept.update(change(drop_table("t"), "drop") + tests::table("x"));
    REQUIRE(kept.errors() == "");
    postgres::Attic attic(kept.connection, "changelog_attic");
    attic.purge(attic.list());
    CHECK(kept.rollback(2).outcome == Outcome::refused);
    CHECK_THAT(kept.errors(), ContainsSubstring("CL5005") && ContainsSubstring("'drop'") &&
                                  ContainsSubstring("table public.t"));
    CHECK(kept.has_table("x"));
    CHECK(kept.rollback(1).rolled_back == 1);
}

TEST_CASE("checks that call functions see the session's own search_path when rows come back") {
    Kept kept(
        "CREATE TABLE allowed (x int); INSERT INTO allowed VALUES (1); "
        "CREATE FUNCTION good(v int) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM allowed "
        "WHERE x = v)'; "
        "CREATE TABLE t (id int PRIMARY KEY CHECK (good(id)), y int); INSERT INTO t VALUES (1, 1)",
        "SELECT * FROM t");
    kept.prove("    - delete: {tableName: t, retain: true}\n");
    kept.prove(
        "    - update: {tableName: t, columns: [{column: {name: \"y\", valueNumeric: 2}}], retain: true}\n");
}
