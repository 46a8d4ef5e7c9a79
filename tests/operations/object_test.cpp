// Views, sequences, routines, triggers, types, privileges: what the golden cases do not show.
#include "operations/definition_text.hpp"
#include "operations/sequence.hpp"
#include "operations/user_type.hpp"
#include "operations/view.hpp"
#include "support/catch.hpp"
#include "support/fold.hpp"

using namespace changelog;
using tests::Built;
using tests::Fold;

TEST_CASE("view: how many columns a query has") {
    using operations::column_count;
    CHECK(column_count("SELECT a, b, f(c, d) FROM t") == 3U);
    CHECK(column_count("WITH x AS (SELECT 1, 2) SELECT a FROM x ORDER BY a, b") == 1U);
    CHECK(column_count("SELECT DISTINCT a, count(*) FROM t GROUP BY a, b") == 2U);
    CHECK(column_count("SELECT a * 2, (SELECT x, y FROM z) FROM t") == 2U);
    CHECK_FALSE(column_count("SELECT * FROM t"));
    CHECK_FALSE(column_count("SELECT a, t.* FROM t"));
    CHECK_FALSE(column_count("VALUES (1, 2)"));
}

TEST_CASE("view: one that is replaced by one with as many columns is put back in place") {
    Fold fold;
    fold.apply("createView: {viewName: v, selectQuery: SELECT 1 AS a}");
    CHECK(fold.undo_sql("createView: {viewName: v, replaceIfExists: true, selectQuery: SELECT 2 AS a}") ==
          "CREATE OR REPLACE VIEW public.v AS SELECT 1 AS a");
}

TEST_CASE("view: one that got more columns is dropped with its readers, and all are made again") {
    Fold fold;
    fold.apply("createView: {viewName: v, selectQuery: SELECT 1 AS a}");
    fold.apply("createView: {viewName: reader, selectQuery: SELECT a FROM v}");
    CHECK(fold.undo_sql(
              "createView: {viewName: v, replaceIfExists: true, selectQuery: 'SELECT 1 AS a, 2 AS b'}") ==
          "DROP VIEW public.reader;\nDROP VIEW public.v;\nCREATE VIEW public.v AS SELECT 1 AS a;\n"
          "CREATE VIEW public.reader AS SELECT a FROM v");
}

TEST_CASE("view: what an unknown one may have been is told where the schema is uncertain") {
    Fold fold;
    const char* const text = "createView: {viewName: v, replaceIfExists: true, selectQuery: SELECT 1}";
    CHECK(fold.undo(text).losses.empty());
    fold.catalog().uncertain.emplace_back("a DO block");
    CHECK(fold.undo(text).observe);
    fold.context.complete = true;
    CHECK(fold.undo_sql(text) == "DROP VIEW public.v");
}

TEST_CASE("view: query and path exclude each other, and one is needed") {
    CHECK(Built("createView: {viewName: v}").codes() == "CL1204");
    CHECK(Built("createView: {viewName: v, selectQuery: SELECT 1, path: v.sql}").codes() == "CL1208");
    Built inline_text("createView: {viewName: v, selectQuery: SELECT 1}");
    Built from_file("createView: {viewName: v, path: v.sql}", {{"v.sql", "SELECT 1"}});
    CHECK(inline_text.checksum_form() == from_file.checksum_form());
}

TEST_CASE("view: a rename reaches the views that read it") {
    Fold fold;
    fold.apply("createView: {viewName: v, selectQuery: SELECT 1 AS a}");
    fold.apply("createView: {viewName: reader, selectQuery: SELECT a FROM v}");
    fold.apply("renameView: {oldViewName: v, newViewName: w}");
    CHECK(fold.catalog().views.contains({"public", "w"}));
    CHECK(fold.undo_sql("dropView: {viewName: reader}") == "CREATE VIEW public.reader AS SELECT a FROM w");
}

TEST_CASE("sequence: PostgreSQL's defaults are left out") {
    catalog::SequenceOptions options;
    options.start = "1";
    options.increment = "1";
    options.minimum = "1";
    options.maximum = "9223372036854775807";
    options.cache = "1";
    CHECK(operations::normalised(options) == catalog::SequenceOptions{});
    options.increment = "-1";
    options.start = "-1";
    options.minimum = "-9223372036854775808";
    options.maximum = "-1";
    const auto descending = operations::normalised(options);
    CHECK(descending.increment == "-1");
    CHECK_FALSE(descending.start);
    CHECK_FALSE(descending.minimum);
}

TEST_CASE("sequence: creating one that is there undoes to nothing") {
    Fold fold;
    CHECK(fold.undo_sql("createSequence: {sequenceName: q}") == "DROP SEQUENCE public.q CASCADE");
    fold.apply("createSequence: {sequenceName: q, startValue: 5}");
    CHECK(fold.undo_sql("createSequence: {sequenceName: q}").empty());
}

