// What comes back from the attic takes nothing away that nobody wrote, and passes rules and views.
#include "execute/retain_lab.hpp"

using namespace changelog;
using tests::Kept;

TEST_CASE("bringing values back is a loss only where somebody wrote since") {
    const auto risks = [](Kept& kept) {
        execute::RollbackOptions undo;
        undo.count = 1;
        kept.diagnostics = {};
        return kept.engine().rollback_risks(undo);
    };
    Kept kept(
        "CREATE TABLE t (a int, b text, d date, j json, PRIMARY KEY (a)); INSERT INTO t VALUES (1, 'x', "
        "now(), "
        "'{}'), (2, NULL, NULL, NULL), (3, 'z', NULL, NULL)",
        "SELECT a, b, d, j FROM t ORDER BY a");
    kept.destroy(
        "    - update: {tableName: t, columns: [{column: {name: b, value: new}}, {column: {name: d, "
        "valueDate: "
        "'2020-01-02'}}, {column: {name: j, value: '{\"a\": 1}'}}], where: a < 3, retain: true}\n");
    kept.connection.execute(
        "SET DateStyle = 'German'; UPDATE t SET b = 'other' WHERE a = 3; DELETE FROM t WHERE a = 2");
    CHECK(risks(kept).empty());
    kept.connection.execute("UPDATE t SET b = 'since' WHERE a = 1");
    CHECK(risks(kept) ==
          std::vector<std::string>{
              "values of public.t.b, public.t.d, public.t.j written since into the rows that changed"});
    kept.connection.execute("UPDATE t SET b = 'new' WHERE a = 1");
    CHECK(risks(kept).empty());
    kept.undo();
    CHECK(kept.ask("SELECT b FROM t WHERE a = 1") == "x");
}

TEST_CASE("a former type takes nothing away where nothing was written since") {
    const auto risks = [](Kept& kept) {
        execute::RollbackOptions undo;
        undo.count = 1;
        kept.diagnostics = {};
        return kept.engine().rollback_risks(undo);
    };
    Kept kept("CREATE TABLE t (a int PRIMARY KEY, b numeric(3, 1)); INSERT INTO t VALUES (1, 1.5), (2, NULL)",
              "SELECT a, b FROM t ORDER BY a");
    kept.destroy("    - modifyDataType: {tableName: t, columnName: b, newDataType: int, retain: true}\n");
    CHECK(risks(kept).empty());
    kept.connection.execute("INSERT INTO t VALUES (3, 7)");
    CHECK_FALSE(risks(kept).empty());
    kept.connection.execute("DELETE FROM t WHERE a = 3; UPDATE t SET b = 9 WHERE a = 1");
    CHECK_FALSE(risks(kept).empty());
    kept.connection.execute("UPDATE t SET b = 2 WHERE a = 1");
    CHECK(risks(kept).empty());
}

TEST_CASE("rows and values come back past rules, and types past views that read them") {
    Kept kept(
        "CREATE TABLE t (a int PRIMARY KEY, b numeric); INSERT INTO t VALUES (1, 1.5), (2, 2.5); CREATE "
        "TABLE "
        "log (a int); CREATE RULE note AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (new.a); CREATE RULE "
        "guard AS ON UPDATE TO t WHERE new.a > 99 DO INSTEAD NOTHING; COMMENT ON RULE note ON t IS 'n'; "
        "ALTER "
        "TABLE t DISABLE RULE guard",
        "SELECT a, b FROM t ORDER BY a");
    kept.prove("    - delete: {tableName: t, where: a = 1, retain: true}\n",
               "DROP RULE guard ON t; CREATE RULE guard AS ON UPDATE TO t WHERE new.a > 99 DO INSTEAD "
               "NOTHING; ALTER "
               "TABLE t DISABLE RULE guard");
    CHECK(kept.ask("SELECT count(*) FROM log") == "0");
    kept.prove(
        "    - update: {tableName: t, columns: [{column: {name: b, valueNumeric: 7}}], retain: true}\n");
}

TEST_CASE("a view that reads a retyped column keeps it from coming back, and nothing is lost") {
    Kept kept("CREATE TABLE t (a int PRIMARY KEY, b numeric); INSERT INTO t VALUES (1, 1.5)",
              "SELECT a, b FROM t");
    kept.destroy("    - modifyDataType: {tableName: t, columnName: b, newDataType: int, retain: true}\n");
    kept.connection.execute("CREATE VIEW v AS SELECT b FROM t");
    kept.rollback(1);
    CHECK_THAT(kept.errors(), ContainsSubstring("rule _RETURN on view v depends on column"));
    CHECK(kept.ask("SELECT count(*) FROM changelog_attic.items") == "1");
    kept.connection.execute("DROP VIEW v");
    kept.undo();
    kept.check_all_is_back();
}
