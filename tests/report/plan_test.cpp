#include "report/plan.hpp"

#include "report/table.hpp"
#include "support/catch.hpp"
#include "support/memory_files.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace changelog;
using execute::Basis;
using execute::Estimate;

namespace {

execute::Plan plan_of(std::size_t statements) {
    execute::Plan plan;
    plan.transactions = 1;
    auto& changeset = plan.changesets.emplace_back();
    changeset.transaction = 1;
    changeset.preconditions = true;
    for (std::size_t i = 1; i <= statements; ++i) {
        auto& statement = changeset.statements.emplace_back();
        statement.number = plan.statements = i;
        statement.summary = "CREATE INDEX orders(a_column_with_a_long_name, and_one_more_of_them)";
        statement.work = hazards::Work::build;
        statement.transaction = 1;
        postgres::RelationSize size{'r', 52'000'000, 15LL << 30, 15LL << 30, 3LL << 30, 2};
        statement.locks.push_back(
            {{"public", "orders"}, {"public", "orders"}, hazards::Lock::share, hazards::Work::build, size});
        statement.hold = {41, 70, Basis::statistics};
        statement.undo.grade = "lossy";
        statement.undo.losses = {"rows of public.orders"};
    }
    return plan;
}

const Changelog& changelog_of_one() {
    static const tests::Loaded loaded(
        "databaseChangeLog:\n- changeSet:\n    id: a-changeset-with-quite-a-long-name\n    author: ann\n"
        "    changes:\n    - empty: {}\n");
    REQUIRE(loaded.report() == "");
    return loaded.changelog;
}

}  // namespace

TEST_CASE("the verdict names the lock that keeps others waiting longest") {
    CHECK(
        report::plan_verdict(plan_of(1)) ==
        "1 changeset, 1 statement, 1 transaction; longest lock: SHARE on public.orders (52 M rows, 18.0 GB), "
        "about 41-70 s\n");
    CHECK(report::plan_verdict({}) == "nothing to do\n");
}

TEST_CASE("estimates are ranges in the unit of their upper end") {
    CHECK(report::estimate_text({41, 70, Basis::statistics}) == "41-70 s");
    CHECK(report::estimate_text({130, 480, Basis::statistics}) == "2.2-8 min");
    CHECK(report::estimate_text({0.001, 0.01, Basis::fixed}) == "< 10 ms");
    CHECK(report::estimate_text({0.5, 2, Basis::statistics}) == "0.5-2 s");
    CHECK(report::estimate_text({0, 0, Basis::unknown}) == "not known");
    CHECK(report::row_count(870) == "870");
    CHECK(report::row_count(1200) == "1.2 k");
    CHECK(report::row_count(52'100'000) == "52 M");
    CHECK(report::row_count(-1) == "");
}

TEST_CASE("the table fits the terminal and counts what it leaves out") {
    for (const std::size_t width : {80U, 100U, 120U, 200U}) {
        std::istringstream lines(report::plan_text(changelog_of_one(), plan_of(3), width, false));
        std::string line;
        std::getline(lines, line);  // the verdict is a sentence
        while (std::getline(lines, line)) CHECK(report::characters(line) <= width);
    }
    const std::string many = report::plan_text(changelog_of_one(), plan_of(130), 0, false);
    CHECK(many.find("and 30 more; --verbose shows all") != std::string::npos);
    CHECK(many.find("has preconditions") != std::string::npos);
    CHECK(report::plan_text(changelog_of_one(), plan_of(130), 0, true).find(" more; ") == std::string::npos);
}

TEST_CASE("no column vanishes on a narrow terminal") {
    for (const std::size_t width : {40U, 80U, 100U, 112U, 120U, 200U}) {
        const std::string text = report::plan_text(changelog_of_one(), plan_of(2), width, false);
        INFO(width << "\n" << text);
        for (const char* column : {"LOCK", "BLOCKS", "WORK", "SIZE", "HOLD", "TX", "UNDO", "NOTE"})
            CHECK(text.find(column) != std::string::npos);
    }
    CHECK(report::plan_text(changelog_of_one(), plan_of(1), 80, false)
              .ends_with("\n\n1 a-changeset-with-quite-a-long-name: CREATE INDEX\n"
                         "orders(a_column_with_a_long_name, and_one_more_of_them)\n"
                         "   LOCK: SHARE orders; BLOCKS: W; WORK: build; SIZE: 52 M, 18.0 GB;\n"
                         "   HOLD: 41-70 s; TX: 1; UNDO: lossy: rows of public.orders;\n"
                         "   NOTE: has preconditions\n"));
}

TEST_CASE("JSON has every fact as a field") {
    const auto json = nlohmann::json::parse(report::plan_json(changelog_of_one(), plan_of(1), {}));
    const auto& statement = json["changesets"][0]["statements"][0];
    CHECK(json["ok"] == true);
    CHECK(statement["locks"][0]["mode"] == "SHARE");
    CHECK(statement["locks"][0]["rows"] == 52'000'000);
    CHECK(statement["hold"]["basis"] == "statistics");
    CHECK(statement["hold"]["high_seconds"] == 70.0);
    CHECK(statement["blocks_writes"] == true);
    CHECK(statement["blocks_reads"] == false);
    CHECK(statement["rollback"]["losses"][0] == "rows of public.orders");
    CHECK(json["changesets"][0]["has_preconditions"] == true);
    CHECK(json["longest_lock"]["statement"] == 1);
}
