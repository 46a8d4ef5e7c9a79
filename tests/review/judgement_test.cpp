// What a reviewer would hold against a review: dangers that are silent, and alarms that are false.
#include "review/review.hpp"
#include "review/weigh.hpp"
#include "reviewed.hpp"

using namespace changelog;
using namespace changelog::tests;
using review::Verdict;

namespace {

const std::string kBase = R"(databaseChangeLog:
- changeSet:
    id: orders
    author: ada
    changes:
    - createTable:
        tableName: orders
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: user_id, type: bigint}
        - column: {name: note, type: text}
    - createTable:
        tableName: places
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: name, type: text, constraints: {unique: true}}
        - column: {name: order_id, type: bigint}
)";

Reviewed branch(const std::string& changes) {
    Reviewed out(kBase, kBase + "- changeSet:\n    id: next\n    author: ada\n    changes:\n" + changes);
    out.size("orders", 52'000'000, 18'000'000'000).size("places", 240, 16'384);
    return out;
}

Reviewed with_sql(const std::string& sql) { return branch("    - sql: \"" + sql + "\"\n"); }

std::string codes(const review::Review& review) {
    std::string out;
    for (const review::LocatedFinding& each : review.findings)
        if (each.item.severity != Severity::note)
            out += (out.empty() ? "" : " ") + line_of(each).substr(0, line_of(each).find(':'));
    return out;
}

const std::string kNewTable = R"(    - createTable:
        tableName: fresh
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: order_id, type: bigint}
)";

}  // namespace

TEST_CASE("judgement: work under a lock that an earlier statement took blocks on a large table") {
    const review::Review update =
        with_sql("ALTER TABLE orders ADD COLUMN a text; UPDATE orders SET a = 'x' WHERE note IS NULL").run();
    REQUIRE(find_code(update.findings, "CL2275"));
    CHECK(find_code(update.findings, "CL2275")->item.severity == Severity::error);
    CHECK_THAT(find_code(update.findings, "CL2275")->item.title,
               ContainsSubstring("ACCESS EXCLUSIVE on orders from an earlier statement"));
    const review::Review few =
        with_sql("ALTER TABLE orders ADD COLUMN a text; UPDATE orders SET a = 'x' WHERE id = 4").run();
    CHECK(few.count(Severity::error) == 0);
    const review::Review check = with_sql(
                                     "ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0) NOT VALID; "
                                     "ALTER TABLE orders VALIDATE CONSTRAINT c")
                                     .run();
    REQUIRE(find_code(check.findings, "CL2132"));
    CHECK(find_code(check.findings, "CL2132")->item.severity == Severity::error);
    CHECK_FALSE(find_code(check.findings, "CL2275"));
}

TEST_CASE("judgement: one cause is told once") {
    const review::Review narrower = branch(
                                        "    - modifyDataType: {tableName: orders, columnName: note, "
                                        "newDataType: varchar(20)}\n")
                                        .run();
    CHECK(find_code(narrower.findings, "CL2245"));
    CHECK_FALSE(find_code(narrower.findings, "CL2246"));
    CHECK_FALSE(find_code(narrower.findings, "CL2287"));
    const review::Review all = with_sql("DROP SCHEMA public CASCADE").run();
    CHECK(find_code(all.findings, "CL2222"));
    CHECK_FALSE(find_code(all.findings, "CL2224"));
    const review::Review several =
        with_sql(
            "ALTER TABLE orders ADD COLUMN a text; ALTER TABLE places ADD COLUMN a text; "
            "ALTER TABLE places ADD COLUMN b text")
            .run();
    CHECK(std::count_if(several.findings.begin(), several.findings.end(),
                        [](const auto& each) { return each.item.code == "CL2276"; }) == 1);
}

TEST_CASE("judgement: the index behind a constraint is no table of its own") {
    const review::Review dropped = branch(
                                       "    - dropColumn: {tableName: places, columnName: order_id}\n"
                                       "    - dropColumn: {tableName: places, columnName: name}\n")
                                       .run();
    CHECK_FALSE(find_code(dropped.findings, "CL2276"));
    const review::Review small = with_sql("ALTER TABLE places ALTER COLUMN order_id TYPE numeric").run();
    REQUIRE(find_code(small.findings, "CL2241"));
    CHECK(find_code(small.findings, "CL2241")->item.severity == Severity::note);
    const review::Review large = with_sql("ALTER TABLE orders ALTER COLUMN user_id TYPE numeric").run();
    CHECK_THAT(find_code(large.findings, "CL2241")->item.title,
               ContainsSubstring("orders has 52,000,000 rows, 16.8 GB: about "));
}

