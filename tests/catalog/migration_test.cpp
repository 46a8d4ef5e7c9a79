// The statements of migrations between catalogs that are put together here; tests/postgres/migration_test.cpp
// runs them.
#include "catalog/difference.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::catalog;

namespace {

using Lines = std::vector<std::string>;

Lines lines(const Undo& undo) {
    Lines out;
    for (const Statement& statement : undo.statements) {
        CHECK(statement.transactional);
        out.push_back(statement.sql);
    }
    return out;
}

Lines statements(const Catalog& from, const Catalog& to) { return lines(migration(from, to)); }

Column column(const std::string& name, const std::string& type, std::uint64_t id = 0) {
    Column out;
    out.name = name;
    out.type = type;
    out.id = {id};
    return out;
}

Table table(const std::string& name, std::vector<Column> columns, std::uint64_t id = 0) {
    Table out;
    out.name = {"public", name};
    out.columns = std::move(columns);
    out.id = {id};
    return out;
}

Catalog catalog_of(const std::vector<Table>& tables) {
    Catalog out;
    for (const Table& item : tables) out.tables.emplace(item.name, item);
    return out;
}

View view(const std::string& name, const std::string& query, std::uint64_t id = 0) {
    View out;
    out.name = {"public", name};
    out.query = query;
    out.id = {id};
    return out;
}

}  // namespace

TEST_CASE("equal catalogs need no statement") {
    const Catalog one = catalog_of({table("t", {column("a", "integer"), column("b", "text")})});
    Catalog other = catalog_of({table("t", {column("b", "text", 5), column("a", "integer", 6)}, 7)});
    other.uncertain = {"a DO block"};
    CHECK(statements(one, other).empty());
    CHECK(statements(Catalog{}, Catalog{}).empty());
}

TEST_CASE("without ids another name is another object, with them a renamed one") {
    const Catalog a = catalog_of({table("a", {column("x", "integer")})});
    const Catalog b = catalog_of({table("b", {column("y", "integer")})});
    const Undo anew = migration(a, b);
    CHECK(lines(anew) == Lines{"DROP TABLE public.a", "CREATE TABLE public.b (y integer)"});
    CHECK(anew.since == Lines{"rows of public.a written since"});
    CHECK(anew.losses == Lines{"rows of public.b"});
    const Undo renamed = migration(catalog_of({table("a", {column("x", "integer", 1)}, 9)}),
                                   catalog_of({table("b", {column("y", "integer", 1)}, 9)}));
    CHECK(lines(renamed) ==
          Lines{"ALTER TABLE public.a RENAME TO b", "ALTER TABLE public.b RENAME COLUMN x TO y"});
    CHECK(renamed.grade() == Grade::exact);
}

TEST_CASE("names are swapped by way of a spare one") {
    const Catalog from = catalog_of({table("a", {column("x", "integer")}, 1), table("b", {}, 2)});
    const Catalog to = catalog_of({table("b", {column("x", "integer")}, 1), table("a", {}, 2)});
    CHECK(statements(from, to) == Lines{"ALTER TABLE public.b RENAME TO b_aside",
                                        "ALTER TABLE public.a RENAME TO b",
                                        "ALTER TABLE public.b_aside RENAME TO a"});
}

TEST_CASE("names within texts follow a rename, so that nothing is dropped for it") {
    Catalog from = catalog_of({table("t", {column("a", "integer", 1)}, 9)});
    Catalog to = catalog_of({table("u", {column("b", "integer", 1)}, 9)});
    Constraint check;
    check.name = "c";
    check.expression = "(a > 0)";
    from.tables.begin()->second.constraints = {check};
    check.expression = "(b > 0)";
    to.tables.begin()->second.constraints = {check};
    from.views.emplace(ObjectName{"public", "v"}, view("v", "SELECT t.a FROM public.t WHERE t.a > 1", 3));
    to.views.emplace(ObjectName{"public", "v"}, view("v", "SELECT u.b AS a FROM public.u WHERE u.b > 1", 3));
    CHECK(statements(from, to) ==
          Lines{"ALTER TABLE public.t RENAME TO u", "ALTER TABLE public.u RENAME COLUMN a TO b"});
    CHECK(statements(to, from) ==
          Lines{"ALTER TABLE public.u RENAME TO t", "ALTER TABLE public.t RENAME COLUMN b TO a"});
}

