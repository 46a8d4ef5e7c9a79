#include "changelog/codes.hpp"

#include "graph/builder.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::test;

namespace {

void depends(Changelog& changelog, std::size_t index, ChangeSetReference on) {
    changelog.changesets[index].depends_on.push_back(std::move(on));
}

ChangeSetReference by_id(const std::string& id) { return {id, {}, {}, {}}; }

}  // namespace

TEST_CASE("a changelog whose order is valid is not moved") {
    CHECK(order({"z: +t", "y: +u", "x: .t +t.a", "w: -t", "v: +t"}) == "z y x w v");
    CHECK(order({}) == "");
}

TEST_CASE("a table that is made later moves before its first use") {
    CHECK(order({"a: .b", "x: +x", "b: +b"}) == "x b a");
    CHECK(order({"a: .t +t.x", "b: ~rows_t .t.x", "t: +t"}) == "t a b");
    CHECK(order({"f: .f()", "g: +f()"}) == "g f");
    CHECK(order({"a: +s/t", "s: +schema_s"}) == "s a");
}

TEST_CASE("what the maker does to the parts of its table moves along") {
    CHECK(order({"view: +v .t", "more: ~rows_t", "t: +t +t.a; .t +t.b; ~rows_t"}) == "t view more");
}

TEST_CASE("nothing moves where the object may have been there before") {
    CHECK(order({"a: .t", "b: -t", "c: +t"}) == "a b c");
    CHECK(order({"a: .t", "b: -t +t"}) == "a b");
    CHECK(order({"a: .t", "b: +t?"}) == "a b");
    CHECK(order({"a: .t?", "b: +t"}) == "a b");
    CHECK(order({"a: -t?", "b: +t"}) == "a b");
    CHECK(order({"a: .t", "b: +t", "c: -t", "d: +t"}) == "a b c d");
    CHECK(order({"a: .t", "b: !", "c: +t"}) == "a b c");
    CHECK(order({"a: .t !", "c: +t"}) == "a c");
    for (const std::size_t conditional : {0U, 1U}) {
        Changelog changelog = changelog_of({"a: .t", "b: +t"});
        changelog.changesets[conditional].preconditions.emplace();
        CHECK(ids(changelog, graph_of(changelog).order) == "a b");
    }
}

TEST_CASE("a barrier stays between all before it and all after it") {
    const Changelog changelog =
        changelog_of({"a: +t", "b: .t", "c: +u", "x: !", "d: +w", "e: .w", "y: !", "z: !", "f: +q"});
    const Graph graph = graph_of(changelog);
    CHECK(edges(changelog, graph) == "a>b b>x c>x x>d d>e e>y y>z z>f");
    CHECK(ids(changelog, ancestors_of(graph, 4)) == "a b c x d");
    CHECK(ids(changelog, dependents_of(graph, 3)) == "d e y z f");
}

TEST_CASE("barriers make edges in linear number") {
    std::vector<std::string> changesets;
    for (int i = 0; i < 300; ++i) changesets.push_back("a" + std::to_string(i) + ": +a" + std::to_string(i));
    changesets.emplace_back("x: !");
    for (int i = 0; i < 300; ++i) changesets.push_back("b" + std::to_string(i) + ": +b" + std::to_string(i));
    const Changelog changelog = changelog_of(changesets);
    CHECK(graph_of(changelog).edges.size() == 600);
}

TEST_CASE("a barrier that declares what it depends on or provides is none") {
    Changelog changelog = changelog_of({"a: +t", "x: !", "b: .u", "c: +w"});
    changelog.changesets[1].provides = {"public.u"};
    Graph graph = graph_of(changelog);
    CHECK(edges(changelog, graph) == "x>b");
    CHECK_FALSE(graph.footprints[1].barrier);
    changelog.changesets[1].provides.clear();
    depends(changelog, 1, by_id("a"));
    CHECK(edges(changelog, graph_of(changelog)) == "a>x");
}

TEST_CASE("provides names objects in three ways") {
    for (const char* entry :
         {"orders.note", "column orders.note", "column public.orders.note", "Orders.NOTE"}) {
        CAPTURE(entry);
        Changelog changelog = changelog_of({"x: !", "b: .orders .orders.note"});
        changelog.changesets[0].provides = {entry};
        CHECK(edges(changelog, graph_of(changelog)) == "x>b");
    }
    for (const char* entry : {"f", "public.f", "function f", "function public.f"}) {
        CAPTURE(entry);
        Changelog changelog = changelog_of({"x: !", "b: .f()", "c: .g()"});
        changelog.changesets[0].provides = {entry};
        CHECK(edges(changelog, graph_of(changelog)) == "x>b");
    }
}

