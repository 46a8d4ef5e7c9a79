// changelog review --scratch and --url, against real servers.
#include "cli/program.hpp"
#include "postgres/connection.hpp"
#include "support/catch.hpp"
#include "support/server.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>

using namespace changelog;
using namespace changelog::test;
using nlohmann::json;

namespace {

std::string changeset(const std::string& id, const std::string& changes, const std::string& more = {}) {
    return "- changeSet:\n    id: " + id + "\n    author: me\n" + more + "    changes:\n" + changes;
}

std::string sql(const std::string& id, const std::string& text, const std::string& more = {}) {
    return changeset(id, "    - sql: {splitStatements: false, sql: \"" + text + "\"}\n", more);
}

std::string table(const std::string& id, const std::string& name) {
    return changeset(id,
                     "    - createTable: {tableName: " + name +
                         ", columns: [{column: {name: id, type: bigint, constraints: {primaryKey: true}}}, "
                         "{column: {name: user_id, type: bigint}}]}\n");
}

std::string column(const std::string& id, const std::string& on, const std::string& name) {
    return changeset(id, "    - addColumn: {tableName: " + on + ", columns: [{column: {name: " + name +
                             ", type: text}}]}\n");
}

std::string view_of(const std::string& columns) {
    return changeset("view",
                     "    - createView: {viewName: v, replaceIfExists: true, selectQuery: \"SELECT " +
                         columns + " FROM orders\"}\n",
                     "    runOnChange: true\n");
}

/// A repository with what main has, and something else in the working tree.
struct Branch {
    Branch(const std::string& base, const std::string& head) {
        write(base);
        const Result made = folder.run(
            "git init -q -b main . && git config user.email me@example.com && git config user.name me && git "
            "add -A && git commit -q -m base");
        INFO(made.err);
        REQUIRE(made.code == 0);
        write(head);
    }
    void write(const std::string& changesets) const {
        folder.write("changelogs/changelog.yaml", "databaseChangeLog:\n" + changesets);
    }
    Result review(const std::string& arguments = {}) const {
        return folder.run("$changelog review --scratch " + arguments);
    }
    json parsed(const std::string& arguments = "--scratch") const {
        const Result result = folder.run("$changelog review --format json " + arguments);
        INFO(result.err << result.out);
        REQUIRE((result.code == 0 || result.code == 3));
        return json::parse(result.out);
    }

    Folder folder;
};

const json& proof_of(const json& review) { return review.at("proofs").at(0); }

/// "note exact, drop lossy"
std::string grades(const json& review) {
    std::string out;
    for (const json& each : proof_of(review).at("changesets"))
        out += (out.empty() ? "" : ", ") + each.at("id").get<std::string>() + ' ' +
               each.at("grade").get<std::string>();
    return out;
}

std::vector<std::string> differences(const json& review) {
    std::vector<std::string> out;
    for (const json& each : review.at("schemaChanges").at("differences"))
        out.push_back(each.at("kind").get<std::string>() + ' ' + each.at("object").get<std::string>());
    return out;
}

const std::string kTwoTables = table("1", "orders") + table("2", "users");

}  // namespace

TEST_CASE("review --scratch: what is new goes up, down and up, its locks are measured, in every format") {
    const Branch branch(
        kTwoTables,
        kTwoTables + column("note", "orders", "note") +
            changeset("index",
                      "    - createIndex: {tableName: orders, indexName: by_user, columns: "
                      "[{column: {name: user_id}}]}\n") +
            changeset("key",
                      "    - addForeignKeyConstraint: {constraintName: fk, baseTableName: orders, "
                      "baseColumnNames: user_id, referencedTableName: users, "
                      "referencedColumnNames: id}\n") +
            sql("quick", "CREATE INDEX CONCURRENTLY quick ON users (user_id)",
                "    runInTransaction: false\n"));
    const json review = branch.parsed();
    INFO(review.dump(1));
    const json& proof = proof_of(review);
    CHECK(proof.at("holds") == true);
    CHECK(proof.at("traced") == 4);
    CHECK(proof.at("disagreements").empty());
    CHECK(proof.at("agreeing").size() == 4);
    CHECK(grades(review) == "note exact, index exact, key exact, quick exact");
    CHECK(review.at("schemaChanges").at("proven") == true);
    CHECK(review.at("schemaChanges").at("unexpected").empty());
    CHECK(review.at("schemaChanges").at("missing").empty());
    CHECK(review.at("schemaChanges").at("differences").size() == 4);

    const std::string line = "Up, down, up: schema identical on PostgreSQL ";
    for (const std::string format : {"text", "markdown", "html", "github"}) {
        const Result result = branch.review("--format " + format);
        INFO(format << result.err);
        CHECK_THAT(result.out, ContainsSubstring(line) && ContainsSubstring("measured"));
    }
    CHECK_THAT(branch.review("--verbose").out, ContainsSubstring("-- up, down, up on PostgreSQL "));
}

