#include "postgres/connection.hpp"

#include "postgres/terminate.hpp"
#include "support/catch.hpp"
#include "support/server.hpp"

#include <chrono>
#include <thread>

using namespace changelog;
using namespace changelog::postgres;
using changelog::tests::server_url;
using changelog::tests::TestDatabase;

namespace {

template <typename Work>
ServerError error_of(const Work& work) {
    try {
        work();
    } catch (const DatabaseError& failure) {
        return failure.error;
    }
    FAIL("no error");
    return {};
}

}  // namespace

TEST_CASE("rows come back as text, and NULL as nothing") {
    const TestDatabase database;
    Connection connection = database.connect();
    const Rows rows = connection.execute("SELECT 1 AS a, NULL AS b, '' AS c, true AS d, 'zwölf' AS e");
    CHECK(rows.columns == std::vector<std::string>{"a", "b", "c", "d", "e"});
    REQUIRE(rows.rows.size() == 1);
    CHECK(rows.text(0, 0) == "1");
    CHECK(!rows.rows[0][1]);
    CHECK(rows.rows[0][2] == "");
    CHECK(rows.text(0, 3) == "t");
    CHECK(rows.text(0, 4) == "zwölf");
}

TEST_CASE("several statements go as one message and give the last one's rows") {
    const TestDatabase database;
    Connection connection = database.connect();
    CHECK(connection.execute("BEGIN; CREATE TABLE t (a int); INSERT INTO t VALUES (7); SELECT a FROM t")
              .text(0, 0) == "7");
    CHECK(connection.in_transaction());
    connection.execute("ROLLBACK");
    CHECK(!connection.in_transaction());
    CHECK(connection.execute("SELECT to_regclass('t')").rows[0][0] == std::nullopt);
    CHECK(connection.execute("").empty());
}

TEST_CASE("parameters are text or NULL") {
    const TestDatabase database;
    Connection connection = database.connect();
    const Rows rows =
        connection.query("SELECT $1::text, $2::int, $3::text IS NULL", {"it's", "5", std::nullopt});
    CHECK(rows.text(0, 0) == "it's");
    CHECK(rows.text(0, 1) == "5");
    CHECK(rows.text(0, 2) == "t");
    CHECK(connection.query("SELECT 1", {}).text(0, 0) == "1");
    CHECK(connection.execute("SELECT " + connection.quote("a'b\\c")).text(0, 0) == "a'b\\c");
}

TEST_CASE("an error keeps every field that the server sent") {
    const TestDatabase database;
    Connection connection = database.connect();
    connection.execute("CREATE TABLE orders (id int CONSTRAINT orders_pk PRIMARY KEY, n int NOT NULL)");
    connection.execute("INSERT INTO orders VALUES (1, 1)");

    const auto duplicate = error_of([&] { connection.execute("INSERT INTO orders VALUES (1, 1)"); });
    CHECK(duplicate.sqlstate == "23505");
    CHECK_THAT(duplicate.message, ContainsSubstring("orders_pk"));
    CHECK(duplicate.detail == "Key (id)=(1) already exists.");
    CHECK(duplicate.schema == "public");
    CHECK(duplicate.table == "orders");
    CHECK(duplicate.constraint == "orders_pk");
    CHECK(duplicate.statement == "INSERT INTO orders VALUES (1, 1)");
    CHECK(!duplicate.connection_lost);

    CHECK(error_of([&] { connection.execute("INSERT INTO orders VALUES (2, NULL)"); }).column == "n");
    const auto unknown = error_of([&] { connection.query("SELECT nn FROM orders WHERE id = $1", {"1"}); });
    CHECK(unknown.sqlstate == "42703");
    CHECK(unknown.position == 8);
    const auto raised = error_of([&] {
        connection.execute(
            "DO $$ BEGIN RAISE 'a\nDETAIL:  b' USING detail = 'c', hint = 'd', errcode = 'P0042'; END $$");
    });
    CHECK(raised.sqlstate == "P0042");
    CHECK(raised.message == "a\nDETAIL:  b");
    CHECK(raised.detail == "c");
    CHECK(raised.hint == "d");
    CHECK(connection.execute("SELECT 1").text(0, 0) == "1");
}

TEST_CASE("a failed statement leaves its transaction open and failed") {
    const TestDatabase database;
    Connection connection = database.connect();
    connection.execute("BEGIN");
    CHECK(error_of([&] { connection.execute("SELECT 1/0"); }).sqlstate == "22012");
    CHECK(connection.in_transaction());
    CHECK(connection.transaction_failed());
    CHECK(error_of([&] { connection.execute("SELECT 1"); }).sqlstate == "25P02");
    connection.execute("ROLLBACK");
    CHECK(!connection.in_transaction());
}

