#include "postgres/runner_lock.hpp"

#include "changelog/codes.hpp"

#include "postgres/terminate.hpp"
#include "support/catch.hpp"
#include "support/server.hpp"

#include <thread>

using namespace changelog;
using namespace changelog::postgres;
using changelog::tests::TestDatabase;
using namespace std::chrono_literals;

TEST_CASE("the lock is free, held, and free again") {
    const TestDatabase database;
    Connection connection = database.connect();
    Diagnostics diagnostics;
    const long long key = RunnerLock::key_of("public.changelog_history");
    CHECK(lock_holder(connection, key).empty());
    {
        const RunnerLock lock(connection, "public.changelog_history", 0ms, {}, diagnostics);
        CHECK(lock.held());
        CHECK_NOTHROW(lock.check());
        CHECK(lock_holder(connection, key)
                  .starts_with("pid " + std::to_string(connection.backend_pid()) +
                               " (changelog, user postgres from "));
    }
    CHECK(lock_holder(connection, key).empty());
    CHECK(diagnostics.empty());
    CHECK(RunnerLock::key_of("a") != RunnerLock::key_of("b"));
}

TEST_CASE("a second runner waits, says for whom, and gives up in time") {
    const TestDatabase database;
    Connection first(database.url(), "first-runner"), second = database.connect();
    Diagnostics diagnostics;
    const RunnerLock held(first, "x", 0ms, {}, diagnostics);
    std::vector<std::string> told;
    const auto start = std::chrono::steady_clock::now();
    const RunnerLock refused(
        second, "x", 300ms, [&](const std::string& who) { told.push_back(who); }, diagnostics);
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK(!refused.held());
    CHECK(took >= 300ms);
    CHECK(took < 3s);
    REQUIRE(told.size() == 1);
    CHECK_THAT(told[0], ContainsSubstring("first-runner"));
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == codes::lock_not_obtained);
    CHECK_THAT(diagnostics.items()[0].why, ContainsSubstring("pid " + std::to_string(first.backend_pid())));
    Diagnostics other;
    CHECK(RunnerLock(second, "y", 0ms, {}, other).held());
}

TEST_CASE("a waiting runner gets the lock when the first lets go, and may be interrupted") {
    const TestDatabase database;
    Connection first = database.connect(), second = database.connect();
    Diagnostics diagnostics;
    auto held = std::make_unique<RunnerLock>(first, "x", 0ms, nullptr, diagnostics);
    const auto interrupt = [](const std::string&) { throw std::runtime_error("interrupted"); };
    CHECK_THROWS_AS(RunnerLock(second, "x", 10s, interrupt, diagnostics), std::runtime_error);
    std::thread releaser([&] {
        std::this_thread::sleep_for(200ms);
        held.reset();
    });
    const RunnerLock lock(second, "x", 10s, {}, diagnostics);
    releaser.join();
    CHECK(lock.held());
}

TEST_CASE("a waiting runner stops soon after it is cancelled") {
    const TestDatabase database;
    Connection first = database.connect(), second = database.connect();
    Diagnostics diagnostics;
    const RunnerLock held(first, "x", 0ms, nullptr, diagnostics);
    const auto start = std::chrono::steady_clock::now();
    const auto cancelled = [&] { return std::chrono::steady_clock::now() - start > 200ms; };
    CHECK(!RunnerLock(second, "x", 30s, {}, diagnostics, cancelled).held());
    CHECK(std::chrono::steady_clock::now() - start < 2s);
    CHECK(diagnostics.items().at(0).code == codes::cancelled);
}

TEST_CASE("waiting for the lock does not deadlock with CREATE INDEX CONCURRENTLY") {
    const TestDatabase database;
    Connection first = database.connect(), second = database.connect();
    first.execute("CREATE TABLE t (a int)");
    Diagnostics diagnostics;
    auto held = std::make_unique<RunnerLock>(first, "x", 0ms, nullptr, diagnostics);
    std::thread waiter([&] {
        Diagnostics own;
        CHECK(RunnerLock(second, "x", 10s, {}, own).held());
    });
    first.execute("CREATE INDEX CONCURRENTLY t_a ON t (a)");
    held.reset();
    waiter.join();
    CHECK(first.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass").text(0, 0) ==
          "t");
}

TEST_CASE("a lock whose session ended is noticed before the next step") {
    const TestDatabase database;
    Connection runner = database.connect(), other = database.connect();
    Diagnostics diagnostics;
    const RunnerLock lock(runner, "x", 0ms, {}, diagnostics);
    const auto lost = [&] {
        try {
            lock.check();
        } catch (const DatabaseError& failure) {
            return failure.error.connection_lost;
        }
        return false;
    };
    CHECK(!lost());
    SECTION("unlocked by somebody else's code") {
        runner.execute("SELECT pg_advisory_unlock_all()");
        CHECK(lost());
    }
    SECTION("terminated") {
        tests::terminate(other, runner.backend_pid());
        CHECK(lost());
    }
}
