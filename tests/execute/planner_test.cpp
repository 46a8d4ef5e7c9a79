#include "execute/planner.hpp"

#include "execute/lab.hpp"
#include "support/catch.hpp"

using namespace changelog;
using execute::Basis;
using execute::Plan;
using execute::PlannedStatement;
using hazards::Lock;
using hazards::Work;
using tests::changeset;
using tests::Lab;
using tests::table;

namespace {

/// A plan with the changelog that it is about.
struct Planned {
    tests::Loaded loaded;
    Plan plan;

    Planned(Lab& lab, const std::string& yaml, const execute::UpdateOptions& options = {})
        : loaded("databaseChangeLog:\n" + yaml) {
        lab.diagnostics = std::move(loaded.diagnostics);
        REQUIRE(lab.errors() == "");
        RenderContext context;
        const catalog::Catalog nothing;
        context.before = &nothing;
        const Graph graph = resolve(loaded.changelog, context, lab.diagnostics);
        execute::Engine engine = lab.engine();
        plan = plan_update(engine, lab.connection, loaded.changelog, graph, options, lab.diagnostics);
        CHECK(lab.errors() == "");
        CHECK_FALSE(lab.connection.in_transaction());
    }

    const PlannedStatement& at(std::size_t changeset, std::size_t statement = 0) const {
        return plan.changesets.at(changeset).statements.at(statement);
    }
};

/// A table with rows that were counted, made outside the changelog.
void make_orders(Lab& lab, int rows = 20000) {
    lab.connection.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, note text);"
        "INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, " +
        std::to_string(rows) + ") i; ANALYZE orders");
}

std::string change(const std::string& id, const std::string& name, const std::string& keys) {
    return "- changeSet:\n    id: " + id + "\n    author: ann\n    changes:\n    - " + name + ": {" + keys +
           "}\n";
}

const std::string kIndex = change(
    "idx", "createIndex", "tableName: orders, indexName: orders_note, columns: [{column: {name: note}}]");

/// Everything that a run could have written.
std::string all_there_is(Lab& lab) {
    return lab.ask("SELECT count(*) || ' ' || coalesce(max(oid), 0) FROM pg_class") + " " +
           lab.ask("SELECT pg_current_xact_id_if_assigned() IS NULL");
}

}  // namespace

TEST_CASE("a plan tells the lock, the size and the time of an index on a table with rows") {
    Lab lab;
    make_orders(lab);
    const Planned planned(lab, kIndex);
    REQUIRE(planned.plan.statements == 1);
    const PlannedStatement& index = planned.at(0);
    REQUIRE_FALSE(index.locks.empty());
    CHECK(index.locks.front().relation == ObjectName{"public", "orders"});
    CHECK(index.strongest() == Lock::share);
    CHECK(index.blocks_writes());
    CHECK_FALSE(index.blocks_reads());
    CHECK(index.work == Work::build);
    CHECK(index.locks.front().size.rows == 20000);
    CHECK(index.locks.front().size.bytes() > 20000 * 20);
    CHECK(index.hold.basis == Basis::statistics);
    CHECK(index.hold.low > 0);
    CHECK(index.hold.high > index.hold.low);
    CHECK(index.transaction == 1);
    CHECK((index.begins && index.ends));
    CHECK(index.undo.grade == "exact");
    CHECK(planned.plan.longest() == &index);
}

TEST_CASE("a table that was never analyzed has a size and no estimate") {
    Lab lab;
    lab.connection.execute(
        "CREATE TABLE orders (id int, note text) WITH (autovacuum_enabled = off);"
        "INSERT INTO orders SELECT i, 'n' FROM generate_series(1, 1000) i");
    const Planned planned(lab, kIndex);
    CHECK(planned.at(0).locks.front().size.rows == -1);
    CHECK(planned.at(0).locks.front().size.bytes() > 0);
    CHECK_FALSE(planned.at(0).hold.known());
}

