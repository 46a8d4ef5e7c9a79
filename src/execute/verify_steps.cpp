#include "execute/verify_steps.hpp"

#include "execute/owners.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"

#include <fmt/format.h>

namespace changelog::execute {

namespace {

UpdateOptions options_for(const SelectOptions& select) {
    UpdateOptions options;
    options.select = select;
    options.transactions = TransactionMode::changeset;
    return options;
}

}  // namespace

Stepper::Stepper(Engine& engine, Diagnostics& diagnostics, const Changelog& changelog, const Graph& graph,
                 const SelectOptions& select)
    : engine_(engine), diagnostics_(diagnostics), updater_(engine, changelog, graph, options_for(select)) {}

bool Stepper::begin() {
    if (!engine_.ledger().ensure(diagnostics_) || !updater_.select() || !updater_.take_lock()) return false;
    if (!updater_.root_preconditions_hold()) return false;
    RenderContext context = engine_.render_context();
    context.complete = true;  // as in Updater::run_pending
    updater_.renderer_ = std::make_unique<Renderer>(updater_.changelog_, updater_.graph_, std::move(context));
    if (!updater_.selection_.applied.empty()) {
        for (const std::size_t index : updater_.selection_.applied) updater_.renderer_->fold(index);
        Renderer::State state = updater_.renderer_->state();
        take_owners(state.catalog, updater_.connection_);
        updater_.renderer_->restore(std::move(state));
    }
    updater_.grantors_ = grantors_of(updater_.connection_);
    updater_.restoring_sql_ = restoring_sql(updater_.connection_);
    engine_.cancellation().watch(&updater_.connection_);
    return true;
}

Stepper::Done Stepper::apply(Pending pending) {
    const RunReport before = updater_.report_;
    before_ = updater_.renderer_->state();
    updater_.failed_ = false;
    reran_ = pending.action == Action::rerun;
    if (reran_) updater_.report_.deployment = new_deployment_id();  // only this run is taken back
    if (updater_.run_one(pending) == Updater::Next::go_on) updater_.commit_batch();
    const RunReport& now = updater_.report_;
    if (now.applied > before.applied) return Done::applied;
    if (now.marked_ran > before.marked_ran) return Done::marked_ran;
    updater_.renderer_->restore(before_);
    return updater_.failed_ ? Done::failed : Done::skipped;
}

bool Stepper::undo() {
    RollbackOptions options;
    if (reran_)
        options.deployment = updater_.report_.deployment;
    else
        options.count = 1;
    options.source = UndoSource::written;  // a generated one that stands in for it would hide its faults
    const RunReport report = engine_.rollback(options);
    engine_.cancellation().watch(&updater_.connection_);
    if (report.outcome == Outcome::done) updater_.renderer_->restore(before_);
    return report.outcome == Outcome::done && report.rolled_back == 1;
}

std::optional<Undo> Stepper::stored_undo(const ChangeSetKey& key) {
    const postgres::Rows found = updater_.connection_.query(
        fmt::format("SELECT event, rollback FROM {} WHERE id = $1 AND author = $2 AND path = $3 AND event IN "
                    "('applied', 'reran', 'marked_ran') ORDER BY seq DESC LIMIT 1",
                    engine_.ledger().qualified_table()),
        {key.id, key.author, key.path});
    if (found.empty() || found.text(0, 0) == "marked_ran") return std::nullopt;
    Undo undo = undo_from_json(found.text(0, 1));
    // What the changes destroyed no rollback block brings back either. What the generated undo would take
    // away besides says nothing of the block.
    if (const auto generated = generated_from_json(found.text(0, 1)))
        undo.losses.insert(undo.losses.end(), generated->losses.begin(), generated->losses.end());
    return undo;
}

}  // namespace changelog::execute
