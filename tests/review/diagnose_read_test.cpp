#include "review/diagnose_read.hpp"

#include "review/diagnose.hpp"
#include "review/diagnose_conditions.hpp"
#include "review/diagnose_masking.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <set>

using namespace changelog;
using review::CodeSource;
using review::PastedError;
using review::read_errors;

namespace {

PastedError one(const std::string& text) {
    INFO(text);
    const auto found = read_errors(text);
    REQUIRE(found.size() == 1);
    return found.front();
}

}  // namespace

TEST_CASE("psql with the line, the caret and a hint") {
    const PastedError error =
        one("psql:migrations/7.sql:12: ERROR:  column \"emial\" does not exist\n"
            "LINE 1: SELECT id, emial FROM users WHERE x = 'secret';\n"
            "                   ^\n"
            "HINT:  Perhaps you meant to reference the column \"users.email\".\n");
    CHECK(error.sqlstate == "42703");
    CHECK(error.source == CodeSource::message);
    CHECK(error.name("column") == "emial");
    CHECK(error.line == "SELECT id, emial FROM users WHERE x = 'secret';");
    CHECK(error.line_offset == 11);
    CHECK(error.file == "migrations/7.sql");
    CHECK(error.file_line == 12);
}

TEST_CASE("psql with verbose messages") {
    const PastedError error = one(
        "ERROR:  23505: duplicate key value violates unique constraint \"users_email_key\"\n"
        "DETAIL:  Key (email)=(ann@example.org) already exists.\nSCHEMA NAME:  public\nTABLE NAME:  users\n"
        "CONSTRAINT NAME:  users_email_key\nLOCATION:  _bt_check_unique, nbtinsert.c:666\n");
    CHECK(error.sqlstate == "23505");
    CHECK(error.source == CodeSource::code);
    CHECK(error.name("table") == "users");
    CHECK(error.name("columns") == "email");
    CHECK(error.file.empty());
}

TEST_CASE("Liquibase names the changeset and the statement") {
    const PastedError error =
        one("Unexpected error running Liquibase: Migration failed for changeset db/users.yaml::3::ann:\n"
            "     Reason: liquibase.exception.DatabaseException: ERROR: relation \"users\" already exists "
            "[Failed SQL: (0) CREATE TABLE public.users (id INTEGER, tags TEXT[])]\n"
            "\tat liquibase.executor.jvm.JdbcExecutor.execute(JdbcExecutor.java:80)\n"
            "Caused by: org.postgresql.util.PSQLException: ERROR: relation \"users\" already exists\n");
    CHECK(error.sqlstate == "42P07");
    CHECK(error.changeset == "db/users.yaml::3::ann");
    CHECK(error.statement == "CREATE TABLE public.users (id INTEGER, tags TEXT[])");
}

TEST_CASE("drivers of Python, with SQLAlchemy's statement") {
    const PastedError error =
        one("sqlalchemy.exc.IntegrityError: (psycopg2.errors.NotNullViolation) column \"email\" of relation "
            "\"users\" contains null values\n\n[SQL: ALTER TABLE users ALTER COLUMN email SET NOT NULL]\n"
            "(Background on this error at: https://sqlalche.me/e/20/gkpj)\n");
    CHECK(error.sqlstate == "23502");
    CHECK(error.source == CodeSource::name);
    CHECK(error.statement == "ALTER TABLE users ALTER COLUMN email SET NOT NULL");
    CHECK(one("asyncpg.exceptions.DuplicateTableError: relation \"a\" already exists").source ==
          CodeSource::name);
    CHECK(one("django.db.utils.ProgrammingError: relation \"a\" does not exist\nLINE 1: SELECT 1 FROM "
              "a\n                      ^\n")
              .sqlstate == "42P01");
}

TEST_CASE("node-pg's object") {
    const PastedError error =
        one("error: duplicate key value violates unique constraint \"users_email_key\"\n"
            "    at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:287:98) {\n"
            "  length: 217,\n  severity: 'ERROR',\n  code: '23505',\n  detail: 'Key (email)=(a) already "
            "exists.',\n"
            "  hint: undefined,\n  position: undefined,\n  schema: 'public',\n  table: 'users',\n"
            "  constraint: 'users_email_key',\n  file: 'nbtinsert.c'\n}\n");
    CHECK(error.source == CodeSource::code);
    CHECK(error.name("table") == "users");
    CHECK(error.name("schema") == "public");
    CHECK(error.detail == "Key (email)=(a) already exists.");
}

