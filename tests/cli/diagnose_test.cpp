#include "review/diagnose.hpp"

#include "cli/program.hpp"
#include "support/catch.hpp"
#include "support/server.hpp"

#include <nlohmann/json.hpp>

#include <set>

using namespace changelog;
using changelog::test::Folder;
using changelog::test::Result;

namespace {

constexpr const char* kSetup = R"(
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(20) CONSTRAINT users_email_key UNIQUE,
                    age integer CHECK (age > 0), name text NOT NULL);
CREATE TABLE orders (id int, user_id bigint CONSTRAINT orders_user REFERENCES users, note text,
                     during int4range, EXCLUDE USING gist (during WITH &&));
CREATE TABLE parts (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2027-01-01') TO ('2027-02-01');
CREATE TABLE ids (id int GENERATED ALWAYS AS IDENTITY, n int, c char(3));
CREATE VIEW emails AS SELECT email FROM users;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE SEQUENCE small AS smallint MAXVALUE 2;
CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM users WITH NO DATA;
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON ids FOR EACH ROW EXECUTE FUNCTION noop();
INSERT INTO users VALUES (1, 'zzsecret@x', 5, 'zzsecret'), (2, 'b', 5, 'zzother');
INSERT INTO orders VALUES (1, 1, NULL, '[1,5)'), (1, 1, 'zzsecret', NULL);
CREATE ROLE nobody_here;
)";

