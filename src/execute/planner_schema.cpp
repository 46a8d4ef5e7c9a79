#include "execute/planner_schema.hpp"

#include "hazards/follow.hpp"
#include "hazards/lock_rules.hpp"

#include <algorithm>
#include <array>

namespace changelog::execute {

namespace {

using hazards::Step;

std::set<ObjectName> relations_of(const std::vector<Step>& steps, const catalog::Catalog& catalog) {
    std::set<ObjectName> out;
    for (const Step& step : steps) out.merge(hazards::relations_of(step.relation, catalog));
    return out;
}

/// Also what the catalog cannot take over.
bool makes(const Step& step) {
    static constexpr std::array kMakes = {"CREATE TABLE", "CREATE TABLE AS", "CREATE VIEW",
                                          "CREATE MATERIALIZED VIEW", "CREATE SEQUENCE"};
    return !hazards::flag_of(*step.node, "if_not_exists") &&
           std::find(kMakes.begin(), kMakes.end(), step.kind) != kMakes.end();
}

/// The name that a relation gets; empty if it keeps its own.
ObjectName new_name(const Step& step) {
    const std::string name = hazards::text_of(*step.node, "newname"),
                      schema = hazards::text_of(*step.node, "newschema");
    if (!step.name.empty() || (name.empty() && schema.empty())) return {};
    return {schema.empty() ? step.relation.schema : schema, name.empty() ? step.relation.name : name};
}

}  // namespace

SchemaAhead::SchemaAhead(catalog::Catalog live, const std::string& default_schema, int server_version)
    : catalog_(std::move(live)), context_{catalog_, server_version, default_schema} {}

hazards::StatementFacts SchemaAhead::read(const std::string& sql, bool in_transaction) {
    context_.in_transaction = in_transaction;
    hazards::StatementFacts facts = hazards::facts_of(sql, context_);
    if (in_transaction) context_.new_labels.merge(hazards::new_labels(sql, context_));
    go_on(sql);
    return facts;
}

void SchemaAhead::go_on(const std::string& sql) {
    const hazards::Parsed statement(sql);
    const std::vector<Step> steps = hazards::steps_of(statement, context_);
    const std::set<ObjectName> before = relations_of(steps, catalog_);
    hazards::follow(sql, context_.default_schema, catalog_);
    std::set<ObjectName>& made = context_.made;
    std::set<ObjectName> renamed;
    for (const Step& step : steps) {
        const ObjectName name = new_name(step);
        if (name.name.empty()) continue;
        renamed.insert(name);
        if (made.contains(step.relation))
            made.insert(name);
        else
            live_names_[name] = live_name(step.relation);
    }
    for (const ObjectName& name : relations_of(steps, catalog_))
        if (!before.contains(name) && !renamed.contains(name)) made.insert(name);
    for (const Step& step : steps)
        if (!before.contains(step.relation) && makes(step)) made.insert(step.relation);
}

ObjectName SchemaAhead::live_name(const ObjectName& name) const {
    const auto found = live_names_.find(name);
    return found == live_names_.end() ? name : found->second;
}

}  // namespace changelog::execute
