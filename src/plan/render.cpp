// Changesets as SQL, over the schema as it grows.
#include "changelog/expressions.hpp"
#include "changelog/plan.hpp"

#include "core/sha256.hpp"
#include "plan/objects.hpp"

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

/// Whether what hangs on the objects of a change may be more than the model knows: rules, statistics,
/// publications, default privileges, functions that CASCADE takes. Renames take nothing, and what is kept in
/// the attic is kept with everything.
bool must_be_seen(const Operation& change, const RenderedChange& rendered) {
    if (rendered.undo.impossible) return false;
    const std::vector<Touch>& touches = rendered.footprint.touches;
    const std::string_view type = change.type().name;
    const bool raw = type == "sql" || type == "sqlFile";
    const bool kept = std::any_of(
        rendered.undo.statements.begin(), rendered.undo.statements.end(), [](const Statement& statement) {
            return statement.sql.starts_with("DO $attic") || !statement.transactional;
        });
    if (kept) return false;
    const auto is_code = [](const Touch& touch) {
        return touch.object.kind == ObjectKind::function || touch.object.kind == ObjectKind::trigger ||
               touch.object.kind == ObjectKind::policy;
    };
    const bool creates = std::any_of(touches.begin(), touches.end(),
                                     [](const Touch& touch) { return touch.access == Access::create; });
    for (const Touch& touch : touches) {
        if (touch.object.kind == ObjectKind::rows || touch.access == Access::require) continue;
        if (touch.access == Access::drop && (raw || !creates)) return true;
        if (raw && (is_code(touch) || touch.access == Access::alter)) return true;
    }
    return false;
}

bool holds_locks(const ObjectRef& object, Access access) {
    return access != Access::require || object.kind == ObjectKind::table || object.kind == ObjectKind::index;
}

}  // namespace

Renderer::Renderer(const Changelog& changelog, const Graph& graph, RenderContext base, catalog::Catalog start)
    : changelog_(changelog), graph_(graph), base_(std::move(base)) {
    state_.catalog = std::move(start);
}

RenderContext Renderer::context_for(const ChangeSet& changeset) const {
    RenderContext context = base_;
    context.before = &state_.catalog;
    context.quoting = changeset.quoting;
    context.tag = sha256(to_string(changeset.key)).substr(0, 8);
    if (!changeset.retain.empty()) context.retain = changeset.retain;
    return context;
}

void Renderer::fold(std::size_t index) {
    const ChangeSet& changeset = changelog_.changesets[index];
    const RenderContext context = context_for(changeset);
    for (const auto& change : changeset.changes)
        if (applies(*change)) change->apply(state_.catalog, context);
    note_effects(index);
    state_.made_here.clear();
}

RenderedChangeSet Renderer::render(Pending pending, bool observe) {
    const ChangeSet& changeset = changelog_.changesets[pending.index];
    const RenderContext context = context_for(changeset);
    RenderedChangeSet out;
    out.index = pending.index;
    out.action = pending.action;
    for (std::size_t i = 0; i < changeset.changes.size(); ++i) {
        const Operation& change = *changeset.changes[i];
        if (!applies(change)) continue;
        std::vector<Statement> statements = change.statements(context);
        RenderedChange& rendered = out.changes.emplace_back();
        rendered.change = i;
        rendered.undo = change.inverse(context);
        edit_all(rendered.undo.statements, changeset.sql_edits, true);
        change.footprint(rendered.footprint, context);
        rendered.undo.observe = rendered.undo.observe || observe || !changeset.sql_edits.empty() ||
                                (context.complete && must_be_seen(change, rendered));
        change.apply(state_.catalog, context);
        edit_all(statements, changeset.sql_edits, false);
        out.change_of.insert(out.change_of.end(), statements.size(), i);
        append(out.statements, std::move(statements));
    }
    combine_undo(out);
    if (changeset.rollback) {
        out.generated = std::move(out.undo);
        out.undo = written_rollback(changeset);
    }
    out.transactional =
        changeset.run_in_transaction && std::all_of(out.statements.begin(), out.statements.end(),
                                                    [](const Statement& s) { return s.transactional; });
    note_effects(pending.index);
    out.only_new_objects = touches_only_new(pending.index);
    return out;
}

