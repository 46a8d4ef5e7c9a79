#include "review/conflicts.hpp"

#include "review/branches.hpp"

#include <chrono>
#include <iostream>
#include <numeric>

using namespace changelog;
using namespace changelog::tests;

namespace {

using Lines = std::vector<std::string>;

std::vector<std::size_t> all_of(const Line& line, std::size_t from = 0) {
    std::vector<std::size_t> out(line.changelog().changesets.size() - from);
    std::iota(out.begin(), out.end(), from);
    return out;
}

std::string shown(const std::vector<ObjectRef>& objects) {
    std::string out;
    for (const ObjectRef& object : objects) out += (out.empty() ? "" : ", ") + to_string(object);
    return out;
}

/// One line for each conflict: "a/b [objects] reason".
std::string conflicts(const Lines& our_lines, const Lines& their_lines) {
    const Line ours(our_lines), theirs(their_lines);
    std::string out;
    for (const review::Conflict& each :
         review::conflicts({ours.changelog(), ours.graph, all_of(ours)},
                           {theirs.changelog(), theirs.graph, all_of(theirs)})) {
        if (!out.empty()) out += '\n';
        out += ours.changelog().changesets[each.ours].key.id + '/' +
               theirs.changelog().changesets[each.theirs].key.id + " [" + shown(each.objects) + "] " +
               each.reason;
    }
    return out;
}

std::string add_column(const std::string& name) {
    return "{addColumn: {tableName: orders, columns: [{column: {name: " + name + ", type: text}}]}}";
}

std::string index_on(const std::string& column, const std::string& name = "by_it") {
    return "{createIndex: {tableName: orders, indexName: " + name + ", columns: [{column: {name: " + column +
           "}}]}}";
}

std::string table(const std::string& name) {
    return "{createTable: {tableName: " + name +
           ", columns: [{column: {name: id, type: bigint, constraints: {primaryKey: true}}}, {column: {name: "
           "note, type: text}}]}}";
}

}  // namespace

TEST_CASE("what both branches may do to one table") {
    CHECK(conflicts({"a: " + add_column("x")}, {"b: " + add_column("y")}) == "");
    CHECK(conflicts({"a: " + index_on("note")}, {"b: " + add_column("y")}) == "");
    CHECK(conflicts({"a: " + index_on("note", "one")}, {"b: " + index_on("note", "two")}) == "");
    CHECK(conflicts({"a: ALTER TABLE orders ADD CONSTRAINT c CHECK (note <> '')"},
                    {"b: ALTER TABLE orders ADD CONSTRAINT d CHECK (id > 0)"}) == "");
    CHECK(conflicts({"a: " + table("users")}, {"b: " + table("invoices")}) == "");
    CHECK(conflicts({"a: GRANT SELECT ON orders TO app"}, {"b: COMMENT ON TABLE orders IS 'those'"}) == "");
    CHECK(conflicts({"a: ALTER TABLE orders ALTER COLUMN x SET NOT NULL"},
                    {"b: ALTER TABLE orders ALTER COLUMN y DROP DEFAULT"}) == "");
}

TEST_CASE("both make the same thing") {
    CHECK(conflicts({"a: " + add_column("x")}, {"b: ALTER TABLE orders ADD COLUMN x bigint"}) ==
          "a/b [column public.orders.x] both create column public.orders.x");
    CHECK(conflicts({"a: CREATE TABLE users (id bigint)"}, {"b: " + table("users")}) ==
          "a/b [table public.users] both create table public.users");
    CHECK(conflicts({"a: " + index_on("x")}, {"b: " + index_on("y")}) ==
          "a/b [index public.by_it] both create index public.by_it");
    CHECK(conflicts({"a: CREATE INDEX users ON orders (x)"}, {"b: " + table("users")})
              .find("both create table public.users") != std::string::npos);
}

TEST_CASE("both change or drop the same column") {
    CHECK(conflicts({"a: ALTER TABLE orders ALTER COLUMN x TYPE bigint"},
                    {"b: ALTER TABLE orders ALTER COLUMN x SET NOT NULL"}) ==
          "a/b [column public.orders.x] both change column public.orders.x");
    CHECK(
        conflicts({"a: ALTER TABLE orders RENAME COLUMN x TO z"}, {"b: ALTER TABLE orders DROP COLUMN x"}) ==
        "a/b [column public.orders.x] both drop or rename column public.orders.x");
    CHECK(conflicts({"a: ALTER TABLE orders DROP COLUMN x"}, {"b: " + index_on("x")}) ==
          "a/b [column public.orders.x] 'a' drops column public.orders.x, which 'b' uses");
    CHECK(conflicts({"a: " + index_on("x")}, {"b: ALTER TABLE orders DROP COLUMN x"}) ==
          "a/b [column public.orders.x] 'b' drops column public.orders.x, which 'a' uses");
}