TEST_CASE("a rewrite blocks readers too, and its lock is held until the transaction ends") {
    Lab lab;
    make_orders(lab);
    const Planned planned(
        lab, changeset("two", "'COMMENT ON TABLE orders IS ''x''; ALTER TABLE orders ALTER id TYPE bigint'"));
    REQUIRE(planned.plan.statements == 2);
    const PlannedStatement& first = planned.at(0, 0);
    const PlannedStatement& rewrite = planned.at(0, 1);
    CHECK(rewrite.strongest() == Lock::access_exclusive);
    CHECK(rewrite.blocks_reads());
    CHECK(rewrite.work == Work::rewrite);
    CHECK((first.begins && !first.ends && !rewrite.begins && rewrite.ends));
    CHECK(first.hold.high > rewrite.hold.high);
    CHECK(first.duration.basis == Basis::fixed);
    CHECK(rewrite.undo.grade == "found out when applied");
}

TEST_CASE("a new table and its index lock nothing that is there") {
    Lab lab;
    const Planned planned(lab, table("orders") + change("idx", "createIndex",
                                                        "tableName: orders, indexName: i, columns: [{column: "
                                                        "{name: id}}]"));
    CHECK(planned.plan.statements == 2);
    CHECK(planned.plan.transactions == 1);
    CHECK(planned.at(0).locks.empty());
    CHECK(planned.at(1).locks.empty());
    CHECK((planned.at(0).begins && !planned.at(0).ends && planned.at(1).ends));
    CHECK(planned.at(0).undo.grade == "loses what was written since");
    CHECK(planned.plan.longest() == nullptr);
}

TEST_CASE("an index that is built concurrently has no transaction") {
    Lab lab;
    make_orders(lab);
    const Planned planned(
        lab, changeset("c", "CREATE INDEX CONCURRENTLY i ON orders (note)", "    runInTransaction: false\n"));
    CHECK(planned.plan.transactions == 0);
    CHECK(planned.plan.outside == 1);
    CHECK(planned.at(0).transaction == 0);
    CHECK(planned.at(0).strongest() == Lock::share_update_exclusive);
    CHECK_FALSE(planned.at(0).blocks_writes());
    CHECK(planned.plan.longest() == nullptr);
}

TEST_CASE("a statement that cannot be seen through is said to be so") {
    Lab lab;
    make_orders(lab);
    const Planned planned(lab, changeset("do", "\"DO $$ BEGIN EXECUTE 'DROP TABLE orders'; END $$\""));
    CHECK(planned.at(0).unknown != "");
    CHECK_FALSE(planned.at(0).hold.known());
    CHECK(planned.at(0).undo.grade == "found out when applied");
}

TEST_CASE("a table that the plan renames is measured by the name that it has now") {
    Lab lab;
    make_orders(lab);
    const Planned planned(lab,
                          change("ren", "renameTable", "oldTableName: orders, newTableName: sales") +
                              change("idx", "createIndex",
                                     "tableName: sales, indexName: i, columns: [{column: {name: note}}]"));
    const PlannedStatement& index = planned.at(1);
    REQUIRE_FALSE(index.locks.empty());
    CHECK(index.locks.front().relation.name == "sales");
    CHECK(index.locks.front().now.name == "orders");
    CHECK(index.locks.front().size.rows == 20000);
}

TEST_CASE("what is applied is not in the plan, and preconditions are only mentioned") {
    Lab lab;
    REQUIRE(lab.update(table("a")).applied == 1);
    const Planned planned(lab,
                          table("a") + changeset("b", "CREATE TABLE b (id int)",
                                                 "    preConditions:\n    - onFail: HALT\n"
                                                 "    - sqlCheck: {expectedResult: 1, sql: SELECT 0}\n"));
    REQUIRE(planned.plan.changesets.size() == 1);
    CHECK(planned.plan.changesets[0].preconditions);
    execute::UpdateOptions none;
    none.select.count = 1;
    CHECK(Planned(lab, table("a") + table("c") + table("d"), none).plan.changesets.size() == 1);
}

