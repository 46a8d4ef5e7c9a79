#include "graph/builder.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::test;

namespace {

std::string edges(const std::vector<std::string>& changesets) {
    const Changelog changelog = changelog_of(changesets);
    return test::edges(changelog, graph_of(changelog));
}

}  // namespace

TEST_CASE("use comes after creation and before a drop") {
    CHECK(edges({"a: +t", "b: .t", "c: -t"}) == "a>b b>c");
    CHECK(edges({"a: +t", "b: .t", "c: .t", "d: -t"}) == "a>b a>c b>d c>d");
    CHECK(edges({"a: +t", "b: -t", "c: +t"}) == "a>b b>c");
}

TEST_CASE("unrelated changesets and those that only use the same object commute") {
    CHECK(edges({"a: +t", "b: +u"}) == "");
    CHECK(edges({"a: .t .t.x", "b: .t .t.x"}) == "");
}

TEST_CASE("changes of one object keep their order") {
    CHECK(edges({"a: ~t", "b: ~t", "c: ~t"}) == "a>b b>c");
}

TEST_CASE("changes of different columns of a table commute") {
    CHECK(edges({"a: .t +t.x", "b: .t +t.y", "c: .t ~t.z"}) == "");
    CHECK(edges({"a: +t +t.x +t.y", "b: .t -t.x", "c: .t ~t.y"}) == "a>b a>c");
    CHECK(edges({"a: .t ~t.x", "b: .t ~t.x"}) == "a>b");
}

TEST_CASE("a column's use needs its table even if only the column is named") {
    CHECK(edges({"a: +t", "b: ~t.x", "c: -t"}) == "a>b b>c");
    CHECK(edges({"a: +t", "b: ~rows_t", "c: ~t:k"}) == "a>b a>c");
}

TEST_CASE("who uses a whole table conflicts with a change of any of its columns") {
    CHECK(edges({"a: .t ~t.x", "b: +v .t", "c: .t ~t.y"}) == "a>b b>c");
    CHECK(edges({"a: .t .t.x", "b: .t -t.y"}) == "");
    CHECK(edges({"a: .t .t.*", "b: .t -t.y"}) == "a>b");
    // Another operation of the same changeset names a column; that says nothing of the first one.
    CHECK(edges({"a: +v .t; .t .t.x", "b: .t -t.y"}) == "a>b");
}

TEST_CASE("many users of a whole table do not make edges in quadratic number") {
    std::vector<std::string> changesets = {"t: +t"};
    for (int i = 0; i < 200; ++i)
        changesets.push_back("v" + std::to_string(i) + ": +v" + std::to_string(i) + " .t");
    for (int i = 0; i < 200; ++i)
        changesets.push_back("c" + std::to_string(i) + ": .t +t.c" + std::to_string(i));
    const Changelog changelog = changelog_of(changesets);
    const Graph graph = graph_of(changelog);
    CHECK(graph.edges.size() < 1500);
    const std::size_t last = changesets.size() - 1;
    CHECK(ancestors_of(graph, last).size() >= 202);  // all views, the table, itself
    CHECK(dependents_of(graph, 1).size() == 200);    // a view comes before all later columns
}

TEST_CASE("tentative touches order as others do") {
    CHECK(edges({"a: -t?", "b: +t", "c: +t?"}) == "a>b b>c");
}

TEST_CASE("rows are apart from the table's shape, and writes of them keep their order") {
    CHECK(edges({"a: +t", "b: .t .t.x ~rows_t", "c: .t .t.x ~rows_t", "d: .t +t.y"}) == "a>b a>c b>c a>d");
}

TEST_CASE("rows need the rows that foreign keys point at") {
    CHECK(edges({"a: +p", "b: +t .p", "c: ~rows_p", "d: ~rows_t", "e: ~rows_p"}) ==
          "a>b a>c b>d c>d a>e d>e");
}

TEST_CASE("a drop comes after what it may take along and before that is made again") {
    CHECK(edges({"a: +t", "b: +v .t", "c: -t", "d: +v"}) == "a>b b>c c>d");
}

TEST_CASE("everything in a schema comes after it is made and before it is dropped") {
    CHECK(edges({"a: +schema_s", "b: +s/t", "c: +u", "d: ~s/t.x", "e: -schema_s"}) == "a>b a>d b>d b>e d>e");
}

TEST_CASE("at most one edge joins two changesets, and edges are sorted") {
    const Changelog changelog = changelog_of({"a: +t +t.x +u", "b: .t ~t.x .u"});
    const Graph graph = graph_of(changelog);
    REQUIRE(graph.edges.size() == 1);
    CHECK(graph.edges[0].reason == EdgeReason::use_after_create);
}

TEST_CASE("ignored changesets and those for other databases touch nothing") {
    Changelog changelog = changelog_of({"a: +t", "b: .t", "c: .t", "d: .t"});
    changelog.changesets[1].ignore = true;
    changelog.changesets[2].dbms = "oracle";
    const Graph graph = graph_of(changelog);
    CHECK(test::edges(changelog, graph) == "a>d");
    CHECK(graph.footprints[1].touches.empty());
}

TEST_CASE("a footprint holds each touch once") {
    const Changelog changelog = changelog_of({"a: .t .t; .t ~t"});
    CHECK(graph_of(changelog).footprints[0].touches.size() == 2);
}

TEST_CASE("what a changeset needs and what needs it follow the edges") {
    const Changelog changelog = changelog_of({"a: +t", "b: +u", "c: .t", "d: .u .t", "e: +w"});
    const Graph graph = graph_of(changelog);
    CHECK(ids(changelog, ancestors_of(graph, 3)) == "a b d");
    CHECK(ids(changelog, ancestors_of(graph, 4)) == "e");
    CHECK(ids(changelog, dependents_of(graph, 0)) == "c d");
    CHECK(ids(changelog, dependents_of(graph, 4)) == "");
    CHECK(ancestors_of(graph, 99).empty());
}
