// loadData and loadUpdateData with real files.
#include "support/catch.hpp"
#include "support/memory_files.hpp"

using namespace changelog;
using tests::Loaded;
using tests::MemoryFiles;

namespace {

catalog::Column column(std::string name, std::string type) {
    catalog::Column made;
    made.name = std::move(name);
    made.type = std::move(type);
    return made;
}

/// people(id integer primary key, name varchar, note text, active boolean, score numeric, born date)
catalog::Catalog people() {
    catalog::Table table;
    table.name = {"public", "people"};
    table.columns = {column("id", "integer"),         column("name", "character varying(50)"),
                     column("note", "text"),          column("active", "boolean"),
                     column("score", "numeric(8,2)"), column("born", "date")};
    catalog::Constraint key;
    key.name = "people_pkey";
    key.kind = catalog::ConstraintKind::primary_key;
    key.columns = {"id"};
    table.constraints.push_back(key);
    catalog::Catalog catalog;
    catalog.tables.emplace(table.name, table);
    return catalog;
}

Loaded load(const std::string& csv, const std::string& attributes = "",
            const std::string& operation = "loadData") {
    return Loaded("databaseChangeLog: [{changeSet: {id: '1', author: a, changes: [{" + operation +
                      ": {tableName: people, file: data/people.csv" +
                      (attributes.empty() ? "" : ", " + attributes) + "}}]}}]",
                  {}, MemoryFiles{{"data/people.csv", csv}});
}

struct Rendered {
    std::string sql, rows, undo;
};

Rendered render(const Loaded& loaded, const catalog::Catalog& before = people()) {
    INFO(loaded.report());
    REQUIRE_FALSE(loaded.diagnostics.has_errors());
    RenderContext context;
    context.before = &before;
    const Operation& operation = *loaded.changelog.changesets.at(0).changes.at(0);
    Rendered result;
    for (const Statement& statement : operation.statements(context)) {
        result.sql += (result.sql.empty() ? "" : "\n") + statement.sql;
        if (!statement.rows) continue;
        const RowChunks next = statement.rows();
        while (const auto piece = next()) result.rows += *piece;
    }
    const Undo undo = operation.inverse(context);
    if (undo.impossible) result.undo = "impossible: " + *undo.impossible;
    for (const Statement& statement : undo.statements)
        result.undo += (result.undo.empty() ? "" : "\n") + statement.sql;
    return result;
}

std::string many_rows(std::size_t count, const std::string& header, const std::string& rest) {
    std::string csv = header + "\n";
    for (std::size_t i = 1; i <= count; ++i) csv += std::to_string(i) + rest + "\n";
    return csv;
}

}  // namespace

TEST_CASE("loadData: types come from the table") {
    const Rendered rendered = render(load("id,name,note,active,score\n1,Ann,,yes,1.50\n2,,NULL,,\n"));
    CHECK(rendered.sql ==
          "INSERT INTO public.people (id, name, note, active, score) VALUES "
          "(1, 'Ann', NULL, TRUE, 1.50),(2, '', NULL, NULL, NULL)");
    CHECK(rendered.undo == "DELETE FROM public.people WHERE id IN (1, 2)");
}

TEST_CASE("loadData: without the table everything is text, and nothing can be undone") {
    const Rendered rendered = render(load("id,name\n1,Ann\n2,\n"), {});
    CHECK(rendered.sql == "INSERT INTO public.people (id, name) VALUES ('1', 'Ann'),('2', NULL)");
    CHECK_THAT(rendered.undo, ContainsSubstring("primary key is not known"));
}

TEST_CASE("loadData: columns are matched by name, header and place") {
    const Rendered rendered = render(
        load("id,full name,x,y\n1,Ann,1 + 1,gone\n2,,,gone\n",
             "columns: [{column: {name: name, header: Full Name, type: STRING, defaultValue: nobody}}, "
             "{column: {name: score, index: 2, type: COMPUTED}}, {column: {header: y, type: skip}}]"));
    CHECK(rendered.sql ==
          "INSERT INTO public.people (id, name, score) VALUES (1, 'Ann', 1 + 1),(2, 'nobody', NULL)");
}

TEST_CASE("loadData: a column that the file does not have is pointed out") {
    const Loaded loaded = load("id,name\n1,Ann\n", "columns: [{column: {name: nane, type: STRING}}]");
    CHECK(loaded.codes() == "CL1217");
    CHECK(loaded.diagnostics.items().at(0).did_you_mean == "name");
}

TEST_CASE("loadData: many rows go by COPY, where it gives the same") {
    const Rendered rendered = render(load(many_rows(60, "id,name,active", ",\"a\tb\\\",t")));
    CHECK(rendered.sql == "COPY public.people (id, name, active) FROM STDIN");
    CHECK(rendered.rows.starts_with("1\ta\\tb\\\\\tTRUE\n2\t"));
    CHECK(std::count(rendered.rows.begin(), rendered.rows.end(), '\n') == 60);
}

TEST_CASE("loadData: rows that COPY would read otherwise are inserted") {
    for (const char* rest : {",1e3,2020-01-01", ",1,TODAY"}) {
        const Rendered rendered = render(load(many_rows(60, "id,score,born", rest)));
        INFO(rest);
        CHECK(rendered.sql.starts_with("INSERT INTO public.people (id, score, born) VALUES (1, 1"));
        CHECK(std::count(rendered.sql.begin(), rendered.sql.end(), '\n') == 1);  // 51 rows, then 9
    }
    catalog::Catalog guarded = people();
    guarded.tables.at({"public", "people"}).row_security = true;
    CHECK(render(load(many_rows(60, "id,name", ",x")), guarded).sql.starts_with("INSERT"));
}

