// The locks of a whole update, measured on a scratch database.
#include "execute/trace_update.hpp"

#include "support/catch.hpp"
#include "support/disk_files.hpp"
#include "support/memory_files.hpp"
#include "support/server.hpp"

#include <stdexcept>

using namespace changelog;
using hazards::Lock;
using hazards::Work;

namespace {

const std::string kChangelog = R"yaml(databaseChangeLog:
- changeSet:
    id: base
    author: ann
    changes:
    - createTable:
        tableName: customer
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
    - createTable:
        tableName: orders
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: customer_id, type: bigint}
        - column: {name: amount, type: int}
- changeSet:
    id: key
    author: ann
    changes:
    - addForeignKeyConstraint: {constraintName: fk, baseTableName: orders, baseColumnNames: customer_id, referencedTableName: customer, referencedColumnNames: id}
- changeSet:
    id: wide
    author: ann
    changes:
    - modifyDataType: {tableName: orders, columnName: amount, newDataType: bigint}
    - createTable:
        tableName: items
        columns:
        - column: {name: order_id, type: bigint}
    - sql: {sql: "CREATE INDEX items_order ON items (order_id)"}
- changeSet:
    id: index
    author: ann
    runInTransaction: false
    changes:
    - sql: {sql: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id)"}
- changeSet:
    id: unique
    author: ann
    changes:
    - sql: {sql: "SET LOCAL search_path = public; INSERT INTO items VALUES (1); ALTER TABLE items ADD UNIQUE (order_id)"}
- changeSet:
    id: wrong
    author: ann
    changes:
    - sql: {sql: "ALTER TABLE orders DROP COLUMN nothing"}
)yaml";

struct Scratch {
    tests::TestDatabase database;
    postgres::Connection connection = database.connect();
    tests::Loaded loaded = tests::Loaded(kChangelog);
    Diagnostics diagnostics;

    std::vector<execute::TracedChangeSet> trace(std::set<std::size_t> only, std::size_t count) {
        execute::Engine engine(connection, {}, {}, diagnostics);
        execute::TraceOptions options;
        options.only = std::move(only);
        options.select.count = count;
        RenderContext context;
        const catalog::Catalog nothing;
        context.before = &nothing;
        const Graph graph = resolve(loaded.changelog, context, diagnostics);
        return execute::trace_update(engine, connection, loaded.changelog, graph, options, diagnostics);
    }
};

ObjectName in_public(const std::string& name) { return {"public", name}; }

}  // namespace

TEST_CASE("an update is traced statement by statement") {
    Scratch scratch;
    const auto traced = scratch.trace({1, 2, 3, 4}, 5);
    INFO(tests::errors_of(scratch.diagnostics));
    REQUIRE(traced.size() == 4);
    const auto& key = traced[0];
    CHECK(key.applied);
    REQUIRE(key.statements.size() == 1);
    const auto* orders = key.statements[0].relation(in_public("orders"));
    REQUIRE(orders != nullptr);
    CHECK(orders->lock == Lock::share_row_exclusive);
    CHECK(orders->work == Work::scan);
    CHECK(key.statements[0].relation(in_public("customer"))->lock == Lock::share_row_exclusive);

    const auto& wide = traced[1];
    REQUIRE(wide.statements.size() == 3);
    CHECK(wide.statements[0].relation(in_public("orders"))->work == Work::rewrite);
    CHECK(wide.statements[0].strongest() == Lock::access_exclusive);
    CHECK(wide.statements[2].relations.empty());  // the changeset made the table itself
    CHECK(wide.relations().size() == 2);          // orders and its index

    const auto& index = traced[2];
    REQUIRE(index.statements.size() == 1);
    CHECK(index.statements[0].outside_transaction);
    REQUIRE(index.statements[0].relation(in_public("orders")) != nullptr);
    CHECK(index.statements[0].relation(in_public("orders"))->lock == Lock::share_update_exclusive);
    CHECK(index.statements[0].relation(in_public("orders"))->work == Work::build);

    CHECK(traced[3].statements.size() == 3);
    CHECK(traced[3].relations().empty());
}

TEST_CASE("a changeset that fails ends the trace") {
    Scratch scratch;
    const auto traced = scratch.trace({5}, 6);
    REQUIRE(traced.size() == 1);
    CHECK_FALSE(traced[0].applied);
    REQUIRE(traced[0].statements.size() == 1);
    REQUIRE(traced[0].statements[0].error);
    CHECK(traced[0].statements[0].error->sqlstate == "42703");
    CHECK(scratch.diagnostics.has_errors());
}

TEST_CASE("a database with a history is not traced in") {
    Scratch scratch;
    scratch.trace({}, 1);
    CHECK_THROWS_AS(scratch.trace({}, 2), std::logic_error);
}

TEST_CASE("locks of a statement that runs outside of transactions are seen to its end") {
    Scratch scratch;
    scratch.connection.execute(
        "CREATE TABLE t (k int) PARTITION BY RANGE (k); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) "
        "TO "
        "(9); CREATE TABLE lone (id int PRIMARY KEY)");
    execute::LockTrace trace(scratch.connection);
    if (scratch.connection.target().server_version >= 140000) {
        const auto detached = trace.run({"ALTER TABLE t DETACH PARTITION t1 CONCURRENTLY"});
        CHECK(detached.outside_transaction);
        CHECK(detached.relation(in_public("t"))->lock == Lock::share_update_exclusive);
        CHECK(detached.relation(in_public("t1"))->lock == Lock::access_exclusive);
    }
    const auto vacuum = trace.run({"VACUUM lone"});
    CHECK(vacuum.outside_transaction);
    REQUIRE(vacuum.relation(in_public("lone")) != nullptr);
    CHECK(vacuum.relation(in_public("lone"))->lock == Lock::share_update_exclusive);
    const auto wrong = trace.run({"DROP INDEX CONCURRENTLY nothing"});
    REQUIRE(wrong.error);
    CHECK(wrong.error->sqlstate == "42704");
}
