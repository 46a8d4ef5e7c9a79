#include "review/review.hpp"

#include "changelog/codes.hpp"

#include "hazards/kept.hpp"
#include "hazards/pieces.hpp"
#include "review/making.hpp"
#include "review/sql_bodies.hpp"

#include <algorithm>

namespace changelog::review {

namespace {

const catalog::Catalog kNothing;

RenderContext over_nothing(RenderContext context) {
    context.before = &kNothing;
    return context;
}

/// The schema that all changesets of a run leave.
catalog::Catalog model_of(const Side& side, const ReviewInput& input) {
    Renderer renderer(side.changelog, side.graph, over_nothing(input.context));
    for (const std::size_t index : side.graph.order)
        if (!why_not_selected(side.changelog.changesets[index], input.selection)) renderer.fold(index);
    return renderer.catalog();
}

/// What the branch makes an update run; everything else that is selected is taken to be there, and so is what
/// an edited or renamed changeset did when it was run before.
PendingSet selection_of(const ReviewInput& input, const HistoryChanges& history) {
    std::map<std::size_t, const ChangedChangeSet*> runs;
    for (const ChangedChangeSet& each : history.changesets)
        if (each.runs && each.head) runs[*each.head] = &each;
    PendingSet out;
    for (const std::size_t index : input.head.graph.order) {
        const auto pending = runs.find(index);
        const auto why = why_not_selected(input.head.changelog.changesets[index], input.selection);
        if (why && pending != runs.end()) out.skipped.push_back({index, *why});
        if (why) continue;
        if (pending == runs.end() || pending->second->base) out.applied.push_back(index);
        if (pending == runs.end()) continue;
        const bool edited = pending->second->kind == ChangeKind::edited;
        out.pending.push_back({index, edited ? Action::rerun : Action::apply});
    }
    out.applied_count = out.applied.size();
    return out;
}

/// Whether the schema after the branch is that before it with what is new on top: nothing else changed, and
/// the graph lets what is new run last.
bool only_adds(const ReviewInput& input, const HistoryChanges& history, const PendingSet& selection) {
    const auto is_added = [](const ChangedChangeSet& each) { return each.kind == ChangeKind::added; };
    if (!history.notes.empty() ||
        !std::all_of(history.changesets.begin(), history.changesets.end(), is_added))
        return false;
    std::vector<bool> is_new(input.head.changelog.changesets.size());
    for (const Pending& each : selection.pending) is_new[each.index] = true;
    const std::vector<Edge>& edges = input.head.graph.edges;
    return std::none_of(edges.begin(), edges.end(),
                        [&](const Edge& edge) { return is_new[edge.from] && !is_new[edge.to]; });
}

/// Fills in the models of base and head; returns what is there before the plan. Folding is what takes
/// longest, so each changeset is folded once if that will do.
Renderer::State fold_models(const ReviewInput& input, const PendingSet& selection, Review& out) {
    Renderer renderer(input.head.changelog, input.head.graph, over_nothing(input.context));
    for (const std::size_t index : selection.applied) renderer.fold(index);
    Renderer::State start = renderer.state();
    if (only_adds(input, out.history, selection)) {
        for (const Pending& each : selection.pending) renderer.fold(each.index);
        out.before = start.catalog;
        out.after = renderer.catalog();
    } else {
        out.before = model_of(input.base, input);
        out.after = model_of(input.head, input);
    }
    return start;
}

bool all_new_enough(const ReviewInput& input) {
    return std::all_of(input.statistics.begin(), input.statistics.end(), [&](const Statistics& each) {
        const auto age = each.age_in_days(input.now);
        return age && *age <= input.stale_after_days;
    });
}

std::vector<std::string> shown_sql(const std::vector<Statement>& statements) {
    std::vector<std::string> out;
    for (const Statement& statement : statements) out.push_back(without_data(statement.sql));
    return out;
}

std::vector<ReviewedChangeSet> reviewed(const Making& making) {
    std::vector<ReviewedChangeSet> out;
    for (std::size_t i = 0; i < making.plan.changesets.size(); ++i) {
        const execute::PlannedChangeSet& planned = making.plan.changesets[i];
        ReviewedChangeSet& each = out.emplace_back();
        each.index = planned.index;
        each.planned = i;
        each.undo = planned.undo;
        const auto rendered = making.rendered.find(planned.index);
        if (rendered == making.rendered.end()) continue;
        each.forward = shown_sql(rendered->second.statements);
        each.backward = shown_sql(rendered->second.undo.statements);
    }
    return out;
}

void order(std::vector<LocatedFinding>& findings) {
    std::stable_sort(findings.begin(), findings.end(), [](const LocatedFinding& a, const LocatedFinding& b) {
        return a.item.severity != b.item.severity ? a.item.severity > b.item.severity : a.ordinal < b.ordinal;
    });
}

void append(std::vector<LocatedFinding>& to, std::vector<LocatedFinding> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void take_out_data(execute::Plan& plan) {
    for (execute::PlannedChangeSet& changeset : plan.changesets)
        for (execute::PlannedStatement& statement : changeset.statements) {
            statement.sql = without_data(statement.sql);
            if (!statement.unknown.empty()) statement.summary = without_data(statement.summary);
        }
}

std::vector<Conflict> conflicts_with(const ReviewInput& input, const GraphChanges& ours) {
    if (!input.theirs) return {};
    const Side& theirs = *input.theirs;
    return conflicts(
        {input.head.changelog, input.head.graph, ours.added},
        {theirs.changelog, theirs.graph,
         graph_changes(input.base.changelog, input.base.graph, theirs.changelog, theirs.graph).added});
}

}  // namespace

Script script_of(const execute::Plan& plan, const std::map<std::size_t, RenderedChangeSet>& rendered) {
    Script out;
    const auto add = [&](std::string sql, const ScriptLine& line) {
        out.statements.push_back({std::move(sql), 0});
        out.lines.push_back(line);
    };
    std::size_t open = 0;
    const auto to_transaction = [&](std::size_t next) {
        if (next == open) return;
        if (open != 0) add("COMMIT", {});
        if (next != 0) add("BEGIN", {});
        open = next;
    };
    for (const execute::PlannedChangeSet& planned : plan.changesets) {
        const auto found = rendered.find(planned.index);
        if (found == rendered.end()) continue;
        const RenderedChangeSet& each = found->second;
        std::size_t next = 0;
        for (std::size_t i = 0; i < each.statements.size(); ++i)
            for (hazards::MigrationStatement& piece :
                 hazards::single_statements({each.statements[i].sql, 0})) {
                if (next == planned.statements.size()) break;
                const execute::PlannedStatement& statement = planned.statements[next++];
                to_transaction(statement.transaction);
                auto kept = hazards::plain_statement(piece.sql);
                add(kept ? *std::move(kept) : std::move(piece.sql),
                    {&statement, planned.index, each.change_of[i], i, piece.offset});
            }
    }
    to_transaction(0);
    return out;
}

std::string_view to_string(Verdict verdict) {
    static constexpr std::string_view kNames[] = {"pass", "warn", "block"};
    return kNames[static_cast<std::size_t>(verdict)];
}

Verdict Review::verdict() const {
    const bool disproved =
        std::any_of(proofs.begin(), proofs.end(), [](const Proof& each) { return each.disproved(); });
    const bool in_doubt = std::any_of(proofs.begin(), proofs.end(), [](const Proof& each) {
        return !each.holds() || !each.disagreements.empty();
    });
    if (count(Severity::error) > 0 || disproved) return Verdict::block;
    return count(Severity::warning) > 0 || in_doubt ? Verdict::warn : Verdict::pass;
}

/// A changeset that was not run is proved neither way.
bool Proof::disproved() const {
    return verified.count(execute::VerifyGrade::failed) > 0 || !verified.rollback.good() ||
           !verified.update.good() || understated;
}

std::size_t Review::count(Severity severity) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const LocatedFinding& each) { return each.item.severity == severity; }));
}

