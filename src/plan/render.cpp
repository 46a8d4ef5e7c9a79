// Changesets as SQL, over the schema as it grows.
#include "changelog/expressions.hpp"
#include "changelog/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace changelog {

namespace {

bool applies(const Operation& operation) { return dbms_allows_postgresql(operation.dbms()); }

void append(std::vector<Statement>& out, std::vector<Statement> more) {
    out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void edit_all(std::vector<Statement>& statements, const std::vector<SqlEdit>& edits, bool in_rollback) {
    if (edits.empty()) return;
    for (Statement& statement : statements)
        statement.sql = edit_sql(std::move(statement.sql), edits, in_rollback);
}

/// What stands for itself: parts belong to their table.
ObjectRef owner_of(const ObjectRef& object) {
    switch (object.kind) {
        case ObjectKind::column:
        case ObjectKind::constraint:
        case ObjectKind::trigger:
        case ObjectKind::policy:
        case ObjectKind::rows:
            return {ObjectKind::table, object.name, {}};
        case ObjectKind::schema:
        case ObjectKind::table:
        case ObjectKind::index:
        case ObjectKind::sequence:
        case ObjectKind::type:
        case ObjectKind::function:
        case ObjectKind::extension:
            return {object.kind, object.name, {}};
    }
    return object;
}

bool holds_locks(const ObjectRef& object, Access access) {
    return access != Access::require || object.kind == ObjectKind::table || object.kind == ObjectKind::index;
}

}  // namespace

Renderer::Renderer(const Changelog& changelog, const Graph& graph, RenderContext base, catalog::Catalog start)
    : changelog_(changelog), graph_(graph), base_(std::move(base)), catalog_(std::move(start)) {}

RenderContext Renderer::context_for(const ChangeSet& changeset) const {
    RenderContext context = base_;
    context.before = &catalog_;
    context.quoting = changeset.quoting;
    return context;
}

void Renderer::fold(std::size_t index) {
    const ChangeSet& changeset = changelog_.changesets[index];
    const RenderContext context = context_for(changeset);
    for (const auto& change : changeset.changes)
        if (applies(*change)) change->apply(catalog_, context);
}

RenderedChangeSet Renderer::render(Pending pending) {
    const ChangeSet& changeset = changelog_.changesets[pending.index];
    const RenderContext context = context_for(changeset);
    RenderedChangeSet out;
    out.index = pending.index;
    out.action = pending.action;
    std::vector<Undo> generated;
    for (std::size_t i = 0; i < changeset.changes.size(); ++i) {
        const Operation& change = *changeset.changes[i];
        if (!applies(change)) continue;
        std::vector<Statement> statements = change.statements(context);
        if (!changeset.rollback) generated.push_back(change.inverse(context));
        change.apply(catalog_, context);
        edit_all(statements, changeset.sql_edits, false);
        out.change_of.insert(out.change_of.end(), statements.size(), i);
        append(out.statements, std::move(statements));
    }
    out.undo = rollback_of(changeset, std::move(generated));
    out.transactional =
        changeset.run_in_transaction && std::all_of(out.statements.begin(), out.statements.end(),
                                                    [](const Statement& s) { return s.transactional; });
    out.only_new_objects = touches_only_new(pending.index);
    return out;
}

Undo Renderer::rollback_of(const ChangeSet& changeset, std::vector<Undo> generated) const {
    Undo out;
    if (!changeset.rollback) {
        for (auto undo = generated.rbegin(); undo != generated.rend(); ++undo) {
            if (undo->impossible && !out.impossible) out.impossible = undo->impossible;
            append(out.statements, std::move(undo->statements));
            out.losses.insert(out.losses.end(), undo->losses.begin(), undo->losses.end());
        }
        if (out.impossible) out.statements.clear();
        edit_all(out.statements, changeset.sql_edits, true);
        return out;
    }
    RenderContext context = context_for(changeset);
    context.undoing = true;
    const std::vector<std::unique_ptr<Operation>>* operations = &changeset.rollback->operations;
    if (const auto& other = changeset.rollback->forward_of) {
        const auto found = std::find_if(changelog_.changesets.begin(), changelog_.changesets.end(),
                                        [&](const ChangeSet& candidate) { return candidate.key == *other; });
        if (found == changelog_.changesets.end())
            return Undo::because("its rollback names a changeset that is not there");
        operations = &found->changes;
        context.quoting = found->quoting;
    }
    for (const auto& operation : *operations)
        if (applies(*operation)) append(out.statements, operation->statements(context));
    edit_all(out.statements, changeset.sql_edits, true);
    return out;
}

bool Renderer::touches_only_new(std::size_t index) {
    const Footprint& footprint = graph_.footprints[index];
    for (const Touch& touch : footprint.touches)
        if (touch.access == Access::create && owner_of(touch.object) == touch.object)
            made_here_.insert(touch.object);
    if (footprint.barrier) return false;
    return std::all_of(footprint.touches.begin(), footprint.touches.end(), [&](const Touch& touch) {
        const ObjectRef owner = owner_of(touch.object);
        return !holds_locks(owner, touch.access) || made_here_.contains(owner);
    });
}

bool may_join(TransactionMode mode, std::size_t size, bool alone, const RenderedChangeSet& next) {
    if (!next.transactional) return false;
    switch (mode) {
        case TransactionMode::all:
            return true;
        case TransactionMode::changeset:
            return false;
        case TransactionMode::automatic:
            return !alone && next.only_new_objects && size < kMaxBatch;
    }
    return false;
}

}  // namespace changelog
