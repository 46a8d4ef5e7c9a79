#include "report/review.hpp"

#include "report/table.hpp"
#include "review_fixture.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace changelog;
using tests::kHostile;
using tests::ReviewFixture;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t out = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++out;
    return out;
}

}  // namespace

TEST_CASE("the verdict of a review answers whether it may be merged") {
    const ReviewFixture fixture;
    CHECK(report::review_verdict(fixture.view()) ==
          "BLOCK: 1 changeset, 1 statement; 1 lock stops writes of orders (52 M rows, 18.0 GB) for about "
          "41-70 s; "
          "1 destroys data for good; 1 of the applied changesets is touched; 1 conflict with origin/main");
    CHECK(report::fails(fixture.view()));
    report::ReviewView never = fixture.view();
    never.fail_on = std::nullopt;
    CHECK_FALSE(report::fails(never));
}

TEST_CASE("a review on a terminal has every section and no control character") {
    const ReviewFixture fixture;
    const std::string text = report::review_text(fixture.view(), 0, false, true);
    for (const char* part :
         {"BLOCK: ", "statistics of production 3 days old", "CREATE INDEX orders-user-index", "Must fix (1)",
          "fix: build it concurrently (changelog fix applies it)", "Should fix (1)",
          "SQL of orders-user-index", "-- transaction 1", "DROP INDEX", "History and order",
          "Conflicts with origin/main", "Environments", "Schema (", "Suppressed", "nobody reads",
          "reproduce: changelog review --base 9f8e7d6"})
        CHECK_THAT(text, ContainsSubstring(part));
    CHECK(text.find("secret") == std::string::npos);
    const std::string hostile = report::review_text(ReviewFixture(kHostile).view(), 80, false, true);
    for (const char* bad : {"\x1b", "\r", "\u202e", "\xFF"}) CHECK(hostile.find(bad) == std::string::npos);
}

