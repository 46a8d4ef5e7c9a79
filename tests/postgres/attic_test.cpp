// The attic of a live database: listing, restoring, purging.
#include "postgres/attic.hpp"

#include "changelog/codes.hpp"

#include "operations/attic.hpp"
#include "support/catch.hpp"
#include "support/disk_files.hpp"
#include "support/fold.hpp"
#include "support/server.hpp"

using namespace changelog;
using postgres::Attic;
using postgres::AtticItem;
using postgres::missing_items;
using tests::Fold;

namespace {

/// A database with an attic, and operations that fill it.
struct House {
    tests::TestDatabase database;
    postgres::Connection connection = database.connect();
    Diagnostics diagnostics;
    Fold fold;

    House() {
        connection.on_notice([](const std::string&) {});
        connection.execute(
            "CREATE TABLE t (id int PRIMARY KEY, note text DEFAULT 'n'); "
            "INSERT INTO t SELECT i, 'x' || i FROM generate_series(1, 100) i; ANALYZE t");
        fold.apply(
            "createTable: {tableName: t, columns: [{column: {name: id, type: int, constraints: {primaryKey: "
            "true}}}, {column: {name: note, type: text}}]}");
    }
    Attic attic() { return {connection, "changelog_attic"}; }
    std::string ask(const std::string& sql) { return connection.execute(sql).text(0, 0); }
    /// Runs an operation and gives its undo.
    Undo run(const std::string& operation) {
        const tests::Built built(operation);
        for (const Statement& statement : built.operation->statements(fold.context))
            connection.execute(statement.sql);
        return built.operation->inverse(fold.context);
    }
    void undo(const Undo& undo) {
        for (const Statement& statement : undo.statements) connection.execute(statement.sql);
    }
    AtticItem only() {
        const auto items = attic().list();
        REQUIRE(items.size() == 1);
        return items[0];
    }
    bool restore(const std::optional<std::string>& as = std::nullopt) {
        return attic().restore(only(), as, diagnostics);
    }
    std::string errors() const { return tests::errors_of(diagnostics); }
};

const std::string kDropTable = "dropTable: {tableName: t, retain: 30 days}";
const std::string kDropColumn = "dropColumn: {tableName: t, columnName: note, retain: true}";

}  // namespace

TEST_CASE("an attic that is not there is empty") {
    House house;
    CHECK_FALSE(house.attic().exists());
    CHECK(house.attic().list().empty());
    CHECK(missing_items(house.connection, house.fold.undo(kDropTable).statements) ==
          std::vector<std::string>{"table public.t"});
}

TEST_CASE("the list tells what is kept, until when and how large it is") {
    House house;
    house.run(kDropTable);
    const AtticItem item = house.only();
    CHECK(item.kind == "table");
    CHECK(item.object == "public.t");
    CHECK(item.kept_as == "t__00000000");
    CHECK(item.rows == 100);
    CHECK(item.bytes > 0);
    CHECK(item.present);
    CHECK_FALSE(item.expired);
    CHECK(house.ask("SELECT purge_after - kept_at FROM changelog_attic.items") == "30 days");
    CHECK(house.attic().find("public.t").size() == 1);
    CHECK(house.attic().find("t__00000000").size() == 1);
    CHECK(house.attic().find(std::to_string(item.id)).size() == 1);
    CHECK(house.attic().find("nothing").empty());
    house.connection.execute("DROP TABLE changelog_attic.t__00000000");
    CHECK_FALSE(house.only().present);
}

TEST_CASE("a column is listed with an estimate of its size, also when its table is renamed") {
    House house;
    house.run(kDropColumn);
    CHECK(house.only().rows == 100);
    CHECK(house.only().present);
    house.connection.execute("ALTER TABLE t RENAME TO u");
    CHECK(house.only().present);
    house.connection.execute("ALTER TABLE u DROP COLUMN \"~note~00000000\"");
    CHECK_FALSE(house.only().present);
}

