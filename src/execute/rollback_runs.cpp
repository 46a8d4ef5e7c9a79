// Changesets that ran several times (runOnChange, runAlways), and rollbacks that were interrupted.
#include "changelog/codes.hpp"

#include "execute/outbox.hpp"
#include "execute/rollback.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"
#include "execute/steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

/// The undo of one run, and beside a rollback block the generated one.
struct RunUndo {
    Undo undo;
    std::optional<Undo> generated;
    bool written = false;
};

RunUndo undo_of(const postgres::HistoryRow& run) {
    RunUndo out;
    if (run.event == "marked_ran") return out;
    out.undo = undo_from_json(run.rollback);
    out.generated = generated_from_json(run.rollback);
    out.written = out.generated.has_value();
    return out;
}

/// `older` is run behind what is in `out`.
void append(const Undo& older, const postgres::HistoryRow& run, bool several, Undo& out) {
    if (older.impossible && !out.impossible)
        out.impossible =
            several ? fmt::format("{} (its run of {})", *older.impossible, run.at) : older.impossible;
    std::copy(older.statements.begin(), older.statements.end(), std::back_inserter(out.statements));
    std::copy(older.losses.begin(), older.losses.end(), std::back_inserter(out.losses));
    std::copy(older.since.begin(), older.since.end(), std::back_inserter(out.since));
}

}  // namespace

/// Nothing where the changeset stays as it is.
std::optional<Undoer::Step> Undoer::step_of(postgres::HistoryRow row) {
    std::vector<postgres::HistoryRow> runs;
    if (row.event == "reran")
        runs = runs_in_effect(engine_.ledger_.runs_of(row.key));
    else
        runs.push_back(row);
    const auto stays = [&](const auto& run) { return is_newer_ && !is_newer_(run); };
    const auto undone =
        static_cast<std::size_t>(std::distance(runs.begin(), std::find_if(runs.begin(), runs.end(), stays)));
    if (undone == 0) return std::nullopt;
    Step step;
    step.row = std::move(row);
    undo_runs(step, runs, undone);
    step.settle();
    return step;
}

/// The newest run first. A rollback block undoes the changeset as a whole, so none is run behind it; to go
/// back to an earlier run takes the undo of each run since.
void Undoer::undo_runs(Step& step, const std::vector<postgres::HistoryRow>& runs, std::size_t undone) const {
    Undo generated, written;
    bool has_generated = true, has_block = false;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (i == undone && has_generated && (!has_block || options_.source != UndoSource::written)) {
            if (generated.losses.empty() || !has_block) {
                step.kept = runs[i];
                step.undo = std::move(generated);
                return;
            }
        }
        const RunUndo run = undo_of(runs[i]);
        const bool several = runs.size() > 1;
        if (!has_block) append(run.undo, runs[i], several, written);
        has_block = has_block || run.written;
        append(run.generated ? *run.generated : run.undo, runs[i], several, generated);
        has_generated = has_generated && !generated.impossible;
    }
    step.undo = std::move(written);
    step.written = has_block;
    if (has_block && has_generated) step.generated = std::move(generated);
    const bool instead = step.undo.impossible && options_.source != UndoSource::written;
    if (options_.source == UndoSource::generated || instead) step.take_generated();
}

/// Goes on where an earlier rollback stopped, by the undo that it ran.
void Undoer::take_up(Step& step, const std::vector<postgres::HistoryRow>& interrupted) {
    const auto found = std::find_if(interrupted.begin(), interrupted.end(),
                                    [&](const auto& row) { return row.key == step.row.key; });
    if (found == interrupted.end()) return;
    const auto done = static_cast<std::size_t>(std::max(found->step.value_or(0), 0));
    const auto is_the_one = [&](const Undo& undo) {
        return same_beginning(found->rollback, undo.statements, std::min(done + 1, undo.statements.size()));
    };
    if (!is_the_one(step.undo) && step.generated && is_the_one(*step.generated)) step.take_generated();
    if (is_the_one(step.undo) && done <= step.undo.statements.size()) {
        step.first = done;
        step.first_is_begun = true;
        return;
    }
    if (done == 0) return;  // another one may begin
    Diagnostic& item = engine_.diagnostics_.add(
        Severity::error, codes::interrupted_changeset, {},
        fmt::format("a rollback of changeset '{}' was interrupted after {} statements of another undo",
                    step.row.key.id, done));
    item.changeset = to_string(step.row.key);
    item.next = {"choose the undo that was begun: --undo written or --undo generated"};
}

/// Runs a statement of an undo together with the record of its step, or between two.
void Undoer::run_step(const Step& step, std::size_t at) {
    const Statement& statement = step.undo.statements[at];
    postgres::LedgerRow record = row_of(step, 1);
    record.event = "started";
    record.rollback = undo_to_json(step.undo);
    record.statements.clear();
    const auto record_step = [&](std::size_t number) {
        record.step = static_cast<int>(number);
        return engine_.ledger_.insert_sql({record});
    };
    if (fits_into_a_transaction(statement)) {
        connection_.execute("BEGIN;\n" + terminated(step.sql_of(statement, checks_removals_)) +
                            terminated(record_step(at + 1)) + "COMMIT");
        return;
    }
    const bool resumed = at == step.first && step.first_is_begun;
    if (!resumed) connection_.execute(record_step(at));
    const auto tell = [&](std::string text) {
        engine_.tell({.kind = Event::Kind::warning, .changeset = to_string(step.row.key), .text = text});
    };
    if (!is_done_already(connection_, statement.sql, resumed, tell)) send(step, statement);
    if (connection_.in_transaction()) {
        roll_back(connection_);
        fail_with("the statement left a transaction open");
    }
    connection_.execute(record_step(at + 1));
}

bool Undoer::run_alone(const Step& step) {
    const Clock::time_point start = Clock::now();
    const auto& statements = step.undo.statements;
    std::size_t at = step.first;
    if (step.first > 0)
        engine_.tell({.kind = Event::Kind::warning,
                      .changeset = to_string(step.row.key),
                      .text = fmt::format("its rollback was interrupted; it goes on at statement {} of {}",
                                          step.first + 1, statements.size())});
    try {
        lock_->check();
        set_again(connection_, statements, step.first);
        for (; at < statements.size(); ++at) {
            if (engine_.cancellation_.requested()) fail_with("cancelled");
            run_step(step, at);
        }
        if (may_change_settings(statements)) connection_.execute(restoring_sql_);
        connection_.execute(engine_.ledger_.insert_sql({row_of(step, 1)}));
    } catch (const postgres::DatabaseError& error) {
        roll_back(connection_);
        fail(step, error.error, at < statements.size() ? statements[at].sql : "");
        if (at == 0) return false;
        report_.outcome = engine_.cancellation_.requested() ? Outcome::cancelled : Outcome::failed_partly;
        engine_.diagnostics_.items().back().next.push_back(
            fmt::format("{} of {} statements of its undo are done; the next rollback goes on there", at,
                        statements.size()));
        return false;
    }
    done(step, std::chrono::duration<double>(Clock::now() - start).count());
    return true;
}

}  // namespace changelog::execute
