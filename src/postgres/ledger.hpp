// The append-only history in the target database: DESIGN "Ledger", docs/ledger.md.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/plan.hpp"

#include "postgres/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::postgres {

struct LedgerOptions {
    std::string schema;  ///< empty: the session's default schema
    std::string table = "changelog_history";
    std::string view;  ///< empty: changelog_current, or TABLE_current where the table has another name
    std::string tool_version;  ///< written into every row; empty: null
};

/// A row to be written. What is not given here (seq, at, actor, tool_version) the database or the ledger
/// fills in.
struct LedgerRow {
    std::string deployment;  ///< uuid
    std::string
        event;  ///< applied, reran, marked_ran, rolled_back, started, failed, adopted, accepted, tagged
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

/// Throws DatabaseError wherever the database or the session fails, unless it says that it reports.
class Ledger {
  public:
    /// Asks the database for the default schema if `options` names none.
    Ledger(Connection& connection, LedgerOptions options);

    bool exists();
    /// Creates table, index and view if they are missing, in one transaction; checks the shape of what is
    /// there, and that it may be written. Reports CL3005 and CL4006.
    bool ensure(Diagnostics& diagnostics);
    /// Whether what is there is ours and can be read; looking takes no more.
    bool check_shape(Diagnostics& diagnostics);
    /// Whether rows may be added. True where there is no table yet.
    bool check_writable(Diagnostics& diagnostics);

    /// What is applied now, in the order in which it was applied. Empty if there is no ledger.
    /// Without `definitions` the canonical forms are left out (they are most of the bytes).
    std::vector<AppliedChangeSet> applied(bool definitions = false);
    /// Everything that ever happened, oldest first; `count` limits it to the newest.
    std::vector<HistoryRow> history(std::optional<std::size_t> count = std::nullopt);
    /// The rows of what is applied now, newest first, with their stored rollbacks; the first `count` of them.
    std::vector<HistoryRow> applied_rows(std::optional<std::size_t> count = std::nullopt);
    /// Definition of one applied changeset, for explaining a mismatch.
    std::string definition_of(const ChangeSetKey& key);
    /// Whether the changeset is applied now, marked as ran or adopted.
    bool is_applied(const ChangeSetKey& key);
    /// The newest `started` row of every changeset that none of applied, reran, marked_ran, adopted or
    /// rolled_back ended since. `failed` does not end it: what its earlier steps did is still there.
    std::vector<HistoryRow> interrupted();
    /// The same of rollbacks: their `started` rows hold in `rollback` what is being run, and no `statements`.
    std::vector<HistoryRow> interrupted_rollbacks();
    /// The runs of an applied changeset since it was last rolled back, newest first.
    std::vector<HistoryRow> runs_of(const ChangeSetKey& key);

    /// The INSERT that writes these rows, to be sent within the change's own transaction.
    std::string insert_sql(const std::vector<LedgerRow>& rows) const;

    std::string qualified_table() const;  ///< for SQL, quoted where needed
    const LedgerOptions& options() const { return options_; }

  private:
    std::vector<HistoryRow> rows(const std::string& from_where_order);
    std::vector<HistoryRow> last_started(const std::string& condition);
    bool refuse_rights(std::string_view what, std::string_view rights, Diagnostics& diagnostics);
    bool create(bool has_table, bool has_view, Diagnostics& diagnostics);

    Connection& connection_;
    LedgerOptions options_;
    bool present_ = false;  ///< seen once; nobody drops it while we run
};

}  // namespace changelog::postgres