TEST_CASE("Prisma, whose own code is none of PostgreSQL's") {
    const PastedError error = one(
        "Error: P3018\n\nA migration failed to apply. New migrations cannot be applied before the error is "
        "recovered from.\n\nMigration name: 20270101_init\n\nDatabase error code: 42P07\n\nDatabase "
        "error:\nERROR: relation \"User\" already exists\n\nDbError { severity: \"ERROR\", parsed_severity: "
        "Some(Error), code: SqlState(E42P07), message: \"relation \\\"User\\\" already exists\", detail: "
        "None "
        "}\n");
    CHECK(error.sqlstate == "42P07");
    CHECK(error.name("relation") == "User");
    CHECK(error.file == "20270101_init");
    CHECK(read_errors("Error: P2002").empty());
}

TEST_CASE("Flyway, Rails, Go, Rust, Npgsql, JDBC") {
    const PastedError flyway = one(
        "Migration V2__orders.sql failed\n-----------------------------\nSQL State  : 42P07\nError Code : 0\n"
        "Message    : ERROR: relation \"orders\" already exists\nLocation   : db/V2__orders.sql "
        "(/app/db/V2__orders.sql)\nLine       : 3\nStatement  : CREATE TABLE orders (\n  id bigint\n)\n");
    CHECK(flyway.source == CodeSource::code);
    CHECK(flyway.file == "db/V2__orders.sql");
    CHECK(flyway.file_line == 3);
    CHECK(flyway.statement == "CREATE TABLE orders (\n  id bigint\n)");
    CHECK(one("ActiveRecord::StatementInvalid: PG::UndefinedTable: ERROR:  relation \"a\" does not exist")
              .source == CodeSource::name);
    CHECK(one("pq: column \"a\" of relation \"b\" already exists").sqlstate == "42701");
    CHECK(one("ERROR: permission denied for table orders (SQLSTATE 42501)").name("table") == "orders");
    CHECK(one("Npgsql.PostgresException (0x80004005): 42704: type \"mood\" does not exist").source ==
          CodeSource::code);
    CHECK(one("org.postgresql.util.PSQLException: ERROR: value too long for type character varying(5)")
              .name("type") == "character varying(5)");
    CHECK(one(R"x({"level":"error","msg":"ERROR: schema \"app\" does not exist (SQLSTATE 3F000)"})x")
              .name("schema") == "app");
}

TEST_CASE("a server's log with two errors") {
    const auto found = read_errors(
        "2027-01-31 10:00:00.000 UTC [7] ERROR:  division by zero\n"
        "2027-01-31 10:00:00.000 UTC [7] STATEMENT:  UPDATE t SET a = 1 / b\n"
        "\tWHERE c = 'x'\n"
        "2027-01-31 10:00:00.001 UTC [7] ERROR:  current transaction is aborted, commands ignored until end "
        "of transaction block\n"
        "2027-01-31 10:00:00.001 UTC [7] STATEMENT:  SELECT 2\n");
    REQUIRE(found.size() == 2);
    CHECK(found[0].sqlstate == "22012");
    CHECK(found[0].statement == "UPDATE t SET a = 1 / b\n\tWHERE c = 'x'");
    CHECK(found[1].sqlstate == "25P02");
    CHECK(found[1].statement == "SELECT 2");
}

TEST_CASE("a part of a text, or a code alone, is enough") {
    CHECK(one("23505").sqlstate == "23505");
    CHECK(one("got 40P01 from the pool").sqlstate == "40P01");
    CHECK(one("relation \"orders\" already exists").sqlstate == "42P07");
    CHECK(one("SQLSTATE[42501]: Insufficient privilege: 7").sqlstate == "42501");
    CHECK(one("FEHLER:  42P07: Relation »orders« existiert bereits").sqlstate == "42P07");
    CHECK(one("FEHLER:  23505: doppelter Schlüsselwert").sqlstate == "23505");
    CHECK(one("ERREUR:  23505: la valeur d'une clé dupliquée").sqlstate == "23505");
    CHECK(one("ОШИБКА:  22012: деление на ноль").sqlstate == "22012");
    CHECK(one("ERROR:  no\nCONTEXT:  PL/pgSQL function f(text) line 5 at RAISE").sqlstate == "P0001");
    CHECK(read_errors("").empty());
    CHECK(read_errors("TypeError: undefined is not a function, line 23505").empty());
}

