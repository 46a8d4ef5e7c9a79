#include "changelog/codes.hpp"
#include "changelog/plan.hpp"

#include "support/catch.hpp"

using namespace changelog;

namespace {

/// Changesets a, b, c, ... in one file, in the changelog's order.
struct Project {
    Changelog changelog;
    Graph graph;
    std::vector<AppliedChangeSet> applied;
    SelectOptions options;
    Diagnostics diagnostics;

    explicit Project(std::initializer_list<std::string> ids) {
        for (const std::string& id : ids) {
            ChangeSet& changeset = changelog.changesets.emplace_back();
            changeset.key = {id, "ann", "db.yaml"};
            changeset.definition = "{\"changes\":[\"" + id + "\"]}";
            changeset.checksum = "1:" + id;
            graph.order.push_back(graph.order.size());
        }
        graph.footprints.resize(changelog.changesets.size());
    }

    ChangeSet& at(std::size_t index) { return changelog.changesets[index]; }

    void apply(std::size_t index, const std::string& checksum = {}, const std::string& event = "applied") {
        const ChangeSet& changeset = changelog.changesets[index];
        applied.push_back({changeset.key,
                           checksum.empty() ? changeset.checksum : checksum,
                           {},
                           event,
                           {},
                           static_cast<long long>(applied.size())});
    }

    std::string pending() {
        std::string out;
        for (const Pending& item : select_pending(changelog, graph, applied, options, diagnostics).pending)
            out += changelog.changesets[item.index].key.id + (item.action == Action::rerun ? "!" : "");
        return out;
    }

    std::string codes() const {
        std::string out;
        for (const Diagnostic& item : diagnostics.items()) out += item.code + " ";
        return out;
    }
};

}  // namespace

TEST_CASE("what is applied does not run again, and what is new runs in order") {
    Project project{"a", "b", "c"};
    CHECK(project.pending() == "abc");
    project.apply(1);
    CHECK(project.pending() == "ac");
    CHECK(project.codes().empty());
}

TEST_CASE("an applied changeset that was edited is reported with its difference of meaning") {
    Project project{"a", "b"};
    project.apply(0, "1:other");
    project.options.stored_definition = [](const ChangeSetKey&) {
        return std::string(R"j({"changes":["before"]})j");
    };
    CHECK(project.pending() == "b");
    REQUIRE(project.diagnostics.items().size() == 1);
    CHECK(project.diagnostics.items()[0].code == codes::checksum_mismatch);
    CHECK(project.diagnostics.items()[0].why == "(before) -> (a)");
}

TEST_CASE("runOnChange runs an edited changeset again, and only that") {
    Project project{"a", "b"};
    project.at(0).run_on_change = project.at(1).run_on_change = true;
    project.apply(0, "1:other");
    project.apply(1);
    CHECK(project.pending() == "a!");
    CHECK(project.codes().empty());
}

TEST_CASE("runAlways runs every time") {
    Project project{"a"};
    project.at(0).run_always = true;
    project.apply(0);
    CHECK(project.pending() == "a!");
}

TEST_CASE("validCheckSum accepts an edit") {
    for (const std::string valid : {"any", "1:any", "ANY", "1:*", "1:other", "1:a"}) {
        Project project{"a"};
        project.at(0).valid_checksums = {valid};
        project.apply(0, "1:other");
        CHECK(project.pending().empty());
        CHECK(project.codes().empty());
    }
    Project project{"a"};
    project.at(0).valid_checksums = {"1:third"};
    project.apply(0, "1:other");
    project.pending();
    CHECK(project.codes() == "CL3001 ");
}

TEST_CASE("checksums of another tool are not compared") {
    Project project{"a"};
    project.apply(0, "9:d41d8cd98f00b204e9800998ecf8427e", "adopted");
    CHECK(project.pending().empty());
    CHECK(project.codes().empty());
}

TEST_CASE("an applied changeset that is not in the files is an error unless it is allowed") {
    Project project{"a", "b"};
    project.apply(0);
    project.applied.push_back({{"gone", "ann", "old.yaml"}, "1:gone", {}, "applied", {}, 9});
    project.pending();
    CHECK(project.codes() == "CL3002 ");
    project.diagnostics = {};
    project.options.ignore_missing = true;
    CHECK(project.pending() == "b");
    CHECK(project.codes().empty());
}