TEST_CASE("a table is restored under its name, or under another") {
    House house;
    house.run(kDropTable);
    REQUIRE(house.restore());
    CHECK(house.ask("SELECT count(*) FROM t") == "100");
    CHECK(house.attic().list().empty());
    house.run(kDropTable);
    house.connection.execute("CREATE TABLE t (id int PRIMARY KEY)");
    CHECK_FALSE(house.restore());
    CHECK_THAT(house.errors(), ContainsSubstring("CL5007") && ContainsSubstring("--as"));
    REQUIRE(house.restore("old t"));
    CHECK(house.ask("SELECT count(*) FROM \"old t\"") == "100");
    CHECK(house.ask("SELECT count(*) FROM t") == "0");
    CHECK_FALSE(house.connection.in_transaction());
}

TEST_CASE("a column is restored under its name, or under another, with rows written meanwhile") {
    House house;
    house.run(kDropColumn);
    house.connection.execute("ALTER TABLE t ADD note int; INSERT INTO t VALUES (101, NULL)");
    CHECK_FALSE(house.restore());
    CHECK_THAT(house.errors(), ContainsSubstring("CL5007"));
    REQUIRE(house.restore("note_before"));
    CHECK(house.ask("SELECT count(note_before) FROM t") == "100");
    house.connection.execute("ALTER TABLE t DROP note; ALTER TABLE t RENAME note_before TO note");
    house.run(kDropColumn);
    REQUIRE(house.restore());
    CHECK(house.ask("SELECT count(note) FROM t") == "100");
}

TEST_CASE("rows and values are restored") {
    House house;
    house.run("delete: {tableName: t, where: id <= 10, retain: true}");
    CHECK(house.ask("SELECT count(*) FROM t") == "90");
    REQUIRE(house.restore());
    CHECK(house.ask("SELECT count(*) FROM t") == "100");
    house.run(
        "update: {tableName: t, columns: [{column: {name: note, value: y}}], where: id = 1, retain: true}");
    REQUIRE(house.restore());
    CHECK(house.ask("SELECT note FROM t WHERE id = 1") == "x1");
}

TEST_CASE("a restore that the database refuses changes nothing and shows no data") {
    House house;
    house.connection.execute(
        "CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p SELECT generate_series(1, 100); "
        "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES p");
    house.run("delete: {tableName: t, where: id = 77, retain: true}");
    house.connection.execute("DELETE FROM p WHERE id = 77");
    CHECK_FALSE(house.restore());
    CHECK_THAT(house.errors(), ContainsSubstring("CL5007") && !ContainsSubstring("77"));
    CHECK(house.attic().list().size() == 1);
    CHECK_FALSE(house.connection.in_transaction());
}

TEST_CASE("a purge removes items by number, by age and by their own period") {
    House house;
    const auto ids = [](const std::vector<AtticItem>& items) {
        std::string out;
        for (const AtticItem& item : items) out += std::to_string(item.id) + " ";
        return out;
    };
    house.run("delete: {tableName: t, where: id = 1, retain: 1 day}");
    house.run("delete: {tableName: t, where: id = 2, retain: true}");
    house.run("delete: {tableName: t, where: id > 1000, retain: true}");
    CHECK(ids(house.attic().to_purge({{}, "", true})).empty());
    house.connection.execute(
        "UPDATE changelog_attic.items SET kept_at = now() - interval '40 days', purge_after = "
        "purge_after - interval '40 days' WHERE id <= 2");
    CHECK(ids(house.attic().to_purge({{}, "", true})) == "1 ");
    CHECK(ids(house.attic().to_purge({{}, "30 days", false})) == "1 2 ");
    CHECK(ids(house.attic().to_purge({3, "", false})) == "3 ");
    house.attic().purge(house.attic().to_purge({{}, "30 days", false}));
    CHECK(ids(house.attic().list()) == "3 ");
    house.attic().purge(house.attic().to_purge({3, "", false}));
    CHECK(house.attic().list().empty());
    CHECK(house.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'changelog_attic'::regnamespace AND "
                    "relkind = "
                    "'r' AND relname <> 'items'") == "0");
}

