#include "graph/report.hpp"

#include "changelog/codes.hpp"

#include "graph/objects.hpp"

namespace changelog::graph {

std::string place(const ChangeSet& changeset) {
    const std::string named = fmt::format("changeset '{}'", changeset.key.id);
    if (!changeset.at) return fmt::format("{} {}", changeset.key.path, named);
    return fmt::format("{}:{}:{} {}", changeset.at.file->name, changeset.at.line, changeset.at.column, named);
}

std::string sentence(const Changelog& changelog, const Edge& edge) {
    const std::string to = place(changelog.changesets[edge.to]),
                      from = place(changelog.changesets[edge.from]);
    switch (edge.reason) {
        case EdgeReason::use_after_create:
            return fmt::format("{} needs {}, made by {}", to, describe(edge.object), from);
        case EdgeReason::change_after_use:
            return fmt::format("{} changes {}, used before that by {}", to, describe(edge.object), from);
        case EdgeReason::change_after_change:
            return fmt::format("{} changes {}, changed before that by {}", to, describe(edge.object), from);
        case EdgeReason::declared:
            return fmt::format("{} depends on (dependsOn) {}", to, from);
        case EdgeReason::barrier:
            return fmt::format("{} comes after {}, because one of them cannot be seen through", to, from);
    }
    return {};
}

std::string label(const Edge& edge) {
    switch (edge.reason) {
        case EdgeReason::use_after_create:
            return "needs " + describe(edge.object);
        case EdgeReason::change_after_use:
            return "changes after use " + describe(edge.object);
        case EdgeReason::change_after_change:
            return "changes again " + describe(edge.object);
        case EdgeReason::declared:
            return "dependsOn";
        case EdgeReason::barrier:
            return "barrier";
    }
    return {};
}

void report_cycle(const Changelog& changelog, const std::vector<Edge>& cycle, Diagnostics& diagnostics) {
    const ChangeSet& first = changelog.changesets[cycle.front().to];
    std::string path = fmt::format("'{}'", first.key.id), why;
    for (const Edge& edge : cycle) {
        path += fmt::format(" -> '{}'", changelog.changesets[edge.from].key.id);
        if (!why.empty()) why += '\n';
        why += sentence(changelog, edge);
    }
    const bool alone = cycle.size() == 1;
    Diagnostic& error =
        diagnostics.error(codes::cycle, first.at,
                          alone ? fmt::format("changeset '{}' depends on itself", first.key.id)
                                : "changesets depend on each other in a circle: " + path);
    error.changeset = first.key.id;
    error.why = std::move(why);
    error.next.emplace_back(alone ? "take its own id out of its dependsOn"
                                  : "break the circle: move one of these changes to a changeset of its own");
}

}  // namespace changelog::graph