TEST_CASE("a moved file is recognised by id and author") {
    Project project{"a"};
    project.applied.push_back({{"a", "ann", "old/db.yaml"}, "1:a", {}, "applied", {}, 1});
    project.pending();
    REQUIRE(project.diagnostics.items().size() == 1);
    CHECK_THAT(project.diagnostics.items()[0].why, ContainsSubstring("logicalFilePath: old/db.yaml"));
}

TEST_CASE("a run can be limited by number, by tag and to one changeset") {
    Project project{"a", "b", "c"};
    project.at(1).tag = "v1";
    project.options.count = 1;
    CHECK(project.pending() == "a");
    project.options.count.reset();
    project.options.to_tag = "v1";
    CHECK(project.pending() == "ab");
    project.options.to_tag = "v2";
    project.pending();
    CHECK(project.codes() == "CL3006 ");
    CHECK(project.diagnostics.items()[0].did_you_mean == "v1");
    project.options.to_tag.reset();
    project.diagnostics = {};
    project.graph.edges = {{0, 2, EdgeReason::declared, {}}};
    project.options.changeset = "c";
    CHECK(project.pending() == "ac");
    project.options.changeset = "d";
    project.pending();
    CHECK(project.codes() == "CL3007 ");
}

TEST_CASE("what was marked as run is applied but adds nothing to the schema") {
    Project project{"a", "b"};
    project.apply(0, {}, "marked_ran");
    project.apply(1);
    const PendingSet selection = select_pending(project.changelog, project.graph, project.applied,
                                                project.options, project.diagnostics);
    CHECK(selection.pending.empty());
    CHECK(selection.applied == std::vector<std::size_t>{1});
    CHECK(selection.applied_count == 2);
}

TEST_CASE("the difference of two definitions names the change, the column and the field") {
    const std::string before =
        R"j({"changes":[{"addColumn":{"columns":[{"name":"note","type":"varchar(200)"}],"tableName":"orders"}}]})j";
    const std::string after =
        R"j({"changes":[{"addColumn":{"columns":[{"name":"note","type":"varchar(255)"}],"tableName":"orders"}}]})j";
    CHECK(definition_difference(before, after) ==
          std::vector<std::string>{"addColumn orders: note: type: varchar(200) -> varchar(255)"});
    CHECK(definition_difference(before, before).empty());
    CHECK(definition_difference(before, R"j({"changes":[]})j") ==
          std::vector<std::string>{"removed: addColumn orders"});
    CHECK(definition_difference("no json", after).empty());
}

TEST_CASE("changesets share a transaction only where no lock is held longer for it") {
    RenderedChangeSet rendered;
    rendered.only_new_objects = true;
    CHECK(may_join(TransactionMode::automatic, 1, false, rendered));
    CHECK_FALSE(may_join(TransactionMode::automatic, kMaxBatch, false, rendered));
    CHECK_FALSE(may_join(TransactionMode::automatic, 1, true, rendered));
    CHECK_FALSE(may_join(TransactionMode::changeset, 1, false, rendered));
    CHECK(may_join(TransactionMode::all, 5000, true, rendered));
    rendered.only_new_objects = false;
    CHECK_FALSE(may_join(TransactionMode::automatic, 1, false, rendered));
    rendered.only_new_objects = true;
    rendered.transactional = false;
    CHECK_FALSE(may_join(TransactionMode::all, 1, false, rendered));
}

TEST_CASE("modifySql edits the text in order, and the rollback only where it says so") {
    const std::vector<SqlEdit> edits = {{"replace", "a", "aa", {}, {}, {}, false},
                                        {"append", "", " -- x", {}, {}, {}, true},
                                        {"prepend", "", "/* y */ ", {}, {}, {}, false},
                                        {"regExpReplace", "[0-9]+", "N", {}, {}, {}, false}};
    CHECK(edit_sql("a1 a22", edits, false) == "/* y */ aaN aaN -- x");
    CHECK(edit_sql("a1", edits, true) == "a1 -- x");
}