TEST_CASE("a purged column is gone with its sequences, and no others") {
    House house;
    for (const char* name : {"a", "b"}) {
        house.connection.execute(std::string("CREATE TABLE ") + name + " (id serial, x int)");
        house.run(std::string("dropColumn: {tableName: ") + name + ", columnName: id, retain: true}");
    }
    const auto items = house.attic().list();
    REQUIRE(items.size() == 2);
    house.attic().purge({items[0]});
    CHECK(house.ask(
              "SELECT count(*) FROM pg_sequences WHERE schemaname = 'changelog_attic' AND sequencename <> "
              "'items_id_seq'") == "1");
    CHECK(house.ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'a'::regclass AND attnum > 0 AND NOT "
                    "attisdropped") == "1");
    REQUIRE(house.restore());
    CHECK(house.ask("INSERT INTO b (x) VALUES (1) RETURNING id") == "1");
}

TEST_CASE("what was purged is missing for the undo, each as often as it is needed") {
    House house;
    const Undo table = house.run("delete: {tableName: t, where: id = 1, retain: true}");
    house.run("delete: {tableName: t, where: id = 2, retain: true}");
    std::vector<Statement> both = {table.statements[0], table.statements[0]};
    CHECK(missing_items(house.connection, both).empty());
    CHECK(missing_items(house.connection, {{"DROP TABLE t"}}).empty());
    house.attic().purge({house.attic().list()[0]});
    CHECK(missing_items(house.connection, table.statements).empty());
    CHECK(missing_items(house.connection, both) == std::vector<std::string>{"rows of public.t"});
    // And the statement itself refuses, should nobody have asked.
    house.attic().purge(house.attic().list());
    CHECK_THROWS_WITH(house.undo(table), ContainsSubstring("no longer in the attic"));
}

TEST_CASE("an attic of another name and schema names that need quotes") {
    House house;
    house.fold.context.attic = "The attic";
    house.connection.execute(
        "CREATE SCHEMA \"S 1\"; CREATE TABLE \"S 1\".\"50%'s\" (\"a b\" int); INSERT INTO \"S "
        "1\".\"50%'s\" VALUES (1)");
    const std::string operation = "dropTable: {schemaName: 'S 1', tableName: \"50%'s\", retain: true}";
    const Undo undo = house.run(operation);
    CHECK(Attic(house.connection, "The attic").list().at(0).object == "\"S 1\".\"50%'s\"");
    CHECK(missing_items(house.connection, undo.statements).empty());
    house.undo(undo);
    CHECK(house.ask("SELECT \"a b\" FROM \"S 1\".\"50%'s\"") == "1");
    const std::string column =
        "dropColumn: {schemaName: 'S 1', tableName: \"50%'s\", columnName: a b, retain: true}";
    house.run(column);
    const auto kept = operations::Kept::of(house.fold.context, "column", {"S 1", "50%'s"}, "a b", {});
    house.connection.execute(operations::bring_back(kept).sql);
    CHECK(house.ask("SELECT \"a b\" FROM \"S 1\".\"50%'s\"") == "1");
}

TEST_CASE("an undo does not take an older run's item for one that was purged or restored by hand") {
    House house;
    Undo undo;
    for (int run = 1; run <= 3; ++run)
        undo = house.run("delete: {tableName: t, where: id = " + std::to_string(run) + ", retain: true}");
    const bool purged = GENERATE(true, false);
    const AtticItem newest = house.attic().list().at(2);
    if (purged)
        house.attic().purge({newest});
    else
        REQUIRE(house.attic().restore(newest, std::nullopt, house.diagnostics));
    CHECK(house.attic().list().size() == 2);
    CHECK(missing_items(house.connection, undo.statements) == std::vector<std::string>{"rows of public.t"});
    CHECK_THROWS_WITH(house.undo(undo), ContainsSubstring("no longer in the attic"));
    // A new run has an item of its own again, and nothing stays of what is gone.
    undo = house.run("delete: {tableName: t, where: id = 9, retain: true}");
    CHECK(missing_items(house.connection, undo.statements).empty());
    house.undo(undo);
    CHECK(house.ask("SELECT count(*) FROM t WHERE id IN (1, 2, 9)") == "1");
    house.attic().purge(house.attic().list());
    CHECK(house.ask("SELECT count(*) FROM changelog_attic.items") == "0");
}

