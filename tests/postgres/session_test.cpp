#include "postgres/session.hpp"

#include "changelog/codes.hpp"

#include "support/catch.hpp"
#include "support/server.hpp"

using namespace changelog;
using namespace changelog::postgres;
using changelog::tests::TestDatabase;

TEST_CASE("the connection comes from the option, our variables, then libpq's") {
    CHECK(choose_url("a", {{"CHANGELOG_URL", "b"}}) == "a");
    CHECK(choose_url("", {{"DATABASE_URL", "c"}, {"CHANGELOG_URL", "b"}}) == "b");
    CHECK(choose_url("", {{"DATABASE_URL", "c"}, {"CHANGELOG_URL", ""}, {"PGHOST", "h"}}) == "c");
    CHECK(choose_url("", {{"PGSERVICE", "s"}}) == "");
    CHECK(!choose_url("", {}));
    CHECK(!choose_url("", {{"PGUSER", "alice"}}));
}

TEST_CASE("the default schema is the session's own, or the given one in front of the others") {
    const TestDatabase database;
    database.connect().execute("CREATE SCHEMA \"Shop\"");
    Diagnostics diagnostics;
    auto plain = open_session({database.url(), "", "changelog"}, diagnostics);
    REQUIRE(plain);
    CHECK(plain->default_schema == "public");
    auto session = open_session({database.url(), "Shop", "changelog"}, diagnostics);
    REQUIRE(session);
    CHECK(session->default_schema == "Shop");
    CHECK(session->connection.execute("SHOW search_path").text(0, 0) == "\"Shop\", \"$user\", public");
    CHECK(diagnostics.empty());
    CHECK(!open_session({database.url(), "nowhere", "changelog"}, diagnostics));
    CHECK(diagnostics.items().at(0).next.at(0) == "CREATE SCHEMA nowhere");
}

TEST_CASE("a session that cannot be opened is a diagnostic with the server's words") {
    Diagnostics diagnostics;
    CHECK(!open_session({"postgresql://alice:secret@127.0.0.1:1/shop", "", "changelog"}, diagnostics));
    REQUIRE(diagnostics.items().size() == 1);
    const Diagnostic& problem = diagnostics.items()[0];
    CHECK(problem.code == codes::cannot_connect);
    CHECK(problem.server.has_value());
    CHECK_THAT(problem.next.at(0), ContainsSubstring("is PostgreSQL running"));
    CHECK(to_text(problem).find("secret") == std::string::npos);
}

TEST_CASE("servers before PostgreSQL 13 are refused") {
    Target target;
    target.server_version = 120022;
    target.server_version_text = "12.22";
    Diagnostics diagnostics;
    CHECK(!server_is_supported(target, diagnostics));
    CHECK(diagnostics.items().at(0).code == codes::server_too_old);
    target.server_version = 130000;
    CHECK(server_is_supported(target, diagnostics));
}
