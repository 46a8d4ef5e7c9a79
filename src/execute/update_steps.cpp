// Changesets outside a transaction: statement by statement, each step recorded so that the next run goes on
// where this one was killed, with the undo of what is done.
#include "changelog/codes.hpp"

#include "execute/commands.hpp"
#include "execute/observer.hpp"
#include "execute/outbox.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"
#include "execute/steps.hpp"
#include "execute/update.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

/// What undoes the newer statement is run before what undoes the older ones.
void put_before(Undo newer, Undo& undo) {
    if (newer.impossible && !undo.impossible) undo.impossible = std::move(newer.impossible);
    undo.statements.insert(undo.statements.begin(), std::make_move_iterator(newer.statements.begin()),
                           std::make_move_iterator(newer.statements.end()));
    std::move(newer.losses.begin(), newer.losses.end(), std::back_inserter(undo.losses));
    std::move(newer.since.begin(), newer.since.end(), std::back_inserter(undo.since));
}

}  // namespace

/// The row that says that so many statements are done, and how these are undone.
std::string Updater::record_of(Member& member, std::size_t step) {
    Renderer::combine_undo(member.rendered);
    postgres::LedgerRow record = row_of(member, 1);
    record.event = "started";
    record.step = static_cast<int>(step);
    record.rollback = with_parts(std::move(record.rollback), member.rendered);
    return engine_.ledger_.insert_sql({record});
}

/// The statement, the looks before and after it, and the record of its step are one transaction.
void Updater::run_within(Member& member, std::size_t step, RenderedChange* observed) {
    const Statement& statement = member.rendered.statements[step];
    if (observed == nullptr) {
        connection_.execute("BEGIN;\n" + terminated(statement.sql) + terminated(record_of(member, step + 1)) +
                            "COMMIT");
        return;
    }
    connection_.execute("BEGIN");
    Observer observer(connection_, observed->footprint, introspection(), true);
    send_watched(statement, observer);
    if (!connection_.in_transaction()) fail_with("a statement of the changeset ended the transaction");
    fire_deferred_triggers();
    put_before(observer.undo(), observed->undo);
    connection_.execute(terminated(record_of(member, step + 1)) + "COMMIT");
}

/// Runs a statement outside a transaction, or together with the record of its step where that is possible.
void Updater::run_step(Member& member, std::size_t step) {
    const std::vector<std::size_t>& change_of = member.rendered.change_of;
    const Statement& statement = member.rendered.statements[step];
    RenderedChange* const observed = observed_change(member, change_of[step]);
    const bool first_of_change = step == 0 || change_of[step - 1] != change_of[step];
    const bool within = fits_into_a_transaction(statement);
    if (!within && recorded_step_ != step) connection_.execute(record_of(member, step));
    std::optional<Undo> unseen;
    if (observed != nullptr && first_of_change) {  // from now on it is what was seen
        unseen = std::exchange(observed->undo, {});
        observed->undo.observe = true;
    }
    if (within) return run_within(member, step, observed);
    const auto tell = [this](std::string text) {
        engine_.tell({.kind = Event::Kind::warning, .changeset = {}, .text = std::move(text)});
    };
    if (is_done_already(connection_, statement.sql, resumed_step_ == step, tell)) {
        // The run that did it could not look any more: what is known without looking has to do.
        if (unseen) put_before(*std::move(unseen), observed->undo);
        connection_.execute(record_of(member, step + 1));
        return;
    }
    std::optional<Observer> observer;
    if (observed != nullptr) observer.emplace(connection_, observed->footprint, introspection(), false);
    send(statement);
    if (connection_.in_transaction()) {
        roll_back(connection_);
        fail_with("the statement left a transaction open");
    }
    if (observer) put_before(observer->undo(), observed->undo);
    connection_.execute(record_of(member, step + 1));
}

Updater::Next Updater::run_without_transaction(Member& member) {
    const ChangeSet& changeset = changeset_of(member);
    const Clock::time_point start = Clock::now();
    current_statement_ = 0;
    recorded_step_.reset();
    resumed_step_.reset();
    bool began = false;
    try {
        lock_->check();
        const auto first = resume_point(member);
        if (!first) {
            failed_ = true;
            return Next::stop;
        }
        began = *first > 0;
        const auto& statements = member.rendered.statements;
        set_again(connection_, statements, *first);
        for (current_statement_ = *first; current_statement_ < statements.size(); ++current_statement_) {
            if (engine_.cancellation_.requested()) fail_with("cancelled");
            run_step(member, current_statement_);
            recorded_step_ = current_statement_ + 1;
            began = true;
        }
        run_change_actions(member, 0, changeset.changes.size());
        if (touches_settings(member)) connection_.execute(restoring_sql_);
        Renderer::combine_undo(member.rendered);
        connection_.execute(engine_.ledger_.insert_sql({row_of(member, 1)}));
    } catch (const postgres::DatabaseError& error) {
        if (current_statement_ < member.rendered.statements.size() &&
            concurrent_index_name(member.rendered.statements[current_statement_].sql))
            began = true;  // an INVALID index is left
        if (began) report_.outcome = Outcome::failed_partly;
        const Next next = fail(member, error.error);
        if (began)
            engine_.diagnostics_.items().back().next.push_back(fmt::format(
                "{} of {} statements of this changeset are done; the next update goes on with statement {}",
                current_statement_, member.rendered.statements.size(), current_statement_ + 1));
        return next;
    } catch (const CommandError& error) {
        ServerError details;
        details.message = error.what();
        return fail(member, details);
    }
    done(member, std::chrono::duration<double>(Clock::now() - start).count());
    return Next::go_on;
}

/// How many statements of the changeset an interrupted run has done; nothing, with CL3008 reported, if those
/// statements were edited since.
std::optional<std::size_t> Updater::resume_point(Member& member) {
    const ChangeSet& changeset = changeset_of(member);
    for (const postgres::HistoryRow& row : engine_.ledger_.interrupted()) {
        if (row.key != changeset.key || row.step.value_or(-1) < 0) continue;
        const auto done = static_cast<std::size_t>(*row.step);
        if (!same_beginning(row.statements, member.rendered.statements, done)) {
            Diagnostic& item = engine_.diagnostics_.error(
                codes::interrupted_changeset, changeset.at,
                fmt::format("changeset '{}' was interrupted after {} statements, and those were edited since",
                            changeset.key.id, done));
            item.changeset = to_string(changeset.key);
            item.next = {"put those statements back as they were; what comes after them may be edited"};
            return std::nullopt;
        }
        recorded_step_ = done;
        resumed_step_ = done;
        take_parts(row, done, member.rendered);
        engine_.tell({.kind = Event::Kind::warning,
                      .changeset = to_string(changeset.key),
                      .text = fmt::format("was interrupted; it goes on at statement {} of {}", done + 1,
                                          member.rendered.statements.size())});
        return done;
    }
    return 0;
}

}  // namespace changelog::execute