TEST_CASE("a plan has the transactions that the update makes, and learns what dropping a table destroys") {
    Lab lab;
    make_orders(lab, 10);
    const std::string yaml = table("a") + table("b") + change("drop", "dropTable", "tableName: orders") +
                             table("c") + changeset("raw", "CREATE VIEW v AS SELECT * FROM a") + table("d");
    const Planned planned(lab, yaml);
    std::vector<std::size_t> numbers;
    for (const auto& each : planned.plan.changesets) numbers.push_back(each.transaction);
    CHECK(planned.plan.changesets[2].undo.grade == "lossy");
    const std::string before = lab.ask("SELECT txid_current()");
    REQUIRE(lab.update(yaml).applied == 6);
    const std::string seen = lab.ask(
        "SELECT string_agg(d::text, ' ' ORDER BY seq) FROM (SELECT seq, dense_rank() OVER (ORDER BY "
        "xmin::text::bigint) d FROM changelog_history) x");
    CHECK(seen == fmt::format("{}", fmt::join(numbers, " ")));
}

TEST_CASE("a plan has the transactions that the update makes, whatever keeps changesets apart") {
    const std::string yaml =
        table("a") + table("b") + changeset("set", "SET search_path = public") + table("c") +
        change("says", "output", "message: hello") + table("d") +
        changeset("soft", "SELECT 1 / 0", "    failOnError: false\n") + table("e") +
        changeset("marked", "ALTER TABLE databasechangelog ADD x int", "    failOnError: false\n") +
        table("f") + changeset("watched", "\"DO $$ BEGIN CREATE TABLE z (id int); END $$\"") + table("g") +
        table("h");
    for (const TransactionMode mode : {TransactionMode::automatic, TransactionMode::changeset}) {
        Lab lab;
        execute::UpdateOptions options;
        options.transactions = mode;
        const Planned planned(lab, yaml, options);
        std::vector<std::size_t> numbers;
        for (const auto& each : planned.plan.changesets)
            if (each.index != 6) numbers.push_back(each.transaction);  // the one that fails has no row
        for (std::size_t& each : numbers)                              // dense, as below
            each -= each > planned.plan.changesets[6].transaction ? 1 : 0;
        REQUIRE(lab.update(yaml, options).marked_ran == 1);
        const std::string seen = lab.ask(
            "SELECT string_agg(d::text, ' ' ORDER BY seq) FROM (SELECT seq, dense_rank() OVER (ORDER BY "
            "xmin::text::bigint) d FROM changelog_history) x");
        CHECK(seen == fmt::format("{}", fmt::join(numbers, " ")));
    }
}

TEST_CASE("a partitioned table is planned with its partitions") {
    Lab lab;
    lab.connection.execute(
        "CREATE TABLE orders (id int, note text) PARTITION BY RANGE (id);"
        "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (10000);"
        "CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (10000) TO (30000);"
        "INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, 20000) i; ANALYZE orders");
    const auto sizes = [](const PlannedStatement& statement) {
        std::map<std::string, long long> out;
        for (const auto& lock : statement.locks)
            if (lock.size.is_table()) out[lock.relation.name] = lock.size.rows;
        return out;
    };
    const Planned index(lab, kIndex);
    const auto of_index = sizes(index.at(0));
    CHECK(of_index.contains("orders_1"));
    CHECK(of_index.contains("orders_2"));
    CHECK(index.at(0).work == Work::build);
    CHECK(index.at(0).hold.basis == Basis::statistics);
    CHECK(index.at(0).hold.high > 0.02);
    const Planned type(lab, changeset("type", "ALTER TABLE orders ALTER note TYPE varchar(10)"));
    CHECK(sizes(type.at(0)).size() == 3);
    CHECK(type.at(0).work == Work::rewrite);
    CHECK(type.at(0).hold.high > 0.02);
    const Planned part(lab, changeset("part", "ALTER TABLE orders DETACH PARTITION orders_1"));
    CHECK(sizes(part.at(0)).contains("orders_1"));
    CHECK_FALSE(sizes(part.at(0)).contains("orders_2"));
}

TEST_CASE("a plan writes nothing, not even the ledger") {
    Lab lab;
    make_orders(lab, 10);
    const std::string before = all_there_is(lab);
    const std::string next = lab.ask("SELECT txid_snapshot_xmax(txid_current_snapshot())");
    const Planned planned(lab, table("a") + kIndex + changeset("drop", "DROP TABLE orders"));
    CHECK(planned.plan.changesets.size() == 3);
    CHECK(all_there_is(lab) == before);
    CHECK(lab.ask("SELECT txid_snapshot_xmax(txid_current_snapshot())") == next);
    CHECK_FALSE(lab.has_table("changelog_history"));
}
