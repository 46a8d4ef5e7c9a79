// Rollback by what the ledger keeps: it works when the files are gone, moved or changed.
#include "execute/rollback.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/data_at_risk.hpp"
#include "execute/outbox.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"
#include "postgres/runner_lock.hpp"
#include "sql/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

/// So many changesets are undone in one transaction: all of them where the lock table allows it.
constexpr std::size_t kMaxUndoBatch = 200;

bool changes_schema_only(const Undo& undo, const std::string& default_schema) {
    Footprint footprint;
    for (const Statement& statement : undo.statements)
        sql::footprint_of(statement.sql, default_schema, footprint);
    return !footprint.barrier &&
           std::none_of(footprint.touches.begin(), footprint.touches.end(), [](const Touch& touch) {
               return touch.object.kind == ObjectKind::rows && touch.access != Access::require;
           });
}

}  // namespace

RunReport Undoer::run() {
    const Clock::time_point start = Clock::now();
    report_.outcome = Outcome::refused;
    if (!engine_.ledger_.exists()) {
        engine_.diagnostics_.add(Severity::error, codes::nothing_to_roll_back, {},
                                 "nothing is applied to this database");
        return report_;
    }
    lock_ = std::make_unique<postgres::RunnerLock>(
        connection_, engine_.ledger_.qualified_table(), engine_.options_.lock_patience,
        [this](const std::string& who) {
            engine_.tell({.kind = Event::Kind::waiting_for_lock, .changeset = {}, .text = who});
        },
        engine_.diagnostics_, [this] { return engine_.cancellation_.requested(); });
    if (!lock_->held()) {
        report_.outcome = engine_.cancellation_.requested() ? Outcome::cancelled : Outcome::lock_not_obtained;
        return report_;
    }
    if (!choose() || !loses_nothing()) return report_;
    report_.outcome = Outcome::done;
    engine_.tell({.kind = Event::Kind::run_started,
                  .changeset = {},
                  .text = {},
                  .position = 0,
                  .total = steps_.size()});
    restoring_sql_ = restoring_sql(connection_);
    checks_removals_ = can_check();
    engine_.cancellation_.watch(&connection_);
    run_steps();
    engine_.cancellation_.watch(nullptr);
    report_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    engine_.tell({.kind = Event::Kind::run_finished,
                  .changeset = {},
                  .text = {},
                  .position = report_.rolled_back,
                  .total = steps_.size(),
                  .seconds = report_.seconds});
    return report_;
}

std::string Undoer::script() {
    if (!engine_.ledger_.exists() || !choose() || !loses_nothing()) return {};
    std::string out;
    for (const Step& step : steps_) {
        const std::string name = one_line(to_string(step.row.key));
        out +=
            fmt::format("-- rollback of {}{}\n", name, step.transactional ? "" : " (not in a transaction)");
        if (step.kept) out += "-- goes back to its run of " + step.kept->at + "\n";
        if (step.first > 0) out += fmt::format("-- goes on behind {} statements that are done\n", step.first);
        for (const std::string& loss : step.undo.losses)
            out += "-- does not come back: " + one_line(loss) + "\n";
        for (const std::string& loss : step.undo.since) out += "-- takes away: " + one_line(loss) + "\n";
        out += script_of(step.rest()) + "\n";
    }
    return out;
}

std::vector<std::string> Undoer::risks() {
    if (!engine_.ledger_.exists() || !choose()) return {};
    return lost_now();
}

std::vector<std::string> Undoer::lost_now() {
    std::vector<std::string> out;
    DataAtRisk risks(engine_.default_schema_, connection_);
    std::set<std::string> seen;
    for (const Step& step : steps_) {
        bool seen_through = true;
        for (const Statement& statement : step.rest())
            for (std::string& risk : risks.add(statement.sql, seen_through))
                if (seen.insert(risk).second) out.push_back(std::move(risk));
        if (!seen_through && step.written)
            if (const std::string risk = "what the code of a rollback block destroys";
                seen.insert(risk).second)
                out.push_back(risk);
        if (!seen_through)  // what is said of it counts, whether it is there or not
            for (const std::string& loss : step.undo.since)
                if (!seen.contains(loss.substr(0, loss.find(" written since"))) && seen.insert(loss).second)
                    out.push_back(loss);
    }
    return out;
}

