#include "review/diagnose.hpp"

#include "support/catch.hpp"
#include "support/memory_files.hpp"

using namespace changelog;
using review::Diagnosis;

namespace {

constexpr const char* kShop = R"(databaseChangeLog:
  - changeSet:
      id: users
      author: ann
      changes:
        - createTable:
            tableName: users
            columns:
              - column: {name: id, type: bigint, constraints: {primaryKey: true}}
              - column: {name: email, type: text}
  - changeSet:
      id: orders
      author: ann
      changes:
        - createTable:
            tableName: orders
            columns:
              - column: {name: id, type: bigint}
              - column: {name: user_id, type: bigint}
  - changeSet:
      id: unique-email
      author: ann
      changes:
        - addUniqueConstraint: {tableName: users, columnNames: email, constraintName: users_email_key}
  - changeSet:
      id: report
      author: ben
      changes:
        - sql:
            sql: |
              CREATE VIEW totals AS
                SELECT user_id, count(*) FROM ordres GROUP BY user_id
        - sql:
            sql: CREATE INDEX CONCURRENTLY orders_user ON orders (usr_id)
  - changeSet:
      id: vacuum
      author: ben
      changes:
        - sql: {sql: VACUUM orders}
)";

struct Shop {
    tests::Loaded loaded;
    catalog::Catalog nothing;
    review::DiagnoseContext context;
    Graph graph;

    explicit Shop(const std::string& yaml = kShop) : loaded(yaml) {
        INFO(loaded.report());
        REQUIRE_FALSE(loaded.diagnostics.has_errors());
        context.render.before = &nothing;
        graph = resolve(loaded.changelog, context.render, loaded.diagnostics);
        context.changelog = &loaded.changelog;
        context.graph = &graph;
        context.files = &loaded.files;
    }

    Diagnosis one(const std::string& text) {
        INFO(text);
        auto found = diagnose(text, context);
        REQUIRE(found.size() == 1);
        return std::move(found.front());
    }
};

std::string place(const Diagnosis& found) {
    REQUIRE_FALSE(found.places.empty());
    const auto& first = found.places.front();
    return fmt::format("{}:{}:{} {} {}", first.where.file, first.where.line, first.where.column, first.what,
                       first.changeset);
}

/// The text after the edits of the only fix.
std::string mended(const Diagnosis& found, std::string text) {
    REQUIRE(found.item.fixes.size() == 1);
    REQUIRE(found.item.fixes[0].edits.size() == 1);
    const Edit& edit = found.item.fixes[0].edits[0];
    std::size_t begin = 0;
    for (std::uint32_t i = 1; i < edit.start_line; ++i) begin = text.find('\n', begin) + 1;
    REQUIRE(edit.start_line == edit.end_line);
    return text.replace(begin + edit.start_column - 1, edit.end_column - edit.start_column, edit.text);
}

}  // namespace

TEST_CASE("what is there already points at its maker, with a guard as an edit") {
    Shop shop;
    const Diagnosis found = shop.one("ERROR:  relation \"orders\" already exists");
    CHECK(found.sqlstate == "42P07");
    CHECK(place(found) == "db.yaml:16:24 makes table public.orders db.yaml::orders::ann");
    CHECK(found.cause.find("outside of the changelog") != std::string::npos);
    const std::string text = mended(found, kShop);
    Shop guarded(text);
    CHECK(guarded.loaded.changelog.changesets[1].preconditions->on_fail == OnFail::mark_ran);
    CHECK(guarded.one("relation \"orders\" already exists").item.fixes.empty());
}

TEST_CASE("two makers of one thing are both named") {
    Shop shop(std::string(kShop) +
              "  - changeSet:\n      id: again\n      author: ann\n      changes:\n"
              "        - sql: {sql: 'CREATE TABLE orders (id int)'}\n");
    const Diagnosis found = shop.one("ERROR:  relation \"orders\" already exists");
    CHECK(found.cause.find("'orders' and 'again' both make it") != std::string::npos);
    CHECK(found.item.fixes.empty());
}

