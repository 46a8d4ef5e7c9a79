// What `retain` reads, and what it makes of operations. That the SQL works is proved in tests/execute.
#include "operations/attic.hpp"
#include "support/catch.hpp"
#include "support/fold.hpp"

using namespace changelog;
using operations::needed_by;
using operations::read_retain;
using tests::Built;
using tests::Fold;

namespace {

/// "keep", "keep 30 days", "drop", or "? did you mean".
std::string meaning(const std::string& text) {
    std::string near;
    const auto choice = read_retain(text, &near);
    if (!choice) return "? " + near;
    if (!choice->keep) return "drop";
    return choice->keep->period.empty() ? "keep" : "keep " + choice->keep->period;
}

/// A schema with a customer, orders that point at it, and a view.
void fill(Fold& fold) {
    fold.apply(
            "createTable: {tableName: customer, columns: [{column: {name: id, type: int, constraints: "
            "{primaryKey: true}}}]}")
        .apply(
            "createTable: {tableName: orders, columns: [{column: {name: id, type: int, constraints: "
            "{primaryKey: true}}}, {column: {name: customer_id, type: int, constraints: {foreignKeyName: fk, "
            "references: customer(id), deleteCascade: true}}}, {column: {name: note, type: text}}]}")
        .apply("createView: {viewName: v, selectQuery: SELECT id FROM public.customer}");
}

bool keeps(const std::string& sql) { return sql.find("DO $attic$") != std::string::npos; }

}  // namespace

TEST_CASE("retain is true, false or a period with a unit") {
    CHECK(meaning("true") == "keep");
    CHECK(meaning("TRUE") == "keep");
    CHECK(meaning("false") == "drop");
    CHECK(meaning("30 days") == "keep 30 days");
    CHECK(meaning("12h") == "keep 12 hours");
    CHECK(meaning("7d") == "keep 7 days");
    CHECK(meaning(" 1 month 2 weeks ") == "keep 1 months 2 weeks");
    CHECK(meaning("90 Minutes") == "keep 90 minutes");
}

TEST_CASE("what is no period is refused, with what may have been meant") {
    CHECK(meaning("30") == "? 30 days");
    CHECK(meaning("30 dys") == "? 30 days");
    CHECK(meaning("3 monhts") == "? 3 months");
    CHECK(meaning("ture") == "? true");
    for (const char* wrong : {"", "days", "-3 days", "0 days", "1.5 days", "5m", "3 days;", "999999 days",
                              "1 day'; DROP TABLE x", "1 day ago"})
        CHECK(meaning(wrong).starts_with("?"));
}

TEST_CASE("an operation reports a retain that it does not understand") {
    for (const char* operation :
         {"dropTable: {tableName: t, retain: 30 dys}",
          "dropColumn: {tableName: t, columnName: c, retain: 30 dys}",
          "delete: {tableName: t, retain: 30 dys}",
          "update: {tableName: t, columns: [{column: {name: a, value: b}}], retain: 30 dys}",
          "backfill: {tableName: t, columns: [{column: {name: a, value: b}}], retain: 30 dys}",
          "modifyDataType: {tableName: t, columnName: c, newDataType: int, retain: 30 dys}"}) {
        const Built built(operation);
        INFO(operation);
        REQUIRE(built.codes() == "CL1215");
        CHECK(built.diagnostics.items()[0].did_you_mean == "30 days");
    }
}

TEST_CASE("an empty retain is an error") {
    CHECK(Built("dropTable: {tableName: t, retain: ''}").codes() == "CL1215");
    CHECK(Built("dropTable: {tableName: t}").codes().empty());
}

TEST_CASE("retain is no part of the checksum") {
    CHECK(Built("dropTable: {tableName: t, retain: true}").checksum_form() ==
          Built("dropTable: {tableName: t}").checksum_form());
}

