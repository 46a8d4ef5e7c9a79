// How the changesets of an update reach the server: in batches, alone, or without a transaction.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/commands.hpp"
#include "execute/observer.hpp"
#include "execute/outbox.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"
#include "execute/steps.hpp"
#include "execute/transactions.hpp"
#include "execute/update.hpp"
#include "sql/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Rows that could only come in an order that keys had to wait for can only go like that.
void defer_as_it_did(RenderedChangeSet& rendered) {
    const bool defers = sets_constraints(rendered.statements);
    std::vector<Statement>& undo = (rendered.generated ? *rendered.generated : rendered.undo).statements;
    if (!defers || undo.empty()) return;
    undo.insert(undo.begin(), Statement{"SET CONSTRAINTS ALL DEFERRED"});
    undo.push_back({"SET CONSTRAINTS ALL IMMEDIATE"});
}

}  // namespace

postgres::LedgerRow Updater::row_of(const Member& member, int share) const {
    const bool was_run = member.event != "marked_ran";
    postgres::LedgerRow row = ledger_row(changeset_of(member), was_run ? &member.rendered : nullptr,
                                         report_.deployment, member.event);
    row.share = share;
    return row;
}

void Updater::send_batch(const std::vector<Member>& members) {
    Outbox outbox(connection_);
    if (!batch_is_open_) outbox.add("BEGIN");
    batch_is_open_ = true;
    for (; sent_ < members.size(); ++sent_)
        for (const Statement& statement : members[sent_].rendered.statements) outbox.add(statement);
    outbox.flush();
}

Updater::Next Updater::commit_batch() {
    if (batch_.empty()) return Next::go_on;
    std::vector<Member> members = std::exchange(batch_, {});
    const bool single = members.size() == 1 && !all_in_one();
    if (single) return run_alone(members.front());
    const Clock::time_point start = Clock::now();
    std::size_t failed_at = 0;
    try {
        lock_->check();
        Outbox outbox(connection_);
        if (!batch_is_open_) outbox.add("BEGIN");
        std::vector<postgres::LedgerRow> rows;
        for (const Member& member : members) rows.push_back(row_of(member, static_cast<int>(members.size())));
        for (; sent_ < members.size(); ++sent_)
            for (const Statement& statement : members[sent_].rendered.statements) outbox.add(statement);
        outbox.add(engine_.ledger_.insert_sql(rows));
        outbox.add("COMMIT");
        outbox.flush();
        if (connection_.in_transaction()) fail_with("the transaction did not end with its COMMIT");
    } catch (const postgres::DatabaseError& error) {
        failed_at = std::min(sent_, members.size() - 1);
        batch_is_open_ = false;
        sent_ = 0;
        if (error.error.connection_lost || engine_.cancellation_.requested())
            return fail(members[failed_at], error.error);
        roll_back(connection_);
        if (all_in_one()) return find_culprit(members, error.error);
        for (Member& member : members)  // one by one: those before the failing one stay
            if (run_alone(member) == Next::stop) return Next::stop;
        return Next::go_on;
    }
    batch_is_open_ = false;
    sent_ = 0;
    const double seconds = seconds_since(start) / static_cast<double>(members.size());
    for (const Member& member : members) {
        done(member, seconds);
    }
    return Next::go_on;
}

/// The whole run is one transaction and has failed: runs it again statement by statement to see where, and
/// undoes it.
Updater::Next Updater::find_culprit(std::vector<Member>& members, const ServerError& error) {
    replaying_ = true;
    try {
        connection_.execute("BEGIN");
        for (Member& member : members) {
            try {
                send_alone(member);
            } catch (const postgres::DatabaseError& again) {
                return fail(member, again.error);
            }
        }
        roll_back(connection_);
    } catch (const postgres::DatabaseError& lost) {
        return fail(members.back(), lost.error);
    }
    return fail(members.back(), error);
}

RenderedChange* Updater::observed_change(Member& member, std::size_t change) {
    for (RenderedChange& rendered : member.rendered.changes)
        if (rendered.change == change && rendered.undo.observe) return &rendered;
    return nullptr;
}

void Updater::send_alone(Member& member) {
    const std::vector<std::size_t>& change_of = member.rendered.change_of;
    const bool watched = observes(member.rendered) && !replaying_;
    if (watched && all_in_one()) fire_deferred_triggers();  // what others left for the end is theirs
    std::size_t change = 0;
    for (current_statement_ = 0; current_statement_ < change_of.size();) {
        const std::size_t next = change_of[current_statement_];
        run_change_actions(member, change, next);
        change = std::max(change, next);
        send_change(member, next);
    }
    run_change_actions(member, change, changeset_of(member).changes.size());
    if (watched) watch_deferred_triggers(member);
    if (observes(member.rendered)) Renderer::combine_undo(member.rendered);
    if (watched) defer_as_it_did(member.rendered);
}

/// Constraint triggers that wait for the end of the transaction may write rows as others do: they run now,
/// and then wait as they were made to. Keys and foreign keys only look, and go on waiting for the end.
void Updater::fire_deferred_triggers() {
    const postgres::Rows found = connection_.execute(
        "WITH own AS (SELECT c.condeferred AS waits, c.connamespace, c.conname, pg_catalog.format('%I.%I', "
        "n.nspname, c.conname) AS name FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON "
        "n.oid "
        "= c.connamespace WHERE c.contype = 't' AND c.condeferrable) SELECT pg_catalog.string_agg(DISTINCT "
        "name, ', '), pg_catalog.string_agg(DISTINCT name, ', ') FILTER (WHERE waits AND NOT EXISTS (SELECT "
        "FROM pg_catalog.pg_constraint o WHERE o.connamespace = own.connamespace AND o.conname = own.conname "
        "AND NOT o.condeferrable)) FROM own");
    const std::string all = found.text(0, 0), waiting = found.text(0, 1);
    if (all.empty()) return;
    connection_.execute("SET CONSTRAINTS " + all + " IMMEDIATE");
    if (!waiting.empty()) connection_.execute("SET CONSTRAINTS " + waiting + " DEFERRED");
}

