// Which objects an introspection looks at, and what it leaves of the session.
#include "catalog/difference.hpp"
#include "introspect_database.hpp"
#include "support/catch.hpp"

#include <chrono>

using namespace changelog;
using namespace changelog::postgres;
using catalog::Catalog;
using tests::TestDatabase;

namespace {

constexpr auto schema = R"sql(
    CREATE SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('sad');
    CREATE TYPE app.inner AS (m app.mood);
    CREATE TYPE app.outer AS (i app.inner);
    CREATE FUNCTION app.rank(app.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE FUNCTION app.fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TABLE app.first (id serial PRIMARY KEY, mood app.mood DEFAULT 'sad');
    CREATE TRIGGER firing BEFORE INSERT ON app.first FOR EACH ROW EXECUTE FUNCTION app.fire();
    CREATE TABLE app.second (id int PRIMARY KEY, first int REFERENCES app.first);
    CREATE TABLE app.third (id int PRIMARY KEY, second int REFERENCES app.second,
                            key int GENERATED ALWAYS AS IDENTITY (START WITH 5));
    CREATE TABLE app.fourth (id int PRIMARY KEY, third int REFERENCES app.third, nested app.outer[]);
    CREATE VIEW app.on_second AS SELECT * FROM app.second;
    CREATE MATERIALIZED VIEW app.on_view AS SELECT id FROM app.on_second;
    CREATE VIEW app.on_third AS SELECT id, app.rank('sad') FROM app.third;
    CREATE INDEX second_first ON app.second (first);
    CREATE TABLE app.whole (a int) PARTITION BY LIST (a);
    CREATE TABLE app.part PARTITION OF app.whole FOR VALUES IN (1) PARTITION BY LIST (a);
    CREATE TABLE app.leaf PARTITION OF app.part DEFAULT;
    CREATE TABLE app.leaf_2 PARTITION OF app.whole DEFAULT;
    CREATE RULE quiet AS ON INSERT TO app.leaf DO ALSO NOTHING;
    CREATE CAST (app.mood AS int) WITH FUNCTION app.rank(app.mood);
    CREATE TABLE app.alone (id int CHECK (app.rank('sad') > 0));
    CREATE SEQUENCE app.numbers;
)sql";

using Set = std::set<std::string>;

template <typename Items>
Set names(const Items& items) {
    Set out;
    for (const auto& [name, item] : items) out.insert(name.name);
    return out;
}

struct Fixture {
    TestDatabase database;
    Connection connection = database.connect();

    Fixture() { connection.execute(schema); }
    Catalog only(ObjectKind kind, const std::string& name, const std::string& part = {}) {
        IntrospectOptions options;
        options.only = {{kind, {kind == ObjectKind::schema ? "" : "app", name}, part}};
        return introspect(connection, options);
    }
    std::string setting(const std::string& name) { return connection.execute("SHOW " + name).text(0, 0); }
};

}  // namespace

TEST_CASE("introspection of a table takes its views, foreign keys both ways, sequences and functions") {
    Fixture ask;
    const Catalog second = ask.only(ObjectKind::table, "second");
    CHECK(names(second.tables) == Set{"first", "second", "third"});
    CHECK(names(second.views) == Set{"on_second", "on_view"});
    CHECK(second.types.empty());
    CHECK(second.functions.empty());
    // A neighbour is whole, though it is not followed further.
    CHECK(second.tables.at({"app", "third"}).column("key")->identity->options.start == "5");
    CHECK(second.tables.at({"app", "third"}).constraints.at(1).referenced_columns ==
          std::vector<std::string>{"id"});
    const Catalog first = ask.only(ObjectKind::table, "first");
    CHECK(names(first.tables) == Set{"first", "second"});
    CHECK(names(first.sequences) == Set{"first_id_seq"});
    CHECK(names(first.functions) == Set{"fire"});
    CHECK(first.views.empty());
    CHECK(first.extensions.contains("plpgsql"));
    CHECK(first.schemas.contains("app"));
}

TEST_CASE("introspection of a neighbour's foreign key names columns of tables that are not read") {
    Fixture ask;
    const Catalog first = ask.only(ObjectKind::table, "first");
    const Catalog fourth = ask.only(ObjectKind::table, "fourth");
    CHECK(names(fourth.tables) == Set{"fourth", "third"});
    const auto& key = fourth.tables.at({"app", "third"}).constraints.at(1);
    CHECK(key.referenced_table == ObjectName{"app", "second"});
    CHECK(key.referenced_columns == std::vector<std::string>{"id"});
}

