#include "report/plan_json.hpp"

#include "report/plan.hpp"

namespace changelog::report {

namespace {

using execute::Estimate;
using execute::PlannedChangeSet;
using execute::PlannedStatement;

Json name_json(const ObjectName& name) { return {{"schema", name.schema}, {"name", name.name}}; }

Json known(long long value) { return value < 0 ? Json() : Json(value); }

}  // namespace

Json estimate_json(const Estimate& estimate) {
    Json out = {{"basis", to_string(estimate.basis)}};
    out["low_seconds"] = estimate.known() ? Json(estimate.low) : Json();
    out["high_seconds"] = estimate.known() ? Json(estimate.high) : Json();
    return out;
}

Json undo_json(const execute::PlannedUndo& undo) {
    Json out = {{"grade", undo.grade}};
    out["observed"] = undo.observed;
    put(out, "losses", undo.losses);
    put(out, "loses_if_written_since", undo.since);
    put(out, "reason", undo.reason);
    return out;
}

namespace {

Json lock_json(const execute::PlannedLock& lock) {
    Json out = {{"mode", hazards::to_string(lock.lock)}, {"relation", name_json(lock.relation)}};
    if (lock.now != lock.relation) out["relation_now"] = name_json(lock.now);
    out["exists"] = lock.size.exists();
    out["blocks_reads"] = hazards::blocks_reads(lock.lock);
    out["blocks_writes"] = hazards::blocks_writes(lock.lock);
    out["work"] = hazards::to_string(lock.work);
    out["rows"] = known(lock.size.rows);
    out["bytes"] = known(lock.size.bytes());
    return out;
}

Json failure_json(const hazards::Failure& failure) {
    return {{"sqlstate", failure.sqlstate}, {"reason", failure.reason}, {"certain", failure.certain}};
}

Json statement_json(const PlannedStatement& statement) {
    Json out = {{"number", statement.number}, {"sql", statement.sql}};
    put(out, "summary", statement.summary);
    out["locks"] = Json::array();
    for (const auto& lock : statement.locks) out["locks"].push_back(lock_json(lock));
    out["blocks_reads"] = statement.blocks_reads();
    out["blocks_writes"] = statement.blocks_writes();
    out["work"] = hazards::to_string(statement.work);
    out["changes_rows"] = statement.changes_rows;
    out["loads_rows"] = statement.loads;
    out["transaction"] = statement.transaction == 0 ? Json() : Json(statement.transaction);
    out["begins_transaction"] = statement.begins;
    out["ends_transaction"] = statement.ends;
    out["duration"] = estimate_json(statement.duration);
    out["hold"] = estimate_json(statement.hold);
    put(out, "unknown", statement.unknown);
    if (!statement.failures.empty()) out["failures"] = Json::array();
    for (const auto& failure : statement.failures) out["failures"].push_back(failure_json(failure));
    out["rollback"] = undo_json(statement.undo);
    return out;
}

}  // namespace

Json changeset_json(const ChangeSet& changeset, const PlannedChangeSet& planned) {
    Json out = {{"id", changeset.key.id}, {"author", changeset.key.author}, {"path", changeset.key.path}};
    out["file"] = changeset.stored_path;
    out["line"] = changeset.at.line;
    out["action"] = planned.action == Action::rerun ? "rerun" : "apply";
    out["has_preconditions"] = planned.preconditions;
    put(out, "notes", planned.notes);
    out["transaction"] = planned.transaction == 0 ? Json() : Json(planned.transaction);
    out["rollback"] = undo_json(planned.undo);
    out["statements"] = Json::array();
    for (const auto& statement : planned.statements) out["statements"].push_back(statement_json(statement));
    return out;
}

std::string plan_json(const Changelog& changelog, const execute::Plan& plan, const Diagnostics& diagnostics) {
    Json out = answer("plan", diagnostics);
    std::string verdict = plan_verdict(plan);
    verdict.pop_back();
    out["verdict"] = verdict;
    out["empty_database"] = plan.empty_database;
    if (plan.target) out["server_version"] = plan.target->server_version_text;
    out["statements"] = plan.statements;
    out["transactions"] = plan.transactions;
    out["statements_outside_transactions"] = plan.outside;
    out["skipped"] = plan.skipped;
    const execute::PlannedStatement* longest = plan.longest();
    out["longest_lock"] = longest == nullptr ? Json() : lock_json(longest->locks.front());
    if (longest != nullptr) {
        out["longest_lock"]["statement"] = longest->number;
        out["longest_lock"]["hold"] = estimate_json(longest->hold);
    }
    out["changesets"] = Json::array();
    for (const PlannedChangeSet& planned : plan.changesets)
        out["changesets"].push_back(changeset_json(changelog.changesets[planned.index], planned));
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
