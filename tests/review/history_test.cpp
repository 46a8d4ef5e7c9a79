#include "review/history.hpp"

#include "review/branches.hpp"

using namespace changelog;
using namespace changelog::tests;
using review::ChangeKind;

namespace {

using Lines = std::vector<std::string>;

std::string id_of(const Changelog& changelog, std::optional<std::size_t> index) {
    return index ? changelog.changesets[*index].key.id : "-";
}

review::Statistics applied_in(const std::string& environment, const Line& line) {
    review::Statistics out;
    out.environment = environment;
    out.applied.emplace();
    for (const ChangeSet& changeset : line.changelog().changesets) {
        AppliedChangeSet row;
        row.key = changeset.key;
        row.checksum = changeset.checksum;
        out.applied->push_back(std::move(row));
    }
    return out;
}

/// "edited b<b breaks": the kind, the ids in head and base, and what follows from it.
std::string changes(const Line& base, const Line& head, const std::vector<review::Statistics>& known = {}) {
    std::string out;
    for (const review::ChangedChangeSet& each :
         review::history_changes(base.changelog(), head.changelog(), known).changesets) {
        out += (out.empty() ? "" : ", ") + std::string(to_string(each.kind)) + ' ' +
               id_of(head.changelog(), each.head) + '<' + id_of(base.changelog(), each.base);
        if (each.runs) out += " runs";
        if (each.breaks_history) out += " breaks";
        for (const std::string& name : each.applied_in) out += " @" + name;
    }
    return out;
}

}  // namespace

TEST_CASE("changesets that are added, edited, removed and renamed") {
    const Line base(
        {"a: CREATE TABLE a (id int)", "b: CREATE TABLE b (id int)", "c: CREATE TABLE c (id int)"});
    CHECK(changes(base, base) == "");
    const Line added({"a: CREATE TABLE a (id int)", "b: CREATE TABLE b (id int)",
                      "c: CREATE TABLE c (id int)", "d: CREATE TABLE d (id int)"});
    CHECK(changes(base, added) == "added d<- runs");
    const Line mixed({"a: create table a (id int)", "b: CREATE TABLE b (id bigint)",
                      "z: CREATE TABLE c (id int)", "n: CREATE TABLE n (id int)"});
    CHECK(changes(base, mixed) == "edited b<b breaks, renamed z<c runs breaks, added n<- runs");
    CHECK(changes(added, base) == "removed -<d breaks");
    CHECK(changes(Line({}), base) == "added a<- runs, added b<- runs, added c<- runs");
}

TEST_CASE("an edit is told as a difference of meaning") {
    const Line base({"a: CREATE TABLE a (id int)"}), head({"a: CREATE TABLE a (id bigint)"});
    const auto found = review::history_changes(base.changelog(), head.changelog(), {});
    REQUIRE(found.changesets.size() == 1);
    REQUIRE(found.changesets[0].differences.size() == 1);
    CHECK(found.changesets[0].differences[0].find("bigint") != std::string::npos);
}

TEST_CASE("what runs on change may be edited") {
    const Line base({"a [runOnChange: true]: CREATE OR REPLACE VIEW v AS SELECT 1"}),
        head({"a [runOnChange: true]: CREATE OR REPLACE VIEW v AS SELECT 2"});
    CHECK(changes(base, head) == "edited a<a runs");
}

TEST_CASE("validCheckSum allows an edit") {
    const Line base({"a: CREATE TABLE a (id int)"});
    const std::string& old = base.changelog().changesets[0].checksum;
    CHECK(changes(base, Line({"a [validCheckSum: any]: CREATE TABLE a (id bigint)"})) == "edited a<a");
    CHECK(changes(base, Line({"a [validCheckSum: '" + old + "']: CREATE TABLE a (id bigint)"})) ==
          "edited a<a");
    CHECK(changes(base, Line({"a [validCheckSum: '1:00']: CREATE TABLE a (id bigint)"})) ==
          "edited a<a breaks");
}

TEST_CASE("only environments that have it applied refuse an edit") {
    const Line nothing({}), base({"a: CREATE TABLE a (id int)"}), head({"a: CREATE TABLE a (id bigint)"});
    CHECK(changes(base, head, {applied_in("prod", nothing)}) == "edited a<a");
    CHECK(changes(base, head, {applied_in("prod", nothing), applied_in("dev", base)}) ==
          "edited a<a breaks @dev");
    CHECK(changes(base, head, {applied_in("dev", head)}) == "edited a<a @dev");
    CHECK(changes(base, nothing, {applied_in("prod", nothing)}) == "removed -<a");
    CHECK(changes(base, nothing, {applied_in("prod", base)}) == "removed -<a breaks @prod");
    // An earlier version of the branch ran there.
    CHECK(changes(nothing, head, {applied_in("dev", base)}) == "added a<- runs breaks @dev");
    CHECK(changes(nothing, head, {applied_in("dev", head)}) == "added a<- runs @dev");
    review::Statistics sizes_only;
    CHECK(changes(base, head, {sizes_only}) == "edited a<a breaks");
}

TEST_CASE("of several with one meaning the likeliest is the renamed one") {
    const std::string same = "INSERT INTO t (a) VALUES (1)";
    const Line base({"a: " + same, "b: " + same}), head({"b2: " + same, "a: " + same});
    CHECK(changes(base, head) == "renamed b2<b runs breaks");
}

TEST_CASE("who changes places is noted") {
    const Line base({"a: SELECT 1", "b: SELECT 2", "c: SELECT 3", "d: SELECT 4"}),
        head({"a: SELECT 1", "d: SELECT 4", "new: SELECT 5", "b: SELECT 2", "c: SELECT 3"});
    const auto found = review::history_changes(base.changelog(), head.changelog(), {});
    REQUIRE(found.notes.size() == 1);
    CHECK(found.notes[0].starts_with("'d' stands behind 'a' now, and stood behind 'c'"));
}

TEST_CASE("changes of the graph") {
    const Line base(
        {"a: CREATE TABLE a (id int)", "b: CREATE VIEW v AS SELECT id FROM a", "x: CREATE TABLE x (id int)"}),
        head({"a: CREATE TABLE a (id int)", "b: CREATE VIEW v AS SELECT 1", "x: CREATE TABLE x (id int)",
              "c: ALTER TABLE a ADD COLUMN n int"});
    const auto found = review::graph_changes(base.changelog(), base.graph, head.changelog(), head.graph);
    CHECK(found.added == std::vector<std::size_t>{3});
    REQUIRE(found.edges.size() == 1);
    CHECK((found.edges[0].from == 0 && found.edges[0].to == 3));
    REQUIRE(found.lost.size() == 1);
    CHECK((found.lost[0].from == 0 && found.lost[0].to == 1));
}
