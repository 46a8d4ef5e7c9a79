// An update that is run changeset by changeset, each of which can be taken back before the next: by the code
// and the history of `update` and `rollback`.
#pragma once

#include "execute/update.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::execute {

class Stepper {
  public:
    enum class Done : std::uint8_t { applied, marked_ran, skipped, failed };

    /// `diagnostics` is the engine's. What its database's history has stays as it is.
    Stepper(Engine& engine, Diagnostics& diagnostics, const Changelog& changelog, const Graph& graph,
            const SelectOptions& select);

    /// Chooses what is to be run and checks the preconditions of the changelog. False with what stands in the
    /// way reported.
    bool begin();
    const std::vector<Pending>& pending() const { return updater_.selection_.pending; }
    std::size_t skipped() const { return updater_.selection_.skipped.size(); }

    /// Runs one changeset as `update` does. What is reported about it stays in the diagnostics.
    Done apply(Pending pending);
    /// Sends the statements of the changesets that follow through `tracer`; null: no longer.
    void trace(StatementTracer* tracer) { updater_.tracer_ = tracer; }
    /// Rolls back the changeset that was applied last; of one that was run again only that run. False with
    /// the reason reported.
    bool undo();

    /// How the history says that the changeset is undone; nothing where it was only marked as run.
    std::optional<Undo> stored_undo(const ChangeSetKey& key);

  private:
    Engine& engine_;
    Diagnostics& diagnostics_;
    Updater updater_;
    Renderer::State before_;  ///< the schema model before the last changeset
    bool reran_ = false;      ///< the last changeset was applied already, in another form
};

}  // namespace changelog::execute
