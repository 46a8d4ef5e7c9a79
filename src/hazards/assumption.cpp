#include "hazards/assumption.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace changelog::hazards {

namespace {

class Assumption {
  public:
    Assumption(const std::vector<std::vector<Step>>& all, catalog::Catalog& catalog)
        : all_(all), catalog_(catalog) {}

    void make() {
        std::set<ObjectName> made;
        for (const auto& steps : all_)
            for (const Step& step : steps) {
                if (step.kind == "CREATE TABLE" || step.kind.starts_with("CREATE TABLE AS") ||
                    step.kind == "CREATE VIEW" || step.kind == "CREATE MATERIALIZED VIEW")
                    made.insert(step.relation);
                if (is_about_table(step) && !made.contains(step.relation) && !is_known(step.relation))
                    add(step.relation);
                if (assumed_.contains(step.relation)) column(step);
            }
    }

  private:
    static bool is_about_table(const Step& step) {
        return step.statement.kind() == "AlterTableStmt" && step.kind.find("INDEX") == std::string::npos &&
               !step.kind.starts_with("VIEW ") && !step.kind.starts_with("SEQUENCE ") &&
               !step.kind.starts_with("TYPE ");
    }
    bool is_known(const ObjectName& name) const {
        return catalog_.tables.contains(name) || catalog_.views.contains(name) ||
               catalog_.sequences.contains(name);
    }
    void add(const ObjectName& name) {
        catalog::Table& table = catalog_.tables[name];
        table.name = name;
        assumed_.insert(name);
    }
    void column(const Step& step) {
        static constexpr std::array kOnColumns = {"SET NOT NULL", "DROP NOT NULL", "ALTER TYPE",
                                                  "SET DEFAULT"};
        catalog::Table& table = catalog_.tables.at(step.relation);
        if (step.kind == "ADD COLUMN") added_.insert({step.relation, step.name});
        const bool on_column = std::find(kOnColumns.begin(), kOnColumns.end(), step.kind) != kOnColumns.end();
        if (!on_column || table.column(step.name) != nullptr || added_.contains({step.relation, step.name}))
            return;
        catalog::Column assumed;
        assumed.name = step.name;
        table.columns.push_back(std::move(assumed));
    }

    const std::vector<std::vector<Step>>& all_;
    catalog::Catalog& catalog_;
    std::set<ObjectName> assumed_;
    std::set<std::pair<ObjectName, std::string>> added_;
};

}  // namespace

void assume_tables(const std::vector<std::vector<Step>>& all, catalog::Catalog& catalog) {
    Assumption(all, catalog).make();
}

}  // namespace changelog::hazards
