// One run of `rollback`: which changesets, by which undo, in which transactions.
#pragma once

#include "execute/engine.hpp"
#include "execute/rows.hpp"
#include "postgres/ledger.hpp"
#include "postgres/runner_lock.hpp"

#include <algorithm>
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
    };

    bool choose();
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
};

}  // namespace changelog::execute