TEST_CASE("judgement: what retain keeps still breaks who names it, and can be seen") {
    const review::Review table = branch("    - dropTable: {tableName: orders, retain: true}\n").run();
    CHECK(codes(table) == "warning CL2221 22");
    CHECK(find_code(table.findings, "CL2221")->item.title ==
          "dropping orders breaks every program that still names it");
    CHECK(find_code(table.findings, "CL2221")->item.fixes.empty());
    CHECK(table.plan.changesets[0].statements.back().summary == "DROP TABLE orders (kept)");
    CHECK(table.plan.changesets[0].statements.back().blocks_reads());
    const review::Review column =
        branch("    - dropColumn: {tableName: orders, columnName: note, retain: 30 days}\n").run();
    CHECK(codes(column) == "warning CL2114 22");
    CHECK(column.plan.changesets[0].statements.back().unknown.empty());
    const review::Review values = branch(
                                      "    - modifyDataType: {tableName: orders, columnName: note, "
                                      "newDataType: varchar(20), retain: true}\n")
                                      .run();
    CHECK_FALSE(find_code(values.findings, "CL2281"));
    CHECK_FALSE(find_code(values.findings, "CL2271"));
    const review::Review rows =
        branch("    - delete: {tableName: orders, where: \"note = 'it''s'\", retain: true}\n").run();
    CHECK(find_code(rows.findings, "CL2280"));
}

TEST_CASE("judgement: a foreign key of a new or a small table reads nothing of the large one") {
    const std::string key = R"(    - addForeignKeyConstraint:
        baseTableName: fresh
        baseColumnNames: order_id
        referencedTableName: orders
        referencedColumnNames: id
        constraintName: fresh_order_fk
)";
    const review::Review fresh = branch(kNewTable + key).run();
    CHECK(fresh.verdict() == Verdict::pass);
    const auto& locks = fresh.plan.changesets[0].statements.back().locks;
    CHECK(std::all_of(locks.begin(), locks.end(),
                      [](const auto& each) { return each.work == hazards::Work::none; }));
    std::string small = key;
    small.replace(small.find("fresh"), 5, "places");
    CHECK(find_code(branch(small).run().findings, "CL2143")->item.severity == Severity::note);
    CHECK(branch("    - addColumn: {tableName: places, columns: [{column: {name: a, type: int}}]}\n" + small)
              .run()
              .count(Severity::error) == 0);
    std::string large = key;
    large.replace(large.find("fresh"), 5, "orders");
    large.replace(large.find("order_id"), 8, "user_id");
    large.replace(large.find("TableName: orders\n        referencedC"), 17, "TableName: places");
    CHECK(find_code(branch(large).run().findings, "CL2143")->item.severity == Severity::error);
}

TEST_CASE("judgement: what nobody can see is to be looked at") {
    CHECK(codes(with_sql("DO $$ BEGIN EXECUTE 'DROP TABLE orders'; END $$").run()) == "warning CL2281 22");
    CHECK(with_sql("DROP DATABASE shop").run().verdict() == Verdict::warn);
    CHECK(with_sql("CREATE VIEW v AS SELECT id FROM orders").run().verdict() == Verdict::pass);
}

TEST_CASE("judgement: rows that SQL changes do not come back, unless they are the branch's own") {
    const review::Review deleted = with_sql("DELETE FROM orders WHERE id = 3").run();
    REQUIRE(find_code(deleted.findings, "CL2287"));
    CHECK(find_code(deleted.findings, "CL2287")->item.title ==
          "undoing 'next' does not bring back rows of public.orders that it updates or deletes");
    CHECK_FALSE(
        find_code(with_sql("ALTER TABLE orders ADD COLUMN a text; UPDATE orders SET a = 'x' WHERE id = 3")
                      .run()
                      .findings,
                  "CL2287"));
    CHECK(find_code(with_sql("ALTER TABLE orders ADD COLUMN a text; UPDATE orders SET a = 'x', note = '' "
                             "WHERE id = 3")
                        .run()
                        .findings,
                    "CL2287"));
    CHECK(with_sql("INSERT INTO orders (id) VALUES (3)").run().verdict() == Verdict::pass);
    CHECK(branch(kNewTable + "    - sql: DELETE FROM fresh WHERE id = 3\n").run().verdict() == Verdict::pass);
    CHECK(branch(kNewTable + "    - dropTable: {tableName: fresh}\n").run().verdict() == Verdict::pass);
}