TEST_CASE("a table that is dropped goes with nothing in it") {
    const std::string said = "a/b [table public.orders] 'a' drops table public.orders, which 'b' uses";
    CHECK(conflicts({"a: DROP TABLE orders"}, {"b: " + add_column("x")}) == said);
    CHECK(conflicts({"a: DROP TABLE orders"}, {"b: " + index_on("x")}) == said);
    CHECK(conflicts({"a: DROP TABLE orders"}, {"b: INSERT INTO orders (id) VALUES (1)"}) == said);
    CHECK(conflicts({"a: ALTER TABLE orders RENAME TO purchases"}, {"b: " + add_column("x")}) ==
          "a/b [table public.orders] 'a' drops or renames table public.orders, which 'b' uses");
    CHECK(conflicts({"a: DROP SCHEMA sales"}, {"b: CREATE TABLE sales.orders (id int)"}) ==
          "a/b [schema sales] 'a' drops schema sales, which 'b' uses");
    CHECK(conflicts({"a: DROP TABLE IF EXISTS old"}, {"b: DROP TABLE IF EXISTS old"}) == "");
    CHECK(conflicts({"a: DROP TABLE orders"}, {"b: " + add_column("x")}).find("column") == std::string::npos);
}

TEST_CASE("a column more matters to who selects all of them") {
    CHECK(conflicts({"a: " + add_column("x")}, {"b: CREATE VIEW v AS SELECT o.id FROM orders o"}) == "");
    CHECK(conflicts(
              {"a: " + add_column("x")},
              {"b: CREATE VIEW v AS SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id"}) ==
          "");
    CHECK(conflicts({"a: " + add_column("x")}, {"b: CREATE VIEW v AS SELECT * FROM orders"}) ==
          "a/b [column public.orders.x] 'a' creates column public.orders.x, which 'b' uses");
    CHECK(conflicts(
              {"a: ALTER TABLE orders DROP COLUMN x"},
              {"b: CREATE VIEW v AS SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id"}) ==
          "a/b [column public.orders.x] 'a' drops column public.orders.x, which 'b' uses");
}

TEST_CASE("rows") {
    const std::string insert = "INSERT INTO orders (id) VALUES (1)";
    CHECK(conflicts({"a: " + insert}, {"b: INSERT INTO orders (id) VALUES (2)"}) == "");
    CHECK(conflicts({"a: {insert: {tableName: orders, columns: [{column: {name: id, value: 1}}]}}"},
                    {"b: INSERT INTO orders (id) VALUES (2)"}) == "");
    CHECK(conflicts({"a: " + insert}, {"b: CREATE UNIQUE INDEX u ON orders (id)"}) == "");
    CHECK(conflicts({"a: " + insert},
                    {"b: ALTER TABLE lines ADD FOREIGN KEY (order_id) REFERENCES orders (id)"}) == "");
    CHECK(conflicts({"a: " + insert}, {"b: UPDATE orders SET note = '' WHERE note IS NULL"}) ==
          "a/b [rows of public.orders] 'b' changes rows of table public.orders, and 'a' inserts some");
    CHECK(conflicts({"a: " + insert}, {"b: INSERT INTO old_orders (id) SELECT id FROM orders"}) ==
          "a/b [rows of public.orders] 'a' inserts rows into table public.orders, which 'b' reads");
    CHECK(conflicts({"a: UPDATE orders SET note = 'x' WHERE id = 1"},
                    {"b: UPDATE orders SET state = 'y' WHERE id = 2"}) == "");
    CHECK(conflicts({"a: UPDATE orders SET note = 'x' WHERE state = 'z'"},
                    {"b: UPDATE orders SET state = 'y' WHERE id = 2"}) ==
          "a/b [rows of public.orders] both change rows of table public.orders");
    CHECK(conflicts({"a: DELETE FROM orders WHERE id = 1"}, {"b: DELETE FROM orders WHERE id = 2"}) == "");
    CHECK(conflicts({"a: {update: {tableName: orders, columns: [{column: {name: note, value: x}}]}}"},
                    {"b: UPDATE orders SET note = 'y'"}) ==
          "a/b [rows of public.orders] both change rows of table public.orders");
    CHECK(conflicts({"a: TRUNCATE orders"}, {"b: DELETE FROM orders WHERE id = 2"}) ==
          "a/b [rows of public.orders] both change rows of table public.orders");
    CHECK(conflicts({"a: ALTER TABLE orders ALTER COLUMN note SET NOT NULL"},
                    {"b: UPDATE orders SET note = 'y'"}) ==
          "a/b [column public.orders.note] 'a' changes column public.orders.note, which 'b' uses");
    CHECK(conflicts({"a: ALTER TABLE orders ALTER COLUMN note SET NOT NULL"},
                    {"b: UPDATE orders SET state = 'y'"}) == "");
}

