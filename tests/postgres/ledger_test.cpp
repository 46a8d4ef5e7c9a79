#include "postgres/ledger.hpp"

#include "changelog/codes.hpp"

#include "support/catch.hpp"
#include "support/server.hpp"

#include <thread>

using namespace changelog;
using namespace changelog::postgres;
using changelog::tests::TestDatabase;

namespace {

constexpr auto deployment = "00000000-0000-4000-8000-000000000001";

LedgerRow row(const std::string& event, const std::string& id) {
    LedgerRow out;
    out.deployment = deployment;
    out.event = event;
    out.key = {id, "alice", "db/orders.yaml"};
    out.checksum = "1:" + id;
    out.definition = R"({"id": ")" + id + R"("})";
    return out;
}

struct Fixture {
    TestDatabase database;
    Connection connection = database.connect();
    Ledger ledger{connection, {}};
    Diagnostics diagnostics;

    Fixture() { REQUIRE(ledger.ensure(diagnostics)); }
    void write(const std::vector<LedgerRow>& rows) { connection.execute(ledger.insert_sql(rows)); }
    std::string applied_ids() {
        std::string out;
        for (const auto& item : ledger.applied()) out += item.key.id + " ";
        return out;
    }
    std::string state_of(const std::vector<LedgerRow>& rows) {
        try {
            write(rows);
        } catch (const DatabaseError& failure) {
            return failure.error.sqlstate;
        }
        return "written";
    }
};

}  // namespace

TEST_CASE("a database without a ledger has nothing applied") {
    const TestDatabase database;
    Connection connection = database.connect();
    Ledger ledger(connection, {});
    CHECK(!ledger.exists());
    CHECK(ledger.applied().empty());
    CHECK(ledger.history().empty());
    CHECK(ledger.applied_rows().empty());
    CHECK(ledger.interrupted().empty());
    CHECK(ledger.definition_of({"1", "a", "p"}).empty());
    CHECK(!ledger.is_applied({"1", "a", "p"}));
    Diagnostics diagnostics;
    CHECK(ledger.check_shape(diagnostics));
    CHECK(diagnostics.empty());
}

TEST_CASE("the ledger creates nothing but what its two names cover") {
    const TestDatabase database;
    Connection connection = database.connect();
    const std::string everything =
        "SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM (SELECT relname AS name FROM pg_class "
        "WHERE "
        "relnamespace = 'public'::regnamespace UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = "
        "'public'::regnamespace UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal) AS all_names";
    CHECK(connection.execute(everything).text(0, 0).empty());
    Ledger ledger(connection, {});
    Diagnostics diagnostics;
    REQUIRE(ledger.ensure(diagnostics));
    CHECK(connection.execute(everything).text(0, 0) ==
          "changelog_current changelog_history changelog_history_generation changelog_history_pkey "
          "changelog_history_seq_seq");
    CHECK(ledger.ensure(diagnostics));
    CHECK(diagnostics.empty());
    CHECK(connection
              .execute("SELECT count(*) FROM pg_attribute WHERE attrelid = 'changelog_history'::regclass AND "
                       "attnum > 0 "
                       "AND col_description(attrelid, attnum) IS NULL")
              .text(0, 0) == "0");
}

TEST_CASE("rows come back as they were written") {
    Fixture test;
    LedgerRow written = row("applied", "it's \\ \"1\"");
    written.definition = R"({"id": "it's \\ \"1\""})";
    written.rollback = R"({"statements": ["DROP TABLE t"]})";
    written.statements = R"j([{"sql": "CREATE TABLE t ()"}])j";
    written.step = 3;
    written.tag = "v1";
    written.contexts = "prod";
    written.labels = "a,b";
    written.comment = "ä";
    written.seconds = 1.5;
    test.write({written});
    const auto history = test.ledger.history();
    REQUIRE(history.size() == 1);
    const HistoryRow& read = history[0];
    CHECK(read.seq == 1);
    CHECK(read.deployment == deployment);
    CHECK(read.event == "applied");
    CHECK(read.key == written.key);
    CHECK(read.checksum == written.checksum);
    CHECK(read.definition == written.definition);
    CHECK(read.rollback == written.rollback);
    CHECK(read.statements == written.statements);
    CHECK(read.step == 3);
    CHECK(read.tag == "v1");
    CHECK(read.contexts == "prod");
    CHECK(read.labels == "a,b");
    CHECK(read.comment == "ä");
    CHECK(read.seconds == 1.5);
    CHECK(read.actor == "postgres");
    CHECK(read.at.size() == 24);
    CHECK(read.at.ends_with("Z"));
    CHECK(test.ledger.definition_of(written.key) == written.definition);
    CHECK(test.ledger.applied()[0].definition.empty());
    CHECK(test.ledger.applied(true)[0].definition == written.definition);
}

