#include "changelog/codes.hpp"
#include "changelog/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog {

namespace {

/// Data and opaque code leave nothing in the schema that could be read back.
bool is_about_data(const Footprint& footprint) {
    return footprint.barrier ||
           std::any_of(footprint.touches.begin(), footprint.touches.end(), [](const Touch& touch) {
               return touch.object.kind == ObjectKind::rows && touch.access != Access::require;
           });
}

void report(const ChangeSet& changeset, const RenderedChange& change, const UndoDemands& demands,
            Diagnostics& diagnostics) {
    const Undo& undo = change.undo;
    const Position at = changeset.changes[change.change]->at;
    const bool impossible = undo.impossible && (!undo.observe || is_about_data(change.footprint));
    if (impossible && demands.rollback) {
        Diagnostic& item =
            diagnostics.error(codes::rollback_missing, at,
                              fmt::format("changeset '{}' needs a rollback block", changeset.key.id));
        item.changeset = to_string(changeset.key);
        item.why = *undo.impossible;
        item.next = {"add `rollback:` with what undoes it, or `rollback: empty` if nothing has to be done"};
    }
    if (!demands.lossless) return;
    std::vector<std::string> losses = undo.losses;
    if (impossible && !demands.rollback) losses.push_back("what it does: " + *undo.impossible);
    for (const std::string& loss : losses) {
        Diagnostic& item = diagnostics.error(
            codes::rollback_lossy, at,
            fmt::format("undoing changeset '{}' does not bring back {}", changeset.key.id, loss));
        item.changeset = to_string(changeset.key);
        item.next = {"add `retain: true` to the change, where it takes that key and has none",
                     "or add a rollback block"};
    }
}

}  // namespace

void check_undo(const Changelog& changelog, const Graph& graph, const RenderContext& context,
                const PendingSet& selection, const UndoDemands& demands, Diagnostics& diagnostics) {
    if (!demands.rollback && !demands.lossless) return;
    Renderer renderer(changelog, graph, context);
    for (const std::size_t index : selection.applied) renderer.fold(index);
    for (const Pending pending : selection.pending) {
        const ChangeSet& changeset = changelog.changesets[pending.index];
        for (const RenderedChange& change : renderer.render(pending).changes)
            if (!changeset.rollback) report(changeset, change, demands, diagnostics);
    }
}

}  // namespace changelog