TEST_CASE("statements that refuse a transaction block run alone") {
    const TestDatabase database;
    Connection connection = database.connect();
    connection.execute("CREATE TABLE t (a int)");
    connection.execute("CREATE INDEX CONCURRENTLY t_a ON t (a)");
    connection.execute("VACUUM t");
    CHECK(connection.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 't_a'").text(0, 0) == "1");
}

TEST_CASE("a terminated session is lost, and no other takes its place in silence") {
    const TestDatabase database;
    Connection victim = database.connect(), other = database.connect();
    victim.execute("SELECT pg_advisory_lock(1)");
    const int pid = victim.backend_pid();
    CHECK(victim.execute("SELECT pg_backend_pid()").text(0, 0) == std::to_string(pid));
    tests::terminate(other, pid);

    const auto first = error_of([&] { victim.execute("SELECT 1"); });
    CHECK(first.connection_lost);
    CHECK(first.sqlstate == "57P01");
    for (int i = 0; i < 3; ++i) {
        const auto later = error_of([&] { victim.execute("SELECT 1"); });
        CHECK(later.connection_lost);
        CHECK(later.sqlstate == "08003");
    }
    CHECK(error_of([&] { victim.query("SELECT $1", {"1"}); }).connection_lost);
    CHECK(
        error_of([&] { victim.copy_in("COPY t FROM STDIN", [] { return std::nullopt; }); }).connection_lost);
    CHECK(victim.lost());
    CHECK(victim.backend_pid() == pid);
    victim.cancel();
    CHECK(other.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
              .text(0, 0) == "1");
}

TEST_CASE("a session that is terminated while it works is lost with the server's reason") {
    const TestDatabase database;
    Connection victim = database.connect(), other = database.connect();
    std::thread killer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        other.query("SELECT pg_terminate_backend($1::int)", {std::to_string(victim.backend_pid())});
    });
    const auto lost = error_of([&] { victim.execute("BEGIN; SELECT pg_sleep(30)"); });
    killer.join();
    CHECK(lost.connection_lost);
    CHECK(lost.sqlstate == "57P01");
    CHECK(!victim.in_transaction());
}

TEST_CASE("a running statement can be cancelled from another thread") {
    const TestDatabase database;
    Connection connection = database.connect();
    std::thread canceller([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        connection.cancel();
    });
    CHECK(error_of([&] { connection.execute("SELECT pg_sleep(30)"); }).sqlstate == "57014");
    canceller.join();
    CHECK(connection.execute("SELECT 1").text(0, 0) == "1");
}

TEST_CASE("COPY takes its rows in chunks that need not end at a line") {
    const TestDatabase database;
    Connection connection = database.connect();
    connection.execute("CREATE TABLE t (a int, b text)");
    std::vector<std::string> chunks = {"1\tone\n2\tt", "wo\n3", "\tthree\n"};
    std::size_t next = 0;
    connection.copy_in("COPY t FROM STDIN", [&]() -> std::optional<std::string> {
        if (next == chunks.size()) return std::nullopt;
        return chunks[next++];
    });
    CHECK(connection.execute("SELECT string_agg(b, ',' ORDER BY a) FROM t").text(0, 0) == "one,two,three");
    connection.copy_in("COPY t FROM STDIN", [] { return std::nullopt; });
    CHECK(connection.execute("SELECT count(*) FROM t").text(0, 0) == "3");
}

TEST_CASE("a COPY that fails says which row, and the session goes on") {
    const TestDatabase database;
    Connection connection = database.connect();
    connection.execute("CREATE TABLE t (a int)");
    int given = 0;
    const auto bad = error_of([&] {
        connection.copy_in("COPY t FROM STDIN", [&]() -> std::optional<std::string> {
            return given++ < 3 ? std::optional<std::string>("1\nx\n") : std::nullopt;
        });
    });
    CHECK(bad.sqlstate == "22P02");
    CHECK(error_of([&] {
              connection.copy_in("COPY nowhere FROM STDIN", [] { return std::nullopt; });
          }).sqlstate == "42P01");
    CHECK_THROWS_AS(
        connection.copy_in("COPY t FROM STDIN",
                           []() -> std::optional<std::string> { throw std::runtime_error("disk"); }),
        std::runtime_error);
    CHECK_THAT(error_of([&] { connection.copy_in("SELECT 1", [] { return std::nullopt; }); }).message,
               ContainsSubstring("not a COPY"));
    CHECK(error_of([&] { connection.execute("COPY t FROM STDIN"); }).sqlstate == "57014");
    CHECK(connection.execute("SELECT count(*) FROM t").text(0, 0) == "0");
}