TEST_CASE("dependsOn may move a changeset back") {
    Changelog changelog = changelog_of({"a: +a", "b: +b", "c: +c"});
    depends(changelog, 0, by_id("c"));
    const Graph graph = graph_of(changelog);
    CHECK(ids(changelog, graph.order) == "b c a");
    REQUIRE(graph.edges.size() == 1);
    CHECK(graph.edges[0].reason == EdgeReason::declared);
}

TEST_CASE("dependsOn of an unknown changeset names the nearest") {
    Changelog changelog = changelog_of({"add-orders: +a", "b: +b"});
    depends(changelog, 1, by_id("add-order"));
    Diagnostics diagnostics;
    graph_of(changelog, diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == codes::unknown_dependency);
    CHECK(diagnostics.items()[0].did_you_mean == "add-orders");
    CHECK(diagnostics.items()[0].where.line == 2);
}

TEST_CASE("dependsOn of an id that several changesets have must name the author or path") {
    Changelog changelog = changelog_of({"1: +a", "1: +b", "c: +c"});
    changelog.changesets[1].key.path = "db/b.yaml";
    depends(changelog, 2, by_id("1"));
    Diagnostics diagnostics;
    graph_of(changelog, diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == codes::ambiguous_dependency);
    CHECK(diagnostics.items()[0].expected.size() == 2);
    changelog.changesets[2].depends_on[0].path = "db/b.yaml";
    CHECK(edges(changelog, graph_of(changelog)) == "1>c");
    CHECK(graph_of(changelog).edges[0].from == 1);
}

TEST_CASE("a circle is printed as a path with the object of each arrow") {
    const Changelog changelog = changelog_of({"a: +t .u", "b: +x", "c: +u .t"});
    Diagnostics diagnostics;
    const Graph graph = graph_of(changelog, diagnostics);
    CHECK(ids(changelog, graph.order) == "a b c");
    REQUIRE(diagnostics.items().size() == 1);
    const Diagnostic& error = diagnostics.items()[0];
    CHECK(error.code == codes::cycle);
    CHECK(error.title == "changesets depend on each other in a circle: 'a' -> 'c' -> 'a'");
    CHECK(error.why ==
          "db/a.yaml:1:5 changeset 'a' needs table public.u, made by db/a.yaml:3:5 changeset 'c'\n"
          "db/a.yaml:3:5 changeset 'c' needs table public.t, made by db/a.yaml:1:5 changeset 'a'");
    CHECK(error.where.line == 1);
}

TEST_CASE("a circle through dependsOn names it") {
    Changelog changelog = changelog_of({"a: +t", "b: .t"});
    depends(changelog, 0, by_id("b"));
    Diagnostics diagnostics;
    graph_of(changelog, diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].why ==
          "db/a.yaml:1:5 changeset 'a' depends on (dependsOn) db/a.yaml:2:5 changeset 'b'\n"
          "db/a.yaml:2:5 changeset 'b' needs table public.t, made by db/a.yaml:1:5 changeset 'a'");
}

TEST_CASE("a changeset that depends on itself is told so") {
    Changelog changelog = changelog_of({"a: +t"});
    depends(changelog, 0, by_id("a"));
    Diagnostics diagnostics;
    graph_of(changelog, diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].title == "changeset 'a' depends on itself");
}

TEST_CASE("dependsOn across a barrier is a circle") {
    Changelog changelog = changelog_of({"a: +t", "x: !", "b: +u"});
    depends(changelog, 0, by_id("b"));
    Diagnostics diagnostics;
    graph_of(changelog, diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == codes::cycle);
}

TEST_CASE("each knot is reported once") {
    const Changelog changelog = changelog_of({"a: +t .u", "b: +u .t", "c: +v .w", "d: +w .v"});
    Diagnostics diagnostics;
    graph_of(changelog, diagnostics);
    CHECK(diagnostics.items().size() == 2);
}

TEST_CASE("the same changelog gives the same graph") {
    const std::vector<std::string> lines = {"a: .t +t.x", "b: +v .t .u", "c: +u", "t: +t",
                                            "e: ~rows_t", "f: !",        "g: -t"};
    const Changelog changelog = changelog_of(lines);
    const Graph one = graph_of(changelog), two = graph_of(changelog);
    CHECK(one.order == two.order);
    CHECK(edges(changelog, one) == edges(changelog, two));
}
