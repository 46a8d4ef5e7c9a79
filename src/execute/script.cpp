// What would run, as SQL text.
#include "execute/engine.hpp"
#include "execute/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::execute {

std::string script_of(const std::vector<Statement>& statements) {
    std::string out;
    for (const Statement& statement : statements) {
        out += terminated(statement.sql);
        if (!statement.rows && statement.stdin_data.empty()) continue;
        out += statement.stdin_data;
        if (statement.rows) {
            const RowChunks next = statement.rows();
            while (const auto chunk = next()) out += *chunk;
        }
        out += "\\.\n";
    }
    return out;
}

std::string update_script(const Changelog& changelog, const Graph& graph, const PendingSet& selection,
                          RenderContext context) {
    Renderer renderer(changelog, graph, std::move(context));
    for (const std::size_t index : selection.applied) renderer.fold(index);
    std::string out;
    for (const Pending pending : selection.pending) {
        const ChangeSet& changeset = changelog.changesets[pending.index];
        const RenderedChangeSet rendered = renderer.render(pending);
        out += "-- changeset " + one_line(to_string(changeset.key)) +
               (rendered.transactional ? "\n" : " (not in a transaction)\n");
        if (changeset.preconditions) out += "-- only if its preconditions hold\n";
        out += script_of(rendered.statements) + "\n";
    }
    return out;
}

}  // namespace changelog::execute
