// What is to be run, and how each of it is undone. Made of values; touches nothing.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"
#include "changelog/statement.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog {

/// What the ledger knows of one applied changeset.
struct AppliedChangeSet {
    ChangeSetKey key;
    std::string checksum;
    std::string definition;  ///< canonical form as it was applied; empty where it was not asked for
    std::string event;       ///< applied, reran, marked_ran, adopted, accepted
    std::string tag;
    long long seq = 0;
};

enum class Action : std::uint8_t { apply, rerun };

/// A changeset that is to be run, by its index in the changelog.
struct Pending {
    std::size_t index = 0;
    Action action = Action::apply;
};

struct Skipped {
    std::size_t index = 0;
    std::string reason;  ///< "context 'prod' is not among those of this run"
};

struct PendingSet {
    std::vector<Pending> pending;  ///< in the order in which they run
    std::vector<Skipped> skipped;  ///< not applied, and not to be
    std::vector<std::size_t>
        applied;                    ///< in the order in which they were applied, without those marked as run
    std::size_t applied_count = 0;  ///< every changeset that counts as applied
};

struct SelectOptions {
    Selection selection;
    std::optional<std::size_t> count;      ///< only the first N that would run
    std::optional<std::string> to_tag;     ///< up to and including the changeset that sets it
    std::optional<std::string> changeset;  ///< that one and what it needs: "id" or "path::id::author"
    bool ignore_missing = false;           ///< applied changesets may be missing from the files
    /// The canonical form that a changeset was applied with; asked for only where it differs.
    std::function<std::string(const ChangeSetKey&)> stored_definition;
};

/// What would run. History that does not fit (edited or missing changesets, unknown tags) is reported.
PendingSet select_pending(const Changelog& changelog, const Graph& graph,
                          const std::vector<AppliedChangeSet>& applied, const SelectOptions& options,
                          Diagnostics& diagnostics);

/// The difference between two canonical forms, one line per difference of meaning:
/// "addColumn orders.note: type: varchar(200) -> varchar(255)".
std::vector<std::string> definition_difference(const std::string& before, const std::string& after);

/// The changeset that a user names by "id" or "path::id::author". Reports CL3007 or CL3009.
std::optional<std::size_t> find_changeset(const Changelog& changelog, const std::string& name,
                                          Diagnostics& diagnostics);

/// How one change of a changeset is undone.
struct RenderedChange {
    std::size_t change = 0;  ///< its position in the changeset
    Undo undo;
    Footprint footprint;  ///< only where `undo.observe`: what to look at
};

/// One changeset, ready to be sent.
struct RenderedChangeSet {
    std::size_t index = 0;
    Action action = Action::apply;
    std::vector<Statement> statements;
    std::vector<std::size_t>
        change_of;                  ///< for each statement, the position of the change that it comes from
    Undo undo;                      ///< the author's rollback block, else made from that of the changes
    std::optional<Undo> generated;  ///< beside a rollback block: the one made from the changes
    std::vector<RenderedChange> changes;
    bool transactional = true;
    bool only_new_objects =
        false;  ///< touches nothing that was there before this run, so it may share a transaction
};

/// Renders changesets one after the other over the schema as it grows.
class Renderer {
  public:
    /// `base` gives everything but `before` and `quoting`, which come from the schema so far and from the
    /// changeset.
    Renderer(const Changelog& changelog, const Graph& graph, RenderContext base, catalog::Catalog start = {});

    /// Takes over what an applied changeset did, without rendering it.
    void fold(std::size_t index);
    /// Objects that the database must be asked about before the changeset is rendered, for its undo to be
    /// exact: it changes or drops them, and the model has not seen all that happened to them.
    std::vector<ObjectRef> unsure_of(std::size_t index) const;
    /// Takes over what the database says of these objects, and of all that comes along with them. Those that
    /// it does not have leave the model.
    void learn(const catalog::Catalog& live, const std::vector<ObjectRef>& objects);
    /// Renders a changeset and goes on to the schema after it. `observe`: the undo of every change is to be
    /// found by looking, whatever the operations say.
    RenderedChangeSet render(Pending pending, bool observe = false);

    const catalog::Catalog& catalog() const { return state_.catalog; }
    /// The undo of a changeset whose changes are undone like this; its modifySql is applied already.
    static Undo combine(const std::vector<RenderedChange>& changes);
    /// Makes the generated undo anew, after those of the changes were found out.
    static void combine_undo(RenderedChangeSet& rendered);

    /// What the model held at some moment: for going back to where one was before a changeset that failed.
    struct State {
        catalog::Catalog catalog;
        std::set<ObjectRef> made_here, sure;
        bool opaque_before = false;
    };
    const State& state() const { return state_; }
    void restore(State state) { state_ = std::move(state); }

  private:
    RenderContext context_for(const ChangeSet& changeset) const;
    Undo written_rollback(const ChangeSet& changeset) const;
    void note_effects(std::size_t index);
    bool touches_only_new(std::size_t index) const;

    const Changelog& changelog_;
    const Graph& graph_;
    RenderContext base_;
    State state_;
};

/// What a team asks of every rollback before anything runs.
struct UndoDemands {
    bool rollback = false;  ///< each changeset can be undone: CL5010 if not
    bool lossless = false;  ///< and all data that it destroys comes back: CL5011 if not
};

/// Renders the pending changesets over the schema after `applied`, without a database, and reports those
/// whose undo is not what is demanded. What only needs a look at the schema when it is applied counts as
/// possible.
void check_undo(const Changelog& changelog, const Graph& graph, const RenderContext& context,
                const PendingSet& selection, const UndoDemands& demands, Diagnostics& diagnostics);

enum class TransactionMode : std::uint8_t { automatic, changeset, all };

/// Whether `next` may share the transaction of a batch of `size` changesets; `alone` tells that the batch
/// holds one that must not be held open longer than needed.
bool may_join(TransactionMode mode, std::size_t size, bool alone, const RenderedChangeSet& next);

/// Changesets of a run that share a transaction are at most so many: with a commit each hundred, creating
/// 10,000 tables takes half the time of one transaction (docs/performance.md).
inline constexpr std::size_t kMaxBatch = 100;

/// Applies a changeset's modifySql to a statement. Errors in a regular expression were reported at load.
std::string edit_sql(std::string sql, const std::vector<SqlEdit>& edits, bool in_rollback);

}  // namespace changelog