TEST_CASE("the time of a row is its transaction's, shared among the changesets of it") {
    Fixture test;
    LedgerRow one = row("applied", "1");
    one.share = 2;
    test.connection.execute("BEGIN; SELECT pg_sleep(0.2)");
    test.write({one});
    test.connection.execute("COMMIT");
    const double seconds = test.ledger.history().at(0).seconds;
    CHECK(seconds >= 0.1);
    CHECK(seconds < 0.2);
}

TEST_CASE("the last event of a changeset decides whether it is applied") {
    Fixture test;
    test.write({row("applied", "1"), row("marked_ran", "2"), row("adopted", "3"), row("applied", "4")});
    CHECK(test.applied_ids() == "1 2 3 4 ");
    test.write({row("rolled_back", "3"), row("started", "5"), row("failed", "5"), row("reran", "1")});
    CHECK(test.applied_ids() == "2 4 1 ");
    CHECK(test.ledger.applied().at(2).event == "reran");
    CHECK(test.ledger.is_applied({"1", "alice", "db/orders.yaml"}));
    CHECK(!test.ledger.is_applied({"3", "alice", "db/orders.yaml"}));
    CHECK(!test.ledger.is_applied({"5", "alice", "db/orders.yaml"}));
    CHECK(!test.ledger.is_applied({"1", "bob", "db/orders.yaml"}));
    test.write({row("applied", "3")});
    CHECK(test.applied_ids() == "2 4 1 3 ");
    CHECK(test.ledger.applied_rows().at(0).key.id == "3");
    CHECK(test.ledger.history(2).at(1).key.id == "3");
    CHECK(test.ledger.history(2).size() == 2);
    CHECK(test.connection.execute("SELECT count(*) FROM changelog_current").text(0, 0) == "4");
}

TEST_CASE("accepting an edit replaces checksum and definition until the changeset runs again") {
    Fixture test;
    LedgerRow accepted = row("accepted", "1");
    accepted.checksum = "1:edited";
    accepted.definition = R"({"edited": true})";
    test.write({row("applied", "1"), accepted});
    CHECK(test.ledger.applied().at(0).checksum == "1:edited");
    CHECK(test.ledger.applied().at(0).event == "applied");
    CHECK(test.ledger.applied().at(0).seq == 1);
    CHECK(test.ledger.definition_of(accepted.key) == R"({"edited": true})");
    test.write({row("reran", "1")});
    CHECK(test.ledger.applied().at(0).checksum == "1:1");
}

TEST_CASE("a tag stays with its changeset until that is rolled back") {
    Fixture test;
    LedgerRow tagged = row("tagged", "2");
    tagged.tag = "v1";
    test.write({row("applied", "1"), row("applied", "2"), tagged});
    CHECK(test.ledger.applied().at(1).tag == "v1");
    CHECK(test.ledger.applied().at(0).tag.empty());
    tagged.tag = "v2";
    test.write({tagged, row("reran", "2")});
    CHECK(test.ledger.applied().at(1).tag == "v2");
    test.write({row("rolled_back", "2"), row("applied", "2")});
    CHECK(test.ledger.applied().at(1).tag.empty());
}

TEST_CASE("PostgreSQL itself keeps a changeset from being applied twice") {
    Fixture test;
    CHECK(test.state_of({row("applied", "1")}) == "written");
    CHECK(test.state_of({row("applied", "1")}) == "23505");
    CHECK(test.state_of({row("adopted", "1")}) == "23505");
    CHECK(test.state_of({row("reran", "1")}) == "written");
    CHECK(test.state_of({row("rolled_back", "1")}) == "written");
    CHECK(test.state_of({row("applied", "1")}) == "written");
    CHECK(test.state_of({row("applied", "1")}) == "23505");
    CHECK(test.state_of({row("rolled_back", "1"), row("applied", "1"), row("rolled_back", "1"),
                         row("applied", "1")}) == "written");
    CHECK(test.applied_ids() == "1 ");
    CHECK(test.connection.execute("SELECT max(generation) FROM changelog_history").text(0, 0) == "3");
    CHECK(test.state_of({row("painted", "1")}) == "23514");
}

