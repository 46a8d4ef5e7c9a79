// Rollbacks where more than one role is at work: those that deploy, and those that give rights on.
#include "execute/lab.hpp"
#include "support/catch.hpp"

using namespace changelog;
using execute::Outcome;
using tests::changeset;
using tests::Lab;
using tests::table;

namespace {

struct Roles : Lab {
    Roles() {
        connection.execute(
            "DO $$ BEGIN CREATE ROLE deploy_a; EXCEPTION WHEN duplicate_object THEN NULL; END $$; DO $$ "
            "BEGIN "
            "CREATE ROLE deploy_b; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT deploy_a TO "
            "deploy_b; "
            "GRANT CREATE ON SCHEMA public TO deploy_a, deploy_b; GRANT CREATE ON DATABASE " +
            ask("SELECT quote_ident(current_database())") + " TO deploy_a, deploy_b");
    }
    ~Roles() {
        connection.execute("RESET ROLE; DROP OWNED BY deploy_a, deploy_b; DROP ROLE deploy_a, deploy_b");
    }
    Roles(const Roles&) = delete;
    Roles& operator=(const Roles&) = delete;

    std::string owner(const std::string& name) {
        return ask("SELECT relowner::regrole FROM pg_class WHERE relname = '" + name + "'");
    }
};

std::string change(const std::string& id, const std::string& changes) {
    return "- changeSet:\n    id: " + id + "\n    author: ann\n    changes:\n" + changes;
}

}  // namespace

TEST_CASE("what one role made and another drops belongs to the first one again") {
    Roles lab;
    const std::string made =
        table("t") +
        change("more",
               "    - createSequence: {sequenceName: q}\n"
               "    - createView: {viewName: v, selectQuery: SELECT id FROM public.t}\n"
               "    - createEnum: {typeName: e, values: [a]}\n"
               "    - sql: CREATE FUNCTION public.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'\n");
    const std::string dropped =
        change("drop",
               "    - dropView: {viewName: v}\n    - dropTable: {tableName: t}\n"
               "    - dropSequence: {sequenceName: q}\n    - dropEnum: {typeName: e}\n"
               "    - sql: DROP FUNCTION public.f(int)\n");
    lab.connection.execute("SET ROLE deploy_a");
    lab.update(made);
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.owner("t") == "deploy_a");
    lab.connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO deploy_b");
    lab.connection.execute("SET ROLE deploy_b");
    lab.update(made + dropped + table("own"));
    REQUIRE(lab.errors() == "");
    REQUIRE_FALSE(lab.has_table("t"));
    CHECK(lab.owner("own") == "deploy_b");
    REQUIRE(lab.rollback(2).outcome == Outcome::done);
    for (const char* name : {"t", "q", "v"}) CHECK(lab.owner(name) == "deploy_a");
    CHECK(lab.ask("SELECT typowner::regrole FROM pg_type WHERE typname = 'e'") == "deploy_a");
    CHECK(lab.ask("SELECT proowner::regrole FROM pg_proc WHERE proname = 'f'") == "deploy_a");
}

TEST_CASE("rights that others gave come back as theirs, and an owner's own as they were") {
    Roles lab;
    lab.connection.execute(
        "CREATE TABLE t(id int); REVOKE DELETE ON t FROM CURRENT_USER; GRANT SELECT ON t TO deploy_a WITH "
        "GRANT "
        "OPTION; SET ROLE deploy_a; GRANT SELECT ON t TO deploy_b; RESET ROLE");
    const std::string rights = "SELECT relacl::text FROM pg_class WHERE relname = 't'",
                      before = lab.ask(rights);
    lab.update(change("drop", "    - dropTable: {tableName: t}\n"));
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask(rights) == before);
    lab.update(changeset("revoke", "REVOKE SELECT ON t FROM deploy_a CASCADE"));
    REQUIRE(lab.errors() == "");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask(rights) == before);
}

TEST_CASE("what an owner is given or loses comes back, and so does what others were given by hand") {
    Roles lab;
    lab.update(table("t"));
    const std::string owner = lab.owner("t"),
                      rights =
                          "SELECT coalesce(relacl::text, '') FROM pg_class WHERE relname "
                          "= 't'";
    const auto there_and_back = [&](const std::string& action) {
        INFO(action);
        const std::string before = lab.ask(rights);
        lab.update(table("t") + change("rights", "    - " + action + "\n"));
        REQUIRE(lab.errors() == "");
        REQUIRE(lab.rollback(1).outcome == Outcome::done);
        CHECK(lab.ask(rights) == before);
    };
    lab.connection.execute("GRANT UPDATE ON t TO deploy_a");
    there_and_back("grant: {privileges: SELECT, objectName: t, to: " + owner + "}");
    there_and_back("revoke: {privileges: SELECT, objectName: t, from: " + owner + "}");
    there_and_back("revoke: {privileges: UPDATE, objectName: t, from: deploy_a}");
    there_and_back("grant: {privileges: \"UPDATE, SELECT\", objectName: t, to: deploy_a}");
    there_and_back("sql: REVOKE ALL ON t FROM deploy_a, " + owner);
    there_and_back("sql: GRANT ALL ON t TO deploy_b, " + owner);
}

TEST_CASE("rights that a new table gets by itself are not taken for a changeset's") {
    Roles lab;
    lab.connection.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO deploy_a");
    lab.update(table("t") +
               change("give", "    - grant: {privileges: SELECT, objectName: t, to: deploy_a}\n") +
               change("take", "    - revoke: {privileges: SELECT, objectName: t, from: deploy_a}\n"));
    REQUIRE(lab.errors() == "");
    const std::string may = "SELECT has_table_privilege('deploy_a', 't', 'SELECT')";
    CHECK(lab.ask(may) == "f");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask(may) == "t");
    REQUIRE(lab.rollback(1).outcome == Outcome::done);
    CHECK(lab.ask(may) == "t");
}

TEST_CASE("what comes back from the attic has its rights from those who gave them") {
    Roles lab;
    lab.connection.execute(
        "CREATE TABLE t(id int, note text); GRANT SELECT, UPDATE (note) ON t TO deploy_a WITH GRANT OPTION; "
        "GRANT DELETE ON t TO deploy_b; SET ROLE deploy_a; GRANT SELECT, UPDATE (note) ON t TO deploy_b; "
        "GRANT "
        "SELECT ON t TO SESSION_USER; RESET ROLE");
    const std::string rights =
        "SELECT concat(relacl::text, ' ', (SELECT attacl::text FROM pg_attribute WHERE attrelid = c.oid AND "
        "attname = 'note')) FROM pg_class c WHERE relname = 't'";
    const std::string before = lab.ask(rights);
    for (const char* drop : {"dropTable: {tableName: t, retain: true}",
                             "dropColumn: {tableName: t, columnName: note, retain: true}"}) {
        INFO(drop);
        lab.update(change("drop", "    - " + std::string(drop) + "\n"));
        REQUIRE(lab.errors() == "");
        REQUIRE(lab.rollback(1).outcome == Outcome::done);
        CHECK(lab.ask(rights) == before);
    }
}
