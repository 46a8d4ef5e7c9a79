#include "sql/mentions.hpp"

#include "support/catch.hpp"

using namespace changelog::sql;
using What = Mention::What;

namespace {

/// "relation public.t@14 a.b@7" of everything that has a place.
std::string listed(const std::optional<Mentions>& found) {
    if (!found) return "unreadable";
    static constexpr std::string_view kWords[] = {"relation", "column", "type", "constant"};
    std::string out;
    for (const Mention& mention : found->all) {
        out += (out.empty() ? "" : ", ") + std::string(kWords[static_cast<std::size_t>(mention.what)]) + ' ';
        for (std::size_t i = 0; i < mention.parts.size(); ++i) out += (i == 0 ? "" : ".") + mention.parts[i];
        if (mention.star) out += '*';
        if (mention.output) out += '=';
        if (!mention.cast.empty()) out += "::" + mention.cast;
        out += '@' + std::to_string(mention.offset);
    }
    return out;
}

}  // namespace

TEST_CASE("what a query names is told by kind and place") {
    const auto found = mentions_of_statement("SELECT o.id, note AS n, 'x'::public.mood FROM s.orders o");
    CHECK(listed(found) ==
          "column o.id=@7, column note@13, constant x::mood@24, type public.mood@29, relation s.orders@46");
    CHECK(found->names == std::set<std::string>{"n", "o"});
    CHECK_FALSE(found->nested);
}

TEST_CASE("several scopes, joins by name and composite values are told") {
    CHECK(mentions_of_statement("SELECT 1 WHERE EXISTS (SELECT 1)")->nested);
    CHECK(mentions_of_statement("SELECT 1 UNION SELECT 2")->nested);
    CHECK(mentions_of_statement("WITH a AS (SELECT 1) SELECT * FROM a")->names.contains("a"));
    CHECK(mentions_of_statement("SELECT 1 FROM a NATURAL JOIN b")->natural);
    CHECK(mentions_of_statement("SELECT (a.home).street FROM a JOIN b USING (id)")->parts ==
          std::set<std::string>{"street", "id"});
}

TEST_CASE("an expression is read with its own places") {
    CHECK(listed(mentions_of_expression("amount > 0 AND lower(t.note) = 'a'")) ==
          "column amount@0, column t.note@21, constant a@31");
    CHECK(listed(mentions_of_expression("nextval('public.q') + 1")) == "constant public.q::regclass@8");
    CHECK(listed(mentions_of_expression("a >")) == "unreadable");
}

TEST_CASE("what a statement makes is told from what it reads") {
    const auto found = mentions_of_statement("CREATE VIEW v AS SELECT * FROM t");
    REQUIRE(found->all.size() == 3);
    CHECK(found->all[0].target);
    CHECK(found->all[1].star);
    CHECK_FALSE(found->all[2].target);
}

TEST_CASE("edits replace one part of a name, or all of it") {
    const std::string text = "SELECT s . t.a, t.* FROM s.t";
    CHECK(with_edits(text, {{7, 1, "u", {}, false}, {25, 1, "u", {}, false}}) ==
          "SELECT s . u.a, t.* FROM s.u");
    CHECK(with_edits(text, {{16, 1, "a, b", {}, true}}) == "SELECT s . t.a, a, b FROM s.t");
    CHECK(with_edits(text, {{7, 2, "b", " AS a", false}}) == "SELECT s . t.b AS a, t.* FROM s.t");
}
