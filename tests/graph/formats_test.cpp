#include "graph/formats.hpp"

#include "graph/builder.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::test;
using graph::GraphFormat;

namespace {

std::string formatted(const Changelog& changelog, GraphFormat format) {
    return graph::format_graph(changelog, graph_of(changelog), format);
}

}  // namespace

TEST_CASE("a graph is drawn in each format") {
    const Changelog changelog = changelog_of({"a: +t", "b: .t"});
    CHECK(formatted(changelog, GraphFormat::text) ==
          "db/a.yaml::a::me\ndb/a.yaml::b::me\n    needs table public.t <- db/a.yaml::a::me\n");
    CHECK(formatted(changelog, GraphFormat::dot) ==
          "digraph changelog {\n    rankdir=LR;\n    node [shape=box];\n"
          "    c0 [label=\"a\", tooltip=\"db/a.yaml::a::me\"];\n    c1 [label=\"b\", "
          "tooltip=\"db/a.yaml::b::me\"];\n"
          "    c0 -> c1 [label=\"needs table public.t\"];\n}\n");
    CHECK(formatted(changelog, GraphFormat::mermaid) ==
          "flowchart LR\n    c0[\"a\"]\n    c1[\"b\"]\n    c0 -->|\"needs table public.t\"| c1\n");
    const std::string json = formatted(changelog, GraphFormat::json);
    CHECK_THAT(json, ContainsSubstring("\"reason\": \"use_after_create\""));
    CHECK_THAT(json, ContainsSubstring("\"object\": \"table public.t\""));
}

TEST_CASE("ids that would break a format are escaped") {
    Changelog changelog = changelog_of({"a: +t"});
    changelog.changesets[0].key.id = "x\"]\\\n<script>%%{\x1b[31m";
    CHECK_THAT(formatted(changelog, GraphFormat::dot),
               ContainsSubstring("label=\"x\\\"]\\\\\\\\x0a<script>%%{\\\\x1b[31m\""));
    CHECK_THAT(formatted(changelog, GraphFormat::mermaid),
               ContainsSubstring("c0[\"x#34;#93;#92;#92;x0a#60;script#62;#37;#37;#123;#92;x1b#91;31m\"]"));
    CHECK_THAT(formatted(changelog, GraphFormat::json), ContainsSubstring("x\\\"]\\\\\\n<script>"));
    CHECK(formatted(changelog, GraphFormat::text).find('\x1b') == std::string::npos);
}

TEST_CASE("a subset is drawn with the edges within it") {
    const Changelog changelog = changelog_of({"a: +t", "b: .t +u", "c: .u"});
    const Graph graph = graph_of(changelog);
    CHECK(graph::format_graph(changelog, graph, GraphFormat::mermaid, std::vector<std::size_t>{1, 2}) ==
          "flowchart LR\n    c1[\"b\"]\n    c2[\"c\"]\n    c1 -->|\"needs table public.u\"| c2\n");
}

TEST_CASE("formats have names") {
    CHECK(graph::graph_format("dot") == GraphFormat::dot);
    CHECK_FALSE(graph::graph_format("svg"));
}
