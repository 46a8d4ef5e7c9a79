// How the changesets of an update reach the server: in batches, alone, or without a transaction.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/commands.hpp"
#include "execute/outbox.hpp"
#include "execute/rows.hpp"
#include "execute/update.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// SET SCHEMA 'name' is another word for SET search_path (manual, SET).
bool sets_schema(const std::string& text) {
    for (std::size_t at = text.find("schema"); at != std::string::npos; at = text.find("schema", at + 1)) {
        const std::size_t next = text.find_first_not_of(" \t\r\n", at + 6);
        if (next != std::string::npos && text[next] == '\'') return true;
    }
    return false;
}

/// A statement that sets search_path would change what every later unqualified name means.
bool may_set_search_path(const RenderedChangeSet& rendered) {
    return std::any_of(rendered.statements.begin(), rendered.statements.end(),
                       [](const Statement& statement) {
                           const std::string text = lower(statement.sql);
                           return text.find("search_path") != std::string::npos || sets_schema(text);
                       });
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
    const std::vector<Member> members = std::exchange(batch_, {});
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
    } catch (const postgres::DatabaseError& error) {
        failed_at = std::min(sent_, members.size() - 1);
        batch_is_open_ = false;
        sent_ = 0;
        if (error.error.connection_lost || engine_.cancellation_.requested())
            return fail(members[failed_at], error.error);
        roll_back(connection_);
        if (all_in_one()) return find_culprit(members, error.error);
        for (const Member& member : members)  // one by one: those before the failing one stay
            if (run_alone(member) == Next::stop) return Next::stop;
        return Next::go_on;
    }
    batch_is_open_ = false;
    sent_ = 0;
    const double seconds = seconds_since(start) / static_cast<double>(members.size());
    for (const Member& member : members) {
        done(member, seconds);
        restore_search_path(member);
    }
    return Next::go_on;
}

