// One run of `rollback`: which changesets, by which undo, in which transactions.
#pragma once

#include "execute/engine.hpp"
#include "execute/row_removal.hpp"
#include "execute/rows.hpp"
#include "postgres/ledger.hpp"
#include "postgres/runner_lock.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog::execute {

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
    struct Step {
        postgres::HistoryRow row;
        Undo undo;
        std::optional<Undo> generated;  ///< beside a rollback block, and possible
        bool written = false;           ///< `undo` is a rollback block
        bool transactional = true;
        std::size_t first = 0;        ///< so many statements an interrupted rollback has done
        bool first_is_begun = false;  ///< and it may have run the next one
        /// The run that the changeset goes back to where only later ones are undone: it stays applied.
        std::optional<postgres::HistoryRow> kept;

        void settle() {
            transactional = std::all_of(undo.statements.begin(), undo.statements.end(),
                                        [](const Statement& statement) { return statement.transactional; });
        }
        void take_generated() {
            if (!generated) return;
            undo = std::move(*generated);
            written = false;
            generated.reset();
            settle();
        }
        /// What is still to be run.
        std::vector<Statement> rest() const {
            return {undo.statements.begin() + static_cast<std::ptrdiff_t>(first), undo.statements.end()};
        }
        /// What was made from the changes is checked; an author's word is run as it is.
        std::string sql_of(const Statement& statement, bool checks) const {
            return checks && !written ? checked_removal(statement.sql) : statement.sql;
        }
    };

    /// Whether a run of a changeset is among what is to be undone.
    using IsNewer = std::function<bool(const postgres::HistoryRow&)>;

    bool choose();
    std::optional<Step> step_of(postgres::HistoryRow row);
    void undo_runs(Step& step, const std::vector<postgres::HistoryRow>& runs, std::size_t undone) const;
    void take_up(Step& step, const std::vector<postgres::HistoryRow>& interrupted);
    bool can_check();
    void send(const Step& step, const Statement& statement);
    void run_step(const Step& step, std::size_t at);
    bool loses_nothing();
    std::vector<std::string> lost_now();
    std::vector<postgres::HistoryRow> wanted(std::vector<postgres::HistoryRow> rows);
    std::vector<postgres::HistoryRow> newer_than_tag(std::vector<postgres::HistoryRow> rows);
    std::vector<postgres::HistoryRow> newer_than_date(std::vector<postgres::HistoryRow> rows);
    std::vector<postgres::HistoryRow> one_changeset(std::vector<postgres::HistoryRow> rows);
    std::set<ChangeSetKey> applied_dependents(const ChangeSetKey& key,
                                              const std::vector<postgres::HistoryRow>& rows) const;
    void report_impossible(const postgres::HistoryRow& row, const std::string& reason);
    void run_steps();
    std::size_t first_alone(std::size_t first) const;
    bool turn_to_generated(const ChangeSetKey& failed, std::size_t first, const ServerError& error);
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
    IsNewer is_newer_;             ///< empty: a changeset goes with all of its runs
    bool checks_removals_ = true;  ///< the server has PL/pgSQL
};

}  // namespace changelog::execute