TEST_CASE("review --scratch: a rollback that leaves something is an error with the difference") {
    const Branch branch(kTwoTables,
                        kTwoTables + changeset("note",
                                               "    - addColumn: {tableName: orders, columns: "
                                               "[{column: {name: note, type: text}}]}\n    - "
                                               "createIndex: {tableName: orders, indexName: by_note, "
                                               "columns: [{column: {name: note}}]}\n"
                                               "    rollback: DROP INDEX by_note\n"));
    const json review = branch.parsed();
    CHECK(review.at("verdict") == "block");
    CHECK(grades(review) == "note failed");
    bool found = false;
    for (const json& each : review.at("findings"))
        if (each.at("rule") == "rollback-disproved") {
            found = true;
            CHECK(each.at("code") == "CL2286");
            CHECK(each.at("severity") == "error");
            CHECK_THAT(each.dump(), ContainsSubstring("+ column public.orders.note"));
        }
    CHECK(found);
    const Result text = branch.review();
    CHECK(text.code == 3);
    CHECK_THAT(text.out, ContainsSubstring("NOT PROVED on PostgreSQL"));
}

TEST_CASE("review --scratch: a base that needs what an empty database has not is never taken for proved") {
    const std::string base = sql("old", "ALTER TABLE legacy ADD COLUMN seen int");
    const Branch branch(base, base + column("note", "legacy", "note"));
    const json review = branch.parsed();
    const json& proof = proof_of(review);
    CHECK(proof.at("holds") == false);
    CHECK(proof.at("traced") == 0);
    CHECK_THAT(
        proof.at("notPossible").get<std::string>(),
        ContainsSubstring("cannot be applied to an empty database") && ContainsSubstring("::old::me: 42P01"));
    CHECK(review.at("schemaChanges").at("proven") == false);
    CHECK(review.at("verdict") == "warn");
    CHECK_THAT(branch.review().out,
               ContainsSubstring("NOT PROVED on PostgreSQL") && !ContainsSubstring("schema identical"));

    branch.folder.write("setup.sql", "CREATE TABLE legacy (id int)");
    const json with = branch.parsed("--scratch --setup setup.sql");
    INFO(with.dump(1));
    CHECK(proof_of(with).at("holds") == true);
    CHECK(grades(with) == "note exact");
    CHECK_THAT(with.at("reproduce").get<std::string>(), ContainsSubstring("--setup setup.sql"));
    CHECK(branch.review("--setup none.sql").code == 2);
}

TEST_CASE("review --scratch: what the changelog does not tell of is seen, and renames are told as such") {
    const Branch branch(
        kTwoTables,
        kTwoTables + sql("block", "DO $$ BEGIN DROP TABLE users; CREATE TABLE made (a int); END $$") +
            changeset("rename", "    - renameTable: {oldTableName: orders, newTableName: sales}\n") +
            changeset("column",
                      "    - renameColumn: {tableName: sales, oldColumnName: user_id, newColumnName: "
                      "buyer, columnDataType: bigint}\n"));
    const json review = branch.parsed();
    INFO(review.dump(1));
    CHECK(review.at("schemaChanges").at("proven") == true);
    const auto found = differences(review);
    const auto has = [&](const std::string& text) {
        return std::find(found.begin(), found.end(), text) != found.end();
    };
    CHECK(has("added table public.made"));
    CHECK(has("removed table public.users"));
    CHECK(has("changed table public.orders"));
    CHECK(has("changed column public.sales.user_id"));
    CHECK_FALSE(has("removed table public.orders"));
    CHECK_THAT(review.at("schemaChanges").at("unexpected").dump(),
               ContainsSubstring("public.made") && ContainsSubstring("public.users"));
    CHECK_THAT(branch.review().out, ContainsSubstring("the changelog does not tell of"));
    // Nobody can tell by reading what the block locks.
    const json& statement = review.at("changesets").at(0).at("statements").at(0);
    CHECK(statement.at("locks").at(0).at("mode") == "ACCESS EXCLUSIVE");
    CHECK(statement.at("locks").at(0).at("relation").at("name") == "users");
}

TEST_CASE("review --scratch: an edited changeset runs again over what the base made") {
    const Branch branch(kTwoTables + view_of("id"), kTwoTables + view_of("id, user_id"));
    const json review = branch.parsed();
    INFO(review.dump(1));
    CHECK(proof_of(review).at("holds") == true);
    CHECK(grades(review) == "view exact");
    CHECK(proof_of(review).at("disagreements").empty());
}

