#include "support/catch.hpp"
#include "support/fold.hpp"

using namespace changelog;
using tests::Built;
using tests::Fold;

namespace {

/// A schema with people(id primary key, name).
void add_people(Fold& fold) {
    catalog::Table table;
    table.name = {"public", "people"};
    table.columns.resize(2);
    table.columns[0].name = "id";
    table.columns[0].type = "integer";
    table.columns[1].name = "name";
    table.columns[1].type = "character varying(50)";
    catalog::Constraint key;
    key.name = "people_pkey";
    key.kind = catalog::ConstraintKind::primary_key;
    key.columns = {"id"};
    table.constraints.push_back(key);
    fold.catalog().tables.emplace(table.name, table);
}

const char* const kAnn =
    "insert: {tableName: people, columns: [{column: {name: id, valueNumeric: 1}}, {column: {name: name, "
    "value: Ann}}]}";

}  // namespace

TEST_CASE("insert: a row is deleted again by its primary key") {
    Fold fold;
    add_people(fold);
    CHECK(fold.sql(kAnn) == "INSERT INTO public.people (id, name) VALUES (1, 'Ann')");
    CHECK(fold.undo_sql(kAnn) == "DELETE FROM public.people WHERE id = 1");
}

TEST_CASE("insert: without a known key, or with a computed one, it cannot be undone") {
    Fold fold;
    CHECK_THAT(fold.undo_sql(kAnn), ContainsSubstring("its primary key is not known"));
    add_people(fold);
    CHECK_THAT(
        fold.undo_sql("insert: {tableName: people, columns: [{column: {name: id, valueComputed: 1 + 1}}]}"),
        ContainsSubstring("the key column id is given no constant"));
    CHECK_THAT(fold.undo_sql("insert: {tableName: people, columns: [{column: {name: name, value: Ann}}]}"),
               ContainsSubstring("the key column id is given no constant"));
}

TEST_CASE("insert: a context on a single change is pointed out") {
    Built built(
        "insert: {tableName: people, context: prod, columns: [{column: {name: id, valueNumeric: 1}}]}");
    CHECK(built.codes() == "CL1207");
}

TEST_CASE("insert: files give the values of clob and blob columns") {
    Built built(
        "insert: {tableName: people, columns: [{column: {name: name, valueClobFile: a.txt}}, "
        "{column: {name: photo, valueBlobFile: b.bin}}]}",
        {{"a.txt", "it's"}, {"b.bin", std::string("\0\xff", 2)}});
    Fold fold;
    CHECK(tests::joined(built.operation->statements(fold.context)) ==
          "INSERT INTO public.people (name, photo) VALUES ('it''s', '\\x00ff')");
    CHECK_THAT(built.checksum_form(), ContainsSubstring("it''s"));
}

TEST_CASE("insert: what its values are made from is required") {
    Fold fold;
    CHECK(fold.footprint(
              "insert: {tableName: people, columns: [{column: {name: id, valueSequenceNext: ids}}]}") ==
          "require table public.people, require column public.people.id, require sequence public.ids, "
          "alter rows of public.people");
}

TEST_CASE("update: every shape") {
    Fold fold;
    CHECK(fold.sql("update: {tableName: t, columns: [{column: {name: a, value: x}}, {column: {name: b, "
                   "valueNumeric: 2}}]}") == "UPDATE public.t SET a = 'x', b = 2");
    CHECK(fold.sql("update: {tableName: t, columns: [{column: {name: a, value: null}}], where: id = 1}") ==
          "UPDATE public.t SET a = NULL WHERE id = 1");
    const Undo undo = fold.undo("update: {tableName: t, columns: [{column: {name: a, value: x}}]}");
    CHECK(undo.statements.empty());
    CHECK(undo.losses ==
          std::vector<std::string>{"what the updated rows of public.t held before in public.t.a"});
}

TEST_CASE("where: names and values take their places in order") {
    Fold fold;
    CHECK(fold.sql("delete: {tableName: t, where: ':name = :value or :name > ?', whereParams: [{param: "
                   "{name: Id, valueNumeric: 1}}, "
                   "{param: {name: b, value: x}}]}") == "DELETE FROM public.t WHERE \"Id\" = 1 or b > 'x'");
    CHECK(fold.sql("delete: {tableName: t, where: 'a = ?', whereParams: {param: {value: x}}}") ==
          "DELETE FROM public.t WHERE a = 'x'");
    CHECK(fold.sql("delete: {tableName: t, where: 'a ? b'}") == "DELETE FROM public.t WHERE a ? b");
    CHECK(fold.sql("delete: {tableName: t, where: 'a = ? and b = ?', whereParams: {param: {value: x}}}") ==
          "DELETE FROM public.t WHERE a = 'x' and b = ?");
}

TEST_CASE("where: an empty condition is an error") {
    CHECK(Built("delete: {tableName: t, where: ''}").codes() == "CL1215");
    CHECK(Built("update: {tableName: t, where: ' ', columns: [{column: {name: a, value: x}}]}").codes() ==
          "CL1215");
}

TEST_CASE("where: tables in subqueries are required") {
    Fold fold;
    CHECK_THAT(fold.footprint("delete: {tableName: t, where: id IN (SELECT t_id FROM other)}"),
               ContainsSubstring("require table public.other"));
}

TEST_CASE("backfill: the size of a batch is no part of the checksum") {
    const std::string text =
        "backfill: {tableName: t, columns: [{column: {name: a, valueComputed: b}}], where: a IS NULL";
    CHECK(Built(text + "}").checksum_form() == Built(text + ", batchSize: 500}").checksum_form());
    CHECK(Built(text + ", batchSize: 0}").codes() == "CL1215");
}

TEST_CASE("empty, output, stop and tagDatabase send nothing") {
    for (const char* text :
         {"empty: {}", "empty: null", "output: hello", "stop: no further", "tagDatabase: {tag: v1}"}) {
        Built built(text);
        CHECK(built.codes().empty());
        Fold fold;
        CHECK(built.operation->statements(fold.context).empty());
    }
}

TEST_CASE("output, stop, tagDatabase and executeCommand say what is to be done") {
    const Built output("output: {message: hello, target: STDOUT}");
    CHECK(output.operation->output()->text == "hello");
    CHECK(output.operation->output()->target == "STDOUT");
    CHECK(Built("output: hello").operation->output()->target == "STDERR");
    CHECK(Built("stop: no further").operation->stop_message() == "no further");
    CHECK(Built("tagDatabase: {tag: v1}").operation->tag() == "v1");
    CHECK(Built("tagDatabase: null").codes() == "CL1204");
    CHECK_FALSE(Built("tagDatabase: null").operation->tag());

    const Built command(
        "executeCommand: {executable: ls, args: [{arg: {value: -l}}, {arg: {value: /tmp}}], os: 'Linux, Mac "
        "OS X', timeout: 2m}");
    CHECK(command.operation->command()->executable == "ls");
    CHECK(command.operation->command()->arguments == std::vector<std::string>{"-l", "/tmp"});
    CHECK(command.operation->command()->systems == std::vector<std::string>{"Linux", "Mac OS X"});
    CHECK(command.operation->command()->timeout == std::chrono::minutes(2));
    CHECK(Built("executeCommand: {executable: ls, timeout: soon}").codes() == "CL1215");
    CHECK(Fold().footprint("executeCommand: {executable: ls}") == "barrier");
}
