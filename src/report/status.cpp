#include "report/status.hpp"

#include "report/json.hpp"
#include "report/table.hpp"

namespace changelog::report {

namespace {

std::string place(const ChangeSet& changeset) {
    return fmt::format("{}:{}", changeset.stored_path, changeset.at.line);
}

Json changeset_json(const ChangeSet& changeset) {
    Json out = {{"id", changeset.key.id}, {"author", changeset.key.author}, {"path", changeset.key.path}};
    out["file"] = changeset.stored_path;
    out["line"] = changeset.at.line;
    put(out, "comment", changeset.comment);
    return out;
}

const char* name_of(Action action) { return action == Action::rerun ? "rerun" : "apply"; }

}  // namespace

std::string status_text(const Changelog& changelog, const execute::StatusReport& status, std::size_t width,
                        bool verbose) {
    const PendingSet& set = status.selection;
    std::string out = fmt::format("{} applied, {} pending, {} skipped\n", set.applied_count,
                                  set.pending.size(), set.skipped.size());
    Table table({{"ID"}, {"AUTHOR"}, {"PLACE"}, {"STATE"}});
    for (const Pending& pending : set.pending) {
        const ChangeSet& changeset = changelog.changesets[pending.index];
        table.row({changeset.key.id, changeset.key.author, place(changeset),
                   pending.action == Action::rerun ? "to be run again" : "pending"});
    }
    for (const Skipped& skipped : set.skipped) {
        if (!verbose) break;
        const ChangeSet& changeset = changelog.changesets[skipped.index];
        table.row({changeset.key.id, changeset.key.author, place(changeset), "skipped: " + skipped.reason});
    }
    return table.empty() ? out : out + '\n' + table.to_text(width);
}

std::string status_json(const Changelog& changelog, const execute::StatusReport& status,
                        const Diagnostics& diagnostics) {
    Json pending = Json::array(), skipped = Json::array();
    for (const Pending& item : status.selection.pending) {
        pending.push_back(changeset_json(changelog.changesets[item.index]));
        pending.back()["action"] = name_of(item.action);
    }
    for (const Skipped& item : status.selection.skipped) {
        skipped.push_back(changeset_json(changelog.changesets[item.index]));
        skipped.back()["reason"] = item.reason;
    }
    Json out = answer("status", diagnostics);
    out["history_exists"] = status.ledger_exists;
    out["applied"] = status.selection.applied_count;
    out["pending"] = std::move(pending);
    out["skipped"] = std::move(skipped);
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