TEST_CASE("what is changed of a column or a table matters only to who looks at that") {
    const std::string alter = "ALTER TABLE orders ";
    const std::string set_default = "a: " + alter + "ALTER COLUMN x SET DEFAULT 1";
    CHECK(conflicts({set_default}, {"b: " + index_on("x")}) == "");
    CHECK(conflicts({set_default}, {"b: CREATE VIEW v AS SELECT o.x FROM orders o"}) == "");
    CHECK(conflicts({set_default}, {"b: " + alter + "ALTER COLUMN x SET NOT NULL"}) == "");
    CHECK(conflicts({set_default}, {"b: INSERT INTO orders (id, x) VALUES (1, 2)"}) == "");
    CHECK(conflicts({set_default}, {"b: UPDATE orders SET y = 1 WHERE id = 2"}) == "");
    CHECK(conflicts({set_default}, {"b: INSERT INTO orders (id) VALUES (1)"}) ==
          "a/b [rows of public.orders] 'a' changes a default of table public.orders, into which 'b' inserts "
          "rows");
    CHECK(conflicts({set_default}, {"b: " + alter + "ALTER COLUMN x SET DEFAULT 2"}) ==
          "a/b [column public.orders.x] both change column public.orders.x");
    CHECK(conflicts({set_default}, {"b: " + alter + "ALTER COLUMN y SET DEFAULT 2"}) == "");
    CHECK(conflicts({set_default}, {"b: " + alter + "DROP COLUMN x"}) != "");

    const std::string not_null = "a: " + alter + "ALTER COLUMN x SET NOT NULL";
    CHECK(conflicts({not_null}, {"b: " + index_on("x")}) == "");
    CHECK(conflicts({not_null}, {"b: INSERT INTO orders (id) VALUES (1)"}) == "");
    CHECK(conflicts({not_null}, {"b: UPDATE orders SET x = 0 WHERE x IS NULL"}) != "");
    CHECK(conflicts({not_null}, {"b: UPDATE orders SET y = 0 WHERE y IS NULL"}) == "");

    const std::string setting = "a: " + alter + "SET (fillfactor = 50)";
    CHECK(conflicts({setting}, {"b: " + add_column("y")}) == "");
    CHECK(conflicts({setting}, {"b: " + alter + "ENABLE ROW LEVEL SECURITY"}) == "");
    CHECK(conflicts({setting}, {"b: " + alter + "SET (fillfactor = 60)"}) != "");
    CHECK(conflicts({setting}, {"b: DROP TABLE orders"}) != "");
}

TEST_CASE("comments and rights") {
    CHECK(conflicts({"a: COMMENT ON COLUMN orders.x IS 'one'"}, {"b: COMMENT ON COLUMN orders.x IS 'two'"})
              .find("both comment on") != std::string::npos);
    CHECK(conflicts({"a: COMMENT ON COLUMN orders.x IS 'one'"}, {"b: COMMENT ON COLUMN orders.y IS 'two'"}) ==
          "");
    CHECK(conflicts({"a: COMMENT ON COLUMN orders.x IS 'one'"}, {"b: COMMENT ON TABLE orders IS 'two'"}) ==
          "");
    CHECK(conflicts({"a: COMMENT ON TABLE orders IS 'one'"}, {"b: ALTER TABLE orders DROP COLUMN x"}) == "");
    CHECK(conflicts({"a: GRANT SELECT ON orders TO app"}, {"b: ALTER TABLE orders DROP COLUMN x"}) == "");
    CHECK(conflicts({"a: GRANT SELECT ON orders TO app"}, {"b: REVOKE SELECT ON orders FROM app"}) ==
          "a/b [table public.orders] both change rights on table public.orders");
    CHECK(conflicts({"a: GRANT SELECT ON orders TO app"}, {"b: REVOKE SELECT ON orders FROM other"}) == "");
    const std::string all = "a: GRANT SELECT ON ALL TABLES IN SCHEMA public TO app";
    CHECK(conflicts({all}, {"b: " + add_column("y")}) == "");
    CHECK(conflicts({all}, {"b: " + table("users")}) != "");
    CHECK(conflicts({all}, {"b: REVOKE SELECT ON orders FROM app"}) != "");
    CHECK(conflicts({all}, {"b: GRANT INSERT ON orders TO app"}) == "");
}