Undo Renderer::combine(const std::vector<RenderedChange>& changes) {
    Undo out;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        const Undo& undo = change->undo;
        if (undo.impossible && !out.impossible) out.impossible = undo.impossible;
        out.observe = out.observe || undo.observe;
        append(out.statements, undo.statements);
        out.losses.insert(out.losses.end(), undo.losses.begin(), undo.losses.end());
        out.since.insert(out.since.end(), undo.since.begin(), undo.since.end());
    }
    if (out.impossible) out.statements.clear();
    return out;
}

void Renderer::combine_undo(RenderedChangeSet& rendered) {
    (rendered.generated ? *rendered.generated : rendered.undo) = combine(rendered.changes);
}

/// The author's rollback block.
Undo Renderer::written_rollback(const ChangeSet& changeset) const {
    Undo out;
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

void Renderer::note_effects(std::size_t index) {
    const Footprint& footprint = graph_.footprints[index];
    if (footprint.barrier) {
        state_.opaque_before = true;
        state_.sure.clear();
        state_.made_here.clear();
    }
    for (const Touch& touch : footprint.touches)
        if (touch.access == Access::create && owner_of(touch.object) == touch.object) {
            state_.made_here.insert(touch.object);
            state_.sure.insert(touch.object);
        }
}

std::vector<ObjectRef> Renderer::unsure_of(std::size_t index) const {
    std::set<ObjectRef> out;
    const Footprint& footprint = graph_.footprints[index];
    if (footprint.barrier) return {};  // what it does is seen by looking before and after
    for (const Touch& touch : footprint.touches) {
        const ObjectRef owner = owner_of(touch.object);
        const bool whole = owner == touch.object;
        const bool creates = touch.access == Access::create;
        if (touch.access == Access::require || (creates && (whole || !touch.tentative))) continue;
        const bool known = knows(state_.catalog, owner);
        const bool seen = state_.made_here.contains(owner) || state_.sure.contains(owner);
        // What hangs on a whole object may have been made by somebody else.
        const bool trusted = !state_.opaque_before && !(whole && touch.access == Access::drop);
        if (!known || !(seen || trusted)) out.insert(owner);
    }
    return {out.begin(), out.end()};
}

void Renderer::learn(const catalog::Catalog& live, const std::vector<ObjectRef>& objects) {
    catalog::Catalog& model = state_.catalog;
    for (const ObjectRef& object : objects) forget(model, object);
    const auto take = [this](const auto& from, auto& to, ObjectKind kind) {
        for (const auto& [name, object] : from) {
            to.insert_or_assign(name, object);
            state_.sure.insert({kind, name, {}});
        }
    };
    take(live.tables, model.tables, ObjectKind::table);
    take(live.views, model.views, ObjectKind::table);
    take(live.sequences, model.sequences, ObjectKind::sequence);
    take(live.types, model.types, ObjectKind::type);
    for (const auto& [name, function] : live.functions) {
        model.functions.erase(name);
        state_.sure.insert({ObjectKind::function, name, {}});
    }
    model.functions.insert(live.functions.begin(), live.functions.end());
    for (const auto& [name, other] : live.others) model.others.insert_or_assign(name, other);
    model.schemas = live.schemas;
    model.extensions = live.extensions;
    for (const ObjectRef& object : objects) state_.sure.insert(object);
}

bool Renderer::touches_only_new(std::size_t index) const {
    const Footprint& footprint = graph_.footprints[index];
    if (footprint.barrier) return false;
    return std::all_of(footprint.touches.begin(), footprint.touches.end(), [&](const Touch& touch) {
        const ObjectRef owner = owner_of(touch.object);
        return !holds_locks(owner, touch.access) || state_.made_here.contains(owner);
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
