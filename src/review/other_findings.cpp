// Findings about what no statement shows: the undo, the history, the other branch.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/common.hpp"
#include "review/making.hpp"
#include "review/row_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace changelog::review {

namespace {

bool has_finding(const std::vector<LocatedFinding>& findings, const std::string& changeset,
                 std::string_view loss) {
    return std::any_of(findings.begin(), findings.end(), [&](const LocatedFinding& each) {
        return each.item.changeset == changeset && each.item.severity == Severity::error &&
               each.item.why.find(loss) != std::string::npos;
    });
}

/// What the branch makes itself: nobody has data in it.
std::vector<std::string> own_names(const Making& making) {
    std::set<ObjectName> made;
    for (const execute::PlannedChangeSet& planned : making.plan.changesets)
        for (const Touch& touch : making.input.head.graph.footprints[planned.index].touches)
            if (touch.access == Access::create && touch.object.part.empty() &&
                (touch.object.kind == ObjectKind::table || touch.object.kind == ObjectKind::sequence) &&
                making.start.table(touch.object.name) == nullptr &&
                !making.start.sequences.contains(touch.object.name))
                made.insert(touch.object.name);
    std::vector<std::string> out;
    for (const ObjectName& name : made) out.push_back(operations::to_text(name));
    return out;
}

/// As a whole name, or as the beginning of one of its columns.
bool names(const std::string& loss, const std::string& name) {
    const auto is_part = [](char c) {
        return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_';
    };
    for (std::size_t at = loss.find(name); at != std::string::npos; at = loss.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        const bool begins = at == 0 || (!is_part(loss[at - 1]) && loss[at - 1] != '.');
        if (begins && (end == loss.size() || !is_part(loss[end]))) return true;
    }
    return false;
}

/// Columns that the branch adds held nothing before.
bool fills_new_columns(const Making& making, const execute::PlannedChangeSet& planned,
                       const ObjectName& table, const RowChange& change) {
    const catalog::Table* before = making.start.table(table);
    const bool deletes =
        std::any_of(planned.statements.begin(), planned.statements.end(),
                    [](const execute::PlannedStatement& each) { return each.summary.starts_with("DELETE"); });
    return before != nullptr && !deletes && !change.assigned.empty() &&
           std::none_of(change.assigned.begin(), change.assigned.end(),
                        [&](const std::string& column) { return before->column(column) != nullptr; });
}

/// Rows that raw SQL changes or deletes: only the database could tell which.
std::vector<std::string> changed_rows(const Making& making, const execute::PlannedChangeSet& planned) {
    std::vector<std::string> out;
    if (!planned.undo.observed || planned.undo.reason.empty()) return out;
    const ChangeSet& changeset = making.changeset(planned.index);
    for (const auto& [table, change] :
         row_changes(changeset, making.input.head.graph.footprints[planned.index])) {
        const std::string name = operations::to_text(table);
        const bool told = std::any_of(planned.undo.losses.begin(), planned.undo.losses.end(),
                                      [&](const std::string& loss) { return names(loss, name); });
        if (change.changes && !told && !fills_new_columns(making, planned, table, change))
            out.push_back("rows of " + name + " that it updates or deletes");
    }
    return out;
}

/// Losses that no finding names yet.
std::vector<std::string> unnamed_losses(const std::vector<std::string>& losses, const std::string& changeset,
                                        const std::vector<LocatedFinding>& findings) {
    std::vector<std::string> out;
    for (const std::string& loss : losses)
        if (!has_finding(findings, changeset, loss)) out.push_back(loss);
    return out;
}

std::string applied_where(const ChangedChangeSet& change, const ReviewInput& input) {
    if (!change.applied_in.empty()) return "It is applied in " + join(change.applied_in, ", ") + ".";
    const bool lists = std::any_of(input.statistics.begin(), input.statistics.end(),
                                   [](const Statistics& each) { return each.applied.has_value(); });
    return lists ? "" : "Nothing says what is applied, so all that the base has counts as applied.";
}

LocatedFinding edited(const ReviewInput& input, const ChangedChangeSet& change) {
    const ChangeSet& now = input.head.changelog.changesets[*change.head];
    LocatedFinding out =
        finding_at(kEditedRule, codes::checksum_mismatch, Severity::error, now.at, now.key,
                   fmt::format("changeset '{}' was edited after it was applied", now.key.id));
    std::vector<std::string> why = change.differences;
    why.push_back(applied_where(change, input));
    std::erase(why, "");
    out.item.why = join(why, "\n");
    out.item.next = {"put it back as it was, if it was edited by mistake",
                     "put it back as it was, and write a new changeset for what is to change",
                     fmt::format("changelog accept {} --reason \"...\", if the database already is as the "
                                 "file says",
                                 now.key.id)};
    return out;
}

LocatedFinding gone(const ReviewInput& input, const ChangedChangeSet& change) {
    const ChangeSet& before = input.base.changelog.changesets[*change.base];
    const bool renamed = change.kind == ChangeKind::renamed;
    const Position at = renamed ? input.head.changelog.changesets[*change.head].at : Position();
    LocatedFinding out =
        finding_at(kRemovedRule, codes::removed_although_applied, Severity::error, at, before.key,
                   fmt::format("changeset '{}' was {} after it was applied", before.key.id,
                               renamed ? "renamed" : "removed"));
    if (!at) out.region.begin.file = out.item.where.file = before.stored_path;
    std::vector<std::string> why = change.differences;
    why.push_back(applied_where(change, input));
    std::erase(why, "");
    out.item.why = join(why, "\n");
    out.item.next = {renamed ? "give it back its id, author and path (logicalFilePath, if the file moved)"
                             : "put it back, and write a new changeset that undoes what it does",
                     "changelog rollback on every database that has it, before the merge"};
    return out;
}

}  // namespace