TEST_CASE("the line with the caret is found in the file, and the near name is meant") {
    Shop shop;
    const Diagnosis found = shop.one(
        "ERROR:  relation \"ordres\" does not exist\n"
        "LINE 2:   SELECT user_id, count(*) FROM ordres GROUP BY user_id\n"
        "                                        ^\n");
    CHECK(place(found) ==
          "db.yaml:32:47 has the line that the error shows; needs table public.ordres db.yaml::report::ben");
    CHECK(found.item.did_you_mean == "orders");
    CHECK(mended(found, kShop).find("FROM orders GROUP") != std::string::npos);
    CHECK(found.item.where.line == 32);
}

TEST_CASE("a statement is found in its changeset however it is written") {
    Shop shop;
    const Diagnosis found = shop.one(
        "Caused by: org.postgresql.util.PSQLException: ERROR: column \"usr_id\" does not exist "
        "[Failed SQL: (0) CREATE INDEX CONCURRENTLY   orders_user\nON public.orders (usr_id)]\n");
    CHECK(place(found) ==
          "db.yaml:34:67 runs the statement that failed; needs column public.orders.usr_id "
          "db.yaml::report::ben");
    CHECK(found.item.did_you_mean == "user_id");
}

TEST_CASE("a statement that cannot run in a transaction gets the key that it needs") {
    Shop shop;
    const Diagnosis found = shop.one(
        "2027-01-31 10:00:00 UTC [1] ERROR:  VACUUM cannot run inside a transaction block\n"
        "2027-01-31 10:00:00 UTC [1] STATEMENT:  VACUUM orders\n");
    CHECK(place(found) == "db.yaml:39:11 runs the statement that failed db.yaml::vacuum::ben");
    CHECK(found.item.fixes.at(0).safe);
    Shop after(mended(found, kShop));
    CHECK_FALSE(after.loaded.changelog.changesets[4].run_in_transaction);
    CHECK_FALSE(shop.one("CREATE INDEX CONCURRENTLY cannot run inside a transaction block\n"
                         "STATEMENT:  CREATE INDEX CONCURRENTLY orders_user ON orders (usr_id)\n")
                    .item.fixes.at(0)
                    .safe);
}

TEST_CASE("a constraint points at what makes it, a generated name at its table") {
    Shop shop;
    CHECK(place(shop.one("duplicate key value violates unique constraint \"users_email_key\"")) ==
          "db.yaml:24:87 makes constraint public.users.users_email_key db.yaml::unique-email::ann");
    CHECK(shop.one("duplicate key value violates unique constraint \"users_pkey\"").places.at(0).changeset ==
          "db.yaml::users::ann");
}

TEST_CASE("a changeset that the text names is the first place") {
    Shop shop;
    const Diagnosis found = shop.one(
        "Migration failed for changeset db.yaml::orders::ann:\n     Reason: ERROR: permission denied for "
        "schema public");
    CHECK(found.places.at(0).changeset == "db.yaml::orders::ann");
    CHECK(found.places.at(0).what == "is the changeset that the text names");
}

TEST_CASE("a statement of several changesets is a guess") {
    Shop shop(std::string(kShop) +
              "  - changeSet:\n      id: again\n      author: ann\n      changes:\n"
              "        - sql: {sql: VACUUM orders}\n");
    const Diagnosis found =
        shop.one("ERROR: VACUUM cannot run inside a transaction block\nSTATEMENT:  VACUUM orders\n");
    REQUIRE(found.places.size() == 2);
    CHECK_FALSE(found.places[0].certain);
    CHECK(found.item.where.line == 0);
    CHECK(found.item.fixes.empty());
}

TEST_CASE("what a later changeset makes is told, with the dependency as an edit") {
    Shop shop(
        "databaseChangeLog:\n- changeSet:\n    id: fill\n    author: ann\n    changes:\n"
        "    - sql: {sql: \"DO $$ BEGIN INSERT INTO late VALUES (1); END $$\"}\n"
        "- changeSet:\n    id: make\n    author: ann\n    changes:\n    - createTable:\n"
        "        tableName: late\n        columns: [{column: {name: id, type: int}}]\n");
    const std::string text =
        "ERROR:  relation \"late\" does not exist\nLINE 1: INSERT INTO late VALUES (1)\n                    "
        "^\n";
    const Diagnosis found = shop.one(text);
    CHECK(found.cause.find("'make' makes it, and comes later") != std::string::npos);
    REQUIRE_FALSE(found.item.fixes.empty());
    CHECK(found.item.fixes[0].edits[0].text == "    dependsOn: [make]\n");
    CHECK(found.item.where.excerpt.empty());  // it has values
}

