// The rules against cases whose verdict was measured or is agreed: each line says whether one rule must speak
// of one migration, or must not.
#include "hazards/findings.hpp"
#include "hazards/schemas.hpp"
#include "support/catch.hpp"

#include <iostream>

using namespace changelog;
using namespace changelog::hazards;

namespace {

const std::string kSchema = "s";

struct Case {
    std::string rule, sql;
    bool flag = false;
    int version = 0;
};

/// The text with its \n as ends of lines.
std::string with_lines(std::string text) {
    for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at))
        text.replace(at, 2, "\n");
    return text;
}

std::vector<Case> cases(const std::string& path) {
    std::vector<Case> out;
    for (const auto& fields : table_of(path))
        if (fields.size() == 4)
            out.push_back(
                {fields[0], with_lines(fields[3]), fields[1] == "flag", std::stoi(fields[2]) * 10000});
    return out;
}

std::set<std::string> rules_that_fire(const Case& each, const catalog::Catalog& schema,
                                      const std::string& name) {
    std::vector<MigrationStatement> statements;
    statements.push_back({each.sql});
    const FactContext context{schema, each.version, name};
    std::set<std::string> out;
    for (const Finding& finding : findings_of(statements, context)) out.emplace(finding.rule);
    return out;
}

struct Score {
    double hits = 0, misses = 0, false_alarms = 0;
    std::vector<std::string> wrong;

    double recall() const { return 100 * hits / (hits + misses); }
    double precision() const { return 100 * hits / (hits + false_alarms); }
};

Score score(const std::vector<Case>& all, const catalog::Catalog& schema, const std::string& name) {
    Score out;
    for (const Case& each : all) {
        const bool fires = rules_that_fire(each, schema, name).contains(each.rule);
        if (fires && each.flag) ++out.hits;
        if (!fires && each.flag) ++out.misses;
        if (fires && !each.flag) ++out.false_alarms;
        if (fires != each.flag)
            out.wrong.push_back((each.flag ? "missed: " : "false alarm: ") + each.rule + ": " + each.sql);
    }
    return out;
}

void print(const std::string& title, const Score& score) {
    std::cout << title << ": recall " << score.recall() << " %, precision " << score.precision() << " %\n";
    for (const std::string& line : score.wrong) std::cout << "  " << line << '\n';
}

}  // namespace

TEST_CASE("rules agree with the cases") {
    const auto all = cases(safety_file("lint-cases.tsv"));
    if (all.empty()) {
        std::cout << "skipped: no cases at " << safety_file("lint-cases.tsv") << '\n';
        return;
    }
    const catalog::Catalog schema = folded(content(safety_file("lint-base.sql")), kSchema);
    const Score with_schema = score(all, schema, kSchema),
                without_schema = score(all, catalog::Catalog(), kSchema);
    print(std::to_string(all.size()) + " cases with the schema", with_schema);
    print("without the schema", without_schema);
    CHECK(with_schema.recall() >= 95);
    CHECK(with_schema.precision() >= 95);
    CHECK(without_schema.recall() >= 80);
    CHECK(without_schema.precision() >= 85);
}

TEST_CASE("rules agree with migrations as other tools write them") {
    const std::string folder = std::string(SOURCE_DIR) + "/tests/hazards/styles";
    const auto all = cases(folder + ".tsv");
    REQUIRE(all.size() >= 300);
    const catalog::Catalog schema = folded(content(folder + ".sql"), "public");
    const Score with_schema = score(all, schema, "public"),
                without_schema = score(all, catalog::Catalog(), "public");
    print(std::to_string(all.size()) + " migrations of several tools with the schema", with_schema);
    std::cout << "without the schema: recall " << without_schema.recall() << " %, precision "
              << without_schema.precision() << " %\n";
    CHECK(with_schema.recall() >= 99);
    CHECK(with_schema.precision() >= 99);
    CHECK(without_schema.recall() >= 80);
    CHECK(without_schema.precision() >= 90);
}