TEST_CASE("the default applies unless the operation says otherwise, and not in a rollback block") {
    Fold fold;
    fill(fold);
    CHECK(fold.sql("dropTable: {tableName: orders}") == "DROP TABLE public.orders");
    fold.context.retain = "30 days";
    CHECK_THAT(fold.sql("dropTable: {tableName: orders}"),
               ContainsSubstring("period CONSTANT text := '30 days'"));
    CHECK(fold.sql("dropTable: {tableName: orders, retain: false}") == "DROP TABLE public.orders");
    CHECK_THAT(fold.sql("dropTable: {tableName: orders, retain: true}"),
               ContainsSubstring("period CONSTANT text := NULL"));
    fold.context.retain = "false";
    CHECK_FALSE(keeps(fold.sql("dropTable: {tableName: orders}")));
    fold.context.retain = "true";
    fold.context.undoing = true;
    CHECK_FALSE(keeps(fold.sql("dropTable: {tableName: orders}")));
    CHECK(keeps(fold.sql("dropTable: {tableName: orders, retain: true}")));
}

TEST_CASE("what is kept is undone exactly, and without retain the losses are said") {
    Fold fold;
    fill(fold);
    const std::vector<std::pair<std::string, std::string>> lossy = {
        {"dropTable: {tableName: orders", "rows of public.orders"},
        {"dropColumn: {tableName: orders, columnName: note", "values of public.orders.note"},
        {"delete: {tableName: orders", "rows of public.orders that the DELETE took"},
        {"update: {tableName: orders, columns: [{column: {name: note, value: x}}]",
         "what the updated rows of public.orders held before in public.orders.note"},
        {"backfill: {tableName: orders, columns: [{column: {name: note, value: x}}]",
         "what the updated rows of public.orders held before in public.orders.note"},
        {"modifyDataType: {tableName: orders, columnName: note, newDataType: varchar(3)",
         "what values of public.orders.note lost when they became character varying(3)"}};
    for (const auto& [operation, loss] : lossy) {
        INFO(operation);
        const Undo plain = fold.undo(operation + "}");
        CHECK(plain.losses == std::vector<std::string>{loss});
        CHECK_FALSE(plain.impossible);
        const Undo kept = fold.undo(operation + ", retain: true}");
        CHECK(kept.losses.empty());
        CHECK_FALSE(kept.impossible);
        CHECK(kept.statements.size() == 1);
        CHECK(needed_by(kept.statements.at(0).sql));
        CHECK_FALSE(needed_by(fold.sql(operation + ", retain: true}")));
    }
}

TEST_CASE("an undo tells which item it needs") {
    Fold fold;
    fill(fold);
    fold.context.tag = "0a1b2c3d";
    fold.context.attic = "My attic";
    const auto kept =
        needed_by(fold.undo("dropTable: {tableName: orders, retain: true}").statements.at(0).sql);
    REQUIRE(kept);
    CHECK(kept->attic == "My attic");
    CHECK(kept->kind == "table");
    CHECK(kept->object == "public.orders");
    CHECK(kept->tag == "0a1b2c3d");
    CHECK_FALSE(needed_by("DROP TABLE public.orders"));
    const auto quoted =
        needed_by(fold.undo("dropTable: {tableName: \"it's $attic$\", schemaName: s, retain: true}")
                      .statements.at(0)
                      .sql);
    // A name with the delimiter in it needs another delimiter.
    REQUIRE(quoted);
    CHECK(quoted->object == "s.\"it's $attic$\"");
}

TEST_CASE("names in the attic fit, however long the object's is") {
    Fold fold;
    const std::string longest = "t\xC3\xA4" + std::string(60, 'x');
    RenderContext context = fold.context;
    const auto table = operations::Kept::of(context, "table", {"public", longest}, {}, {});
    CHECK(table.name.size() <= 63 - 8);  // room for what partitions and indexes add
    CHECK(table.name.ends_with("__00000000"));
    const auto column = operations::Kept::of(context, "column", {"public", "t"}, longest, {});
    CHECK(column.name.size() <= 63 - 3);
    CHECK(column.name.starts_with("~t"));
    CHECK(column.name.ends_with("~00000000"));
}

