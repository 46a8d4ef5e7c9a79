// Rollback by what the ledger keeps: it works when the files are gone, moved or changed.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/data_at_risk.hpp"
#include "execute/engine.hpp"
#include "execute/outbox.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"
#include "postgres/runner_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

/// So many changesets are undone in one transaction: all of them where the lock table allows it.
constexpr std::size_t kMaxUndoBatch = 200;

struct Step {
    postgres::HistoryRow row;
    Undo undo;
    bool transactional = true;
};

bool touches_settings(const Step& step) {
    return std::any_of(step.undo.statements.begin(), step.undo.statements.end(), may_change_settings);
}

}  // namespace

/// One run of `rollback`.
class Undoer {
  public:
    Undoer(Engine& engine, const RollbackOptions& options, const Changelog* changelog, const Graph* graph)
        : engine_(engine),
          connection_(engine.connection_),
          options_(options),
          changelog_(changelog),
          graph_(graph) {
        report_.deployment = new_deployment_id();
    }

    RunReport run();
    std::string script();
    std::vector<std::string> risks();

  private:
    bool choose();
    std::vector<postgres::HistoryRow> wanted(std::vector<postgres::HistoryRow> rows);
    std::vector<postgres::HistoryRow> newer_than_tag(std::vector<postgres::HistoryRow> rows);
    std::vector<postgres::HistoryRow> newer_than_date(std::vector<postgres::HistoryRow> rows);
    std::vector<postgres::HistoryRow> one_changeset(std::vector<postgres::HistoryRow> rows);
    std::set<ChangeSetKey> applied_dependents(const ChangeSetKey& key,
                                              const std::vector<postgres::HistoryRow>& rows) const;
    void report_impossible(const postgres::HistoryRow& row, const std::string& reason);
    void run_steps();
    bool run_batch(std::size_t first, std::size_t last);
    bool run_alone(const Step& step);
    void fail(const Step& step, const ServerError& error, const std::string& statement);
    postgres::LedgerRow row_of(const Step& step, int share) const;
    void done(const Step& step, double seconds);

    Engine& engine_;
    postgres::Connection& connection_;
    const RollbackOptions& options_;
    const Changelog* changelog_;
    const Graph* graph_;
    std::vector<Step> steps_;
    std::unique_ptr<postgres::RunnerLock> lock_;
    RunReport report_;
    std::string restoring_sql_;
};

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
    if (!choose()) return report_;
    report_.outcome = Outcome::done;
    engine_.tell({.kind = Event::Kind::run_started,
                  .changeset = {},
                  .text = {},
                  .position = 0,
                  .total = steps_.size()});
    restoring_sql_ = restoring_sql(connection_);
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
    if (!engine_.ledger_.exists() || !choose()) return {};
    std::string out;
    for (const Step& step : steps_) {
        const std::string name = one_line(to_string(step.row.key));
        out +=
            fmt::format("-- rollback of {}{}\n", name, step.transactional ? "" : " (not in a transaction)");
        for (const std::string& loss : step.undo.losses) out += "-- loses: " + one_line(loss) + "\n";
        out += script_of(step.undo.statements) + "\n";
    }
    return out;
}

std::vector<std::string> Undoer::risks() {
    std::vector<std::string> out;
    if (!engine_.ledger_.exists() || !choose()) return out;
    std::set<std::string> seen;
    for (const Step& step : steps_)
        for (const Statement& statement : step.undo.statements)
            for (std::string& risk : data_at_risk(statement.sql, engine_.default_schema_, connection_))
                if (seen.insert(risk).second) out.push_back(std::move(risk));
    return out;
}

/// Picks the changesets and refuses before anything runs if one of them cannot be undone.
bool Undoer::choose() {
    if (!engine_.ledger_.check_shape(engine_.diagnostics_)) {
        report_.outcome = Outcome::history_mismatch;
        return false;
    }
    const std::size_t errors_before = engine_.diagnostics_.count(Severity::error);
    for (postgres::HistoryRow& row : wanted(engine_.ledger_.applied_rows())) {
        Step step;
        if (row.event != "marked_ran") step.undo = undo_from_json(row.rollback);
        if (step.undo.impossible) report_impossible(row, *step.undo.impossible);
        step.transactional = std::all_of(step.undo.statements.begin(), step.undo.statements.end(),
                                         [](const Statement& statement) { return statement.transactional; });
        step.row = std::move(row);
        steps_.push_back(std::move(step));
    }
    return engine_.diagnostics_.count(Severity::error) == errors_before;
}