execute::Plan plan_on(int server_version, const ReviewInput& input, const HistoryChanges& history) {
    execute::UpdateOptions options;
    options.transactions = input.transactions;
    options.select.selection = input.selection;
    RenderContext context = over_nothing(input.context);
    context.server_version = server_version;
    const PendingSet selection = selection_of(input, history);
    Renderer renderer(input.head.changelog, input.head.graph, context);
    for (const std::size_t index : selection.applied) renderer.fold(index);
    return execute::plan_over(input.head.changelog, input.head.graph, options, context, selection,
                              renderer.state(), nullptr);
}

Review review(const ReviewInput& input, Diagnostics& /*diagnostics*/) {
    Review out;
    out.now = input.now;
    out.statistics = input.statistics;
    out.history = history_changes(input.base.changelog, input.head.changelog, input.statistics);
    out.graph = graph_changes(input.base.changelog, input.base.graph, input.head.changelog, input.head.graph);
    out.conflicts = conflicts_with(input, out.graph);
    const PendingSet selection = selection_of(input, out.history);
    Renderer::State folded = fold_models(input, selection, out);
    const catalog::Catalog start = folded.catalog;
    out.schema = schema_changes(out.before, out.after);
    Sizes sizes = largest(input.statistics);
    complete_sizes(sizes, start);
    execute::UpdateOptions options;
    options.transactions = input.transactions;
    options.select.selection = input.selection;
    std::map<std::size_t, RenderedChangeSet> rendered;
    out.plan = execute::plan_over(
        input.head.changelog, input.head.graph, options, over_nothing(input.context), selection,
        std::move(folded),
        input.statistics.empty() ? execute::SizeLookup() : [&](const auto& /*names*/) { return sizes; },
        [&](const execute::PlannedChangeSet& planned, const RenderedChangeSet& each) {
            rendered.emplace(planned.index, each);
        });

    Making making{input, out.plan, rendered, start, sizes, all_new_enough(input)};
    making.script = script_of(out.plan, rendered);
    out.changesets = reviewed(making);
    out.findings = hazard_findings(making);
    append(out.findings, undo_findings(making, out.findings));
    suppress(making, out.findings, out.suppressed);
    append(out.findings, history_findings(input, out.history));
    append(out.findings, conflict_findings(input, out.conflicts));
    order(out.findings);
    order(out.suppressed);
    out.environments = environments(making);
    take_out_data(out.plan);
    return out;
}

}  // namespace changelog::review
