// The append-only history in the target database: DESIGN "Ledger", docs/ledger.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changelog/changelog.hpp"
#include "changelog/plan.hpp"
#include "postgres/connection.hpp"

namespace changelog::postgres {

struct LedgerOptions {
    std::string schema;  ///< empty: the session's default schema
    std::string table = "changelog_history";
    std::string view = "changelog_current";
};

/// A row to be written. What is not given here (seq, at, actor, tool_version) the database or the ledger fills in.
struct LedgerRow {
    std::string deployment;  ///< uuid
    std::string event;       ///< applied, reran, marked_ran, rolled_back, started, failed, adopted, accepted, tagged
    ChangeSetKey key;
    std::string checksum, definition;  ///< definition and the next two are JSON; empty: null
    std::string rollback, statements;
    std::optional<int> step;
    std::string tag, contexts, labels, comment;
    std::optional<double> seconds;  ///< absent: the ledger takes the transaction's time, divided by `share`
    int share = 1;
};

struct HistoryRow {
    long long seq = 0;
    std::string deployment, event;
    ChangeSetKey key;
    std::string checksum, definition, rollback, statements;
    std::optional<int> step;
    std::string tag, contexts, labels, comment, at, actor, tool_version;
    double seconds = 0;
};

class Ledger {
  public:
    Ledger(Connection& connection, LedgerOptions options);

    bool exists();
    /// Creates table, index and view if they are missing, in one transaction; checks the shape of what is there.
    /// Reports CL3005 and CL4006.
    bool ensure(Diagnostics& diagnostics);
    bool check_shape(Diagnostics& diagnostics);

    /// What is applied now, in the order in which it was applied. Empty if there is no ledger.
    /// Without `definitions` the canonical forms are left out (they are most of the bytes).
    std::vector<AppliedChangeSet> applied(bool definitions = false);
    /// Everything that ever happened, oldest first; `count` limits it to the newest.
    std::vector<HistoryRow> history(std::optional<std::size_t> count = std::nullopt);
    /// The rows of what is applied now, newest first, with their stored rollbacks.
    std::vector<HistoryRow> applied_rows();
    /// Definition of one applied changeset, for explaining a mismatch.
    std::string definition_of(const ChangeSetKey& key);
    /// `started` rows that no later row of the same changeset ends.
    std::vector<HistoryRow> interrupted();

    /// The INSERT that writes these rows, to be sent within the change's own transaction.
    std::string insert_sql(const std::vector<LedgerRow>& rows) const;

    std::string qualified_table() const;

  private:
    Connection& connection_;
    LedgerOptions options_;
};

}  // namespace changelog::postgres