TEST_CASE("two sessions cannot both roll back the same application of a changeset") {
    Fixture test;
    test.write({row("applied", "1")});
    Connection other = test.database.connect();
    test.connection.execute("BEGIN");
    other.execute("BEGIN");
    test.write({row("rolled_back", "1")});
    test.connection.execute("SET LOCAL lock_timeout = '50ms'");
    other.execute("SET LOCAL lock_timeout = '50ms'");
    CHECK_THROWS_AS(other.execute(test.ledger.insert_sql({row("rolled_back", "1")})), DatabaseError);
    test.connection.execute("COMMIT");
}

TEST_CASE("not even the owner of the ledger changes a row") {
    Fixture test;
    test.write({row("applied", "1")});
    test.connection.execute("CREATE ROLE owner_" + test.database.name() + " LOGIN");
    test.connection.execute("ALTER TABLE changelog_history OWNER TO owner_" + test.database.name());
    Connection owner(test.database.url() + "&user=owner_" + test.database.name());
    for (const std::string sql : {"UPDATE changelog_history SET id = '2'", "DELETE FROM changelog_history",
                                  "TRUNCATE changelog_history"}) {
        INFO(sql);
        CHECK_THROWS_AS(owner.execute(sql), DatabaseError);
    }
    Ledger ledger(owner, {});
    owner.execute(ledger.insert_sql({row("applied", "2")}));
    CHECK(ledger.applied().size() == 2);
    CHECK(ledger.history().at(1).actor == "owner_" + test.database.name());
    test.connection.execute("DROP OWNED BY owner_" + test.database.name() + " CASCADE; DROP ROLE owner_" +
                            test.database.name());
}

TEST_CASE("an interrupted changeset is one whose last event is that it started, or that it failed since") {
    Fixture test;
    LedgerRow second = row("started", "2");
    second.step = 2;
    std::vector<LedgerRow> rows = {
        row("started", "1"), row("applied", "1"), row("started", "2"), second,
        row("failed", "2"),  row("started", "3"), row("failed", "3"),  row("started", "3"),
        row("applied", "3"), row("started", "4")};
    for (LedgerRow& each : rows)
        if (each.event == "started") each.statements = R"(["SELECT 1"])";
    test.write(std::move(rows));
    const auto found = test.ledger.interrupted();
    REQUIRE(found.size() == 2);
    CHECK(found[0].key.id == "2");
    CHECK(found[0].step == 2);
    CHECK(found[1].key.id == "4");
}

TEST_CASE("a table of another shape is left alone, with its differences named") {
    const TestDatabase database;
    Connection connection = database.connect();
    connection.execute("CREATE TABLE changelog_history (seq bigint, id integer, reason text NOT NULL)");
    Ledger ledger(connection, {});
    Diagnostics diagnostics;
    CHECK(!ledger.ensure(diagnostics));
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == codes::ledger_shape);
    CHECK_THAT(diagnostics.items()[0].why, ContainsSubstring("column 'id' is integer, expected text"));
    CHECK_THAT(diagnostics.items()[0].why, ContainsSubstring("column 'deployment' (uuid) is missing"));
    CHECK_THAT(diagnostics.items()[0].why, ContainsSubstring("column 'reason' is not ours"));
    connection.execute("DROP TABLE changelog_history; CREATE VIEW changelog_history AS SELECT 1 AS seq");
    Diagnostics again;
    CHECK(!ledger.ensure(again));
    CHECK_THAT(again.items().at(0).why, ContainsSubstring("not a table"));
}

TEST_CASE("a missing view or index comes back, and a column more does no harm") {
    Fixture test;
    test.connection.execute("DROP VIEW changelog_current; DROP INDEX changelog_history_generation");
    test.connection.execute("ALTER TABLE changelog_history ADD COLUMN note text");
    CHECK(test.ledger.ensure(test.diagnostics));
    CHECK(test.state_of({row("applied", "1")}) == "written");
    CHECK(test.state_of({row("applied", "1")}) == "23505");
    CHECK(test.connection.execute("SELECT count(*) FROM changelog_current").text(0, 0) == "1");
}