std::vector<LocatedFinding> undo_findings(const Making& making, const std::vector<LocatedFinding>& hazards) {
    std::vector<LocatedFinding> out;
    const std::vector<std::string> own = own_names(making);
    for (const execute::PlannedChangeSet& planned : making.plan.changesets) {
        const ChangeSet& changeset = making.changeset(planned.index);
        const execute::PlannedUndo& undo = planned.undo;
        if (!undo.reason.empty() && !undo.observed) {
            LocatedFinding& found = out.emplace_back(
                finding_at(kImpossibleRule, codes::irreversible_change, Severity::error, changeset.at,
                           changeset.key, fmt::format("'{}' cannot be undone", changeset.key.id)));
            found.item.why = undo.reason;
            found.item.next = {
                "write a `rollback:` block that undoes it, or `rollback: empty` if nothing has to be "
                "done"};
            continue;
        }
        std::vector<std::string> losses = unnamed_losses(undo.losses, to_string(changeset.key), hazards);
        const std::vector<std::string> rows = changed_rows(making, planned);
        losses.insert(losses.end(), rows.begin(), rows.end());
        std::erase_if(losses, [&](const std::string& loss) {
            return std::any_of(own.begin(), own.end(),
                               [&](const std::string& name) { return names(loss, name); });
        });
        if (losses.empty()) continue;
        LocatedFinding& found = out.emplace_back(finding_at(
            kLossyRule, codes::lossy_change, Severity::warning, changeset.at, changeset.key,
            fmt::format("undoing '{}' does not bring back {}", changeset.key.id, join(losses, ", "))));
        found.item.next = {rows.empty() ? "`retain: true` keeps what it destroys (docs/attic.md)"
                                        : "`update` and `delete` with `retain: true` keep the rows "
                                          "(docs/attic.md); or write a `rollback:` block"};
    }
    for (LocatedFinding& each : out)
        for (const execute::PlannedChangeSet& planned : making.plan.changesets)
            if (to_string(making.changeset(planned.index).key) == each.item.changeset &&
                !planned.statements.empty())
                each.ordinal = planned.statements.front().number;
    return out;
}

std::vector<LocatedFinding> history_findings(const ReviewInput& input, const HistoryChanges& history) {
    std::vector<LocatedFinding> out;
    for (const ChangedChangeSet& change : history.changesets) {
        if (!change.breaks_history) continue;
        const bool is_edit = change.kind == ChangeKind::edited || change.kind == ChangeKind::added;
        out.push_back(is_edit ? edited(input, change) : gone(input, change));
    }
    return out;
}

std::vector<LocatedFinding> conflict_findings(const ReviewInput& input,
                                              const std::vector<Conflict>& conflicts) {
    std::vector<LocatedFinding> out;
    for (const Conflict& each : conflicts) {
        const ChangeSet& ours = input.head.changelog.changesets[each.ours];
        const ChangeSet& theirs = input.theirs->changelog.changesets[each.theirs];
        LocatedFinding& found =
            out.emplace_back(finding_at(kConflictRule, codes::branch_conflict,
                                        each.unknown ? Severity::warning : Severity::error, ours.at, ours.key,
                                        fmt::format("'{}' does not commute with '{}' of the base branch: {}",
                                                    ours.key.id, theirs.key.id, each.reason)));
        found.objects = each.objects;
        found.item.why = fmt::format("The other one is by {}, in {}.", theirs.key.author, theirs.stored_path);
        found.item.next = {"merge the base branch, look at both, and change yours"};
    }
    return out;
}

}  // namespace changelog::review