TEST_CASE("sequence: options go back to what they were, or to the default") {
    Fold fold;
    fold.apply("createSequence: {sequenceName: q, incrementBy: 2}");
    CHECK(fold.undo_sql("alterSequence: {sequenceName: q, incrementBy: 5, maxValue: 100, cycle: true}") ==
          "ALTER SEQUENCE public.q INCREMENT BY 2 NO MAXVALUE NO CYCLE");
    CHECK_THAT(fold.undo_sql("alterSequence: {sequenceName: other, cycle: true}"),
               ContainsSubstring("is not known"));
    CHECK(Built("alterSequence: {sequenceName: q}").codes() == "CL1204");
    CHECK(Built("createSequence: {sequenceName: q, ordered: true}").codes() == "CL1214");
}

TEST_CASE("text of definitions: small, exact changes") {
    using namespace operations;
    CHECK(qualify_after("CREATE FUNCTION f(a int)", "FUNCTION", "s") == "CREATE FUNCTION s.f(a int)");
    CHECK(qualify_after("CREATE FUNCTION x.f()", "FUNCTION", "s") == "CREATE FUNCTION x.f()");
    CHECK(qualify_after("-- ON t\nCREATE TRIGGER g AFTER UPDATE OF a ON t", "ON", "s") ==
          "-- ON t\nCREATE TRIGGER g AFTER UPDATE OF a ON s.t");
    CHECK(as_replacing("create  function f()") == "create OR REPLACE  function f()");
    CHECK(as_replacing("CREATE OR REPLACE VIEW v") == "CREATE OR REPLACE VIEW v");
    CHECK(rename_after("CREATE TRIGGER a.\"B\" ON t", "TRIGGER", "c") == "CREATE TRIGGER a.c ON t");
    CHECK(name_after("CREATE TRIGGER \"B\" ON t", "TRIGGER") == "B");
    CHECK(first_parentheses("CREATE FUNCTION f(a int DEFAULT g(1), b text) RETURNS t(1)") ==
          "a int DEFAULT g ( 1 ) , b text");
}

TEST_CASE("function: a replaced one comes back, in place where the arguments are the same") {
    Fold fold;
    fold.apply("createProcedure: CREATE FUNCTION f(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    CHECK(fold.undo_sql("createProcedure: CREATE OR REPLACE FUNCTION f(n integer) RETURNS integer LANGUAGE "
                        "sql AS 'SELECT 2'") ==
          "CREATE OR REPLACE FUNCTION f(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    CHECK(fold.undo_sql("createProcedure: CREATE OR REPLACE FUNCTION f(n integer DEFAULT 1) RETURNS integer "
                        "LANGUAGE sql AS 'SELECT 2'") ==
          "DROP FUNCTION public.f(integer);\nCREATE FUNCTION f(n integer) RETURNS integer LANGUAGE "
          "sql AS "
          "'SELECT 1'");
    CHECK(fold.undo_sql(
              "createProcedure: CREATE FUNCTION f(n text) RETURNS integer LANGUAGE sql AS 'SELECT 2'") ==
          "DROP FUNCTION public.f(text)");
}

