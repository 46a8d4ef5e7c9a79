#include "operations/reader.hpp"

#include "operations/canonical.hpp"
#include "support/catch.hpp"
#include "yaml/reader.hpp"

using namespace changelog;

namespace {

struct Part final : Described {
    std::string name, kind;
    bool flag = false;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("name", "Its name."), name);
        visitor.text(optional("type", "Its type."), kind);
        visitor.flag(optional("flag", "A flag."), flag);
    }
};

struct Thing final : Described {
    std::string table, mode = "fast", text;
    std::optional<std::string> note, day, count;
    std::vector<std::string> columns_named;
    std::vector<Part> parts, rows;
    Part inner;
    bool has_inner = false, on = true;
    std::optional<bool> maybe;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("tableName", "A table."), table);
        visitor.text(optional("mode", "A mode.").one_of({"fast", "slow"}), mode);
        visitor.text(optional("sql", "SQL.").short_form().also("query").sql(), text);
        visitor.text(optional("note", "A note.").cosmetic(), note);
        visitor.date(optional("day", "A day."), day);
        visitor.integer(optional("count", "A number."), count);
        visitor.names(optional("columnNames", "Names."), columns_named);
        visitor.list(optional("columns", "Parts."), ListOf("column", parts));
        visitor.list(optional("rows", "Parts.").also("row"), ListOf("row", rows));
        visitor.object(optional("inner", "A part."), inner, has_inner);
        visitor.flag(optional("on", "A flag."), on);
        visitor.flag(optional("maybe", "A flag."), maybe);
        visitor.misplaced("where", "It belongs elsewhere.");
    }
};

struct Bound {
    SourceFile file;
    Diagnostics diagnostics;
    std::optional<yaml::Node> node;
    Thing thing;
    std::size_t ignored = 0;

    explicit Bound(std::string text, bool lenient = false) : file{"db.yaml", std::move(text)} {
        node = yaml::read(file, diagnostics);
        REQUIRE(node);
        read_fields(*node, {&file, 1, 1}, "thing", thing, {lenient, "set-1", "/changes/0", &ignored},
                    diagnostics);
    }

    std::string codes() const {
        std::string out;
        for (const Diagnostic& item : diagnostics.items()) out += (out.empty() ? "" : " ") + item.code;
        return out;
    }
    const Diagnostic& first() const { return diagnostics.items().at(0); }
};

}  // namespace

TEST_CASE("fields are read by name, by alias and in another case") {
    const Bound bound(
        "TABLENAME: t\nquery: SELECT 1\nday: 2020-01-02\ncount: 010\ncolumnNames: \"a, b ,\"\nmaybe: "
        "'TRUE'\non: no\n");
    CHECK(bound.codes().empty());
    CHECK(bound.thing.table == "t");
    CHECK(bound.thing.text == "SELECT 1");
    CHECK(bound.thing.day == "2020-01-02 00:00:00");
    CHECK(bound.thing.count == "8");
    CHECK(bound.thing.columns_named == std::vector<std::string>{"a", "b"});
    CHECK(bound.thing.maybe == true);
    CHECK_FALSE(bound.thing.on);
}