/// The whole run is one transaction and has failed: runs it again statement by statement to see where, and
/// undoes it.
Updater::Next Updater::find_culprit(const std::vector<Member>& members, const ServerError& error) {
    try {
        connection_.execute("BEGIN");
        for (const Member& member : members) {
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

void Updater::send_alone(const Member& member) {
    const RenderedChangeSet& rendered = member.rendered;
    const std::size_t changes = changeset_of(member).changes.size();
    std::size_t change = 0;
    for (current_statement_ = 0; current_statement_ < rendered.statements.size(); ++current_statement_) {
        run_change_actions(member, change, rendered.change_of[current_statement_]);
        change = std::max(change, rendered.change_of[current_statement_]);
        Outbox outbox(connection_);
        outbox.add(rendered.statements[current_statement_]);
        outbox.flush();
    }
    run_change_actions(member, change, changes);
}

Updater::Next Updater::run_alone(const Member& member) {
    const Clock::time_point start = Clock::now();
    current_statement_ = 0;
    try {
        lock_->check();
        connection_.execute("BEGIN");
        send_alone(member);
        connection_.execute(engine_.ledger_.insert_sql({row_of(member, 1)}) + ";\nCOMMIT");
    } catch (const postgres::DatabaseError& error) {
        return fail(member, error.error);
    } catch (const CommandError& error) {
        ServerError details;
        details.message = error.what();
        return fail(member, details);
    }
    done(member, seconds_since(start));
    restore_search_path(member);
    return Next::go_on;
}

/// Programs and messages of the changes from `from_change` up to, but without, `to_change`.
void Updater::run_change_actions(const Member& member, std::size_t from_change, std::size_t to_change) {
    if (member.event == "marked_ran") return;
    const ChangeSet& changeset = changeset_of(member);
    for (std::size_t i = from_change; i < to_change && i < changeset.changes.size(); ++i) {
        if (const Command* command = changeset.changes[i]->command())
            run_command(*command, engine_.options_.allow_commands);
        if (const auto message = changeset.changes[i]->output())
            engine_.tell({.kind = Event::Kind::message,
                          .changeset = to_string(changeset.key),
                          .text = message->text,
                          .to_stdout = message->target == "STDOUT"});
    }
}

Updater::Next Updater::run_without_transaction(const Member& member) {
    const ChangeSet& changeset = changeset_of(member);
    const Clock::time_point start = Clock::now();
    current_statement_ = 0;
    bool began = false;
    try {
        lock_->check();
        const std::size_t first = resume_point(changeset);
        began = first > 0;
        for (current_statement_ = first; current_statement_ < member.rendered.statements.size();
             ++current_statement_) {
            const Statement& statement = member.rendered.statements[current_statement_];
            postgres::LedgerRow started = row_of(member, 1);
            started.event = "started";
            started.step = static_cast<int>(current_statement_);
            connection_.execute(engine_.ledger_.insert_sql({started}));
            if (finish_interrupted_index(statement.sql)) continue;
            Outbox outbox(connection_);
            outbox.add(statement);
            outbox.flush();
            began = true;
        }
        run_change_actions(member, 0, changeset.changes.size());
        connection_.execute(engine_.ledger_.insert_sql({row_of(member, 1)}));
    } catch (const postgres::DatabaseError& error) {
        if (began) report_.outcome = Outcome::failed_partly;
        const Next next = fail(member, error.error);
        if (began)
            engine_.diagnostics_.items().back().next.push_back(fmt::format(
                "{} of {} statements of this changeset are done; the next update goes on with statement {}",
                current_statement_, member.rendered.statements.size(), current_statement_ + 1));
        return next;
    }
    done(member, seconds_since(start));
    restore_search_path(member);
    return Next::go_on;
}

/// How many statements of a changeset an interrupted run is known to have done.
std::size_t Updater::resume_point(const ChangeSet& changeset) {
    std::size_t first = 0;
    for (const postgres::HistoryRow& row : engine_.ledger_.interrupted())
        if (row.key == changeset.key && row.checksum == changeset.checksum)
            first = static_cast<std::size_t>(row.step.value_or(0));
    return first;
}

/// CREATE INDEX CONCURRENTLY that was killed leaves an INVALID index (manual, CREATE INDEX, "Building Indexes
/// Concurrently"). True if a valid one is there already and nothing is left to do.
bool Updater::finish_interrupted_index(const std::string& sql) {
    const auto name = concurrent_index_name(sql);
    if (!name) return false;
    const postgres::Rows found = connection_.query(
        "SELECT i.indisvalid, i.indexrelid::regclass::text FROM pg_catalog.pg_index i WHERE i.indexrelid = "
        "pg_catalog.to_regclass($1)",
        {*name});
    if (found.empty()) return false;
    const bool resumes = !engine_.ledger_.interrupted().empty();
    if (found.text(0, 0) == "t") return resumes && current_statement_ > 0;
    engine_.tell({.kind = Event::Kind::warning,
                  .changeset = {},
                  .text = fmt::format("dropping the invalid index {} that an earlier attempt left",
                                      found.text(0, 1))});
    connection_.execute("DROP INDEX CONCURRENTLY " + found.text(0, 1));
    return false;
}

void Updater::restore_search_path(const Member& member) {
    if (!may_set_search_path(member.rendered)) return;
    connection_.execute(
        fmt::format("SELECT pg_catalog.set_config('search_path', {}, false)", sql::literal(search_path_)));
}

Updater::Next Updater::fail(const Member& member, const ServerError& error) {
    roll_back(connection_);
    const ChangeSet& changeset = changeset_of(member);
    Position at = changeset.at;
    ServerError details = error;
    const auto& statements = member.rendered.statements;
    if (current_statement_ < statements.size()) {
        if (details.statement.empty() || statements.size() > 1)
            details.statement = statements[current_statement_].sql;
        at = changeset.changes[member.rendered.change_of[current_statement_]]->at;
    }
    report_server_error(details, at, to_string(changeset.key), engine_.diagnostics_);
    if (error.connection_lost) {
        failed_ = true;
        return Next::stop;
    }
    return fail_softly_or_stop(changeset);
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