TEST_CASE("missing rights are reported with the GRANT that helps") {
    const TestDatabase database;
    Connection admin = database.connect();
    const std::string role = "poor_" + database.name();
    admin.execute("CREATE ROLE " + role + " LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    Connection poor(database.url() + "&user=" + role);
    Ledger ledger(poor, {});
    Diagnostics diagnostics;
    CHECK(!ledger.ensure(diagnostics));
    CHECK(diagnostics.items().at(0).code == codes::no_ledger_rights);
    CHECK(diagnostics.items().at(0).next.at(0) == "GRANT USAGE, CREATE ON SCHEMA public TO " + role);
    CHECK(!poor.in_transaction());

    Ledger owned(admin, {});
    CHECK(owned.ensure(diagnostics));
    Diagnostics unreadable;
    CHECK(!ledger.check_shape(unreadable));
    CHECK(unreadable.items().at(0).next.at(0) == "GRANT SELECT ON public.changelog_history TO " + role);
    Diagnostics unwritable;
    CHECK(!ledger.check_writable(unwritable));
    CHECK(unwritable.items().at(0).next.at(0) ==
          "GRANT SELECT, INSERT ON public.changelog_history TO " + role);

    Diagnostics nowhere;
    Ledger elsewhere(admin, {"no_such_schema", "changelog_history", "changelog_current", ""});
    CHECK(!elsewhere.ensure(nowhere));
    CHECK(nowhere.items().at(0).next.at(0) == "CREATE SCHEMA no_such_schema");
    admin.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_CASE("a ledger may have another schema and other names") {
    const TestDatabase database;
    Connection connection = database.connect();
    connection.execute("CREATE SCHEMA \"Ops\"");
    LedgerOptions options{"Ops", "My history", "My current", "9.9"};
    Ledger ledger(connection, options);
    Diagnostics diagnostics;
    REQUIRE(ledger.ensure(diagnostics));
    CHECK(ledger.qualified_table() == "\"Ops\".\"My history\"");
    connection.execute(ledger.insert_sql({row("applied", "1")}));
    CHECK(ledger.history().at(0).tool_version == "9.9");
    CHECK(connection.execute("SELECT count(*) FROM \"Ops\".\"My current\"").text(0, 0) == "1");
    connection.execute("BEGIN");
    Ledger inside(connection, {"Ops", "inner", "inner_current", ""});
    CHECK(inside.ensure(diagnostics));
    CHECK(connection.in_transaction());
    connection.execute("ROLLBACK");
    CHECK(ledger.applied().size() == 1);
}

TEST_CASE("runners that create the ledger at the same moment all find it") {
    const TestDatabase database;
    std::vector<std::thread> runners;
    std::vector<int> good(6, 0);
    for (std::size_t i = 0; i < good.size(); ++i)
        runners.emplace_back([&, i] {
            Connection connection = database.connect();
            Ledger ledger(connection, {});
            Diagnostics diagnostics;
            good[i] = ledger.ensure(diagnostics) ? 1 : 0;
        });
    for (auto& runner : runners) runner.join();
    CHECK(good == std::vector<int>(6, 1));
}

TEST_CASE("thousands of rows go in one INSERT and keep their order") {
    Fixture test;
    std::vector<LedgerRow> rows;
    for (int i = 0; i < 5000; ++i) rows.push_back(row("applied", std::to_string(i)));
    test.write(rows);
    const auto applied = test.ledger.applied();
    REQUIRE(applied.size() == 5000);
    for (int i = 0; i < 5000; ++i) REQUIRE(applied[static_cast<std::size_t>(i)].key.id == std::to_string(i));
    CHECK(test.ledger.insert_sql({}).empty());
}

TEST_CASE("two ledgers in one schema have a view each") {
    const TestDatabase database;
    Connection connection = database.connect();
    Diagnostics diagnostics;
    LedgerOptions second;
    second.table = "other";
    LedgerOptions longest;
    longest.table = std::string(63, 'x');
    CHECK(Ledger(connection, {}).ensure(diagnostics));
    CHECK(Ledger(connection, second).ensure(diagnostics));
    CHECK(Ledger(connection, longest).ensure(diagnostics));
    CHECK(connection
              .execute("SELECT count(*) FROM pg_views WHERE viewname IN ('changelog_current', "
                       "'other_current', repeat('x', 55) || '_current')")
              .text(0, 0) == "3");
}

TEST_CASE("the ledger is ours whatever the session quotes") {
    Fixture test;
    test.connection.execute("SET quote_all_identifiers = on");
    CHECK(test.ledger.check_shape(test.diagnostics));
}
