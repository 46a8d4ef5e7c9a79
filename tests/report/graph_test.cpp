#include "report/graph.hpp"

#include "report/json.hpp"
#include "support/catch.hpp"

using namespace changelog;

namespace {

struct Example {
    Changelog changelog;
    Graph graph;

    Example() {
        for (const char* id : {"create \"a\"", "alter"}) {
            changelog.changesets.emplace_back();
            changelog.changesets.back().key = {id, "ana", "a.yaml"};
        }
        Edge edge;
        edge.from = 0;
        edge.to = 1;
        edge.reason = EdgeReason::use_after_create;
        edge.object = {ObjectKind::table, {"public", "a"}, ""};
        graph.edges = {edge};
        graph.order = {0, 1};
        graph.footprints.resize(2);
    }
};

}  // namespace

TEST_CASE("the graph as text names what each changeset waits for") {
    const Example example;
    CHECK(report::graph_text(example.changelog, example.graph) ==
          "create \"a\"\nalter\n  after create \"a\"  (needs table public.a)\n");
}

TEST_CASE("names are quoted for Graphviz and Mermaid") {
    const Example example;
    CHECK_THAT(report::graph_dot(example.changelog, example.graph), ContainsSubstring("c0 [label=\"create \\\"a\\\"\"]"));
    CHECK_THAT(report::graph_mermaid(example.changelog, example.graph), ContainsSubstring("c0[\"create #34;a#34;\"]"));
}

TEST_CASE("an id that several changesets have is told apart by author and path") {
    Example example;
    example.changelog.changesets[1].key.id = "create \"a\"";
    CHECK_THAT(report::graph_text(example.changelog, example.graph), ContainsSubstring("a.yaml::create \"a\"::ana"));
}

TEST_CASE("the graph as JSON refers to changesets by index") {
    const Example example;
    const auto json = report::Json::parse(report::graph_json(example.changelog, example.graph, {}));
    CHECK(json["edges"][0]["object"] == "table public.a");
    CHECK(json["order"] == report::Json({0, 1}));
    CHECK(json["changesets"][1]["id"] == "alter");
}