TEST_CASE("views stand aside while a column that they read gets another type") {
    Catalog from = catalog_of({table("t", {column("a", "integer")})});
    Catalog to = catalog_of({table("t", {column("a", "bigint")})});
    View first = view("v", "SELECT t.a FROM public.t"), second = view("b", "SELECT v.a FROM public.v");
    first.depends = {{ObjectKind::column, {"public", "t"}, "a"}};
    second.depends = {{ObjectKind::column, {"public", "v"}, "a"}};
    second.comment = "kept";
    for (Catalog* catalog : {&from, &to})
        for (const View& item : {first, second}) catalog->views.emplace(item.name, item);
    CHECK(statements(from, to) == Lines{"DROP VIEW public.b", "DROP VIEW public.v",
                                        "ALTER TABLE public.t ALTER COLUMN a TYPE bigint USING a::bigint",
                                        "CREATE VIEW public.v AS SELECT t.a FROM public.t",
                                        "CREATE VIEW public.b AS SELECT v.a FROM public.v",
                                        "COMMENT ON VIEW public.b IS 'kept'"});
}

TEST_CASE("a required column comes back without values only where there are no rows") {
    Column required = column("b", "integer");
    required.not_null = true;
    const Undo undo = migration(catalog_of({table("t", {column("a", "integer")})}),
                                catalog_of({table("t", {column("a", "integer"), required})}));
    REQUIRE(undo.statements.size() == 2);
    CHECK(undo.statements[0].sql == "ALTER TABLE public.t ADD COLUMN b integer");
    CHECK_THAT(undo.statements[1].sql, ContainsSubstring("ALTER TABLE public.t ALTER COLUMN b SET NOT NULL"));
    CHECK(undo.losses == Lines{"values of public.t.b", "NOT NULL of public.t.b where there are rows"});
}

TEST_CASE("a type from which a value goes is made anew") {
    Type color;
    color.name = {"public", "color"};
    color.labels = {"red", "green"};
    color.id = {4};
    Catalog from = catalog_of({table("t", {column("c", "public.color")})}), to = from;
    to.types.emplace(color.name, color);
    color.labels = {"red", "green", "blue"};
    from.types.emplace(color.name, color);
    CHECK(statements(from, to) ==
          Lines{"ALTER TYPE public.color RENAME TO color_aside",
                "CREATE TYPE public.color AS ENUM ('red', 'green')",
                "ALTER TABLE public.t ALTER COLUMN c TYPE public.color USING c::text::public.color",
                "DROP TYPE public.color_aside"});
    CHECK(statements(to, from) == Lines{"ALTER TYPE public.color ADD VALUE 'blue'"});
    Catalog renamed = to;
    renamed.types.at(color.name).labels = {"red", "lime"};
    CHECK(statements(renamed, to) == Lines{"ALTER TYPE public.color RENAME VALUE 'lime' TO 'green'"});
}

TEST_CASE("rights are revoked and granted one by one") {
    Catalog from = catalog_of({table("t", {column("a", "integer")})}), to = from;
    from.tables.begin()->second.grants = {{"clerk", {"INSERT", "SELECT"}, {}, true},
                                          {"", {"SELECT"}, {}, false}};
    to.tables.begin()->second.grants = {{"clerk", {"SELECT"}, {}, false},
                                        {"clerk", {"UPDATE"}, {"a"}, false}};
    CHECK(statements(from, to) == Lines{"REVOKE SELECT ON TABLE public.t FROM PUBLIC",
                                        "REVOKE INSERT ON TABLE public.t FROM clerk",
                                        "REVOKE GRANT OPTION FOR SELECT ON TABLE public.t FROM clerk",
                                        "GRANT UPDATE (a) ON TABLE public.t TO clerk"});
}

TEST_CASE("an object of an unknown kind that differs is said to be out of reach") {
    Other other;
    other.kind = "operator";
    other.identity = "public.+++(integer,integer)";
    other.drop = "DROP OPERATOR public.+++(integer,integer)";
    Catalog with;
    with.others.emplace(other.kind + ' ' + other.identity, other);
    CHECK(migration({}, with).impossible ==
          "no statement is known that makes operator public.+++(integer,integer)");
    CHECK(statements(with, {}) == Lines{"DROP OPERATOR public.+++(integer,integer)"});
    Catalog commented = with;
    commented.others.begin()->second.comment = "more";
    CHECK(statements(with, commented) == Lines{"COMMENT ON OPERATOR public.+++(integer,integer) IS 'more'"});
}