// Statements that fail, one each. What the server says of them is what is read back.
constexpr const char* kFailing[] = {
    "CREATE TABLE users (id int)",
    "CREATE INDEX users_email_key ON users (name)",
    "ALTER TABLE users ADD COLUMN email text",
    "CREATE TABLE x (a int, a int)",
    "ALTER TABLE users ADD CONSTRAINT users_email_key CHECK (true)",
    "CREATE TYPE mood AS ENUM ('x')",
    "CREATE TRIGGER t BEFORE INSERT ON ids FOR EACH ROW EXECUTE FUNCTION noop()",
    "ALTER TYPE mood ADD VALUE 'good'",
    "CREATE SCHEMA public",
    "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "CREATE ROLE nobody_here",
    "SELECT * FROM nowhere",
    "DROP TABLE nowhere",
    "DROP VIEW nowhere",
    "ALTER TABLE nowhere ADD a int",
    "SELECT u.x FROM users v",
    "SELECT emial FROM users",
    "SELECT v.emial FROM users v",
    "ALTER TABLE users DROP COLUMN nothing",
    "ALTER TABLE users ADD UNIQUE (nothing)",
    "ALTER TABLE users ADD FOREIGN KEY (nothing) REFERENCES users",
    "CREATE TABLE x (a nothing)",
    "DROP INDEX nothing",
    "ALTER TABLE users DROP CONSTRAINT nothing",
    "DROP TRIGGER nothing ON users",
    "DROP POLICY nothing ON users",
    "ALTER TABLE users OWNER TO nothing",
    "DROP EXTENSION nothing",
    "CREATE INDEX ON users USING gin (name)",
    "CREATE INDEX ON users USING gin (name gin_nothing_ops)",
    "SET nothing = 1",
    "CREATE TABLE x (a int REFERENCES orders)",
    "SELECT nothing(1)",
    "SELECT 1 = 'a'::text",
    "DROP FUNCTION nothing(int)",
    "CREATE TABLE nothing.x (a int)",
    "SET search_path = nothing; CREATE TABLE x (a int)",
    "DROP TABLE users",
    "DROP TYPE mood; CREATE TABLE m (m mood); DROP TYPE mood",
    "ALTER TABLE users DROP COLUMN email",
    "DROP INDEX users_email_key",
    "DROP VIEW users",
    "DROP TABLE emails",
    "INSERT INTO users (id) VALUES (7)",
    "ALTER TABLE orders ALTER note SET NOT NULL",
    "INSERT INTO orders (user_id) VALUES (4711)",
    "DELETE FROM users",
    "ALTER TABLE orders ADD FOREIGN KEY (id) REFERENCES users; ALTER TABLE orders ADD CONSTRAINT z FOREIGN "
    "KEY "
    "(user_id) REFERENCES ids",
    "INSERT INTO users VALUES (1, 'x', 1, 'zzsecret')",
    "CREATE UNIQUE INDEX u ON orders (user_id)",
    "ALTER TABLE orders ADD PRIMARY KEY (id)",
    "INSERT INTO users VALUES (3, 'zzsecret', -1, 'x')",
    "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 100)",
    "INSERT INTO parts VALUES (1, '2030-01-01')",
    "INSERT INTO parts_1 VALUES (1, '2030-01-01')",
    "CREATE TABLE p2 (id int, day date); INSERT INTO p2 VALUES (1, '2020-01-01'); ALTER TABLE parts ATTACH "
    "PARTITION "
    "p2 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
    "SELECT (-1)::positive",
    "INSERT INTO orders VALUES (1, 1, 'x', '[2,3)')",
    "UPDATE users SET email = 'zzsecret zzsecret zzsecret'",
    "SELECT 3000000000::int",
    "SELECT 'zz99999999999'::int",
    "SELECT '99999999999'::int",
    "SELECT 12345.678::numeric(4, 1)",
    "SELECT 'zzsecret'::mood",
    "SELECT 'zzsecret'::int[]",
    "SELECT 'zzsecret'::date",
    "SELECT '2027-13-41'::date",
    "SELECT nextval('small'); SELECT nextval('small'); SELECT nextval('small')",
    "SELECT 1 / 0",
    "SELECT (SELECT id FROM users)",
    "BEGIN; VACUUM users",
    "BEGIN; CREATE INDEX CONCURRENTLY ON users (name)",
    "BEGIN READ ONLY; CREATE TABLE x (a int)",
    "SAVEPOINT a",
    "SET ROLE nobody_here; SELECT * FROM users",
    "SET ROLE nobody_here; ALTER TABLE users ADD x int",
    "SET ROLE nobody_here; CREATE SCHEMA x",
    "SET ROLE nobody_here; CREATE ROLE x",
    "SELEC 1",
    "SELECT 1 FORM users x y",
    "CREATE TABLE x (",
    "SELECT 'zzsecret",
    "DO $$ BEGIN",
    "INSERT INTO ids (n) VALUES (1, 2)",
    "SELECT 1 UNION SELECT 1, 2",
    "SELECT id FROM users, orders",
    "SELECT id, count(*) FROM orders",
    "ALTER TABLE users ALTER email TYPE int",
    "ALTER TABLE ids ALTER c SET DEFAULT 'abc', ALTER c TYPE int USING 1",
    "UPDATE orders SET during = 1",
    "ALTER TABLE orders ADD CONSTRAINT z FOREIGN KEY (note) REFERENCES users",
    "SELECT 1 FROM users WHERE 1",
    "CREATE TABLE x (a bigint REFERENCES users (age))",
    "ALTER TABLE orders ADD FOREIGN KEY (id, user_id) REFERENCES users (id)",
    "SELECT true::date",
    "INSERT INTO ids (id) VALUES (5)",
    "SELECT $1",
    "INSERT INTO ids (n) VALUES (1) ON CONFLICT (n) DO NOTHING",
    "CREATE OR REPLACE FUNCTION f(int) RETURNS text LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE users ADD PRIMARY KEY (name)",
    "CREATE OR REPLACE VIEW emails AS SELECT id FROM users",
    "CREATE OR REPLACE VIEW emails AS SELECT name AS email FROM users",
    "ALTER TABLE users ALTER id DROP NOT NULL",
    "CREATE INDEX ON users ((now() - interval '1 day'))",
    "CREATE TABLE x (a text, b timestamptz GENERATED ALWAYS AS (a::timestamptz) STORED)",
    "CREATE TABLE p3 PARTITION OF parts FOR VALUES FROM ('2027-01-15') TO ('2027-03-01')",
    "CREATE SCHEMA pg_mine",
    "CREATE ROLE pg_mine",
    "ALTER TABLE users ALTER email TYPE text",
    "CREATE UNIQUE INDEX ON parts (id)",
    "CREATE INDEX CONCURRENTLY ON parts (id)",
    "CREATE TABLE x (a int CHECK (a IN (SELECT 1)))",
    "CREATE EXTENSION nothing",
    "SELECT * FROM counts",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY counts",
    "BEGIN; ALTER TABLE orders ALTER CONSTRAINT orders_user DEFERRABLE INITIALLY DEFERRED; INSERT INTO "
    "orders VALUES "
    "(3, 2); ALTER TABLE orders ADD x int",
    "SELECT currval('small')",
    "BEGIN; ALTER TYPE mood ADD VALUE 'new'; SELECT 'new'::mood",
    "SET statement_timeout = 20; SELECT pg_sleep(5)",
    "BEGIN; SELECT 1 / 0; SELECT 1",
    "INSERT INTO orders (note) VALUES (repeat(md5(random()::text), 100)); CREATE INDEX ON orders ((note || "
    "(SELECT 1)::text))",
    "CREATE TABLE big (t text); ALTER TABLE big ALTER t SET STORAGE PLAIN; CREATE INDEX big_t ON big (t); "
    "INSERT INTO "
    "big VALUES (repeat('x', 5000))",
    "DO $$ BEGIN RAISE EXCEPTION 'zzsecret'; END $$",
    "DO $$ DECLARE x int; BEGIN SELECT id INTO STRICT x FROM users WHERE id = 99; END $$",
};