TEST_CASE("a list of maps is the map that they make together") {
    const Bound bound("- tableName: t\n- mode: slow\n- columnNames: [a, 'b, c']\n");
    CHECK(bound.codes().empty());
    CHECK(bound.thing.mode == "slow");
    CHECK(bound.thing.columns_named == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("null counts as absent, the empty text does not") {
    CHECK(Bound("tableName:\n").codes() == "CL1204");
    CHECK(Bound("tableName: ''\n").codes().empty());
    CHECK(Bound("tableName: t\nnote: ~\n").thing.note == std::nullopt);
}

TEST_CASE("a scalar is the short form, where there is one") {
    const Bound bound("SELECT 1\n");
    CHECK(bound.codes() == "CL1204");  // the table is still missing
    CHECK(bound.thing.text == "SELECT 1");
}

TEST_CASE("an unknown key has a suggestion, a pointer and an edit") {
    const Bound bound("tableName: t\n\"mod\": slow\n");
    REQUIRE(bound.codes() == "CL1203");
    CHECK(bound.first().title == "unknown key 'mod' in thing");
    CHECK(bound.first().did_you_mean == "mode");
    CHECK(bound.first().expected.empty());
    CHECK(bound.first().changeset == "set-1");
    CHECK(bound.first().pointer == "/changes/0/mod");
    CHECK(bound.first().where.length == 3);
    REQUIRE(bound.first().fixes.size() == 1);
    CHECK(bound.first().fixes[0].edits.at(0).start_column == 1);
    CHECK(bound.first().fixes[0].edits.at(0).end_column == 6);  // with its quotes
    CHECK(Bound("tableName: t\nzzzzzz: 1\n").first().fixes.empty());
}

TEST_CASE("lenient reading warns of unknown and misplaced keys and counts them") {
    const Bound bound("tableName: t\nmod: slow\nwhere: x\n", true);
    CHECK(bound.codes() == "CL1207 CL1203");
    CHECK_FALSE(bound.diagnostics.has_errors());
    CHECK(bound.ignored == 2);
    CHECK(Bound("tableName: t\nwhere: x\n").first().why == "It belongs elsewhere.");
}

TEST_CASE("keys that only carry remarks are passed over") {
    CHECK(Bound("tableName: t\nremarks: a\ncomment: b\ncomments: c\ndescription: d\n").codes().empty());
}

TEST_CASE("a key given twice is reported with both places and the last one holds") {
    const Bound bound("tableName: t\nmode: fast\nmode: slow\n");
    REQUIRE(bound.codes() == "CL1202");
    CHECK(bound.first().where.line == 3);
    CHECK_THAT(bound.first().why, ContainsSubstring("db.yaml:2:1"));
    CHECK(bound.thing.mode == "slow");
}

TEST_CASE("values of the wrong type are errors") {
    CHECK(Bound("tableName: {a: b}\n").codes() == "CL1205");
    CHECK(Bound("tableName: [a, b]\n").codes() == "CL1205");
    CHECK(Bound("tableName: [a]\n").thing.table == "a");
    CHECK(Bound("tableName: t\ncount: many\n").codes() == "CL1205");
    CHECK(Bound("tableName: t\ncolumnNames: {a: b}\n").codes() == "CL1205");
    CHECK(Bound("tableName: t\ncolumns: [a, b]\n").codes() == "CL1205 CL1205");
    CHECK(Bound("tableName: t\ncolumns: text\n").codes() == "CL1205");
    CHECK(Bound("tableName: t\ninner: text\n").codes() == "CL1205 CL1204");
}

TEST_CASE("choices are exact and suggested") {
    const Bound bound("tableName: t\nmode: Slow\n");
    REQUIRE(bound.codes() == "CL1206");
    CHECK(bound.first().did_you_mean == "slow");
    CHECK(bound.first().expected == std::vector<std::string>{"fast", "slow"});
}

TEST_CASE("a flag that is neither true nor false is pointed out") {
    const Bound bound("tableName: t\non: \"yes\"\n");
    CHECK(bound.codes() == "CL1209");
    CHECK_FALSE(bound.thing.on);
    CHECK(Bound("tableName: t\non: yes\n").codes().empty());
}

TEST_CASE("lists come in every form that Liquibase takes") {
    const auto names = [](const std::string& lines) {
        const Bound bound("tableName: t\n" + lines);
        INFO(lines << bound.codes());
        CHECK(bound.codes().empty());
        std::string out;
        for (const Part& part : bound.thing.parts) out += part.name + ":" + part.kind + " ";
        return out;
    };
    CHECK(names("columns:\n- column: {name: a, type: x}\n- column: {name: b}\n") == "a:x b: ");
    CHECK(names("columns:\n- column: [{name: a}, {type: x}]\n") == "a:x ");
    CHECK(names("columns:\n  column: {name: a, type: x}\n") == "a:x ");
    CHECK(names("columns: {name: a, type: x}\n") == "a:x ");
    CHECK(names("columns: [{name: a, type: x}]\n") == "a:x ");
    CHECK(names("columns: [{name: a}, {type: x}]\n") == "a:x ");
    CHECK(names("column: {name: a, type: x}\n") == "a:x ");
    CHECK(names("column: [{name: a}, {type: x}]\n") == "a:x ");
    CHECK(names("columns:\n- column: {name: a}\n- {name: b, type: x}\n") == "a: b:x ");
    CHECK(names("columns:\n") == "");
}

TEST_CASE("a list whose wrapper is also its alias is read once") {
    const Bound bound("tableName: t\nrow: {name: a}\n");
    CHECK(bound.codes().empty());
    CHECK(bound.thing.rows.size() == 1);
}

TEST_CASE("what has no key of an item among the items is reported and is none") {
    const Bound bound("tableName: t\ncolumns:\n- column: {name: a}\n- addIndex: {x: y}\n", true);
    CHECK(bound.codes() == "CL1203");
    CHECK(bound.thing.parts.size() == 1);
}

TEST_CASE("two items without their wrapper are an error") {
    CHECK(Bound("tableName: t\ncolumns: [{name: a}, {name: b}]\n").codes() == "CL1205");
}

TEST_CASE("items whose keys stand beside the wrapper are an error, or a warning that is understood") {
    const std::string text = "tableName: t\ncolumns:\n- column:\n  name: a\n  type: x\n";
    CHECK(Bound(text).codes() == "CL1207");
    const Bound lenient(text, true);
    CHECK(lenient.codes() == "CL1207");
    REQUIRE(lenient.thing.parts.size() == 1);
    CHECK(lenient.thing.parts[0].name == "a");
}

TEST_CASE("errors below a list point at the item") {
    const Bound bound("tableName: t\ncolumns:\n- column: {nam: a}\n");
    REQUIRE(bound.codes() == "CL1203");
    CHECK(bound.first().title == "unknown key 'nam' in column");
    CHECK(bound.first().pointer == "/changes/0/columns/0/column/nam");
}

TEST_CASE("the canonical form sorts keys and leaves out what has no effect") {
    Bound bound(
        "tableName: \"t\\\"\\n\\u0001\"\nnote: x\nsql: SELECT  1\ncolumns: [{column: {name: a, flag: "
        "true}}]\ninner: {name: i}\n");
    CHECK(
        canonical_fields(bound.thing) ==
        R"({"columnNames":[],"columns":[{"flag":true,"name":"a","type":""}],"inner":{"flag":false,"name":"i","type":""},)"
        R"("mode":"fast","on":true,"sql":"select 1","tableName":"t\"\n\u0001"})");
}
