// What is to be run, statement by statement, with how each is undone. Made of values; touches nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"
#include "changelog/statement.hpp"

namespace changelog {

/// What the ledger knows of one applied changeset.
struct AppliedChangeSet {
    ChangeSetKey key;
    std::string checksum;
    std::string definition;  ///< canonical form as it was applied; may be empty for adopted rows
    std::string event;       ///< applied, reran, marked_ran, adopted, accepted
    std::string tag;
    long long seq = 0;
};

enum class Action : std::uint8_t { apply, rerun, skip };

struct PlannedChangeSet {
    std::size_t index = 0;  ///< into the changelog
    Action action = Action::apply;
    std::string reason;  ///< why it is skipped or run again
    std::vector<Statement> statements;
    std::vector<std::size_t> operation_of;  ///< for each statement, the index of the change that it comes from
    Undo undo;
    bool in_transaction = true;
    bool on_new_objects_only = false;  ///< touches nothing that was there before this run: may share a transaction
};

/// The changesets of one transaction, as indexes into Plan::changesets. A batch that is not transactional holds one.
struct Batch {
    std::vector<std::size_t> members;
    bool transactional = true;
};

struct Plan {
    std::vector<PlannedChangeSet> changesets;  ///< in the order in which they run; skipped ones are left out
    std::vector<PlannedChangeSet> skipped;
    std::vector<Batch> batches;
};

enum class TransactionMode : std::uint8_t { automatic, changeset, all };

struct PlanOptions {
    Selection selection;
    std::string default_schema = "public";
    bool qualify = true;
    int server_version = 150000;
    TransactionMode transactions = TransactionMode::automatic;
    std::optional<std::size_t> count;           ///< only the first N that would run
    std::optional<std::string> to_tag;          ///< up to and including the changeset that sets it
    std::optional<std::string> only_changeset;  ///< that one and what it needs
    std::size_t max_batch = 100;
};

/// History that does not fit (edited or missing changesets, unknown tags) is reported in `diagnostics`.
Plan make_plan(const Changelog& changelog, const Graph& graph, const std::vector<AppliedChangeSet>& applied,
               const PlanOptions& options, Diagnostics& diagnostics);

}  // namespace changelog