TEST_CASE("review --scratch: a branch that an update would refuse is proved over what it left alone") {
    const Branch branch(kTwoTables,
                        table("1", "orders") + table("3", "users") + column("note", "orders", "note"));
    const json review = branch.parsed();
    INFO(review.dump(1));
    CHECK(review.at("verdict") == "block");
    CHECK(proof_of(review).at("holds") == true);
    CHECK(review.at("schemaChanges").at("proven") == true);
    CHECK(differences(review) == std::vector<std::string>{"added column public.orders.note"});
}

TEST_CASE("review --scratch: several servers") {
    const char* const other = std::getenv("CHANGELOG_PG_BIN_18");
    if (other == nullptr) {
        WARN("CHANGELOG_PG_BIN_18 names no second server");
        return;
    }
    const Branch branch(kTwoTables, kTwoTables + column("note", "orders", "note"));
    const Result result =
        branch.folder.run("CHANGELOG_PG_BIN=/usr/lib/postgresql/15/bin:" + std::string(other) +
                          " $changelog review --scratch=15,18 --format json");
    INFO(result.err);
    REQUIRE(result.code == 0);
    const json review = json::parse(result.out);
    REQUIRE(review.at("proofs").size() == 2);
    for (const json& proof : review.at("proofs")) {
        CHECK(proof.at("holds") == true);
        CHECK(proof.at("disagreements").empty());
    }
    CHECK_THAT(review.at("proofs").at(1).at("server").get<std::string>(), ContainsSubstring("PostgreSQL 18"));
}

TEST_CASE("review --scratch: a version that is not installed, and one that is none") {
    const Branch branch(kTwoTables, kTwoTables + column("note", "orders", "note"));
    CHECK_THAT(branch.folder.run("$changelog review --scratch=9").err, ContainsSubstring("CL0006"));
    CHECK(branch.folder.run("$changelog review --scratch=new").code == 2);
}

TEST_CASE("review --scratch: an interrupt leaves nothing behind") {
    const Branch branch(kTwoTables, kTwoTables + sql("slow", "SELECT pg_sleep(60)"));
    const auto begin = std::chrono::steady_clock::now();
    const Result result = branch.folder.run(
        "t=$(mktemp -d /tmp/rvXXXXXX); chmod 755 $t; export TMPDIR=$t; $changelog -v review --scratch > out "
        "2> err & "
        "child=$!; for i in $(seq 200); do sleep 0.1; grep -q slow err && break; done; sleep 0.3; ls $t >&2; "
        "kill "
        "-INT $child; wait $child; code=$?; ls $t; rmdir $t; exit $code");
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(40));
    CHECK(result.code == 130);
    CHECK_FALSE(result.err.empty());  // there was a server
    CHECK(result.out.empty());
    CHECK(branch.folder.read("out").empty());
}

TEST_CASE("review --url: a live database gives sizes and history, whatever may be read there") {
    const changelog::tests::TestDatabase database;
    postgres::Connection admin = database.connect();
    admin.execute(
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint); INSERT INTO orders SELECT i, i FROM "
        "generate_series(1, 20000) i; ANALYZE orders; DROP ROLE IF EXISTS reader_of_reviews; CREATE ROLE "
        "reader_of_reviews LOGIN; ALTER ROLE reader_of_reviews SET default_transaction_read_only = on; "
        "REVOKE "
        "ALL ON SCHEMA public FROM PUBLIC");
    const Branch branch(kTwoTables,
                        kTwoTables + changeset("index",
                                               "    - createIndex: {tableName: orders, indexName: "
                                               "by_user, columns: [{column: {name: user_id}}]}\n"));
    std::string url = database.url();
    url.replace(url.find("user=postgres"), std::string("user=postgres").size(), "user=reader_of_reviews");
    const json review = branch.parsed("--url '" + url + "'");
    INFO(review.dump(1));
    REQUIRE(review.at("statistics").size() == 1);
    CHECK(review.at("statistics").at(0).at("applied") == 0);  // there is no history
    const json& lock = review.at("changesets").at(0).at("statements").at(0).at("locks").at(0);
    CHECK(lock.at("rows") == 20000);
    CHECK(review.dump().find("reader_of_reviews") == std::string::npos);
    CHECK(admin.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'changelog%'").text(0, 0) == "0");

    // With a history that this role may not read, and with one that it may.
    Result done = branch.folder.run("git stash -q; $changelog update --url '" + database.url() +
                                    "' --changeset 2 2>&1; git stash pop -q");
    INFO(done.out);
    const json blind = branch.parsed("--url '" + url + "'");
    CHECK(blind.at("statistics").at(0).at("applied").is_null());
    admin.execute(
        "GRANT USAGE ON SCHEMA public TO reader_of_reviews; GRANT SELECT ON ALL TABLES IN SCHEMA public "
        "TO reader_of_reviews");
    const json seeing = branch.parsed("--url '" + url + "'");
    CHECK(seeing.at("statistics").at(0).at("applied") == 1);
    admin.execute("DROP OWNED BY reader_of_reviews; DROP ROLE reader_of_reviews");
}
