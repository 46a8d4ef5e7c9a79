#include "review/review.hpp"

#include "reviewed.hpp"

using namespace changelog;
using namespace changelog::tests;
using review::LocatedFinding;
using review::Verdict;

namespace {

const std::string kBase = R"(databaseChangeLog:
- changeSet:
    id: orders
    author: ada
    changes:
    - createTable:
        tableName: orders
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: user_id, type: bigint}
        - column: {name: note, type: text}
)";

Reviewed branch(const std::string& more) { return Reviewed(kBase, kBase + more); }

const std::string kIndex = R"(- changeSet:
    id: by-user
    author: ada
    changes:
    - createIndex:
        tableName: orders
        indexName: by_user
        columns:
        - column: {name: user_id}
)";

const std::string kDrop = R"(- changeSet:
    id: drop-note
    author: ada
    changes:
    - dropColumn:
        tableName: orders
        columnName: note
)";

}  // namespace

TEST_CASE("review: what a branch does not change is not run") {
    const review::Review review = branch("").run();
    CHECK(review.plan.statements == 0);
    CHECK(review.findings.empty());
    CHECK(review.verdict() == Verdict::pass);
}

TEST_CASE("review: a finding stands at the operation, and grows with the table") {
    CHECK(lines_of(branch(kIndex).run().findings) == "warning CL2161 16:7\n");
    CHECK(branch(kIndex).size("orders", 500'000, 20'000'000).run().verdict() == Verdict::warn);
    const review::Review large = branch(kIndex).size("orders", 52'000'000, 18'000'000'000).run();
    CHECK(large.verdict() == Verdict::block);
    CHECK(lines_of(large.findings, true) ==
          "error CL2161 16:7 CREATE INDEX holds SHARE on orders while it builds, so every write waits; "
          "orders has 52,000,000 rows, 16.8 GB: about 24-190 s\n");
    const review::Review small = branch(kIndex).size("orders", 9'999, 2'000'000).run();
    CHECK(small.verdict() == Verdict::pass);
    CHECK(find_code(small.findings, "CL2161")->weighed_from == Severity::warning);
    CHECK(branch(kIndex).size("orders", 9'999, 20'000'000).run().verdict() == Verdict::warn);
}

TEST_CASE("review: old statistics make nothing milder, but graver") {
    CHECK(branch(kIndex).size("orders", 10, 8192, "2026-10-01T00:00:00Z").run().verdict() == Verdict::warn);
    CHECK(branch(kIndex).size("orders", 2'000'000, 90'000'000, "2026-10-01T00:00:00Z").run().verdict() ==
          Verdict::block);
}

TEST_CASE("review: data that goes blocks, unless it is kept") {
    const review::Review lost = branch(kDrop).run();
    CHECK(lines_of(lost.findings) == "error CL2114 16:7\n");
    CHECK(find_code(lost.findings, "CL2114")->item.why.find("Lost for good: ") != std::string::npos);
    const review::Review kept = branch(kDrop + "        retain: true\n").run();
    CHECK(kept.count(Severity::error) == 0);
}

TEST_CASE("review: a view that a rollback brings back blocks nobody") {
    const std::string view = R"(- changeSet:
    id: v
    author: ada
    changes:
    - createView: {viewName: v, selectQuery: SELECT id FROM orders}
)";
    const std::string drop = R"(- changeSet:
    id: drop-v
    author: ada
    changes:
    - dropView: {viewName: v}
)";
    CHECK(lines_of(Reviewed(kBase + view, kBase + view + drop).run().findings) == "warning CL2221 21:7\n");
}

TEST_CASE("review: raw SQL is pointed at where it stands") {
    const review::Review review = branch(R"(- changeSet:
    id: raw
    author: ada
    changes:
    - sql: |
        CREATE TABLE other (id bigint PRIMARY KEY);

        ALTER TABLE orders
          DROP COLUMN note,
          ALTER COLUMN user_id TYPE numeric
)")
                                      .run();
    CHECK(find_code(review.findings, "CL2114")->region.begin.line == 20);
    CHECK(find_code(review.findings, "CL2114")->region.begin.column == 11);
    CHECK(find_code(review.findings, "CL2241")->region.begin.line == 21);
}

TEST_CASE("review: SQL of a file is pointed at in the file") {
    Reviewed both = branch("");
    MemoryFiles files{{"more.sql", "-- first\nCREATE INDEX i ON orders (note);\n"}};
    both.head = Loaded(
        kBase + "- changeSet:\n    id: f\n    author: a\n    changes:\n    - sqlFile: {path: more.sql}\n", {},
        files);
    both.head_graph = resolve(both.head.changelog, both.context(), both.head.diagnostics);
    review::ReviewInput input = both.input();
    Diagnostics diagnostics;
    CHECK(line_of(*find_code(review::review(input, diagnostics).findings, "CL2161")) ==
          "warning CL2161 16:7");
    input.files = &files;
    const review::Review review = review::review(input, diagnostics);
    const LocatedFinding& found = *find_code(review.findings, "CL2161");
    CHECK(found.region.begin.file == "more.sql");
    CHECK(found.region.begin.line == 2);
}

TEST_CASE("review: an undo that is impossible blocks, one that loses is told") {
    const std::string raw = R"(- changeSet:
    id: listen
    author: ada
    changes:
    - sql: VACUUM orders
)";
    const review::Review review = branch(raw).run();
    INFO(lines_of(review.findings, true));
    CHECK(
        (find_code(review.findings, "CL2286") != nullptr || review.changesets.front().undo.grade == "exact"));
}

TEST_CASE("review: an edit of what is applied blocks with its three exits") {
    std::string edited = kBase;
    edited.replace(edited.find("type: text"), 10, "type: int8");
    const review::Review review = Reviewed(kBase, edited).run();
    CHECK(review.verdict() == Verdict::block);
    const LocatedFinding& found = *find_code(review.findings, "CL3001");
    CHECK(found.item.next.size() == 3);
    CHECK(found.item.why.find("text -> int8") != std::string::npos);
    CHECK(find_code(Reviewed(kBase + kIndex, kBase).run().findings, "CL2288") != nullptr);
}

TEST_CASE("review: what a renamed changeset made before it was renamed is still there") {
    std::string renamed = kBase;
    renamed.replace(renamed.find("id: orders"), 10, "id: other_");
    const review::Review review = Reviewed(kBase, renamed + kIndex).run();
    INFO(lines_of(review.findings, true));
    CHECK(find_code(review.findings, "CL2288") != nullptr);
    CHECK(find_code(review.findings, "CL2161") != nullptr);
}

TEST_CASE("review: a conflict with the base branch blocks") {
    const Reviewed ours(kBase, kBase + kDrop), theirs(kBase, kBase + R"(- changeSet:
    id: longer
    author: eve
    changes:
    - modifyDataType: {tableName: orders, columnName: note, newDataType: varchar(10)}
)");
    review::ReviewInput input = ours.input();
    input.theirs.emplace(review::Side{theirs.head.changelog, theirs.head_graph});
    Diagnostics diagnostics;
    const review::Review review = review::review(input, diagnostics);
    REQUIRE(find_code(review.findings, "CL2289") != nullptr);
    CHECK(find_code(review.findings, "CL2289")->item.title.find("'longer'") != std::string::npos);
}

TEST_CASE("review: values of data are not shown") {
    const review::Review review = branch(R"(- changeSet:
    id: rows
    author: ada
    changes:
    - insert:
        tableName: orders
        columns:
        - column: {name: id, valueNumeric: 4711}
        - column: {name: note, value: secret}
)")
                                      .run();
    REQUIRE(review.changesets.size() == 1);
    CHECK(review.changesets[0].forward.at(0).find("secret") == std::string::npos);
    CHECK(review.changesets[0].forward.at(0).find("4711") == std::string::npos);
    CHECK(review.changesets[0].backward.at(0).find("4711") == std::string::npos);
    CHECK(review.plan.changesets[0].statements[0].sql.find("secret") == std::string::npos);
}

namespace {

std::string suppressed(const std::string& item) {
    std::string out = kIndex;
    return out.insert(out.find("    changes"), "    suppress:\n    - " + item + '\n');
}

}  // namespace

TEST_CASE("review: a finding is allowed for a reason, until a day") {
    const review::Review by_rule =
        branch(suppressed("{rule: create-index-blocking, reason: nobody is there yet}")).run();
    CHECK(lines_of(by_rule.findings).empty());
    REQUIRE(by_rule.suppressed.size() == 1);
    CHECK(by_rule.suppressed[0].allowed == "nobody is there yet");
    CHECK(
        lines_of(branch(suppressed("{rule: CL2161, reason: x, until: 2026-11-22}")).run().findings).empty());
    const review::Review over = branch(suppressed("{rule: CL2161, reason: x, until: 2026-11-21}")).run();
    CHECK(lines_of(over.findings) == "warning CL2284 16:7\nwarning CL2161 18:7\n");
    CHECK(over.suppressed.empty());
    for (const char* until : {"tomorrow", "31.12.2030", "2030-1-1"}) {
        const review::Review no_date =
            branch(suppressed(std::string("{rule: CL2161, reason: x, until: '") + until + "'}")).run();
        CHECK(lines_of(no_date.findings) == "warning CL2284 16:7\nwarning CL2161 18:7\n");
    }
    const review::Review unreasoned = branch(suppressed("{rule: CL2161, reason: ' '}")).run();
    CHECK(lines_of(unreasoned.findings) == "warning CL2285 16:7\nwarning CL2161 18:7\n");
    const review::Review unknown = branch(suppressed("{rule: create-index-bloking, reason: x}")).run();
    CHECK(find_code(unknown.findings, "CL2283")->item.did_you_mean == "create-index-blocking");
    CHECK(find_code(unknown.findings, "CL2161")->item.severity == Severity::warning);
    const review::Review unused = branch(suppressed("{rule: drop-table, reason: x}")).run();
    CHECK(find_code(unused.findings, "CL2282")->item.severity == Severity::note);
}

TEST_CASE("review: environments by what is applied there, their contexts and their version") {
    Reviewed both(kBase + kIndex, kBase + kIndex + R"(- changeSet:
    id: for-dev
    author: ada
    context: dev
    changes:
    - sql: CREATE INDEX CONCURRENTLY j ON orders (note)
)");
    both.size("orders", 2'000'000, 100'000'000);
    both.statistics[0].environment = "production";
    both.statistics[0].server_version = 140000;
    both.statistics[0].applied.emplace();
    both.statistics[0].applied->push_back({{"orders", "ada", "db.yaml"}, "1:x", "", "applied", "", 1});
    both.environments = {{"dev", {{"dev"}, ""}}, {"production", {{"prod"}, ""}}};
    const review::Review review = both.run();
    REQUIRE(review.environments.size() == 2);
    CHECK(!review.environments[0].pending);
    CHECK(review.environments[0].not_selected.empty());
    CHECK(review.environments[1].pending == 1);
    CHECK(review.environments[1].earlier == 1);
    CHECK(review.environments[1].not_selected == std::vector<std::size_t>{2});
    CHECK(review.environments[1].server_version == 140000);
}

TEST_CASE("review: what the branch makes itself is nobody else's concern") {
    const review::Review review = branch(R"(- changeSet:
    id: new
    author: ada
    changes:
    - createTable:
        tableName: fresh
        columns:
        - column: {name: id, type: bigint, constraints: {primaryKey: true}}
        - column: {name: a, type: bigint}
- changeSet:
    id: new-index
    author: ada
    changes:
    - createIndex: {tableName: fresh, indexName: i, columns: [{column: {name: a}}]}
)")
                                      .run();
    CHECK(lines_of(review.findings).empty());
}
