// How the changesets of an update reach the server: in batches, alone, or without a transaction.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/commands.hpp"
#include "execute/observer.hpp"
#include "execute/outbox.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"
#include "execute/update.hpp"
#include "sql/parse.hpp"

#include <fmt/format.h>

#include <utility>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Statements that PostgreSQL can run together with the row that records their step, so that a crash cannot
/// repeat them. CALL and DO may end transactions themselves and are not among them.
bool fits_into_a_transaction(const Statement& statement) {
    static constexpr std::string_view kWords[] = {"insert", "update",  "delete", "merge",  "create",  "alter",
                                                  "drop",   "comment", "grant",  "revoke", "truncate"};
    if (!statement.transactional || statement.rows || !statement.stdin_data.empty()) return false;
    const std::string word = lower(first_word(statement.sql));
    return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

/// A statement that ends or opens a transaction takes the history's row away from the change.
[[noreturn]] void fail_with(std::string message) {
    ServerError error;
    error.message = std::move(message);
    throw postgres::DatabaseError(std::move(error));
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
    batch_is_alone_ = false;
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

bool Updater::observes(const Member& member) const {
    const auto& changes = member.rendered.changes;
    return std::any_of(changes.begin(), changes.end(),
                       [](const RenderedChange& change) { return change.undo.observe; });
}

void Updater::send_alone(Member& member) {
    const std::vector<std::size_t>& change_of = member.rendered.change_of;
    std::size_t change = 0;
    for (current_statement_ = 0; current_statement_ < change_of.size();) {
        const std::size_t next = change_of[current_statement_];
        run_change_actions(member, change, next);
        change = std::max(change, next);
        send_change(member, next);
    }
    run_change_actions(member, change, changeset_of(member).changes.size());
    if (observes(member)) Renderer::combine_undo(member.rendered);
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

/// Runs a statement outside a transaction, or together with the record of its step where that is possible.
void Updater::run_step(const Member& member, std::size_t step) {
    const Statement& statement = member.rendered.statements[step];
    postgres::LedgerRow record = row_of(member, 1);
    record.event = "started";
    if (fits_into_a_transaction(statement)) {
        record.step = static_cast<int>(step + 1);
        connection_.execute("BEGIN;\n" + terminated(statement.sql) +
                            terminated(engine_.ledger_.insert_sql({record})) + "COMMIT");
        return;
    }
    if (recorded_step_ != step) {
        record.step = static_cast<int>(step);
        connection_.execute(engine_.ledger_.insert_sql({record}));
    }
    if (index_is_there(statement.sql)) return;
    Outbox outbox(connection_);
    outbox.add(statement);
    outbox.flush();
    if (connection_.in_transaction()) {
        roll_back(connection_);
        fail_with("the statement left a transaction open");
    }
    record.step = static_cast<int>(step + 1);
    connection_.execute(engine_.ledger_.insert_sql({record}));
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
        std::optional<Observer> observer;
        if (observes(member) && !began)
            observer.emplace(connection_, graph_.footprints[member.rendered.index], introspection(), false);
        for (current_statement_ = *first; current_statement_ < statements.size(); ++current_statement_) {
            if (engine_.cancellation_.requested()) fail_with("cancelled");
            run_step(member, current_statement_);
            recorded_step_ = current_statement_ + 1;
            began = true;
        }
        run_change_actions(member, 0, changeset.changes.size());
        if (touches_settings(member)) connection_.execute(restoring_sql_);
        if (observer) {
            RenderedChangeSet& rendered = member.rendered;
            (rendered.generated ? *rendered.generated : rendered.undo) = observer->undo();
        }
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
    done(member, seconds_since(start));
    return Next::go_on;
}

/// How many statements of the changeset an interrupted run has done; nothing, with CL3008 reported, if those
/// statements were edited since.
std::optional<std::size_t> Updater::resume_point(const Member& member) {
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
        engine_.tell({.kind = Event::Kind::warning,
                      .changeset = to_string(changeset.key),
                      .text = fmt::format("was interrupted; it goes on at statement {} of {}", done + 1,
                                          member.rendered.statements.size())});
        return done;
    }
    return 0;
}

/// CREATE INDEX CONCURRENTLY that was killed leaves an INVALID index, or the server finished it alone
/// (manual, CREATE INDEX, "Building Indexes Concurrently"). True if nothing is left to do; an invalid one is
/// dropped.
bool Updater::index_is_there(const std::string& sql) {
    const auto name = concurrent_index_name(sql);
    if (!name) return false;
    const postgres::Rows found = connection_.query(
        "SELECT i.indisvalid, i.indexrelid::regclass::text FROM pg_catalog.pg_index i WHERE i.indexrelid = "
        "pg_catalog.to_regclass($1)",
        {*name});
    if (found.empty()) return false;
    if (found.text(0, 0) == "t") return resumed_step_ == current_statement_;
    engine_.tell({.kind = Event::Kind::warning,
                  .changeset = {},
                  .text = fmt::format("dropping the invalid index {} that an earlier attempt left",
                                      found.text(0, 1))});
    connection_.execute("DROP INDEX CONCURRENTLY " + found.text(0, 1));
    return false;
}

bool Updater::touches_settings(const Member& member) const {
    const auto& statements = member.rendered.statements;
    return graph_.footprints[member.rendered.index].barrier ||
           std::any_of(statements.begin(), statements.end(), may_change_settings);
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