/// What they do belongs to the changeset: its undo begins with theirs.
void Updater::watch_deferred_triggers(Member& member) {
    if (connection_
            .execute("SELECT FROM pg_catalog.pg_trigger WHERE tgdeferrable AND NOT tgisinternal LIMIT 1")
            .empty())
        return;
    Footprint everything;
    everything.barrier = true;
    Observer observer(connection_, everything, introspection(), true);
    fire_deferred_triggers();
    Undo undo = observer.undo();
    RenderedChange& last = member.rendered.changes.emplace_back();
    last.change = changeset_of(member).changes.size();
    last.undo = std::move(undo);
    last.undo.observe = true;
}

void Updater::send(const Statement& statement) {
    Outbox outbox(connection_);
    outbox.add(statement);
    outbox.flush();
}

/// A text of several statements is sent one by one, which is the same within a transaction.
void Updater::send_watched(const Statement& statement, Observer& observer) {
    const std::vector<std::string> pieces = sql::single_statements(statement.sql);
    if (pieces.size() < 2) {
        observer.before_statement(statement.sql);
        return send(statement);
    }
    for (const std::string& piece : pieces) {
        observer.before_statement(piece);
        connection_.execute(piece);
    }
}

/// Sends the statements of one change, from `current_statement_` on; looks before and after where only that
/// tells how it is undone.
void Updater::send_change(Member& member, std::size_t change) {
    const RenderedChangeSet& rendered = member.rendered;
    RenderedChange* const observed = replaying_ ? nullptr : observed_change(member, change);
    std::optional<Observer> observer;
    if (observed != nullptr) observer.emplace(connection_, observed->footprint, introspection(), true);
    for (;
         current_statement_ < rendered.statements.size() && rendered.change_of[current_statement_] == change;
         ++current_statement_) {
        if (observer)
            send_watched(rendered.statements[current_statement_], *observer);
        else
            send(rendered.statements[current_statement_]);
        if (observer && !connection_.in_transaction())
            fail_with("a statement of the changeset ended the transaction");
    }
    if (observer) {
        observed->undo = observer->undo();
        observed->undo.observe = true;
    }
}

Updater::Next Updater::run_alone(Member& member) {
    const Clock::time_point start = Clock::now();
    current_statement_ = 0;
    try {
        lock_->check();
        connection_.execute("BEGIN");
        send_alone(member);
        if (!connection_.in_transaction()) fail_with("a statement of the changeset ended the transaction");
        if (touches_settings(member)) connection_.execute(restoring_sql_);
        connection_.execute(engine_.ledger_.insert_sql({row_of(member, 1)}) + ";\nCOMMIT");
        if (connection_.in_transaction()) fail_with("the transaction did not end with its COMMIT");
    } catch (const postgres::DatabaseError& error) {
        return fail(member, error.error);
    } catch (const CommandError& error) {
        ServerError details;
        details.message = error.what();
        return fail(member, details);
    }
    done(member, seconds_since(start));
    return Next::go_on;
}

/// Programs and messages of the changes from `from_change` up to, but without, `to_change`.
void Updater::run_change_actions(const Member& member, std::size_t from_change, std::size_t to_change) {
    if (member.event == "marked_ran" || replaying_) return;
    const ChangeSet& changeset = changeset_of(member);
    for (std::size_t i = from_change; i < to_change && i < changeset.changes.size(); ++i) {
        if (const Command* command = changeset.changes[i]->command())
            run_command(*command, engine_.options_.allow_commands,
                        [this] { return engine_.cancellation_.requested(); });
        if (const auto message = changeset.changes[i]->output())
            engine_.tell({.kind = Event::Kind::message,
                          .changeset = to_string(changeset.key),
                          .text = message->text,
                          .to_stdout = message->target == "STDOUT"});
    }
}

bool Updater::touches_settings(const Member& member) const {
    return execute::touches_settings(graph_.footprints[member.rendered.index], member.rendered);
}

void Updater::report_failure(const Member& member, const ServerError& error) {
    const ChangeSet& changeset = changeset_of(member);
    Position at = changeset.at;
    ServerError details = error;
    const auto& statements = member.rendered.statements;
    if (current_statement_ < statements.size()) {
        if (details.statement.empty() || statements.size() > 1)
            details.statement = statements[current_statement_].sql;
        at = changeset.changes[member.rendered.change_of[current_statement_]]->at;
    }
    report_server_error(details, at, to_string(changeset.key), engine_.diagnostics_,
                        engine_.cancellation_.requested());
}

Updater::Next Updater::fail(const Member& member, const ServerError& error) {
    roll_back(connection_);
    report_failure(member, error);
    if (error.connection_lost || all_in_one()) {
        failed_ = true;
        return Next::stop;
    }
    return fail_softly_or_stop(changeset_of(member));
}

void Updater::done(const Member& member, double seconds) {
    const bool marked = member.event == "marked_ran";
    ++(marked ? report_.marked_ran : report_.applied);
    engine_.tell({.kind = Event::Kind::changeset_done,
                  .changeset = to_string(changeset_of(member).key),
                  .text = marked ? "marked as run" : member.event,
                  .position = report_.applied + report_.marked_ran,
                  .total = selection_.pending.size(),
                  .seconds = seconds});
}

}  // namespace changelog::execute