void Undoer::report_impossible(const postgres::HistoryRow& row, const std::string& reason) {
    Location where;
    where.file = row.key.path;
    Diagnostic& item =
        engine_.diagnostics_.add(Severity::error, codes::rollback_impossible, where,
                                 fmt::format("changeset '{}' cannot be rolled back: {}", row.key.id, reason));
    item.changeset = to_string(row.key);
    item.next = {
        "nothing was rolled back; write a new changeset that undoes it by hand, or roll back only what is "
        "newer"};
}

std::vector<postgres::HistoryRow> Undoer::wanted(std::vector<postgres::HistoryRow> rows) {
    if (options_.changeset) return one_changeset(std::move(rows));
    if (options_.to_tag) return newer_than_tag(std::move(rows));
    if (options_.to_date) return newer_than_date(std::move(rows));
    if (options_.deployment) {
        std::erase_if(rows,
                      [&](const auto& row) { return !row.deployment.starts_with(*options_.deployment); });
        std::set<std::string> runs;
        for (const auto& row : rows) runs.insert(row.deployment);
        if (rows.empty())
            engine_.diagnostics_.add(
                Severity::error, codes::nothing_to_roll_back, {},
                fmt::format("nothing of deployment '{}' is applied", *options_.deployment));
        if (runs.size() <= 1) return rows;
        Diagnostic& item = engine_.diagnostics_.add(
            Severity::error, codes::ambiguous_dependency, {},
            fmt::format("{} deployments begin with '{}'", runs.size(), *options_.deployment));
        item.expected.assign(runs.begin(), runs.end());
        return {};
    }
    const std::size_t count = options_.count.value_or(0);
    if (rows.empty())
        engine_.diagnostics_.add(Severity::error, codes::nothing_to_roll_back, {},
                                 "nothing is applied to this database");
    if (count < rows.size()) rows.resize(count);
    return rows;
}

/// LIQUIBASE.md, "Read first" 9: what ran after the tagged row goes; a changeset that sets the tag itself
/// goes too.
std::vector<postgres::HistoryRow> Undoer::newer_than_tag(std::vector<postgres::HistoryRow> rows) {
    const auto tagged =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.tag == *options_.to_tag; });
    if (tagged == rows.end()) {
        std::vector<std::string_view> tags;
        for (const auto& row : rows)
            if (!row.tag.empty()) tags.emplace_back(row.tag);
        engine_.diagnostics_
            .add(Severity::error, codes::unknown_tag, {},
                 fmt::format("no applied changeset has the tag '{}'", *options_.to_tag))
            .did_you_mean = nearest(*options_.to_tag, tags);
        return {};
    }
    const bool sets_it_itself = tagged->definition.find("\"tagDatabase\"") != std::string::npos;
    rows.erase(sets_it_itself ? tagged + 1 : tagged, rows.end());
    return rows;
}

std::vector<postgres::HistoryRow> Undoer::newer_than_date(std::vector<postgres::HistoryRow> rows) {
    try {
        const postgres::Rows limit = connection_.query("SELECT $1::timestamptz", {*options_.to_date});
        std::set<long long> newer;
        for (const auto& row : connection_
                                   .query(fmt::format("SELECT seq FROM {} WHERE at > $1::timestamptz",
                                                      engine_.ledger_.qualified_table()),
                                          {limit.text(0, 0)})
                                   .rows)
            newer.insert(std::stoll(row.at(0).value_or("0")));
        std::erase_if(rows, [&](const auto& row) { return !newer.contains(row.seq); });
        return rows;
    } catch (const postgres::DatabaseError& error) {
        engine_.diagnostics_.add(Severity::error, codes::usage, {},
                                 fmt::format("'{}' is no date: {}", *options_.to_date, error.error.message));
        return {};
    }
}

