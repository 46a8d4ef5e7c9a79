// What `update` would do on a database, statement by statement: found out without changing anything.
#pragma once

#include "changelog/plan.hpp"

#include "execute/engine.hpp"
#include "execute/planner_estimate.hpp"
#include "hazards/facts.hpp"
#include "postgres/sizes.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog::execute {

/// A lock of a relation that is there before the run; nobody waits for what the run makes itself.
struct PlannedLock {
    ObjectName relation;  ///< as it is called when the statement comes
    ObjectName now;       ///< as it is called in the database now
    hazards::Lock lock = hazards::Lock::none;
    hazards::Work work = hazards::Work::none;
    postgres::RelationSize size;
};

/// How well something is undone. `grade`: one of Grade, "written by hand", or "found out when applied".
struct PlannedUndo {
    std::string grade = "exact";
    std::vector<std::string> losses = {}, since = {};
    bool observed = false;    ///< the run looks before and after
    std::string reason = {};  ///< why it is impossible, or would be without looking
};

struct PlannedStatement {
    std::size_t number = 0;  ///< from 1
    std::string sql, summary;
    std::vector<PlannedLock> locks;  ///< strongest first, then by work and size
    hazards::Work work = hazards::Work::none;
    bool loads = false;                 ///< rows from a file or a query, however many they are
    bool changes_rows = false;          ///< UPDATE, DELETE, MERGE: how many rows is not known
    bool concurrently = false;          ///< an index is built in passes that let others write
    std::size_t transaction = 0;        ///< from 1; 0: it runs outside of any
    bool begins = false, ends = false;  ///< the transaction
    Estimate duration;                  ///< of the statement
    Estimate hold;        ///< of its locks: until the transaction ends, or the statement outside of one
    std::string unknown;  ///< why nobody can see what it does; empty where it can be seen
    std::vector<hazards::Failure> failures;
    PlannedUndo undo;  ///< of the change that it comes from

    hazards::Lock strongest() const { return locks.empty() ? hazards::Lock::none : locks.front().lock; }
    bool blocks_reads() const { return hazards::blocks_reads(strongest()); }
    bool blocks_writes() const { return hazards::blocks_writes(strongest()); }
};

struct PlannedChangeSet {
    std::size_t index = 0;  ///< in the changelog
    Action action = Action::apply;
    bool preconditions = false;      ///< only the run itself can tell whether they hold
    std::vector<std::string> notes;  ///< "is marked as run: it is not valid"
    std::size_t transaction = 0;
    std::vector<PlannedStatement> statements;
    PlannedUndo undo;
};

/// How large relations are, by their names; those that are not known are left out.
using SizeLookup =
    std::function<std::map<ObjectName, postgres::RelationSize>(const std::set<ObjectName>& names)>;

struct Plan {
    std::vector<PlannedChangeSet> changesets;
    std::size_t statements = 0, transactions = 0, outside = 0;  ///< `outside`: statements
    std::size_t skipped = 0;                                    ///< changesets that are not for this run
    bool empty_database = false;
    std::optional<postgres::Target> target;

    /// The statement that keeps others waiting longest; null if none makes anybody wait.
    const PlannedStatement* longest() const;
};

/// The plan of an update on the engine's database, within one read-only transaction on its connection. What
/// goes wrong with the history is reported; then the plan is empty. Throws DatabaseError.
Plan plan_update(Engine& engine, postgres::Connection& connection, const Changelog& changelog,
                 const Graph& graph, const UpdateOptions& options, Diagnostics& diagnostics);

/// The plan of an update on an empty database.
Plan plan_empty(const Changelog& changelog, const Graph& graph, const UpdateOptions& options,
                const RenderContext& context, Diagnostics& diagnostics);

/// Sees each changeset of a plan as it was rendered; its statements have no sizes and times yet.
using PlanObserver = std::function<void(const PlannedChangeSet& planned, const RenderedChangeSet& rendered)>;

/// The plan of an update on a database of which only the model is known: what folding `selection.applied`
/// left is there, and nothing else. Touches nothing.
Plan plan_over(const Changelog& changelog, const Graph& graph, const UpdateOptions& options,
               const RenderContext& context, const PendingSet& selection, Renderer::State folded,
               const SizeLookup& sizes, const PlanObserver& observer = nullptr);

}  // namespace changelog::execute