/// Whether the role may run DO blocks.
bool Undoer::can_check() {
    return !connection_
                .execute(
                    "SELECT FROM pg_catalog.pg_language WHERE lanname = 'plpgsql' AND "
                    "pg_catalog.has_language_privilege(oid, 'USAGE')")
                .empty();
}

void Undoer::send(const Step& step, const Statement& statement) {
    Statement checked = statement;
    checked.sql = step.sql_of(statement, checks_removals_);
    Outbox outbox(connection_);
    outbox.add(checked);
    outbox.flush();
}

void Undoer::run_steps() {
    for (std::size_t first = 0; first < steps_.size();) {
        if (engine_.cancellation_.requested()) {
            engine_.diagnostics_.add(Severity::error, codes::cancelled, {}, "cancelled");
            report_.outcome = Outcome::cancelled;
            return;
        }
        const std::size_t last = first_alone(first);
        const std::size_t done_before = report_.rolled_back;
        const bool good = last > first ? run_batch(first, last) : run_alone(steps_[first]);
        if (!good) return;
        first += report_.rolled_back - done_before;
    }
}

/// The end of the transaction that begins with the step. What a step sets for constraints would hold for
/// those behind it as well, and no statement says that they wait as they were made to.
std::size_t Undoer::first_alone(std::size_t first) const {
    std::size_t last = first;
    while (last < steps_.size() && steps_[last].transactional && last - first < kMaxUndoBatch)
        if (sets_constraints(steps_[last++].undo.statements)) break;
    return last;
}

/// A rollback block that fails, or left something behind so that an older undo fails: all that is still to be
/// undone is tried once more by what was made from the changes. False if there is nothing else to try.
bool Undoer::turn_to_generated(const ChangeSetKey& failed, std::size_t first, const ServerError& error) {
    // What is wrong with the block itself, and not with the moment: unknown or existing objects, syntax.
    const bool structural =
        (error.sqlstate.starts_with("42") && error.sqlstate != "42501") || error.sqlstate == "2BP01";
    if (options_.source != UndoSource::automatic || options_.lossless || !structural ||
        engine_.cancellation_.requested())
        return false;
    // A block may be there to bring data back, which nothing else can.
    const auto may_stand_in = [this](const Step& step) {
        return step.generated && step.first == 0 &&
               (step.generated->losses.empty() || changes_schema_only(step.undo, engine_.default_schema_));
    };
    const auto blocks =
        std::count_if(steps_.begin() + static_cast<std::ptrdiff_t>(first), steps_.end(), may_stand_in);
    if (blocks == 0) return false;
    const std::vector<std::string> agreed = lost_now();
    const std::vector<Step> written = steps_;
    for (std::size_t i = first; i < steps_.size(); ++i)
        if (may_stand_in(steps_[i])) steps_[i].take_generated();
    for (const std::string& loss : lost_now())
        if (std::find(agreed.begin(), agreed.end(), loss) == agreed.end()) {
            steps_ = written;
            return false;
        }
    engine_.tell(
        {.kind = Event::Kind::warning,
         .changeset = to_string(failed),
         .text = fmt::format("does not go back by the rollback blocks: {}. {} of them are put aside, and the "
                             "undo that was made from the changes is run instead",
                             one_line(error.message), blocks)});
    return true;
}

postgres::LedgerRow Undoer::row_of(const Step& step, int share) const {
    if (step.kept) return row_of_return(*step.kept, report_.deployment, share);
    postgres::LedgerRow row;
    row.deployment = report_.deployment;
    row.event = "rolled_back";
    row.key = step.row.key;
    row.checksum = step.row.checksum;
    row.contexts = step.row.contexts;
    row.labels = step.row.labels;
    row.share = share;
    return row;
}