TEST_CASE("judgement: a table that the branch renames is as large as before") {
    const review::Review renamed =
        with_sql("ALTER TABLE orders RENAME TO purchases; CREATE INDEX i ON purchases (user_id)").run();
    REQUIRE(find_code(renamed.findings, "CL2161"));
    CHECK(find_code(renamed.findings, "CL2161")->item.severity == Severity::error);
}

TEST_CASE("judgement: IF NOT EXISTS takes an index that failed for the one that is wanted") {
    const auto fixes = [](const std::string& sql) {
        return find_code(with_sql(sql).run().findings, "CL2161")->item.fixes.size();
    };
    CHECK(fixes("CREATE  UNIQUE   INDEX i ON orders (user_id)") == 1);
    CHECK(fixes("CREATE INDEX IF NOT EXISTS i ON orders (user_id)") == 0);
}

TEST_CASE("judgement: a view holds nothing") {
    const std::string view = R"(- changeSet:
    id: v
    author: ada
    changes:
    - createView: {viewName: v, selectQuery: SELECT id FROM orders}
)";
    const std::string drop = R"(- changeSet:
    id: drop-v
    author: ada
    changes:
    - dropView: {viewName: v}
)";
    CHECK(find_code(Reviewed(kBase + view, kBase + view + drop).run().findings, "CL2221")->item.title ==
          "dropping v breaks every program that still names it");
}

TEST_CASE("judgement: a partitioned table that the changelog did not make may hold anything") {
    Reviewed made_elsewhere = with_sql("CREATE INDEX i ON events (id)");
    made_elsewhere.size("events", 0, 0);
    made_elsewhere.statistics[0].relations[{"public", "events"}].kind = 'p';
    const review::Review review = made_elsewhere.run();
    CHECK(find_code(review.findings, "CL2161")->item.severity == Severity::warning);
    CHECK_FALSE(review.plan.changesets[0].statements[0].hold.known());
}

TEST_CASE("judgement: nothing is offered that a partitioned table refuses") {
    const std::string table = R"(- changeSet:
    id: events
    author: ada
    changes:
    - sql: CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day)
    - sql: CREATE INDEX e ON events (id)
    - sql: CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
)";
    const auto run = [&](const std::string& change) {
        return Reviewed(kBase + table,
                        kBase + table + "- changeSet:\n    id: next\n    author: ada\n    changes:\n    - " +
                            change + '\n')
            .run();
    };
    const review::Review drop = run("dropIndex: {tableName: events, indexName: e}");
    REQUIRE(find_code(drop.findings, "CL2165"));
    CHECK(find_code(drop.findings, "CL2165")->item.fixes.empty());
    const review::Review key = run(
        "addForeignKeyConstraint: {baseTableName: events, baseColumnNames: id, referencedTableName: orders, "
        "referencedColumnNames: id, constraintName: k}");
    REQUIRE(find_code(key.findings, "CL2143"));
    CHECK(find_code(key.findings, "CL2143")->item.fixes.empty());
    const review::Review refused = run("sql: DROP INDEX CONCURRENTLY e");
    CHECK(find_code(refused.findings, "CL2228"));
}

TEST_CASE("judgement: sizes are counted as PostgreSQL does") {
    CHECK(review::shown_bytes(1000) == "1000 bytes");
    CHECK(review::shown_bytes(8192) == "8.0 kB");
    CHECK(review::shown_bytes(18'000'000'000) == "16.8 GB");
    CHECK(review::shown_bytes(5'000'000'000'000'000) == "4547.5 TB");
}

TEST_CASE("judgement: an environment that only statistics name has a row") {
    Reviewed both = with_sql("CREATE INDEX i ON orders (user_id)");
    both.environments = {{"", {}}};
    both.statistics[0].environment = "production";
    both.statistics[0].server_version = 140000;
    both.statistics[0].applied.emplace();
    const review::Review review = both.run();
    REQUIRE(review.environments.size() == 1);
    CHECK(review.environments[0].name == "production");
    CHECK(review.environments[0].pending == 2);
    CHECK(review.environments[0].server_version == 140000);
    CHECK(review.environments[0].blocked.high > 10);
    both.environments = {{"dev", {}}};
    REQUIRE(both.run().environments.size() == 2);
    CHECK(both.run().environments[1].name == "production");
}