std::vector<postgres::HistoryRow> Undoer::one_changeset(std::vector<postgres::HistoryRow> rows) {
    std::vector<ChangeSetKey> named;
    for (const auto& row : rows)
        if (row.key.id == *options_.changeset || to_string(row.key) == *options_.changeset)
            named.push_back(row.key);
    if (named.size() != 1) {
        Diagnostic& item = engine_.diagnostics_.add(
            Severity::error, named.empty() ? codes::unknown_changeset : codes::ambiguous_dependency, {},
            named.empty()
                ? fmt::format("no applied changeset is named '{}'", *options_.changeset)
                : fmt::format("{} applied changesets have the id '{}'", named.size(), *options_.changeset));
        for (const ChangeSetKey& key : named) item.expected.push_back(to_string(key));
        return {};
    }
    std::set<ChangeSetKey> chosen = applied_dependents(named.front(), rows);
    if (!chosen.empty() && !options_.cascade) {
        Diagnostic& item = engine_.diagnostics_.add(
            Severity::error, codes::dependents_applied, {},
            fmt::format("{} applied changesets depend on '{}'", chosen.size(), named.front().id));
        for (const ChangeSetKey& key : chosen) item.why += (item.why.empty() ? "" : "\n") + to_string(key);
        item.next = {"roll those back first, or take them along with --cascade"};
        return {};
    }
    chosen.insert(named.front());
    std::erase_if(rows, [&](const auto& row) { return !chosen.contains(row.key); });
    return rows;
}

std::set<ChangeSetKey> Undoer::applied_dependents(const ChangeSetKey& key,
                                                  const std::vector<postgres::HistoryRow>& rows) const {
    std::set<ChangeSetKey> out;
    if (changelog_ == nullptr || graph_ == nullptr) return out;
    std::set<ChangeSetKey> applied;
    for (const auto& row : rows) applied.insert(row.key);
    for (std::size_t i = 0; i < changelog_->changesets.size(); ++i) {
        if (changelog_->changesets[i].key != key) continue;
        for (const std::size_t dependent : dependents_of(*graph_, i))
            if (applied.contains(changelog_->changesets[dependent].key))
                out.insert(changelog_->changesets[dependent].key);
    }
    return out;
}

void Undoer::run_steps() {
    for (std::size_t first = 0; first < steps_.size();) {
        if (engine_.cancellation_.requested()) {
            engine_.diagnostics_.add(Severity::error, codes::cancelled, {}, "cancelled");
            report_.outcome = Outcome::cancelled;
            return;
        }
        std::size_t last = first;
        while (last < steps_.size() && steps_[last].transactional && last - first < kMaxUndoBatch) ++last;
        const bool good = last > first ? run_batch(first, last) : run_alone(steps_[first]);
        if (!good) return;
        first = std::max(last, first + 1);
    }
}

postgres::LedgerRow Undoer::row_of(const Step& step, int share) const {
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
                Outbox outbox(connection_);
                outbox.add(statement);
                outbox.flush();
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
            for (const Statement& statement : steps_[i].undo.statements) outbox.add(statement);
        if (std::any_of(steps_.begin() + static_cast<std::ptrdiff_t>(first),
                        steps_.begin() + static_cast<std::ptrdiff_t>(last), touches_settings))
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
        fail(steps_[std::min(at, last - 1)], details, current != nullptr ? current->sql : "");
        return false;
    }
    const double seconds =
        std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(last - first);
    for (std::size_t i = first; i < last; ++i) done(steps_[i], seconds);
    return true;
}

bool Undoer::run_alone(const Step& step) {
    const Clock::time_point start = Clock::now();
    const Statement* current = nullptr;
    try {
        lock_->check();
        for (const Statement& statement : step.undo.statements) {
            current = &statement;
            Outbox outbox(connection_);
            outbox.add(statement);
            outbox.flush();
            if (!connection_.in_transaction()) continue;
            roll_back(connection_);
            ServerError error;
            error.message = "the statement left a transaction open";
            throw postgres::DatabaseError(std::move(error));
        }
        if (touches_settings(step)) connection_.execute(restoring_sql_);
        connection_.execute(engine_.ledger_.insert_sql({row_of(step, 1)}));
    } catch (const postgres::DatabaseError& error) {
        fail(step, error.error, current != nullptr ? current->sql : "");
        if (current != nullptr && current != &step.undo.statements.front())
            report_.outcome = Outcome::failed_partly;
        return false;
    }
    done(step, std::chrono::duration<double>(Clock::now() - start).count());
    return true;
}

void Undoer::fail(const Step& step, const ServerError& error, const std::string& statement) {
    ServerError details = error;
    if (!statement.empty()) details.statement = statement;
    Diagnostic& item = report_server_error(details, {}, to_string(step.row.key), engine_.diagnostics_);
    item.where.file = step.row.key.path;
    item.why = "while rolling back changeset " + to_string(step.row.key);
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
                  .text = "rolled back",
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