TEST_CASE("introspection of partitions goes down, and up to the parents") {
    Fixture ask;
    CHECK(names(ask.only(ObjectKind::table, "whole").tables) == Set{"leaf", "leaf_2", "part", "whole"});
    const Catalog part = ask.only(ObjectKind::table, "part");
    CHECK(names(part.tables) == Set{"leaf", "part", "whole"});
    CHECK(part.others.contains("rule quiet on app.leaf"));
    CHECK(names(ask.only(ObjectKind::table, "leaf").tables) == Set{"leaf", "part", "whole"});
}

TEST_CASE("introspection of a type or function takes what depends on it") {
    Fixture ask;
    const Catalog mood = ask.only(ObjectKind::type, "mood");
    CHECK(names(mood.types) == Set{"inner", "mood", "outer"});
    CHECK(mood.types.at({"app", "inner"}).attributes.size() == 1);
    CHECK(names(mood.functions) == Set{"fire", "rank"});
    CHECK(names(mood.tables) == Set{"alone", "first", "fourth", "second", "third"});
    CHECK(names(mood.views) == Set{"on_third"});
    CHECK(mood.others.contains("cast (app.mood AS integer)"));
    const Catalog rank = ask.only(ObjectKind::function, "rank");
    CHECK(names(rank.functions) == Set{"rank"});
    CHECK(names(rank.tables) == Set{"alone"});
    CHECK(names(rank.views) == Set{"on_third"});
    CHECK(names(ask.only(ObjectKind::type, "second").tables).contains("second"));
}

TEST_CASE("introspection finds the table of an index, constraint, column, trigger or identity sequence") {
    Fixture ask;
    CHECK(names(ask.only(ObjectKind::index, "second_first").tables).contains("second"));
    CHECK(names(ask.only(ObjectKind::index, "second_pkey").tables).contains("second"));
    CHECK(names(ask.only(ObjectKind::constraint, "second", "second_pkey").tables).contains("second"));
    CHECK(names(ask.only(ObjectKind::column, "second", "id").tables).contains("second"));
    CHECK(names(ask.only(ObjectKind::trigger, "first", "firing").tables).contains("first"));
    CHECK(names(ask.only(ObjectKind::sequence, "numbers").sequences) == Set{"numbers"});
    CHECK(names(ask.only(ObjectKind::sequence, "third_key_seq").tables).contains("third"));
    const Catalog serial = ask.only(ObjectKind::sequence, "first_id_seq");
    CHECK(serial.sequences.at({"app", "first_id_seq"}).owned_by->part == "id");
    CHECK(names(ask.only(ObjectKind::table, "on_second").views) == Set{"on_second", "on_view"});
}

TEST_CASE("introspection of a schema takes all that is in it; names that are not there are absent") {
    Fixture ask;
    Catalog part = ask.only(ObjectKind::schema, "app"), all = introspect(ask.connection);
    CHECK(part == all);
    CHECK(part.tables.size() == 9);
    const Catalog nothing = ask.only(ObjectKind::table, "nothing");
    CHECK(nothing.tables.empty());
    CHECK(nothing.others.empty());
    CHECK(nothing.schemas.size() == 2);
    CHECK(ask.only(ObjectKind::extension, "nothing").tables.empty());
}

TEST_CASE("introspection leaves out what it is told to, with what belongs to it") {
    Fixture ask;
    ask.connection.execute(
        "CREATE SCHEMA attic; CREATE TYPE attic.t AS ENUM ('a'); CREATE TABLE attic.x (id serial); "
        "CREATE FUNCTION attic.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE attic.a (int) "
        "(SFUNC = int4pl, STYPE = int); CREATE TABLE app.ledger (seq bigserial PRIMARY KEY, note text); "
        "CREATE VIEW app.current AS SELECT * FROM app.ledger; CREATE RULE r AS ON DELETE TO app.ledger DO "
        "ALSO NOTHING; COMMENT ON TABLE app.ledger IS 'x'");
    const Catalog before = introspect(ask.connection);
    CHECK(before.tables.contains({"app", "ledger"}));
    IntrospectOptions options;
    options.except_schemas = {"attic"};
    options.except_relations = {{"app", "ledger"}, {"app", "current"}};
    const Catalog without = introspect(ask.connection, options);
    ask.connection.execute("DROP SCHEMA attic CASCADE; DROP TABLE app.ledger CASCADE");
    CHECK(without == introspect(ask.connection));
}