/// The first error of the statements, one after the other.
std::optional<ServerError> error_of(const std::string& statements) {
    const tests::TestDatabase database;
    auto connection = database.connect();
    connection.on_notice([](const std::string&) {});
    for (const std::string role : {"DROP ROLE IF EXISTS nobody_here", kSetup}) connection.execute(role);
    std::optional<ServerError> out;
    std::size_t begin = 0;
    while (begin < statements.size()) {
        std::size_t end = std::min(statements.find("; ", begin), statements.size());
        if (statements.compare(begin, 3, "DO ") == 0) end = statements.size();
        try {
            connection.execute(statements.substr(begin, end - begin));
        } catch (const postgres::DatabaseError& error) {
            if (error.error.sqlstate == "22012" && end < statements.size()) {  // what comes after it is meant
                begin = end + 2;
                continue;
            }
            out = error.error;
            break;
        }
        begin = end + 2;
    }
    return out;
}

}  // namespace

TEST_CASE("errors of a real server are known by their messages alone") {
    std::set<std::string> codes;
    for (const std::string statements : kFailing) {
        const auto error = error_of(statements);
        INFO(statements);
        REQUIRE(error);
        INFO(error->sqlstate << " " << error->message);
        std::string text = "ERROR:  " + error->message + "\n";
        if (!error->detail.empty()) text += "DETAIL:  " + error->detail + "\n";
        if (!error->hint.empty()) text += "HINT:  " + error->hint + "\n";
        const bool own = error->sqlstate == "P0001";  // any words
        if (own) text = "ERROR:  P0001: " + error->message + "\n";
        const auto found = review::diagnose(text, {});
        CHECK(found.size() == 1);
        if (found.empty()) continue;
        CHECK(found[0].sqlstate == error->sqlstate);
        CHECK((own || found[0].source == review::CodeSource::message));
        CHECK_FALSE(found[0].name.empty());
        const std::string shown = to_text(found[0].item) + found[0].cause + found[0].item.server->detail +
                                  found[0].item.server->message;
        CHECK(shown.find("zz") == std::string::npos);
        codes.insert(error->sqlstate);
    }
    CHECK(codes.size() >= 50);
}