TEST_CASE("a table that is made like another one has what that has by then") {
    const std::string copy = "a: CREATE TABLE copies (LIKE orders INCLUDING ALL)";
    CHECK(conflicts({copy}, {"b: " + add_column("y")}) != "");
    CHECK(conflicts({copy}, {"b: " + index_on("x")}) ==
          "a/b [table public.orders] 'b' changes table public.orders, which 'a' copies");
    CHECK(conflicts({copy}, {"b: CREATE INDEX ON orders (x)"}) != "");
    CHECK(conflicts({copy}, {"b: ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0)"}) != "");
    CHECK(conflicts({copy}, {"b: INSERT INTO orders (id) VALUES (1)"}) == "");
}

TEST_CASE("what cannot be seen through is told once") {
    const Lines three = {"x: " + table("x"), "y: " + table("y"), "z: " + table("z")};
    const std::string out = conflicts({"a: DO $$ BEGIN PERFORM 1; END $$"}, three);
    CHECK(out.starts_with("a/x [] 'a' cannot be seen through ("));
    CHECK(out.ends_with("so it may not go with any of the other branch's 3"));
    CHECK(std::count(out.begin(), out.end(), '\n') == 0);
    CHECK(conflicts({"a: DO $$ BEGIN PERFORM 1; END $$"}, {}) == "");
    CHECK(conflicts({"a: " + table("a")}, {"x: DO $$ BEGIN PERFORM 1; END $$"}).starts_with("a/x [] 'x'"));
    // Its author says what it provides, and answers for that.
    CHECK(conflicts({"a [provides: [public.q]]: DO $$ BEGIN PERFORM 1; END $$"}, three) == "");
}

TEST_CASE("the same changeset in both branches") {
    CHECK(conflicts({"a: " + table("users"), "b: " + table("c")}, {"a: " + table("users")}) == "");
    CHECK(conflicts({"a: " + table("users")}, {"a: " + table("people")}) ==
          "a/a [] both have a changeset 'a', with different meaning");
    CHECK(conflicts({"a: " + table("users")}, {"b: " + table("users")}) ==
          "a/b [table public.users] 'a' and 'b' do the same, and both will run");
    CHECK(conflicts({"a: INSERT INTO t (id) VALUES (1)"}, {"b: insert into t (id) values (1)"}) ==
          "a/b [rows of public.t] 'a' and 'b' do the same, and both will run");
    CHECK(conflicts({"a: CREATE EXTENSION IF NOT EXISTS pgcrypto"},
                    {"b: CREATE EXTENSION IF NOT EXISTS pgcrypto"}) == "");
}

TEST_CASE("conflicts come in the order of ours, then theirs") {
    const std::string out = conflicts({"a: " + add_column("x"), "b: DROP TABLE orders"},
                                      {"c: " + index_on("y"), "d: " + add_column("x")});
    std::string pairs;
    for (std::size_t start = 0; start != std::string::npos && start < out.size();) {
        pairs += out.substr(start, 3) + ' ';
        const std::size_t end = out.find('\n', start);
        start = end == std::string::npos ? end : end + 1;
    }
    CHECK(pairs == "a/d b/c b/d ");
}

TEST_CASE("a hundred new ones against a hundred, behind ten thousand") {
    Lines applied, ours, theirs;
    for (int i = 0; i < 10000; ++i)
        applied.push_back(fmt::format("old{}: {}", i, table(fmt::format("t{}", i % 500))));
    ours = theirs = applied;
    for (int i = 0; i < 100; ++i) {
        ours.push_back(fmt::format("our{}: ALTER TABLE t{} ADD COLUMN ours{} text", i, i % 10, i));
        theirs.push_back(fmt::format("their{}: UPDATE t{} SET their{} = 'x'", i, i % 10, i));
    }
    ours.push_back("drop: DROP TABLE t5");
    const Line head(ours), main(theirs);
    const auto start = std::chrono::steady_clock::now();
    const auto found = review::conflicts({head.changelog(), head.graph, all_of(head, 10000)},
                                         {main.changelog(), main.graph, all_of(main, 10000)});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::cout << "conflicts of 100 with 100 behind 10,000: " << seconds.count() * 1000 << " ms\n";
    CHECK(found.size() == 10);
    CHECK(seconds.count() < 1);
}