TEST_CASE("what a changeset dropped or renamed is told") {
    Shop shop(std::string(kShop) +
              "  - changeSet:\n      id: rename\n      author: ann\n      changes:\n"
              "        - renameColumn: {tableName: users, oldColumnName: email, newColumnName: mail}\n");
    const Diagnosis found =
        shop.one("error: column \"email\" does not exist\n  code: '42703',\n  position: '8'");
    CHECK(found.cause.find("'rename' drops or renames it") != std::string::npos);
    CHECK(found.places.back().changeset == "db.yaml::rename::ann");
}

TEST_CASE("a column that several tables have points at no changeset for certain") {
    Shop shop(std::string(kShop) +
              "  - changeSet:\n      id: other\n      author: ann\n      changes:\n"
              "        - createTable: {tableName: lists, columns: [{column: {name: email, type: text}}]}\n");
    const Diagnosis found = shop.one("ERROR:  column \"email\" does not exist");
    REQUIRE(found.places.size() >= 2);
    for (const auto& each : found.places) CHECK_FALSE(each.certain);
    CHECK(found.item.where.file.empty());
    CHECK(shop.one("ERROR:  column \"email\" of relation \"lists\" does not exist").places.front().certain);
}

TEST_CASE("without a changelog the error is explained all the same") {
    const auto found = review::diagnose("ERROR:  deadlock detected", {});
    REQUIRE(found.size() == 1);
    CHECK(found[0].sqlstate == "40P01");
    CHECK(found[0].places.empty());
    CHECK_FALSE(found[0].remedy.empty());
}

TEST_CASE("nothing of the pasted data is in the answer") {
    Shop shop;
    for (const std::string text :
         {"ERROR:  duplicate key value violates unique constraint \"users_email_key\"\nDETAIL:  Key "
          "(email)=(zzsecret) "
          "already exists.\nSTATEMENT:  INSERT INTO users VALUES (1, 'zzsecret')",
          "ERROR:  null value in column \"email\" of relation \"users\" violates not-null "
          "constraint\nDETAIL:  Failing "
          "row contains (zzsecret, null).",
          "ERROR: invalid input syntax for type integer: \"zzsecret\"\nCONTEXT:  COPY users, line 1, column "
          "id: \"zzsecret\"",
          "ERROR:  syntax error at or near \"zzsecret\"\nLINE 1: INSERT INTO users VALUES ('O'zzsecret')\n",
          "FATAL:  password authentication failed for user \"ann\" (postgresql://ann:zzsecret@db/app)",
          "ERROR:  P0001: customer zzsecret is blocked\nHINT:  ask 'zzsecret'",
          "ERROR:  22P05: no match for 'zzsecret'",
          "ERROR: value \"zzsecret\" is out of range for type integer",
          "ERROR:  P0001: no\nDETAIL:  customer zzsecret\nHINT:  ask zzsecret",
          "FEHLER:  23502: NULL-Wert\nDETAIL:  Fehlgeschlagene Zeile enthält (zzsecret, null).",
          "ERROR:  22P02: la sintaxis no es válida para tipo integer: «zzsecret»",
          "SQLSTATE[23505]: Unique violation: 7 ERROR:  duplicate key value violates unique constraint "
          "\"users_email_key\"\nDETAIL:  Key (email)=(a) already exists. (Connection: pgsql, SQL: insert "
          "into "
          "users values (zzsecret))"})
        for (const Diagnosis& found : diagnose(text, shop.context)) {
            INFO(text);
            std::string all = found.cause + found.remedy + to_text(found.item) + found.item.server->detail +
                              found.item.server->hint + found.item.server->message;
            for (const auto& each : found.places) all += each.what + each.where.excerpt;
            for (const Fix& fix : found.item.fixes) all += fix.title;
            CHECK(all.find("zzsecret") == std::string::npos);
        }
}
