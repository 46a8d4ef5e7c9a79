#include "hazards/facts.hpp"

#include "hazards/newer_syntax.hpp"
#include "hazards/schemas.hpp"
#include "hazards/type_form.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::hazards;

namespace {

const catalog::Catalog& shop() {
    static const catalog::Catalog schema = folded(R"(
        CREATE TABLE users (id bigint PRIMARY KEY, email text, name varchar(20), age int);
        CREATE INDEX users_email ON users (email);
        CREATE TABLE orders (id serial PRIMARY KEY, user_id bigint CONSTRAINT user_fk REFERENCES users (id));
        CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS c FROM orders;
    )",
                                                  "public");
    return schema;
}

StatementFacts facts(const std::string& sql, std::set<ObjectName> made = {}) {
    return facts_of(sql, FactContext{shop(), 150000, "public", false, false, std::move(made)});
}

ObjectName in_public(const std::string& name) { return {"public", name}; }

}  // namespace

TEST_CASE("locks conflict as the manual's table says") {
    CHECK(conflict(Lock::access_exclusive, Lock::access_share));
    CHECK_FALSE(conflict(Lock::exclusive, Lock::access_share));
    CHECK(conflict(Lock::share, Lock::row_exclusive));
    CHECK_FALSE(conflict(Lock::share, Lock::share));
    CHECK(conflict(Lock::share_update_exclusive, Lock::share_update_exclusive));
    CHECK_FALSE(conflict(Lock::share_update_exclusive, Lock::row_exclusive));
    for (int one = 0; one < 9; ++one)
        for (int other = 0; other < 9; ++other)
            CHECK(conflict(static_cast<Lock>(one), static_cast<Lock>(other)) ==
                  conflict(static_cast<Lock>(other), static_cast<Lock>(one)));
    CHECK(blocks_reads(Lock::access_exclusive));
    CHECK(blocks_writes(Lock::share));
    CHECK_FALSE(blocks_writes(Lock::share_update_exclusive));
}

TEST_CASE("summaries name the verb and the object") {
    CHECK(facts("ALTER TABLE users ADD COLUMN note text").summary == "ADD COLUMN users.note");
    CHECK(facts("CREATE INDEX ON orders (user_id, id)").summary == "CREATE INDEX orders(user_id, id)");
    CHECK(facts("ALTER TABLE users DROP COLUMN age, ADD x int CHECK (x > 0)").summary ==
          "DROP COLUMN users.age, ADD COLUMN users.x");
    CHECK(facts("DROP TABLE other.things").summary == "DROP TABLE other.things");
}

TEST_CASE("what cannot be seen is not known") {
    CHECK(facts("ALTER TABLE users ADD COLUMN note text").known);
    CHECK_FALSE(facts("DO $$ BEGIN DROP TABLE users; END $$").known);
    CHECK_FALSE(facts("SELECT my_procedure()").known);
    CHECK_FALSE(facts("ALTER TABEL users").known);
    CHECK_FALSE(facts("ALTER TABEL users").unknown_reason.empty());
}

TEST_CASE("statements that need to run outside a transaction") {
    CHECK(facts("CREATE INDEX CONCURRENTLY i ON users (age)").outside_transaction);
    CHECK_FALSE(facts("CREATE INDEX i ON users (age)").outside_transaction);
    CHECK(facts("VACUUM users").outside_transaction);
}

TEST_CASE("relations of this run are nobody else's concern") {
    CHECK(facts("ALTER TABLE users ADD COLUMN note text", {in_public("users")}).relations.empty());
    const auto both =
        facts("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users", {in_public("orders")});
    REQUIRE(both.relation(in_public("users")) != nullptr);
    CHECK(both.relation(in_public("users"))->lock == Lock::share_row_exclusive);
    CHECK(both.relation(in_public("orders")) == nullptr);
}

TEST_CASE("tables that nobody knows are locked all the same") {
    const auto unknown = facts("ALTER TABLE elsewhere ADD COLUMN at timestamptz DEFAULT clock_timestamp()");
    REQUIRE(unknown.relation(in_public("elsewhere")) != nullptr);
    CHECK(unknown.relation(in_public("elsewhere"))->work == Work::rewrite);
    CHECK(unknown.strongest() == Lock::access_exclusive);
}

TEST_CASE("failures are certain or depend on the rows") {
    const auto maybe = facts("ALTER TABLE users ADD COLUMN must int NOT NULL");
    REQUIRE(maybe.failures.size() == 1);
    CHECK(maybe.failures.front().sqlstate == "23502");
    CHECK_FALSE(maybe.failures.front().certain);
    const auto surely = facts("DROP INDEX users_pkey");
    REQUIRE(surely.failures.size() == 1);
    CHECK(surely.failures.front().certain);
    CHECK(surely.relations.empty());
    CHECK(facts("ALTER TABLE users ALTER COLUMN email TYPE int").failures.front().sqlstate == "42804");
}

TEST_CASE("newer syntax is told in older words") {
    CHECK(in_older_syntax("ALTER TABLE t ADD x int GENERATED ALWAYS AS (a * 2)").commands.at(0) ==
          Newer::virtual_column);
    CHECK(in_older_syntax("ALTER TABLE t ADD y int, ADD CONSTRAINT n NOT NULL a NOT VALID").commands.at(1) ==
          Newer::not_null_constraint);
    CHECK(in_older_syntax("ALTER TABLE t ALTER CONSTRAINT c ENFORCED").commands.at(0) == Newer::enforce);
    CHECK(in_older_syntax("ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED").sql ==
          "ALTER TABLE t ADD CHECK (a > 0) NOT VALID ");
    CHECK(in_older_syntax("ALTER TABLE t ALTER x SET EXPRESSION AS (a + 1)").commands.at(0) ==
          Newer::set_expression);
    CHECK(in_older_syntax("ALTER TABLE t ADD x int").commands.empty());
    CHECK(in_older_syntax("SELECT 'NOT ENFORCED'").sql == "SELECT 'NOT ENFORCED'");
    CHECK(facts("ALTER TABLE users ADD dbl int GENERATED ALWAYS AS (age * 2) VIRTUAL").known);
}

TEST_CASE("which casts keep the stored values") {
    const auto wider = [](const char* from, const char* to) {
        return is_wider(type_form(from), type_form(to));
    };
    CHECK(wider("character varying(20)", "character varying(50)"));
    CHECK_FALSE(wider("character varying(50)", "character varying(20)"));
    CHECK_FALSE(wider("character varying", "character varying(20)"));
    CHECK(wider("numeric(10,2)", "numeric(12,2)"));
    CHECK_FALSE(wider("numeric(10,2)", "numeric(12,3)"));
    CHECK(wider("timestamp(3) without time zone", "timestamp without time zone"));
    CHECK(wider("interval", "interval day to second"));
    CHECK_FALSE(wider("interval", "interval year to month"));
    CHECK_FALSE(wider("character(3)", "character(5)"));
    CHECK(type_form("timestamp(3) with time zone").base == "timestamp with time zone");
    CHECK(rounds(type_form("numeric(10,2)"), type_form("integer")));
    CHECK(rounds(type_form("timestamp without time zone"), type_form("date")));
    CHECK_FALSE(rounds(type_form("integer"), type_form("bigint")));
    CHECK(may_overflow(type_form("bigint"), type_form("integer")));
    CHECK_FALSE(is_assignable(type_form("text"), type_form("integer")));
}