TEST_CASE("loadData: a COPY begins anew each time its rows are asked for, and may be left off") {
    const Loaded loaded = load(many_rows(100'000, "id,name", ",some longer text to fill the pieces"));
    const catalog::Catalog before = people();
    RenderContext context;
    context.before = &before;
    const auto statements = loaded.changelog.changesets.at(0).changes.at(0)->statements(context);
    REQUIRE(statements.size() == 1);
    for (int attempt = 0; attempt < 3; ++attempt) {
        const RowChunks next = statements[0].rows();
        const auto first = next();
        REQUIRE(first);
        CHECK(first->starts_with("1\tsome"));
    }
    std::size_t lines = 0;
    const RowChunks next = statements[0].rows();
    while (const auto piece = next())
        lines += static_cast<std::size_t>(std::count(piece->begin(), piece->end(), '\n'));
    CHECK(lines == 100'000);
}

TEST_CASE("loadData: keys are deleted a thousand at a time") {
    const Rendered rendered = render(load(many_rows(1500, "id,name", ",x")));
    CHECK(std::count(rendered.undo.begin(), rendered.undo.end(), '\n') == 1);
    CHECK(rendered.undo.ends_with("1500)"));
}

TEST_CASE("loadData: the key must be given, as constants") {
    CHECK_THAT(render(load("name\nAnn\n")).undo, ContainsSubstring("does not give the whole primary key"));
    CHECK_THAT(render(load("id,name\n1 + 1,Ann\n")).undo, ContainsSubstring("no constant"));
}

TEST_CASE("loadData: rows that do not fit are reported with file and line") {
    const Loaded loaded = load("id,name\n1,Ann\n2\n3,a,b\n");
    CHECK(loaded.codes() == "CL1217 CL1217");
    CHECK(loaded.diagnostics.items().at(0).where.file == "data/people.csv");
    CHECK(loaded.diagnostics.items().at(0).where.line == 3);
    CHECK(loaded.diagnostics.items().at(1).where.line == 4);
    CHECK(load("id,name\n1,\"open\n").codes() == "CL1217");
    CHECK(load("").codes() == "CL1217");
}

TEST_CASE("loadData: encodings and byte order marks") {
    CHECK_THAT(render(load("\xEF\xBB\xBFid,name\n1,x\n")).sql, ContainsSubstring("(id, name)"));
    CHECK_THAT(render(load("id,name\n1,Ren\xE9\n", "encoding: ISO-8859-1")).sql,
               ContainsSubstring("'Ren\xC3\xA9'"));
    const std::string utf16(
        "\xFF\xFEi\0d\0\n\0"
        "1\0\n\0",
        12);
    CHECK(render(load(utf16, "encoding: UTF-16")).sql == "INSERT INTO public.people (id) VALUES (1)");
    CHECK(load("id,name\n1,Ren\xE9\n").codes() == "CL1217");
}

TEST_CASE("loadData: another format") {
    const Rendered rendered = render(
        load("id\tname\n1\t'a\tb'\n// no\n", "separator: '\\t', quotchar: \"'\", commentLineStartsWith: //"));
    CHECK(rendered.sql == "INSERT INTO public.people (id, name) VALUES (1, 'a\tb')");
}

TEST_CASE("loadData: misspelt keys are explained") {
    CHECK(load("id\n1\n", "quoteChar: x").codes() == "CL1207");
    CHECK(load("id\n1\n", "header: true").codes() == "CL1207");
}

TEST_CASE("loadData: the checksum is over the file, not over its name") {
    const auto checksum = [](const Loaded& loaded) { return loaded.changelog.changesets.at(0).checksum; };
    CHECK(checksum(load("id\n1\n")) == checksum(load("id\n1\n", "relativeToChangelogFile: true")));
    CHECK(checksum(load("id\n1\n")) != checksum(load("id\n2\n")));
}

TEST_CASE("loadUpdateData: one statement a row") {
    const Rendered rendered =
        render(load("id,name,note\n1,Ann,x\nNULL,Bob,\n", "primaryKey: id", "loadUpdateData"));
    CHECK(rendered.sql ==
          "WITH changed AS (UPDATE public.people SET name = 'Ann', note = 'x' WHERE id = 1 RETURNING 1) "
          "INSERT INTO public.people (id, name, note) SELECT 1, 'Ann', 'x' WHERE NOT EXISTS (SELECT FROM "
          "changed)\n"
          "WITH changed AS (UPDATE public.people SET name = 'Bob', note = NULL WHERE id is NULL RETURNING 1) "
          "INSERT INTO public.people (id, name, note) SELECT NULL, 'Bob', NULL WHERE NOT EXISTS (SELECT FROM "
          "changed)");
    CHECK_THAT(rendered.undo, ContainsSubstring("needs a rollback block"));
}

TEST_CASE("loadUpdateData: only updates, columns left alone, keys alone") {
    CHECK(
        render(load("id,name,note\n1,Ann,x\n",
                    "primaryKey: id, onlyUpdate: true, columns: [{column: {name: note, allowUpdate: false}}]",
                    "loadUpdateData"))
            .sql == "UPDATE public.people SET name = 'Ann' WHERE id = 1");
    CHECK(
        render(load("id\n1\n", "primaryKey: id", "loadUpdateData")).sql ==
        "INSERT INTO public.people (id) SELECT 1 WHERE NOT EXISTS (SELECT FROM public.people WHERE id = 1)");
    CHECK(load("name\nAnn\n", "primaryKey: id", "loadUpdateData").codes() == "CL1217");
}
