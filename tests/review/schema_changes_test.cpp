#include "review/schema_changes.hpp"

#include "support/catch.hpp"

#include <sstream>

using namespace changelog;
using namespace changelog::review;

namespace {

catalog::Table table(const std::string& name, const std::vector<std::string>& columns) {
    catalog::Table out;
    out.name = {"public", name};
    for (const std::string& each : columns) {
        catalog::Column column;
        column.name = each;
        column.type = "numeric(10,2)";
        column.not_null = true;
        out.columns.push_back(column);
    }
    return out;
}

void refer(catalog::Table& from, const std::string& column, const std::string& to) {
    catalog::Constraint key;
    key.name = from.name.name + "_" + column + "_fk";
    key.kind = catalog::ConstraintKind::foreign_key;
    key.columns = {column};
    key.referenced_table = {"public", to};
    from.constraints.push_back(key);
}

catalog::Catalog chain() {
    catalog::Catalog out;
    const char* before = nullptr;
    for (const char* name : {"a", "b", "c", "d"}) {
        catalog::Table each = table(name, {"id", "other", "plain"});
        if (before != nullptr) refer(each, "other", before);
        before = name;
        out.tables.emplace(each.name, each);
    }
    return out;
}

}  // namespace

TEST_CASE("rights are told apart from the rest of a schema's difference") {
    catalog::Catalog base = chain(), head = chain();
    head.tables.at({"public", "a"}).row_security = true;
    head.tables.at({"public", "a"}).owner = "boss";
    head.tables.at({"public", "a"}).policies.push_back({"mine", "CREATE POLICY mine ON a", {}, {}});
    head.tables.at({"public", "b"}).columns.pop_back();
    const SchemaChanges changes = schema_changes(base, head);
    CHECK(changes.differences.size() == 4);
    CHECK(changes.rights.size() == 3);
    CHECK_FALSE(changes.proven);
    CHECK(schema_changes(base, base).differences.empty());
}

TEST_CASE("a diagram has the touched tables and those one foreign key away") {
    catalog::Catalog base = chain(), head = chain();
    head.tables.at({"public", "b"}).columns[2].type = "text";
    head.tables.at({"public", "b"}).columns[1].not_null = false;
    const std::set<ObjectName> touched = touched_tables(base, head);
    CHECK(touched == std::set<ObjectName>{{"public", "b"}});
    CHECK(er_diagram(head, touched) ==
          "erDiagram\n"
          "    t1[\"a\"]\n"
          "    t0[\"b\"] {\n"
          "        numeric(10_2) id\n"
          "        numeric(10_2) other FK\n"
          "        text plain\n"
          "    }\n"
          "    t2[\"c\"] {\n"
          "        numeric(10_2) other FK\n"
          "    }\n"
          "    t1 |o--o{ t0 : \"b_other_fk\"\n"
          "    t0 ||--o{ t2 : \"c_other_fk\"\n");
    CHECK(er_diagram(head, {}).empty());
    CHECK(er_diagram(head, touched, 1).find("t1") == std::string::npos);
}

TEST_CASE("tables that come and go are touched") {
    catalog::Catalog base = chain(), head = chain();
    base.tables.erase({"public", "a"});
    head.tables.erase({"public", "d"});
    CHECK(touched_tables(base, head) == std::set<ObjectName>{{"public", "a"}, {"public", "d"}});
}

TEST_CASE("no name is part of a diagram's syntax") {
    const std::string hostile = "a\"]{} %% \n; `x` <b>\\ #1 \u202e\xFF end";
    catalog::Catalog all;
    catalog::Table each = table(hostile, {hostile, "pk", "1st", "größe", ""});
    refer(each, hostile, hostile);
    all.tables.emplace(each.name, each);
    const std::string text = er_diagram(all, {each.name});
    std::istringstream lines(text);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        INFO(line);
        CHECK(std::count(line.begin(), line.end(), '"') % 2 == 0);
        for (const char c : line)
            CHECK((static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0xF8));
        for (const char* bad : {"%%", "`", "<b>", "\\", "#1", ";", "\u202e", "\xFF"})
            CHECK(line.find(bad) == std::string::npos);
    }
    CHECK(count == 9);
    CHECK_THAT(text, ContainsSubstring(" _pk \"pk\"\n"));
    CHECK_THAT(text, ContainsSubstring(" _1st \"1st\"\n"));
    CHECK_THAT(text, ContainsSubstring("\"größe\"\n"));
}

TEST_CASE("a table of very many columns is cut") {
    catalog::Catalog all;
    std::vector<std::string> names;
    for (int i = 0; i < 10'000; ++i) names.push_back("column_" + std::to_string(i));
    const catalog::Table wide = table("wide", names);
    all.tables.emplace(wide.name, wide);
    const std::string text = er_diagram(all, {wide.name});
    CHECK(text.size() < 3000);
    CHECK_THAT(text, ContainsSubstring("\"and 9970 more\""));
}