TEST_CASE("notices reach the handler and nobody else") {
    const TestDatabase database;
    Connection connection = database.connect();
    std::vector<std::string> notices;
    connection.on_notice([&](const std::string& text) { notices.push_back(text); });
    connection.execute(
        "DO $$ BEGIN RAISE NOTICE 'quiet'; RAISE WARNING 'loud' USING detail = 'very'; END $$");
    CHECK(notices == std::vector<std::string>{"warning: loud (very)"});
    Connection moved = std::move(connection);
    moved.execute("DO $$ BEGIN RAISE WARNING 'again'; END $$");
    CHECK(notices.size() == 2);
}

TEST_CASE("a session has the settings that statements rely on, and the user's own win") {
    const TestDatabase database;
    Connection plain = database.connect();
    CHECK(plain.execute("SHOW client_encoding").text(0, 0) == "UTF8");
    CHECK(plain.execute("SHOW DateStyle").text(0, 0).starts_with("ISO"));
    CHECK(plain.execute("SHOW client_min_messages").text(0, 0) == "warning");
    CHECK(plain.execute("SHOW application_name").text(0, 0) == "changelog");
    CHECK(plain.target().database == database.name());
    CHECK(plain.target().server_version >= oldest_server_version);
    Connection own(database.url() + "&options=-c%20client_min_messages%3Dnotice&application_name=mine");
    CHECK(own.execute("SHOW client_min_messages").text(0, 0) == "notice");
    CHECK(own.execute("SHOW application_name").text(0, 0) == "mine");
    Connection sibling = own.sibling();
    CHECK(sibling.execute("SHOW application_name").text(0, 0) == "mine");
    CHECK(sibling.backend_pid() != own.backend_pid());
}

TEST_CASE("a connection that cannot be made says what to do") {
    const auto missing = error_of([] { Connection(server_url("no_such_database")); });
    CHECK(missing.sqlstate == "3D000");
    CHECK_THAT(missing.hint, ContainsSubstring("createdb"));
    CHECK_THAT(missing.hint, ContainsSubstring("no_such_database"));
    const auto nobody = error_of([] { Connection("postgresql://alice:secret@127.0.0.1:1/shop"); });
    CHECK(nobody.sqlstate == "08001");
    CHECK_THAT(nobody.hint, ContainsSubstring("is PostgreSQL running"));
    CHECK((nobody.message + nobody.hint).find("secret") == std::string::npos);
    CHECK_THAT(error_of([] { Connection("postgresql://alice@no.such.host.invalid/shop"); }).hint,
               ContainsSubstring("host's name"));
    const auto role = error_of([] { Connection(server_url() + "&user=nobody_here"); });
    CHECK(role.sqlstate == "28000");
}

TEST_CASE("a wrong or missing password is told apart, and never shown") {
    // A server of its own: the rules of who may connect are changed.
    Diagnostics diagnostics;
    const auto server = ScratchServer::start({}, diagnostics);
    REQUIRE(server);
    Connection admin(server->url());
    admin.execute("SET password_encryption = 'scram-sha-256'");  // older servers have md5
    admin.execute("CREATE ROLE alice LOGIN PASSWORD 'correct'");
    const std::string rules = admin.execute("SHOW hba_file").text(0, 0);
    admin.execute("COPY (VALUES ('local all alice scram-sha-256'), ('local all all trust')) TO " +
                  admin.quote(rules));
    admin.execute("SELECT pg_reload_conf()");
    const std::string url = server->url() + "&user=alice";
    ServerError wrong;
    for (int i = 0; i < 100 && wrong.sqlstate.empty(); ++i) {  // the reload takes a moment
        try {
            const Connection accepted(url + "&password=topsecret");
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        } catch (const DatabaseError& failure) {
            wrong = failure.error;
        }
    }
    CHECK(wrong.sqlstate == "28P01");
    CHECK(wrong.hint == "check the password of user alice");
    CHECK((wrong.message + wrong.detail + wrong.hint + wrong.statement).find("topsecret") ==
          std::string::npos);
    CHECK_THAT(error_of([&] { Connection without(url); }).hint, ContainsSubstring("PGPASSWORD"));
    CHECK(Connection(url + "&password=correct").execute("SELECT current_user").text(0, 0) == "alice");
}