TEST_CASE("rows and values whose columns are gone stay in the attic") {
    House house;
    house.run("delete: {tableName: t, where: id = 1, retain: true}");
    SECTION("dropped") { house.connection.execute("ALTER TABLE t DROP COLUMN note"); }
    SECTION("renamed") { house.connection.execute("ALTER TABLE t RENAME COLUMN note TO remark"); }
    SECTION("kept") { house.connection.execute("ALTER TABLE t RENAME COLUMN note TO \"~note~00000001\""); }
    CHECK_FALSE(house.restore());
    CHECK_THAT(house.errors(), ContainsSubstring("CL5007") && ContainsSubstring("no column note"));
    CHECK(house.ask("SELECT count(*) FROM changelog_attic.t__00000000") == "1");
}

TEST_CASE("values do not come back without their columns or their key") {
    House house;
    house.run(
        "update: {tableName: t, columns: [{column: {name: note, value: y}}], where: id = 1, retain: true}");
    house.connection.execute("ALTER TABLE t RENAME COLUMN id TO nr");
    CHECK_FALSE(house.restore());
    CHECK_THAT(house.errors(), ContainsSubstring("no column id"));
    house.connection.execute("ALTER TABLE t RENAME COLUMN nr TO id; ALTER TABLE t DROP COLUMN note");
    CHECK_FALSE(house.restore());
    CHECK_THAT(house.errors(), ContainsSubstring("no column note"));
    CHECK(house.attic().list().size() == 1);
}

TEST_CASE("what was kept finds its table under another name") {
    House house;
    const bool another = GENERATE(false, true);
    SECTION("rows") {
        house.run("delete: {tableName: t, where: id = 1, retain: true}");
        house.connection.execute("ALTER TABLE t RENAME TO u");
        if (another) house.connection.execute("CREATE TABLE t (LIKE u)");
        REQUIRE(house.restore());
        CHECK(house.ask("SELECT count(*) FROM u") == "100");
    }
    SECTION("a column") {
        house.run(kDropColumn);
        house.connection.execute("ALTER TABLE t RENAME TO u");
        REQUIRE(house.restore());
        CHECK(house.ask("SELECT count(note) FROM u") == "100");
        CHECK(house.ask("INSERT INTO u VALUES (101) RETURNING note") == "n");
    }
}

TEST_CASE("rows of which all keys are taken are not restored") {
    House house;
    house.run("delete: {tableName: t, where: id = 1, retain: true}");
    house.connection.execute("INSERT INTO t VALUES (1)");
    CHECK_FALSE(house.restore());
    CHECK_THAT(house.errors(), ContainsSubstring("keys of all 1 rows are taken"));
}

TEST_CASE("a name that is taken meanwhile gives a hint to the rollback") {
    House house;
    const Undo undo = house.run(kDropTable);
    house.connection.execute("CREATE TABLE t ()");
    try {
        house.undo(undo);
        FAIL("not refused");
    } catch (const postgres::DatabaseError& error) {
        CHECK(error.error.sqlstate == "42P07");
        CHECK_THAT(error.error.hint, ContainsSubstring("changelog attic restore 1 --as NAME"));
    }
}

