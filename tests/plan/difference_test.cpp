// How an edit of an applied changeset is told.
#include "changelog/codes.hpp"
#include "changelog/plan.hpp"

#include "support/catch.hpp"
#include "support/disk_files.hpp"
#include "support/memory_files.hpp"

using namespace changelog;

namespace {

std::string definition_of(const std::string& changes, const std::string& more = {}) {
    tests::Loaded loaded("databaseChangeLog:\n- changeSet:\n    id: 1\n    author: ann\n" + more +
                         "    changes:\n" + changes);
    REQUIRE(loaded.report() == "");
    return loaded.changelog.changesets.at(0).definition;
}

using Lines = std::vector<std::string>;

Lines between(const std::string& before, const std::string& after) {
    return definition_difference(definition_of(before), definition_of(after));
}

std::string table(const std::string& name, const std::vector<std::string>& columns) {
    std::string out = "    - createTable:\n        tableName: " + name + "\n        columns:\n";
    for (const std::string& column : columns) out += "        - column: {" + column + "}\n";
    return out;
}

std::string sql(const std::string& text) { return "    - sql:\n        sql: '" + text + "'\n"; }

const std::string kId = "name: id, type: bigint";
const std::string kNote = "name: note, type: varchar(200)";
const std::string kDay = "name: day, type: date";

}  // namespace

TEST_CASE("an edited column is told by itself, wherever it stands") {
    CHECK(between(table("orders", {kId, kNote}), table("orders", {kId, "name: note, type: varchar(255)"})) ==
          Lines{"createTable orders: note: type: varchar(200) -> varchar(255)"});
    CHECK(between(table("orders", {kId}), table("orders", {kId + ", constraints: {nullable: false}"})) ==
          Lines{"createTable orders: id: constraints: nullable: (none) -> false"});
}

TEST_CASE("an added, removed or moved column is one difference") {
    CHECK(between(table("orders", {kId, kDay}), table("orders", {kId, kNote, kDay})) ==
          Lines{"createTable orders: added: note"});
    CHECK(between(table("orders", {kId, kNote, kDay}), table("orders", {kNote, kDay})) ==
          Lines{"createTable orders: removed: id"});
    CHECK(between(table("orders", {kId, kNote, kDay}), table("orders", {kNote, kDay, kId})) ==
          Lines{"createTable orders: order: id, note, day -> note, day, id"});
}

TEST_CASE("a column with another name at the same place was renamed") {
    CHECK(between(table("orders", {kId, kNote, kDay}),
                  table("orders", {kId, "name: remark, type: varchar(200)", kDay})) ==
          Lines{"createTable orders: note: name: note -> remark"});
    CHECK(between(table("orders", {kNote}), table("orders", {"name: remark, type: varchar(200)"})) ==
          Lines{"createTable orders: note: name: note -> remark"});
}

TEST_CASE("added, removed, moved and renamed changes") {
    const std::string a = table("a", {kId});
    const std::string b = table("b", {kId});
    const std::string c = table("c", {kId});
    CHECK(between(b, a + b) == Lines{"added: createTable a"});
    CHECK(between(a + b + c, a + c) == Lines{"removed: createTable b"});
    CHECK(between(a + b, b + a) ==
          Lines{"order: createTable a, createTable b -> createTable b, createTable a"});
    CHECK(between(a + b, a + c) == Lines{"createTable b: tableName: b -> c"});
    CHECK(between(a, sql("SELECT 1")) == Lines{"removed: createTable a", "added: sql"});
    CHECK(between(a + a, a) == Lines{"removed: createTable a"});
}

TEST_CASE("lists of names are shown whole") {
    const auto key = [](const std::string& columns) {
        return "    - addPrimaryKey: {tableName: t, columnNames: '" + columns + "'}\n";
    };
    const Lines found = between(key("a, b"), key("b, a"));
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], ContainsSubstring("addPrimaryKey t: columnNames: ") && ContainsSubstring("a, b") &&
                             ContainsSubstring(" -> ") && ContainsSubstring("b, a"));
}

TEST_CASE("of short SQL all is shown, of long SQL the tokens that differ") {
    CHECK(between(sql("UPDATE t SET a = 1"), sql("UPDATE t SET a = 2")) ==
          Lines{"sql: sql: update t set a = 1 -> update t set a = 2"});
    const std::string head = "UPDATE orders SET state = 1, note = upper(note), changed = now() WHERE id > ";
    const std::string tail = " AND day < current_date AND customer IS NOT NULL AND total > 5 AND paid";
    CHECK(between(sql(head + "10" + tail), sql(head + "20" + tail)) ==
          Lines{"sql: sql: ... ) where id > 10 and day < current_date ... -> "
                "... ) where id > 20 and day < current_date ..."});
    CHECK(between(sql(head + "10"), sql(head + "10 OR true")) ==
          Lines{"sql: sql: ... where id > 10 -> ... where id > 10 or true"});
}

TEST_CASE("of a long quoted body the place of the difference is shown") {
    std::string body = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN ";
    for (int i = 0; i < 50; ++i) body += "PERFORM step_" + std::to_string(i) + "(); ";
    const std::string end = " END $$";
    const Lines found = between(sql(body + "RETURN 1;" + end), sql(body + "RETURN 2;" + end));
    REQUIRE(found.size() == 1);
    CHECK(found[0].size() < 230);
    CHECK_THAT(found[0], ContainsSubstring("RETURN 1;") && ContainsSubstring("RETURN 2;"));
}