TEST_CASE("the comment has the sections in their order") {
    const ReviewFixture fixture;
    const std::string text = report::review_markdown(fixture.view());
    std::size_t at = 0;
    for (const char* part : {"<!-- changelog-review:v1:shop:db/changelog.yaml -->\n## ⛔ BLOCK — 1 changeset",
                             "| # | changeset |",
                             "| SHARE → `orders` |",
                             "### Must fix (1)",
                             "**CL2161** `db.yaml:11:7`",
                             "```diff\n",
                             "@@ -10,4 +10,5 @@",
                             "+        concurrently: true\n",
                             "### Should fix (1)",
                             "<summary>SQL forward and rollback",
                             "```sql\n",
                             "### Conflicts with",
                             "History and order",
                             "```mermaid\nflowchart LR",
                             "Environments",
                             "<summary>Schema",
                             "erDiagram",
                             "### Suppressions (1)",
                             "until 2026-12-31",
                             "reproduce:"}) {
        const std::size_t found = text.find(part, at);
        INFO(part << "\n" << text);
        REQUIRE(found != std::string::npos);
        at = found;
    }
    CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("a comment with nothing to say is short") {
    ReviewFixture fixture;
    fixture.review = {};
    const std::string text = report::review_markdown(fixture.view());
    CHECK_THAT(text, ContainsSubstring("✅ PASS — nothing to run"));
    CHECK(text.size() < 600);
}

TEST_CASE("names stay text in a comment") {
    const std::string text = report::review_markdown(ReviewFixture(kHostile).view());
    INFO(text);
    CHECK(text.find("\x1b") == std::string::npos);
    CHECK(text.find("\u202e") == std::string::npos);
    CHECK(text.find("\xFF") == std::string::npos);
    // The only markup outside of code is ours: hidden blocks and tables.
    std::size_t opened = 0, closed = 0, comments = 0;
    bool fenced = false;
    std::string fence, line;
    for (std::istringstream lines(text); std::getline(lines, line);) {
        if (fenced) {
            fenced = line != fence;
            continue;
        }
        if (line.starts_with("```")) {
            fence = line.substr(0, line.find_first_not_of('`'));
            fenced = true;
            continue;
        }
        INFO(line);
        opened += count_of(line, "<details>");
        closed += count_of(line, "</details>");
        comments += count_of(line, "-->");
        CHECK(line.find("<script") == std::string::npos);
        CHECK(line.find("@everyone") == std::string::npos);
        CHECK(line.find("](http") == std::string::npos);
        CHECK(line.find("http://") == std::string::npos);
        CHECK_FALSE(line.starts_with("## no"));
    }
    CHECK_FALSE(fenced);
    CHECK(opened == closed);
    CHECK(opened == 4);
    CHECK(comments == 1);
}

TEST_CASE("rows of tables have as many cells as their heading") {
    const std::string text = report::review_markdown(ReviewFixture(kHostile).view());
    std::size_t cells = 0;
    std::string line;
    for (std::istringstream lines(text); std::getline(lines, line);) {
        if (!line.starts_with("|")) {
            cells = 0;
            continue;
        }
        const std::size_t here = count_of(line, "|");
        if (cells == 0) cells = here;
        INFO(line);
        CHECK(here == cells);
    }
}

TEST_CASE("a diagram has no name that could be its syntax") {
    const std::string text = report::review_markdown(ReviewFixture(kHostile).view());
    const std::size_t begin = text.find("flowchart LR");
    const std::string graph = text.substr(begin, text.find("```", begin) - begin);
    CHECK(graph.find('`') == std::string::npos);
    CHECK(graph.find("%%") == std::string::npos);
    std::string line;
    for (std::istringstream lines(graph); std::getline(lines, line);) CHECK(count_of(line, "\"") % 2 == 0);
}

TEST_CASE("a comment is cut where it hurts least") {
    ReviewFixture fixture;
    fixture.add_statements(60);
    fixture.review.changesets.back().forward.assign(60, "SELECT 1 " + std::string(100, 'x'));
    CHECK(report::review_markdown(fixture.view()).find("Left out") == std::string::npos);

    for (int i = 0; i < 12; ++i) fixture.add_statements(2);
    for (auto& each : fixture.review.changesets) each.backward.assign(3, std::string(3000, 'y'));
    std::string text = report::review_markdown(fixture.view());
    CHECK(text.size() <= 65'000);
    CHECK_THAT(text, ContainsSubstring("Left out for lack of room: the SQL both ways. All of it: "));
    CHECK_THAT(text, ContainsSubstring("<summary>Schema"));

    fixture.add_statements(5000);
    text = report::review_markdown(fixture.view());
    CHECK(text.size() <= 65'000);
    CHECK_THAT(text, ContainsSubstring("### Must fix"));
}

TEST_CASE("the verdict, the plan and the findings survive everything") {
    ReviewFixture fixture(std::string(20'000, 'n'));
    for (int i = 0; i < 500; ++i) fixture.review.findings.push_back(fixture.review.findings.front());
    fixture.add_statements(10'000);
    catalog::Table& wide = fixture.review.after.tables.begin()->second;
    wide.columns.resize(10'000, wide.columns.front());
    for (std::size_t i = 0; i < wide.columns.size(); ++i) wide.columns[i].name = fmt::format("column_{}", i);
    fixture.review.schema = review::schema_changes(fixture.review.before, fixture.review.after);
    const std::string text = report::review_markdown(fixture.view());
    CHECK(text.size() <= 65'000);
    for (const char* part : {"BLOCK", "| # | changeset |", "more rows", "### Must fix (501)", "…and ",
                             "### Should fix (1)", "Left out for lack of room:", "reproduce:"})
        CHECK_THAT(text, ContainsSubstring(part));
    CHECK(report::review_html(fixture.view()).size() < 10'000'000);
}

TEST_CASE("grave rows of a plan are shown before calm ones") {
    ReviewFixture fixture;
    fixture.add_statements(300);
    fixture.review.findings.front().ordinal = 290;
    const std::string text = report::review_markdown(fixture.view());
    CHECK_THAT(text, ContainsSubstring("\n| 290 |"));
    CHECK_THAT(text, ContainsSubstring("more rows"));
}

TEST_CASE("JSON of a review has every section") {
    for (const std::string& name : {std::string("orders-user-index"), kHostile}) {
        const ReviewFixture fixture(name);
        const auto json = nlohmann::json::parse(report::review_json(fixture.view()));
        CHECK(json["command"] == "review");
        CHECK(json["ok"] == false);
        CHECK(json["verdict"] == "block");
        CHECK(json["changesets"][0]["status"] == "added");
        CHECK(json["changesets"][0]["statements"][0]["locks"][0]["rows"] == 52'000'000);
        CHECK(json["changesets"][0]["rollback"]["grade"] == "lossy");
        CHECK(json["findings"].size() == 2);
        CHECK(json["findings"][0]["fixes"][0]["safe"] == true);
        CHECK(json["suppressed"][0]["allowedUntil"] == "2026-12-31");
        CHECK(json["history"][1]["breaksHistory"] == true);
        CHECK(json["graph"]["edges"][0]["to"].get<std::string>().ends_with("::bob"));
        CHECK(json["conflicts"][0]["theirs"]["id"] == "create-orders");
        CHECK(json["environments"][0]["pending"] == 3);
        CHECK(json["schemaChanges"]["rights"].size() == 1);
        CHECK(json["proofs"].empty());
        CHECK(json.dump().find("secret") == std::string::npos);
    }
}

TEST_CASE("findings of a review go the ways of an audit's") {
    const ReviewFixture fixture;
    const auto sarif = nlohmann::json::parse(report::review_sarif(fixture.view()));
    const auto& results = sarif["runs"][0]["results"];
    REQUIRE(results.size() == 3);
    CHECK(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 11);
    CHECK(results[0]["fixes"][0]["artifactChanges"][0]["artifactLocation"]["uri"] == "db.yaml");
    CHECK(results[2]["suppressions"][0]["justification"] == "nobody reads orders-user-index");
    CHECK(nlohmann::json::parse(report::review_gitlab(fixture.view())).size() == 2);
    const std::string github = report::review_github(fixture.view());
    CHECK(github.starts_with("::error file=db.yaml,line=11,endLine=11,col=7,endColumn=18,title=CL2161 "));
    CHECK_THAT(github, ContainsSubstring("\nBLOCK: 1 changeset"));
}

TEST_CASE("a page needs nothing but itself") {
    for (const std::string& name : {std::string("orders-user-index"), kHostile}) {
        const std::string page = report::review_html(ReviewFixture(name).view());
        CHECK_THAT(page, ContainsSubstring("Content-Security-Policy\" content=\"default-src 'none'"));
        for (const char* bad : {"<script", " src=", "@import", "<link", "url(http", "href=\"http",
                                "javascript:", "secret", "\x1b", "\u202e", "\xFF"})
            CHECK(page.find(bad) == std::string::npos);
        for (const char* id :
             {"plan", "findings", "sql", "history", "conflicts", "environments", "schema", "suppressed"})
            CHECK_THAT(page, ContainsSubstring(fmt::format("<section id=\"{}\">", id)));
        CHECK(count_of(page, "<svg") == 2);
    }
}

// What tests/report/page_in_browser opens.
TEST_CASE("a page for the browser", "[.page]") {
    const char* path = std::getenv("CHANGELOG_PAGE");
    REQUIRE(path != nullptr);
    const char* hostile = std::getenv("CHANGELOG_HOSTILE");
    FILE* file = std::fopen(path, "w");
    REQUIRE(file != nullptr);
    std::fputs(report::review_html(ReviewFixture(hostile != nullptr ? kHostile : "orders-user-index").view())
                   .c_str(),
               file);
    std::fclose(file);
}

// What tests/report/review_schema checks.
TEST_CASE("JSON for a validator", "[.json]") {
    const char* path = std::getenv("CHANGELOG_JSON");
    REQUIRE(path != nullptr);
    FILE* file = std::fopen(path, "w");
    REQUIRE(file != nullptr);
    std::fputs(report::review_json(ReviewFixture().view()).c_str(), file);
    std::fclose(file);
}
