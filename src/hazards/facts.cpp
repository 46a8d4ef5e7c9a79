#include "hazards/facts.hpp"

#include "hazards/lock_rules.hpp"
#include "sql/parse.hpp"
#include "sql/statement_reader.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace changelog::hazards {

namespace {

bool applies(const Step& step, std::string_view kind, Condition when, int from, int until) {
    const int version = step.context.server_version;
    return (step.kind == kind || kind == kAnyKind) && version >= from && version < until &&
           (when == nullptr || when(step));
}

class Collector {
  public:
    explicit Collector(const FactContext& context) : context_(context) {}

    void read(const Step& step, std::span<const LockRule> rules) {
        for (const LockRule& rule : rules) {
            if (!applies(step, rule.kind, rule.when, rule.from, rule.until)) continue;
            for (const ObjectName& name : rule.which(step)) add(name, rule.lock, rule.work);
        }
    }

    std::vector<RelationFacts> take() const {
        std::vector<RelationFacts> out;
        for (const auto& [name, facts] : found_) out.push_back(facts);
        return out;
    }

  private:
    /// What this run made itself, and temporary tables, are nobody else's concern.
    void add(const ObjectName& name, Lock lock, Work work) {
        if (name.name.empty() || name.schema == "pg_temp" || context_.made.contains(name)) return;
        RelationFacts& facts = found_[name];
        facts.name = name;
        facts.lock = std::max(facts.lock, lock);
        facts.work = std::max(facts.work, work);
    }

    const FactContext& context_;
    std::map<ObjectName, RelationFacts> found_;
};

void read_failures(const Step& step, StatementFacts& out) {
    for (const FailureRule& rule : failure_table())
        if (applies(step, rule.kind, rule.when, rule.from, rule.until))
            out.failures.push_back({std::string(rule.sqlstate), std::string(rule.reason), rule.certain});
}

/// A statement that cannot succeed does nothing worth telling.
bool certainly_fails(const StatementFacts& facts) {
    return std::any_of(facts.failures.begin(), facts.failures.end(),
                       [](const Failure& failure) { return failure.certain; });
}

void judge_visibility(const std::string& sql, const FactContext& context, StatementFacts& out) {
    Footprint footprint;
    sql::footprint_of(sql, context.default_schema, footprint);
    if (!footprint.barrier) return;
    out.known = false;
    out.unknown_reason = footprint.barrier_reason;
}

}  // namespace

const RelationFacts* StatementFacts::relation(const ObjectName& name) const {
    for (const RelationFacts& each : relations)
        if (each.name == name) return &each;
    return nullptr;
}

Lock StatementFacts::strongest() const {
    Lock out = Lock::none;
    for (const RelationFacts& each : relations) out = std::max(out, each.lock);
    return out;
}

StatementFacts facts_of(const Parsed& statement, const std::vector<Step>& steps, const FactContext& context) {
    StatementFacts out;
    if (!statement.readable()) {
        out.known = false;
        out.unknown_reason = "the statement cannot be read";
        return out;
    }
    out.summary = summary_of(steps);
    out.outside_transaction = sql::needs_no_transaction(statement.sql());
    Collector collector(context);
    for (const Step& step : steps) {
        for (const auto& rules : {column_locks(), type_locks(), constraint_locks(), index_locks(),
                                  partition_locks(), storage_locks(), object_locks(), data_locks()})
            collector.read(step, rules);
        read_failures(step, out);
    }
    if (!certainly_fails(out)) out.relations = collector.take();
    judge_visibility(statement.sql(), context, out);
    return out;
}

std::set<std::string> new_labels(const std::string& sql, const FactContext& context) {
    const Parsed statement(sql);
    if (statement.kind() != "AlterEnumStmt" || !text_of(statement.node(), "oldVal").empty()) return {};
    const Step step{context, statement};
    const ObjectName type = step.name_of(strings_of(child(statement.node(), "typeName")));
    const auto known = context.before.types.find(type);
    const std::string label = text_of(statement.node(), "newVal");
    if (known != context.before.types.end()) {
        const auto& labels = known->second.labels;
        if (std::find(labels.begin(), labels.end(), label) != labels.end()) return {};
    }
    constexpr int kUsableInNewType = 170000;
    if (context.made.contains(type) && context.server_version >= kUsableInNewType) return {};
    return {label};
}

StatementFacts facts_of(const std::string& sql, const FactContext& context) {
    const Parsed statement(sql);
    return facts_of(statement, steps_of(statement, context), context);
}

}  // namespace changelog::hazards