TEST_CASE("introspection leaves out temporary objects and those of extensions") {
    Fixture ask;
    const Catalog before = introspect(ask.connection);
    ask.connection.execute(
        "CREATE TEMP TABLE passing (id serial PRIMARY KEY); CREATE TEMP VIEW v AS SELECT 1");
    CHECK(introspect(ask.connection) == before);
    const Rows available =
        ask.connection.execute("SELECT FROM pg_available_extensions WHERE name IN ('hstore')");
    if (available.empty()) return;  // contrib is not installed everywhere
    ask.connection.execute("CREATE EXTENSION hstore SCHEMA app");
    Catalog after = introspect(ask.connection);
    CHECK(after.extensions.at("hstore").schema == "app");
    CHECK(after.extensions.at("hstore").comment);
    after.extensions.erase("hstore");
    CHECK(after == before);
}

TEST_CASE("introspection leaves the session as it was") {
    Fixture ask;
    Connection& connection = ask.connection;
    connection.execute("SET search_path = app, public; SET TimeZone = 'Asia/Tokyo'; SET jit = on");
    const Catalog outside = introspect(connection);
    CHECK_FALSE(connection.in_transaction());
    CHECK(ask.setting("search_path") == "app, public");
    CHECK(ask.setting("TimeZone") == "Asia/Tokyo");
    CHECK(outside.tables.at({"app", "first"}).column("mood")->type == "app.mood");
    connection.execute("BEGIN; SET LOCAL search_path = app; CREATE TABLE made (id int)");
    const Catalog inside = introspect(connection);
    CHECK(connection.in_transaction());
    CHECK(inside.tables.contains({"app", "made"}));
    CHECK(inside.tables.at({"app", "first"}).column("mood")->type == "app.mood");
    CHECK(ask.setting("search_path") == "app");
    connection.execute("SET search_path = public");
    introspect(connection);
    CHECK(ask.setting("search_path") == "public");
    connection.execute("COMMIT");
    CHECK(ask.setting("search_path") == "public");
    CHECK(introspect(connection).tables.contains({"app", "made"}));
}

TEST_CASE("introspection of a failed transaction throws, and leaves it failed") {
    Fixture ask;
    CHECK_THROWS_AS(ask.connection.execute("BEGIN; SELECT 1/0"), DatabaseError);
    CHECK_THROWS_AS(introspect(ask.connection), DatabaseError);
    CHECK(ask.connection.transaction_failed());
    ask.connection.execute("ROLLBACK");
}

TEST_CASE("introspection needs no rights on what it looks at") {
    Fixture ask;
    ask.connection.execute(tests::introspected_roles);
    const Catalog seen = introspect(ask.connection);
    ask.connection.execute("SET ROLE reader");
    for (const catalog::Difference& each : catalog::difference(seen, introspect(ask.connection))) {
        INFO(to_string(each));  // what belongs to the session's own role is another's now
        CHECK((each.property == "owner" || each.after.find(", owner ") != std::string::npos));
    }
    CHECK(ask.setting("role") == "reader");
}

TEST_CASE("introspection of 5,000 tables takes less than two seconds, of one less than a tenth of one") {
    Fixture ask;
    for (int part = 0; part < 5; ++part)  // several transactions: each table takes locks until its end
        ask.connection.execute(
            "DO $$ BEGIN FOR i IN " + std::to_string(part * 1000 + 1) + ".." +
            std::to_string(part * 1000 + 1000) +
            " LOOP EXECUTE format('CREATE TABLE app.big_%s (id bigint PRIMARY KEY, a int, b text NOT NULL, "
            "c varchar(50), d timestamptz DEFAULT now(), e numeric(10,2), f uuid, g jsonb, "
            "h boolean DEFAULT false, i bigint REFERENCES app.big_%s)', i, greatest(i - 1, 1)); "
            "EXECUTE format('CREATE INDEX ON app.big_%s (c)', i); END LOOP; END $$");
    const auto milliseconds = [](const auto& work) {
        long long best = 1'000'000;
        for (int attempt = 0; attempt < 2; ++attempt) {  // the machine may be busy with something else
            const auto start = std::chrono::steady_clock::now();
            work();
            const auto taken = std::chrono::steady_clock::now() - start;
            best = std::min<long long>(best,
                                       std::chrono::duration_cast<std::chrono::milliseconds>(taken).count());
        }
        return best;
    };
    const auto all = milliseconds([&] { CHECK(introspect(ask.connection).tables.size() == 5009); });
    const auto one = milliseconds([&] {
        CHECK(names(ask.only(ObjectKind::table, "big_300").tables) == Set{"big_299", "big_300", "big_301"});
    });
    WARN("introspection: 5,000 tables in " << all << " ms, one of them in " << one << " ms");
#ifdef NDEBUG
    CHECK(all < 2000);
    CHECK(one < 100);
#endif
}