TEST_CASE("a purge of a table names the columns that were kept on it, by their schemas") {
    House house;
    house.run(kDropColumn);
    house.connection.execute("SET search_path = public");
    CHECK_THAT(house.attic().purge_statements(house.attic().list()).at(0).sql,
               ContainsSubstring("ALTER TABLE public.t DROP COLUMN"));
    house.run(kDropTable);
    const auto chosen = house.attic().to_purge({2, "", false});
    REQUIRE(chosen.size() == 2);
    CHECK(chosen[0].object == "public.t.note");
    house.attic().purge(chosen);
    CHECK(house.attic().list().empty());
}

TEST_CASE("an attic of another role says so") {
    House house;
    house.run(kDropColumn);
    house.connection.execute(
        "DROP ROLE IF EXISTS attic_guest; CREATE ROLE attic_guest; SET ROLE attic_guest");
    CHECK_THROWS_WITH(house.connection.execute(operations::prepare_attic("changelog_attic").sql),
                      ContainsSubstring("belongs to another role"));
    house.connection.execute("RESET ROLE; DROP ROLE attic_guest");
}

TEST_CASE("a partition's own trigger state and the comment of a constraint's index come back") {
    House house;
    house.connection.execute(
        "CREATE TABLE m (id int) PARTITION BY RANGE (id); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) "
        "TO (9); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; "
        "CREATE TRIGGER g AFTER INSERT ON m FOR EACH ROW EXECUTE FUNCTION f(); "
        "ALTER TABLE m1 DISABLE TRIGGER g; "
        "ALTER TABLE t ADD CONSTRAINT un UNIQUE (note); COMMENT ON INDEX un IS 'of the index'");
    const std::string name = GENERATE(as<std::string>(), "m", "m1");
    house.undo(house.run("dropTable: {tableName: " + name + ", retain: true}"));
    CHECK(house.ask("SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'm1'::regclass AND tgname = 'g'") ==
          "D");
    house.undo(house.run(kDropColumn));
    CHECK(house.ask("SELECT obj_description('un'::regclass, 'pg_class')") == "of the index");
}

TEST_CASE("a key whose values are lost comes back only where it can, with a warning") {
    House house;
    const bool empty = GENERATE(true, false);
    if (empty) house.connection.execute("DELETE FROM t");
    const Undo undo = house.run("dropColumn: {tableName: t, columnName: id}");
    CHECK_THAT(undo.losses.back(),
               ContainsSubstring("primary key") && ContainsSubstring("if there are rows"));
    house.undo(undo);
    CHECK(house.ask("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND indisprimary") ==
          (empty ? "1" : "0"));
}

TEST_CASE(
    "with cascadeConstraints a partition goes although others point at its parent, and they come back") {
    House house;
    house.connection.execute(
        "CREATE TABLE m (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE m1 PARTITION OF m FOR "
        "VALUES FROM (0) TO (9); INSERT INTO m VALUES (1); CREATE TABLE o (id int CONSTRAINT k REFERENCES "
        "m)");
    const std::string name = GENERATE(as<std::string>(), "m", "m1");
    const std::string drop = "dropTable: {tableName: " + name + ", retain: true";
    CHECK_THROWS(house.run(drop + "}"));
    house.run(drop + ", cascadeConstraints: true}");
    CHECK(house.ask("SELECT count(*) FROM pg_constraint WHERE conname = 'k'") == "0");
    REQUIRE(house.restore());
    CHECK(house.ask("SELECT count(*) FROM m") == "1");
    CHECK(house.ask("SELECT convalidated FROM pg_constraint WHERE conname = 'k'") == "t");
}

TEST_CASE("with cascadeConstraints a view with a rule is no hindrance") {
    House house;
    house.fold.apply("createView: {viewName: v, selectQuery: SELECT id FROM public.t}");
    house.connection.execute(
        "CREATE VIEW v AS SELECT id FROM t; "
        "CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t (id) VALUES (new.id)");
    house.run("dropTable: {tableName: t, retain: true, cascadeConstraints: true}");
    CHECK(house.attic().list().size() == 1);
}