bool Undoer::run_batch(std::size_t first, std::size_t last) {
    const Clock::time_point start = Clock::now();
    std::size_t at = first;
    const Statement* current = nullptr;
    const auto send_one_by_one = [&] {
        connection_.execute("BEGIN");
        for (at = first; at < last; ++at)
            for (const Statement& statement : steps_[at].undo.statements) {
                current = &statement;
                send(steps_[at], statement);
            }
    };
    std::vector<postgres::LedgerRow> rows;
    for (std::size_t i = first; i < last; ++i)
        rows.push_back(row_of(steps_[i], static_cast<int>(last - first)));
    try {
        lock_->check();
        Outbox outbox(connection_);
        outbox.add("BEGIN");
        for (std::size_t i = first; i < last; ++i)
            for (Statement statement : steps_[i].undo.statements) {
                statement.sql = steps_[i].sql_of(statement, checks_removals_);
                outbox.add(statement);
            }
        if (std::any_of(steps_.begin() + static_cast<std::ptrdiff_t>(first),
                        steps_.begin() + static_cast<std::ptrdiff_t>(last),
                        [](const Step& step) { return may_change_settings(step.undo.statements); }))
            outbox.add(restoring_sql_);
        outbox.add(engine_.ledger_.insert_sql(rows));
        outbox.add("COMMIT");
        outbox.flush();
    } catch (const postgres::DatabaseError& error) {
        roll_back(connection_);
        ServerError details = error.error;
        if (!details.connection_lost && !engine_.cancellation_.requested()) {
            try {  // again, one by one, only to see which statement it is
                send_one_by_one();
            } catch (const postgres::DatabaseError& again) {
                details = again.error;
            }
            roll_back(connection_);
        }
        const std::string failed_sql = current != nullptr ? current->sql : "";  // the steps may change now
        const std::size_t failed = std::min(at, last - 1);
        if (!details.connection_lost && turn_to_generated(steps_[failed].row.key, first, details))
            return run_batch(first, first_alone(first));
        fail(steps_[failed], details, failed_sql);
        return false;
    }
    const double seconds =
        std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(last - first);
    for (std::size_t i = first; i < last; ++i) done(steps_[i], seconds);
    return true;
}

void Undoer::fail(const Step& step, const ServerError& error, const std::string& statement) {
    ServerError details = error;
    if (!statement.empty()) details.statement = statement;
    Diagnostic& item = report_server_error(details, {}, to_string(step.row.key), engine_.diagnostics_);
    if (error.sqlstate == kRowsAreLeft) item.code = codes::rows_not_removed;
    item.where.file = step.row.key.path;
    item.why = "while rolling back changeset " + to_string(step.row.key);
    if (step.generated)
        item.next.push_back(
            "what was made from the changes can be run instead of the rollback blocks: --undo generated");
    report_.outcome = engine_.cancellation_.requested() ? Outcome::cancelled
                      : report_.rolled_back > 0         ? Outcome::failed_partly
                                                        : Outcome::failed_unchanged;
}

void Undoer::done(const Step& step, double seconds) {
    ++report_.rolled_back;
    for (const std::string& loss : step.undo.losses)
        engine_.tell({.kind = Event::Kind::warning,
                      .changeset = to_string(step.row.key),
                      .text = "does not come back: " + loss});
    engine_.tell({.kind = Event::Kind::changeset_done,
                  .changeset = to_string(step.row.key),
                  .text = step.kept ? "rolled back to its run of " + step.kept->at : "rolled back",
                  .position = report_.rolled_back,
                  .total = steps_.size(),
                  .seconds = seconds});
}

RunReport Engine::rollback(const RollbackOptions& options, const Changelog* changelog, const Graph* graph) {
    return Undoer(*this, options, changelog, graph).run();
}

std::vector<std::string> Engine::rollback_risks(const RollbackOptions& options, const Changelog* changelog,
                                                const Graph* graph) {
    return Undoer(*this, options, changelog, graph).risks();
}

std::string Engine::rollback_script(const RollbackOptions& options, const Changelog* changelog,
                                    const Graph* graph) {
    return Undoer(*this, options, changelog, graph).script();
}

}  // namespace changelog::execute