TEST_CASE("function: which of two is dropped must be said") {
    Fold fold;
    fold.apply("createProcedure: CREATE FUNCTION f(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    fold.apply("createProcedure: CREATE FUNCTION f(n text) RETURNS integer LANGUAGE sql AS 'SELECT 2'");
    CHECK_THAT(fold.undo_sql("dropFunction: {functionName: f}"), ContainsSubstring("impossible"));
    CHECK(fold.undo_sql("dropFunction: {functionName: f, arguments: text}") ==
          "CREATE FUNCTION f(n text) RETURNS integer LANGUAGE sql AS 'SELECT 2'");
}

TEST_CASE("procedure: replaceIfExists is refused, as Liquibase refuses it") {
    CHECK(Built("createProcedure: {procedureText: CREATE PROCEDURE p() AS '', replaceIfExists: true}")
              .codes() == "CL1214");
}

TEST_CASE("what was there before is not guessed: the database is asked") {
    Fold fold;
    for (const char* const change :
         {"disableTrigger: {triggerName: g, tableName: t}", "enableTrigger: {triggerName: g, tableName: t}",
          "enableRowLevelSecurity: {tableName: t}", "disableRowLevelSecurity: {tableName: t}",
          "grant: {privileges: SELECT, objectName: t, to: a}",
          "revoke: {privileges: SELECT, objectName: t, from: a}",
          "createSchema: {schemaName: s, ifNotExists: true}",
          "createExtension: {extensionName: citext, ifNotExists: true}",
          "createExtension: {extensionName: citext, cascade: true}",
          "dropSchema: {schemaName: s, cascade: true}", "dropView: {viewName: v}"}) {
        INFO(change);
        const Undo undo = fold.undo(change);
        CHECK(undo.observe);
        CHECK(undo.impossible);
        CHECK(undo.statements.empty());
    }
}

TEST_CASE("type: a column's type is found by name, with or without schema, array or not") {
    using operations::is_type;
    const ObjectName mood{"public", "mood"};
    CHECK(is_type("mood", mood, "public"));
    CHECK(is_type("mood[]", mood, "public"));
    CHECK(is_type("public.mood", mood, "app"));
    CHECK(is_type("\"public\".\"mood\"", mood, "app"));
    CHECK_FALSE(is_type("mood", mood, "app"));
    CHECK_FALSE(is_type("moods", mood, "public"));
}

TEST_CASE("enum: a value that another type or a function needs cannot be taken out") {
    Fold fold;
    fold.apply("createEnum: {typeName: mood, values: [sad, happy]}");
    fold.apply(
        "createCompositeType: {typeName: person, typeAttributes: [{typeAttribute: {name: now, type: "
        "mood}}]}");
    CHECK_THAT(fold.undo_sql("addEnumValue: {typeName: mood, value: fine}"),
               ContainsSubstring("type public.person keeps it"));
}

TEST_CASE("enum: checks") {
    CHECK(Built("createEnum: {typeName: mood, values: [a, b, a]}").codes() == "CL1215");
    CHECK(Built("addEnumValue: {typeName: mood, value: c, before: a, after: b}").codes() == "CL1208");
    const Built old("addEnumValue: {typeName: mood, value: c}");
    Fold fold;
    fold.context.server_version = 110000;
    CHECK_FALSE(old.operation->statements(fold.context).front().transactional);
}

TEST_CASE("extension: one that is there stays, one that is not goes again") {
    Fold fold;
    CHECK(fold.undo_sql("createExtension: {extensionName: citext}") == "DROP EXTENSION citext");
    fold.context.complete = true;
    CHECK(fold.undo_sql("createExtension: {extensionName: citext, ifNotExists: true}") ==
          "DROP EXTENSION citext");
    fold.apply("createExtension: citext");
    CHECK(fold.undo_sql("createExtension: {extensionName: citext, ifNotExists: true}").empty());
    CHECK(fold.sql("createExtension: uuid-ossp") == "CREATE EXTENSION \"uuid-ossp\"");
}

TEST_CASE("grant: only what is new is revoked again") {
    Fold fold;
    catalog::Table table;
    table.name = {"public", "t"};
    fold.catalog().tables.emplace(table.name, table);
    fold.apply("grant: {privileges: SELECT, objectName: t, to: [a, PUBLIC]}");
    CHECK(fold.undo_sql("grant: {privileges: [SELECT, INSERT], objectName: t, to: [a, b]}") ==
          "REVOKE INSERT ON TABLE public.t FROM a;\nREVOKE INSERT, SELECT ON TABLE public.t FROM b");
    CHECK(fold.undo_sql("grant: {privileges: SELECT, objectName: t, to: a, withGrantOption: true}") ==
          "REVOKE GRANT OPTION FOR SELECT ON TABLE public.t FROM a");
    CHECK(fold.undo_sql("revoke: {privileges: ALL, objectName: t, from: [a, c]}") ==
          "GRANT SELECT ON TABLE public.t TO a");
    fold.apply("grant: {privileges: UPDATE, objectName: t, columnNames: [x, y], to: a}");
    CHECK(fold.undo_sql("revoke: {privileges: UPDATE, objectName: t, columnNames: y, from: a}") ==
          "GRANT UPDATE (y) ON TABLE public.t TO a");
    CHECK(fold.undo_sql("revoke: {privileges: UPDATE, objectName: t, from: a}") ==
          "GRANT UPDATE (x, y) ON TABLE public.t TO a");
    fold.apply("revoke: {privileges: UPDATE, objectName: t, from: a}");
    fold.apply("revoke: {privileges: ALL, objectName: t, from: PUBLIC}");
    CHECK(fold.catalog().tables.at({"public", "t"}).grants.size() == 1);
}

TEST_CASE("grant: an object that is not known") {
    Fold fold;
    CHECK_THAT(fold.undo_sql("revoke: {privileges: SELECT, objectName: t, from: a}"),
               ContainsSubstring("not known"));
    CHECK(Built("grant: {privileges: SELET, objectName: t, to: a}").codes() == "CL1206");
    CHECK(Built("grant: {privileges: USAGE, objectType: SCHEMA, objectName: s, columnNames: a, to: b}")
              .codes() == "CL1208 CL1206");
}
