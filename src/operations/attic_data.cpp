#include "operations/attic_data.hpp"

#include "catalog/dependents.hpp"
#include "core/text.hpp"

namespace changelog::operations {

namespace {

bool deletes(const RowChange& change) { return change.columns.empty(); }

/// Rows of inheritance children would all come back into the parent.
bool has_inheritance_children(const RenderContext& context, const ObjectName& table) {
    const auto below = catalog::descendants(*context.before, table);
    return std::any_of(below.begin(), below.end(), [&](const ObjectName& child) {
        return context.before->table(child)->partition_bound.empty();
    });
}

/// For how long the rows are kept; a default gives way where keeping is not possible, a wish does not.
std::optional<Retention> retention_of(const RenderContext& context, const RowChange& change,
                                      const RetainKey& retain) {
    const auto retention = retain.in(context);
    if (!retention || retain.asks()) return retention;
    const Naming naming(context);
    if (has_inheritance_children(context, naming.stored_object(change.schema, change.table)))
        return std::nullopt;
    if (deletes(change)) return retention;
    const catalog::Table* table = find_table(context, change.schema, change.table);
    return has_stable_key(table, naming.stored(change.columns)) ? retention : std::nullopt;
}

Kept kept(const RenderContext& context, const RowChange& change, const Retention& retention) {
    const Naming naming(context);
    return Kept::of(context, deletes(change) ? "rows" : "values",
                    naming.stored_object(change.schema, change.table), {}, retention);
}

std::vector<std::string> shown_columns(const RenderContext& context, const RowChange& change) {
    const Naming naming(context);
    std::vector<std::string> out;
    for (const std::string& column : naming.stored(change.columns))
        out.push_back(one_line(to_text(naming.stored_object(change.schema, change.table)) + '.' + column));
    return out;
}

/// What the change does elsewhere, which no copy of its rows knows of.
void add_effects(const RenderContext& context, const RowChange& change, Undo& out) {
    const ObjectName name = Naming(context).stored_object(change.schema, change.table);
    const catalog::Table* table = context.before->table(name);
    if (table == nullptr) return;
    if (deletes(change))
        for (const catalog::TableConstraint& key : catalog::foreign_keys_to(*context.before, name)) {
            const std::string& action = key.constraint.on_delete;
            if (action == "CASCADE")
                out.losses.push_back(
                    one_line(fmt::format("rows of {} that went with those of {} (ON DELETE CASCADE)",
                                         to_text(key.table), to_text(name))));
            else if (action.starts_with("SET "))
                out.losses.push_back(one_line(fmt::format(
                    "what {}.{} held where it pointed at rows of {} (ON DELETE {})", to_text(key.table),
                    join(key.constraint.columns, ", "), to_text(name), action)));
        }
    const auto fires = [&](const catalog::Trigger& trigger) {
        return trigger.enabled != "D" && upper(trigger.definition).find(change.verb) != std::string::npos;
    };
    if (std::any_of(table->triggers.begin(), table->triggers.end(), fires))
        out.losses.push_back(
            one_line(fmt::format("what triggers of {} did on {}", to_text(name), change.verb)));
}

}  // namespace

std::vector<Statement> change_rows(const RenderContext& context, const RowChange& change,
                                   const RetainKey& retain) {
    const auto retention = retention_of(context, change, retain);
    if (!retention) return one(change.sql + change.condition);
    const Naming naming(context);
    const Kept item = kept(context, change, *retention);
    const std::string table = naming.object(change.schema, change.table);
    return {prepare_attic(context.attic),
            deletes(change)
                ? keep_rows(item, table, change.sql + change.condition)
                : keep_updated(item, table, naming.stored(change.columns), change.sql, change.condition)};
}

Undo undo_rows(const RenderContext& context, const RowChange& change, const RetainKey& retain) {
    const std::string table = one_line(to_text(Naming(context).stored_object(change.schema, change.table)));
    const std::string columns = join(shown_columns(context, change), ", ");
    Undo out;
    if (const auto retention = retention_of(context, change, retain)) {
        out.statements.push_back(bring_back(kept(context, change, *retention)));
        if (!deletes(change))
            out.since.push_back(
                fmt::format("values of {} written since into the rows that changed", columns));
    } else if (deletes(change)) {
        out.losses.push_back(fmt::format("rows of {} that the DELETE took", table));
    } else {
        out.losses.push_back(fmt::format("what the updated rows of {} held before in {}", table, columns));
    }
    add_effects(context, change, out);
    return out;
}

}  // namespace changelog::operations