TEST_CASE("what does not count is no difference") {
    CHECK(definition_of(sql("SELECT 1"),
                        "    preConditions:\n    - tableExists: {tableName: t}\n"
                        "    comment: x\n    context: a\n    labels: l\n    rollback: empty\n") ==
          definition_of(sql("select   1 -- x"), "    runInTransaction: false\n"));
}

namespace {

/// One changeset, applied with `checksum`, and what is then reported.
Diagnostics applied_with(const std::string& checksum, const std::string& definition,
                         const std::string& keys = {}, const std::string& id = "1") {
    static std::vector<std::unique_ptr<tests::Loaded>> kept;  // diagnostics point into the files
    kept.push_back(std::make_unique<tests::Loaded>("databaseChangeLog:\n- changeSet:\n    id: \"" + id +
                                                   "\"\n    author: ann\n" + keys + "    changes:\n" +
                                                   sql("SELECT 1")));
    Changelog& changelog = kept.back()->changelog;
    Graph graph;
    graph.order = {0};
    graph.footprints.resize(1);
    const AppliedChangeSet row = {changelog.changesets.at(0).key, checksum, definition, "applied", {}, 1};
    Diagnostics diagnostics;
    const PendingSet found = select_pending(changelog, graph, {row}, {}, diagnostics);
    if (!found.pending.empty()) diagnostics.warning(codes::usage, {}, "pending");
    return diagnostics;
}

const std::string kNewer = "2:" + std::string(64, 'a');
const std::string kEdited = "1:" + std::string(64, 'a');

}  // namespace

TEST_CASE("an edit names all three ways out") {
    const Diagnostics found = applied_with(kEdited, definition_of(sql("SELECT 2")), {}, "it''s; rm");
    REQUIRE(found.items().size() == 1);
    const Diagnostic& item = found.items()[0];
    CHECK(item.code == codes::checksum_mismatch);
    CHECK(item.why == "sql: sql: select 2 -> select 1");
    REQUIRE(item.next.size() == 3);
    CHECK_THAT(item.next[0], ContainsSubstring("put it back"));
    CHECK_THAT(item.next[1], ContainsSubstring("write a new changeset"));
    CHECK_THAT(item.next[2], ContainsSubstring("changelog accept 'it'\\'''\\''s; rm' --reason"));
}

TEST_CASE("a history that does not say what it was, or contradicts itself") {
    const Diagnostics nothing_kept = applied_with(kEdited, "");
    CHECK(nothing_kept.items().at(0).why == "The history does not keep what it was.");
    const Diagnostics contradicting = applied_with(kEdited, definition_of(sql("SELECT 1")));
    CHECK_THAT(contradicting.items().at(0).why, ContainsSubstring("somebody wrote to that row"));
}

TEST_CASE("a checksum of a version to come is not called an edit") {
    const Diagnostics found = applied_with(kNewer, "{\"something\":\"new\"}");
    REQUIRE(found.items().size() == 1);
    const Diagnostic& item = found.items()[0];
    CHECK(item.code == codes::newer_checksum);
    CHECK_THAT(item.why, ContainsSubstring("version 2") && ContainsSubstring("up to 1"));
    REQUIRE(item.next.size() == 2);
    CHECK_THAT(item.next[0], ContainsSubstring("newer program"));
    CHECK_THAT(item.next[1], ContainsSubstring("changelog accept 1 --reason"));
}

TEST_CASE("many checksums of a version to come are one error") {
    tests::Loaded loaded(
        "databaseChangeLog:\n- changeSet: {id: a, author: ann, changes: [{empty: {}}]}\n"
        "- changeSet: {id: b, author: ann, changes: [{empty: {}}]}\n"
        "- changeSet: {id: c, author: ann, changes: [{empty: {}}]}\n");
    Graph graph;
    graph.order = {0, 1, 2};
    graph.footprints.resize(3);
    std::vector<AppliedChangeSet> rows;
    for (const ChangeSet& set : loaded.changelog.changesets)
        rows.push_back({set.key, kNewer, {}, "applied", {}, static_cast<long long>(rows.size())});
    Diagnostics diagnostics;
    select_pending(loaded.changelog, graph, rows, {}, diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].title ==
          "changeset 'a', and 2 more, were applied by a newer version of this program");
}

TEST_CASE("a checksum of a version to come: what the changeset says of it") {
    const auto codes = [](const std::string& keys) {
        const Diagnostics found = applied_with(kNewer, "", keys);
        std::string out;
        for (const Diagnostic& item : found.items()) out += item.code + ' ';
        return out;
    };
    CHECK(codes("    validCheckSum: any\n") == "");
    CHECK(codes("    validCheckSum: \"" + kNewer + "\"\n") == "");
    CHECK(codes("    runOnChange: true\n") == "CL3010 ");  // whether it changed is not known
    CHECK(codes("    runAlways: true\n") == "CL0001 ");    // pending, whatever it was
    CHECK(codes("    context: other\n") == "CL3010 ");     // without a selection every context holds
}