TEST_CASE("every condition has a code of its own, a cause and a remedy") {
    std::set<std::string_view> codes;
    for (const auto& each : review::sql_conditions()) {
        INFO(each.sqlstate);
        CHECK(each.sqlstate.size() == 5);
        CHECK(codes.insert(each.sqlstate).second);
        CHECK(each.cause.ends_with('.'));
        CHECK(each.remedy.size() >= 8);
        CHECK_FALSE(review::class_of(each.sqlstate).empty());
    }
    CHECK(codes.size() >= 80);
    for (const auto& form : review::message_forms()) {
        INFO(form.message);
        CHECK(codes.contains(form.sqlstate));
    }
}

TEST_CASE("every form is found in a message of its own, with its names") {
    for (const auto& form : review::message_forms()) {
        std::string text(form.message);
        for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1))
            text.replace(open, text.find('}', open) - open + 1, "name");
        INFO(text);
        const auto found = review::find_forms("ERROR:  " + text + "\nDETAIL:  more\n");
        REQUIRE(found.size() == 1);
        CHECK(found.front().form->sqlstate == form.sqlstate);
    }
}

TEST_CASE("data and passwords do not stay") {
    using review::masked;
    CHECK(masked("Key (email)=(ann (x) y) already exists.") == "Key (email)=(***) already exists.");
    CHECK(masked("Key (a, b)=(1, secret) is not present in table \"users\".") ==
          "Key (a, b)=(***) is not present in table \"users\".");
    CHECK(masked("Failing row contains (1, secret (y), null).") == "Failing row contains (***).");
    CHECK(masked("invalid input syntax for type integer: \"secret\"") ==
          "invalid input syntax for type integer: \"***\"");
    CHECK(masked("postgresql://ann:p@ss@db.example:5432/app?x=1").find("p@ss") == std::string::npos);
    CHECK(masked("host=a password=hunter2 dbname=x") == "host=a password=*** dbname=x");
    CHECK(masked("PGPASSWORD=hunter2 psql") == "PGPASSWORD=*** psql");
    CHECK(masked("{\"password\": \"hunter2\"}").find("hunter2") == std::string::npos);
    CHECK(masked("INSERT INTO t VALUES ('a''b', 4711)") == "INSERT INTO t VALUES ('***', ***)");
    CHECK(masked("the table's name is v2_orders") == "the table's name is v2_orders");
}

TEST_CASE("what Laravel puts behind a detail is not quoted, and goes") {
    CHECK(review::masked(
              "Key (email)=(ann) already exists. (Connection: pgsql, SQL: insert into t values (secret))") ==
          "Key (email)=(***) already exists.");
    CHECK(review::masked("relation is odd (SQL: select secret)") == "relation is odd");
}

TEST_CASE("data in other languages do not stay") {
    using review::masked_foreign;
    CHECK(masked_foreign("Fehlgeschlagene Zeile enthält (17, Max (M) Muster).", false) ==
          "Fehlgeschlagene Zeile enthält (***).");
    CHECK(masked_foreign("Schlüssel »(email)=(ann)« fehlt in »users«", false) ==
          "Schlüssel »(***)« fehlt in »users«");
    CHECK(masked_foreign("sintaxis no válida para tipo integer: «secreto»", true) ==
          "sintaxis no válida para tipo integer: «***»");
    CHECK(masked_foreign("ungültige Eingabe: »geheim«", true) == "ungültige Eingabe: »***«");
}

TEST_CASE("long texts with many beginnings of messages are read in a moment") {
    const auto repeated = [](const std::string& text, std::size_t times) {
        std::string out;
        for (std::size_t i = 0; i < times; ++i) out += text;
        return out;
    };
    std::string distinct;
    for (int i = 0; i < 40'000; ++i)
        distinct += "ERROR:  relation \"t" + std::to_string(i) + "\" does not exist\n";
    const auto begin = std::chrono::steady_clock::now();
    CHECK(read_errors(distinct).size() >= review::kMostErrors);
    CHECK(read_errors(repeated("ERROR:  relation \"a\" does not exist\n", 80'000)).size() == 1);
    CHECK(read_errors(repeated("\"", 300'000)).empty());
    CHECK(review::masked(repeated("://", 300'000)).size() == 900'000);
    CHECK(one("ERROR: 42P01: " + repeated("x", 300'000)).message.size() < 3'000);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}
