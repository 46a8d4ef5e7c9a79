// An update of a scratch database whose statements are traced: what `update` would do to others, measured.
#pragma once

#include "changelog/plan.hpp"

#include "execute/engine.hpp"
#include "execute/lock_trace.hpp"

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace changelog::execute {

struct TraceOptions {
    SelectOptions select;
    std::set<std::size_t> only = {};  ///< trace these, by index, and just apply the others; empty: all
    bool rows = true;                 ///< give tables without rows some, before they are changed
    bool goes_on = false;             ///< the database is a scratch one although it has a history
};

struct TracedChangeSet {
    std::size_t index = 0;
    bool applied = false;  ///< else it was skipped, marked as run, or failed as the diagnostics say
    std::vector<TracedStatement> statements;
    std::vector<std::string> notes;  ///< "only without rows: ... (23502 ...)"

    /// Of all statements: the strongest lock and the most work of each relation.
    std::vector<hazards::RelationFacts> relations() const;
};

/// Where the statements of an update go that is traced.
struct StatementTracer {
    LockTrace& trace;
    TracedChangeSet* into = nullptr;
    std::function<bool()> remove_rows = nullptr;  ///< that were made up; false if there are none

    /// Each statement of the text in turn. Throws DatabaseError where one fails with the rows and without.
    void run(const Statement& text);
};

/// Applies what is pending, in order, by the code of `update`: preconditions, history and all; but each
/// statement is a transaction of its own, so its locks are its own. SET LOCAL lasts to the changeset's end;
/// what else lasts for a transaction (ON COMMIT DROP, set_config(..., true)) is gone for the next statement.
/// Relations that a traced changeset made are nobody else's concern and are left out behind it. Stops at a
/// changeset that fails.
///
/// For a new database that nobody uses: made-up rows stay in its tables. Throws std::logic_error if there is
/// a history in it already and `goes_on` does not say that this is meant, and DatabaseError if the session is
/// lost.
std::vector<TracedChangeSet> trace_update(Engine& engine, postgres::Connection& connection,
                                          const Changelog& changelog, const Graph& graph,
                                          const TraceOptions& options, Diagnostics& diagnostics);

}  // namespace changelog::execute
