// What a change did is undone by the difference between what was seen before and after it, and done again by
// the opposite one: against a real server, since only it knows what a statement does.
#include "catalog/difference.hpp"
#include "postgres/introspect.hpp"
#include "postgres/migration_cases.hpp"
#include "support/catch.hpp"
#include "support/server.hpp"

using namespace changelog;
using changelog::tests::TestDatabase;

namespace {

std::string listed(const std::vector<catalog::Difference>& differences) {
    std::string out;
    for (const catalog::Difference& each : differences) out += to_string(each) + '\n';
    return out;
}

std::string listed(const Undo& undo) {
    std::string out;
    for (const Statement& statement : undo.statements) out += statement.sql + ";\n";
    for (const std::string& loss : undo.losses) out += "-- loses " + loss + '\n';
    for (const std::string& loss : undo.since) out += "-- since " + loss + '\n';
    if (undo.impossible) out += "-- impossible: " + *undo.impossible + '\n';
    return out;
}

/// As the executor does it: in one transaction. What the server says where it refuses.
std::string run(postgres::Connection& connection, const Undo& undo) {
    std::string at;
    try {
        connection.execute("BEGIN");
        for (const Statement& statement : undo.statements) {
            at = statement.sql;
            connection.execute(statement.sql);
        }
        connection.execute("COMMIT");
        return {};
    } catch (const postgres::DatabaseError& error) {
        connection.execute("ROLLBACK");
        return at + "\n" + error.what();
    }
}

void make_roles(postgres::Connection& connection) {
    for (const std::string role : {"clerk", "boss", "\"Odd \"\"role\"\"\""})
        connection.execute("DO $$ BEGIN CREATE ROLE " + role +
                           "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
}

/// False, with a word about it, where an old server has not got what the case is about.
bool can_run(postgres::Connection& connection, const std::string& sql) {
    constexpr int kHasAll = 150000;
    try {
        connection.execute(sql);
        return true;
    } catch (const postgres::DatabaseError& error) {
        const int version = connection.target().server_version;
        const bool is_newer = error.error.sqlstate == "42601" || error.error.sqlstate == "0A000";
        if (version >= kHasAll || !is_newer) throw;
        WARN("SKIP: PostgreSQL " << version / 10000 << " has not got it: " << error.what());
        return false;
    }
}

void check_case(const tests::MigrationCase& item) {
    INFO("setup: " << item.setup << "\nchange: " << item.change);
    TestDatabase database;
    postgres::Connection connection = database.connect();
    make_roles(connection);
    if (!can_run(connection, item.setup)) return;
    const catalog::Catalog before = postgres::introspect(connection);
    if (!can_run(connection, item.change)) return;
    const catalog::Catalog after = postgres::introspect(connection);

    const Undo back = catalog::migration(after, before);
    INFO("back:\n" << listed(back));
    CHECK_FALSE(back.impossible);
    CHECK(run(connection, back) == "");
    const catalog::Catalog again = postgres::introspect(connection);
    CHECK(listed(catalog::difference(before, again)) == "");
    CHECK(listed(Undo{catalog::migration(again, before).statements, {}, {}}) == "");

    if (item.back_only) return;
    const Undo forth = catalog::migration(again, after);
    INFO("forth:\n" << listed(forth));
    CHECK(run(connection, forth) == "");
    CHECK(listed(catalog::difference(after, postgres::introspect(connection))) == "");
}

void check_cases(const std::vector<tests::MigrationCase>& cases) {
    for (const tests::MigrationCase& item : cases) CHECK_NOTHROW(check_case(item));
}

void check_cases_since(int version, const std::vector<tests::MigrationCase>& cases) {
    if (TestDatabase().connect().target().server_version < version * 10000)
        WARN("SKIP: needs PostgreSQL " << version);
    else
        check_cases(cases);
}

}  // namespace

TEST_CASE("migrations of columns lead back and forth") { check_cases(tests::column_cases()); }
TEST_CASE("migrations of tables lead back and forth") { check_cases(tests::table_cases()); }
TEST_CASE("migrations of constraints and indexes lead back and forth") {
    check_cases(tests::constraint_cases());
}
TEST_CASE("migrations of partitions and children lead back and forth") {
    check_cases(tests::partition_cases());
}
TEST_CASE("migrations of views lead back and forth") { check_cases(tests::view_cases()); }
TEST_CASE("migrations of types lead back and forth") { check_cases(tests::type_cases()); }
TEST_CASE("migrations of functions, triggers and policies lead back and forth") {
    check_cases(tests::code_cases());
}
TEST_CASE("migrations of rights and comments lead back and forth") { check_cases(tests::right_cases()); }
TEST_CASE("migrations of owners lead back and forth") { check_cases(tests::owner_cases()); }
TEST_CASE("migrations of sequences that fall lead back and forth") { check_cases(tests::falling_cases()); }
TEST_CASE("migrations of ranges with their multiranges lead back and forth") {
    TestDatabase database;
    if (database.connect().target().server_version >= 140000) check_cases(tests::multirange_cases());
}
TEST_CASE("migrations of attributes and typed tables lead back and forth") {
    check_cases(tests::composite_cases());
}
TEST_CASE("migrations of extended statistics lead back and forth") { check_cases(tests::statistics_cases()); }
TEST_CASE("migrations of rights that others gave lead back and forth") { check_cases(tests::acl_cases()); }
TEST_CASE("renames lead back and forth") { check_cases(tests::rename_cases()); }
TEST_CASE("migrations of what hangs together lead back and forth") { check_cases(tests::hard_cases()); }
TEST_CASE("changes of many things at once lead back and forth") { check_cases(tests::mixed_cases()); }

TEST_CASE("migrations of what PostgreSQL 17 added lead back and forth") {
    check_cases_since(17, tests::cases_of_17());
}
TEST_CASE("migrations of NOT NULL with a name lead back and forth") {
    check_cases_since(18, tests::not_null_cases());
}
TEST_CASE("migrations of what PostgreSQL 18 added lead back and forth") {
    check_cases_since(18, tests::cases_of_18());
}

TEST_CASE("what was lost with its table does not keep the rest from coming back") {
    TestDatabase database;
    postgres::Connection connection = database.connect();
    connection.execute(
        "CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (1); CREATE TABLE t (id int PRIMARY KEY, "
        "k int "
        "NOT NULL, p int CONSTRAINT f REFERENCES p); INSERT INTO t VALUES (1, 1, 1)");
    const catalog::Catalog before = postgres::introspect(connection);
    connection.execute("DROP TABLE p CASCADE; ALTER TABLE t DROP k, DROP id");
    const Undo back = catalog::migration(postgres::introspect(connection), before);
    INFO(listed(back));
    CHECK(run(connection, back) == "");
    CHECK(back.losses == std::vector<std::string>{"rows of public.p", "values of public.t.id",
                                                  "NOT NULL of public.t.id where there are rows",
                                                  "values of public.t.k",
                                                  "NOT NULL of public.t.k where there are rows",
                                                  "constraint t_pkey of public.t where rows break it",
                                                  "constraint f of public.t where rows break it"});
    // From PostgreSQL 18 on what is not there has no name either.
    const bool has_names = connection.target().server_version >= 180000;
    const auto gone = [&](const std::string& column) {
        return "column public.t." + column + ": not null: yes -> no\n" +
               (has_names
                    ? "column public.t." + column + ": not null's name: t_" + column + "_not_null -> (none)\n"
                    : "");
    };
    CHECK(listed(catalog::difference(before, postgres::introspect(connection))) ==
          gone("id") + gone("k") +
              "constraint public.t.f: validated: yes -> no\n- constraint public.t.t_pkey\n");
}

TEST_CASE("what goes with an undo is named") {
    TestDatabase database;
    postgres::Connection connection = database.connect();
    connection.execute("CREATE TABLE t (a int, b text)");
    const catalog::Catalog before = postgres::introspect(connection);
    connection.execute("CREATE TABLE u (a int); ALTER TABLE t ADD c int, ALTER b TYPE varchar(5)");
    const Undo back = catalog::migration(postgres::introspect(connection), before);
    CHECK(back.since ==
          std::vector<std::string>{"values of public.t.c written since", "rows of public.u written since"});
    CHECK(back.losses == std::vector<std::string>{"what values of public.t.b lost when they became character "
                                                  "varying(5)"});
}

TEST_CASE("what no statement can do is said") {
    TestDatabase database;
    postgres::Connection connection = database.connect();
    connection.execute("CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t");
    const catalog::Catalog before = postgres::introspect(connection);
    connection.execute("DROP PUBLICATION p");
    const Undo back = catalog::migration(postgres::introspect(connection), before);
    REQUIRE(back.impossible);
    CHECK(*back.impossible == "no statement is known that makes publication p");
}