TEST_CASE("a default gives way where rows could not be found again; a wish does not") {
    Fold fold;
    fold.apply("createTable: {tableName: loose, columns: [{column: {name: a, type: int}}]}");
    fill(fold);
    const std::string change = "update: {tableName: loose, columns: [{column: {name: a, valueNumeric: 1}}]";
    fold.context.retain = "true";
    CHECK(fold.sql(change + "}") == "UPDATE public.loose SET a = 1");
    CHECK(fold.undo(change + "}").losses.size() == 1);
    CHECK(keeps(fold.sql(change + ", retain: true}")));
    // The key itself changes.
    CHECK(fold.sql("update: {tableName: orders, columns: [{column: {name: id, valueNumeric: 1}}]}") ==
          "UPDATE public.orders SET id = 1");
    CHECK(keeps(fold.sql("delete: {tableName: loose}")));
}

TEST_CASE("what a change does elsewhere is said, since no copy holds it") {
    Fold fold;
    fill(fold);
    const Undo undo = fold.undo("delete: {tableName: customer, retain: true}");
    CHECK(undo.losses ==
          std::vector<std::string>{
              "rows of public.orders that went with those of public.customer (ON DELETE CASCADE)"});
    fold.catalog().tables.begin()->second.triggers.push_back(
        {"t",
         "CREATE TRIGGER t BEFORE DELETE ON public.customer FOR EACH ROW EXECUTE FUNCTION f()",
         "O",
         false,
         {},
         {}});
    CHECK(fold.undo("delete: {tableName: customer, retain: true}").losses.size() == 2);
}

TEST_CASE("a cast that loses nothing keeps nothing") {
    Fold fold;
    fill(fold);
    fold.context.retain = "true";
    const std::string wider = "modifyDataType: {tableName: orders, columnName: id, newDataType: bigint}";
    CHECK_FALSE(keeps(fold.sql(wider)));
    CHECK(fold.undo(wider).losses.empty());
    CHECK(fold.undo(wider).since.size() == 1);
    CHECK(fold.undo(wider).grade() == Grade::loses_since);
}

TEST_CASE(
    "cascadeConstraints drops what the fold knows before the table is moved, and makes it again after") {
    Fold fold;
    fill(fold);
    const std::string drop = "dropTable: {tableName: customer, cascadeConstraints: true, retain: true}";
    CHECK_THAT(
        fold.sql(drop),
        ContainsSubstring("DROP VIEW public.v;\nALTER TABLE public.orders DROP CONSTRAINT fk;\nDO $attic$"));
    const std::string undo = fold.undo_sql(drop);
    CHECK(undo.find("ADD CONSTRAINT fk") < undo.find("VALIDATE CONSTRAINT fk"));
    CHECK_THAT(undo, ContainsSubstring("NOT VALID") && ContainsSubstring("CREATE VIEW public.v"));
}

TEST_CASE("what is not known is found out by looking, but for a table that notes all itself") {
    Fold fold;
    CHECK(fold.undo("dropTable: {tableName: far}").observe);
    CHECK(fold.undo("dropTable: {tableName: far, retain: true}").grade() == Grade::exact);
    CHECK(fold.undo("dropTable: {tableName: far, retain: true, cascadeConstraints: true}").observe);
    CHECK(fold.undo("dropColumn: {tableName: far, columnName: c, retain: true}").observe);
    CHECK(fold.undo("modifyDataType: {tableName: far, columnName: c, newDataType: int}").observe);
}

TEST_CASE("a column that is kept is still a column of the table, with nothing but its values") {
    Fold fold;
    fill(fold);
    fold.apply("addUniqueConstraint: {tableName: orders, columnNames: note}");
    fold.apply("dropColumn: {tableName: orders, columnName: note, retain: true}");
    const catalog::Table* orders = fold.catalog().table({"public", "orders"});
    REQUIRE(orders->columns.size() == 3);
    CHECK(orders->columns[2].name == "~note~00000000");
    CHECK(orders->column("note") == nullptr);
    CHECK(orders->constraints.size() == 2);
    fold.apply("addColumn: {tableName: orders, columns: [{column: {name: note, type: int}}]}");
    fold.apply("dropColumn: {tableName: orders, columnName: note, retain: true}");
    CHECK(orders->columns[3].name == "~note~00000000_2");
    fold.apply("dropColumn: {tableName: orders, columnName: customer_id}");
    CHECK(orders->columns.size() == 3);
}