TEST_CASE("diagnose reads stdin, a file, and words behind --") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml",
                 "databaseChangeLog:\n  - changeSet:\n      id: make\n      author: ann\n      changes:\n"
                 "        - createTable:\n            tableName: orders\n            columns:\n"
                 "              - column: {name: id, type: int}\n");
    folder.write("error.txt", "ERROR:  relation \"orders\" already exists\n");
    for (const std::string how : {"$changelog diagnose error.txt", "$changelog diagnose < error.txt",
                                  "$changelog diagnose - < error.txt",
                                  "$changelog diagnose -- 'ERROR: relation \"orders\" already exists'",
                                  "$changelog diagnose -- ERROR: relation '\"orders\"' already exists"}) {
        const Result result = folder.run(how);
        INFO(how << result.err);
        CHECK(result.code == 0);
        CHECK(result.out.starts_with("42P07: relation \"orders\" already exists\n"));
        CHECK(result.out.find("changelogs/changelog.yaml:7:24") != std::string::npos);
    }
    const auto json = nlohmann::json::parse(folder.run("$changelog diagnose error.txt --format json").out);
    CHECK(json["ok"] == true);
    CHECK(json["changelog"]["looked_at"] == true);
    const auto& error = json["errors"][0];
    CHECK(error["sqlstate"] == "42P07");
    CHECK(error["condition"] == "duplicate_table");
    CHECK(error["sqlstate_from"] == "message");
    CHECK(error["where"]["line"] == 7);
    CHECK(error["pg"]["message"] == "relation \"orders\" already exists");
    CHECK(error["places"][0]["certain"] == true);
    CHECK(error["fixes"][0]["edits"][0]["startLine"] == 3);
    CHECK(error["docs"] == "changelog explain CL4001");
}

TEST_CASE("diagnose says what it cannot do") {
    const Folder folder;
    const Result nothing = folder.run("echo all is well | $changelog diagnose");
    CHECK(nothing.code == 2);
    CHECK(nothing.err.find("no error of PostgreSQL") != std::string::npos);
    CHECK(folder.run("$changelog diagnose nowhere.txt").code == 2);
    const Result alone = folder.run("$changelog diagnose -- 40P01");
    CHECK(alone.code == 0);
    CHECK(alone.err.find("no changesets are looked for") != std::string::npos);
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: [{changeSett: {}}]\n");
    const Result broken = folder.run("$changelog diagnose -- 40P01");
    CHECK(broken.code == 0);
    CHECK(broken.err.find("changelog validate") != std::string::npos);
}

TEST_CASE("diagnose reads what update prints") {
    const tests::TestDatabase database;
    database.connect().execute("CREATE TABLE orders (id int)");
    const Folder folder;
    folder.write("changelogs/changelog.yaml",
                 "databaseChangeLog:\n  - changeSet:\n      id: make\n      author: ann\n      changes:\n"
                 "        - sql: {sql: 'CREATE TABLE orders (id int)'}\n");
    const Result result =
        folder.run("$changelog update --url '" + database.url() + "' 2>&1 | $changelog diagnose");
    INFO(result.out << result.err);
    CHECK(result.code == 0);
    CHECK(result.out.find("42P07: relation \"orders\" already exists") != std::string::npos);
    CHECK(result.out.find("changelogs/changelog.yaml:6:") != std::string::npos);
}

TEST_CASE("what PowerShell sent to a file is read") {
    const Folder folder;
    folder.write("error.txt",
                 "ERROR:  relation \"b\xC3\xBC"
                 "cher\" already exists\n");
    const Result found = folder.run(
        "iconv -f UTF-8 -t UTF-16LE error.txt > rest.txt; "
        "printf '\\377\\376' | cat - rest.txt | $changelog diagnose");
    CHECK(found.code == 0);
    CHECK_THAT(found.out, ContainsSubstring("42P07: relation \"b\xC3\xBC"
                                            "cher\" already exists"));
}
