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

std::vector<Case> cases() {
    std::vector<Case> out;
    for (const auto& fields : table_of(safety_file("lint-cases.tsv")))
        if (fields.size() == 4)
            out.push_back({fields[0], fields[3], fields[1] == "flag", std::stoi(fields[2]) * 10000});
    return out;
}

std::set<std::string> rules_that_fire(const Case& each, const catalog::Catalog& schema) {
    std::vector<MigrationStatement> statements;
    statements.push_back({each.sql});
    const FactContext context{schema, each.version, kSchema};
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

Score score(const std::vector<Case>& all, const catalog::Catalog& schema) {
    Score out;
    for (const Case& each : all) {
        const bool fires = rules_that_fire(each, schema).contains(each.rule);
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
    const auto all = cases();
    if (all.empty()) {
        std::cout << "skipped: no cases at " << safety_file("lint-cases.tsv") << '\n';
        return;
    }
    const catalog::Catalog schema = folded(content(safety_file("lint-base.sql")), kSchema);
    const Score with_schema = score(all, schema), without_schema = score(all, catalog::Catalog());
    print(std::to_string(all.size()) + " cases with the schema", with_schema);
    print("without the schema", without_schema);
    CHECK(with_schema.recall() >= 95);
    CHECK(with_schema.precision() >= 95);
    CHECK(without_schema.recall() >= 80);
    CHECK(without_schema.precision() >= 85);
}
