#include "operations/partition_tree.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "core/text.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"
#include "operations/index_key.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"
#include "sql/mentions.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

namespace {

using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::Index;
using catalog::Table;

/// What only tells one copy from another.
Index bare(Index index) {
    index.name.clear();
    index.comment.reset();
    index.clustered = index.replica_identity = index.on_only = false;
    index.attached_to = {};
    index.statistics.clear();
    index.valid = true;
    index.tablespace.clear();
    return index;
}

Constraint bare(Constraint constraint) {
    constraint.name.clear();
    constraint.comment.reset();
    constraint.clustered = constraint.replica_identity = constraint.inherited = false;
    constraint.tablespace.clear();
    return constraint;
}

bool is_alike(const Constraint& a, const Constraint& b) {
    return bare(a) == bare(b) && (a.kind != ConstraintKind::check || a.name == b.name);
}

std::vector<Table*> partitions_of(catalog::Catalog& catalog, const ObjectName& parent) {
    std::vector<Table*> out;
    for (auto& [name, table] : catalog.tables)
        if (table.partition_of == parent) out.push_back(&table);
    return out;
}

std::vector<Table*> heirs_of(catalog::Catalog& catalog, const ObjectName& parent) {
    std::vector<Table*> out;
    for (auto& [name, table] : catalog.tables)
        if (std::find(table.inherits.begin(), table.inherits.end(), parent) != table.inherits.end())
            out.push_back(&table);
    return out;
}

void hand_index_to(catalog::Catalog& catalog, const Table& parent, const Index& index, Table& child) {
    const ObjectName whole{parent.name.schema, index.name};
    const auto alike = std::find_if(child.indexes.begin(), child.indexes.end(), [&](const Index& own) {
        return own.attached_to.name.empty() && bare(own) == bare(index);
    });
    if (alike != child.indexes.end()) {
        alike->attached_to = whole;
        return;
    }
    Index made = bare(index);
    made.tablespace = index.tablespace;
    made.name = chosen_index_name(catalog, child.name, made);
    made.attached_to = whole;
    child.indexes.push_back(made);
    hand_down_index(catalog, child, made);
}

void hand_constraint_to(catalog::Catalog& catalog, const Constraint& constraint, Table& child,
                        bool attaching = false) {
    for (Constraint& own : child.constraints) {
        if (!is_alike(own, constraint)) continue;
        // A CHECK that was there stays the child's own, unless the child becomes a partition only now.
        own.inherited = own.inherited || attaching || own.kind != ConstraintKind::check;
        return;
    }
    Constraint made = bare(constraint);
    made.inherited = true;
    // Foreign keys and CHECKs keep their names, the others get those that PostgreSQL chooses.
    if (constraint.kind == ConstraintKind::foreign_key || constraint.kind == ConstraintKind::check)
        made.name = constraint.name;
    add_to_catalog(catalog, child, std::move(made));
}

bool is_for_rows(const std::string& definition) {
    std::vector<std::string> last;
    for (const sql::Token& token : sql::tokenize(definition).value_or(std::vector<sql::Token>{})) {
        if (token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment) continue;
        last.push_back(lower(token.text));
        const std::size_t n = last.size();
        // FOR EACH ROW, or FOR ROW
        if (last[n - 1] == "row" && n > 2 && (last[n - 2] == "each" || last[n - 2] == "for")) return true;
    }
    return false;
}

std::string on_table(const std::string& definition, const ObjectName& from, const ObjectName& to) {
    const auto found = sql::mentions_of_statement(definition);
    if (!found) return definition;
    std::vector<sql::NameEdit> edits;
    for (const sql::Mention& mention : found->all)
        if (mention.what == sql::Mention::What::relation && mention.parts.back() == from.name)
            edits.push_back({mention.offset, mention.parts.size() - 1, sql::qualified(to), {}, true});
    return sql::with_edits(definition, std::move(edits));
}

void hand_trigger_to(catalog::Catalog& catalog, const Table& parent, const catalog::Trigger& trigger,
                     Table& child) {
    catalog::Trigger made = trigger;
    made.inherited = true;
    made.comment.reset();
    made.definition = on_table(trigger.definition, parent.name, child.name);
    if (auto* own = find_named(child.triggers, trigger.name))
        *own = made;
    else
        child.triggers.push_back(made);
    hand_down_trigger(catalog, child, made);
}

}  // namespace

void hand_down_index(catalog::Catalog& catalog, const Table& parent, const Index& index) {
    if (parent.partition_by.empty() || index.on_only) return;
    for (Table* child : partitions_of(catalog, parent.name)) hand_index_to(catalog, parent, index, *child);
}

void hand_down_constraint(catalog::Catalog& catalog, const Table& parent, const Constraint& constraint) {
    if (!parent.partition_by.empty() && !constraint.no_inherit)
        for (Table* child : partitions_of(catalog, parent.name))
            hand_constraint_to(catalog, constraint, *child);
    if (constraint.kind == ConstraintKind::check && !constraint.no_inherit)
        for (Table* child : heirs_of(catalog, parent.name)) hand_constraint_to(catalog, constraint, *child);
}

void hand_down_trigger(catalog::Catalog& catalog, const Table& parent, const catalog::Trigger& trigger) {
    if (parent.partition_by.empty() || !is_for_rows(trigger.definition)) return;
    for (Table* child : partitions_of(catalog, parent.name))
        hand_trigger_to(catalog, parent, trigger, *child);
}

void hand_down_all(catalog::Catalog& catalog, const Table& parent, Table& child) {
    for (catalog::Column& column : child.columns) column.inherited = parent.column(column.name) != nullptr;
    for (const Index& index : parent.indexes)
        if (!index.on_only) hand_index_to(catalog, parent, index, child);
    for (const Constraint& constraint : parent.constraints)
        hand_constraint_to(catalog, constraint, child, true);
    for (const catalog::Trigger& trigger : parent.triggers)
        if (is_for_rows(trigger.definition)) hand_trigger_to(catalog, parent, trigger, child);
}

void let_go(Table& child) {
    for (catalog::Column& column : child.columns) column.inherited = false;
    for (Constraint& constraint : child.constraints) constraint.inherited = false;
    for (Index& index : child.indexes) index.attached_to = {};
    std::erase_if(child.triggers, [](const catalog::Trigger& trigger) { return trigger.inherited; });
}

void drop_index_parts(catalog::Catalog& catalog, const ObjectName& index) {
    for (auto& [name, table] : catalog.tables) {
        std::vector<ObjectName> parts;
        for (const Index& each : table.indexes)
            if (each.attached_to == index) parts.push_back({name.schema, each.name});
        std::erase_if(table.indexes, [&](const Index& each) { return each.attached_to == index; });
        for (const ObjectName& part : parts) drop_index_parts(catalog, part);
    }
}

namespace {

void add_index_parts(const RenderContext& context, const ObjectName& whole, std::vector<Statement>& out) {
    const Naming naming(context);
    for (const auto& [name, table] : context.before->tables)
        for (const Index& part : table.indexes) {
            if (part.attached_to != whole) continue;
            append(out, create_index_tree(context, table, part, false));
            out.push_back(statement(fmt::format("ALTER INDEX {} ATTACH PARTITION {}", naming.sql(whole),
                                                naming.sql({name.schema, part.name}))));
        }
}

bool has_parts(const catalog::Catalog& catalog, const ObjectName& whole) {
    return std::any_of(catalog.tables.begin(), catalog.tables.end(), [&](const auto& entry) {
        return std::any_of(entry.second.indexes.begin(), entry.second.indexes.end(),
                           [&](const Index& index) { return index.attached_to == whole; });
    });
}

}  // namespace

std::vector<Statement> create_index_tree(const RenderContext& context, const Table& table, const Index& index,
                                         bool concurrently) {
    const ObjectName whole{table.name.schema, index.name};
    Index made = index;
    made.attached_to = {};
    const bool in_parts = !table.partition_by.empty() && has_parts(*context.before, whole);
    made.on_only = made.on_only || in_parts;
    std::vector<Statement> out =
        catalog::create_index_statements(Naming(context).shown(table.name), made, concurrently && !in_parts);
    if (in_parts) add_index_parts(context, whole, out);
    return out;
}

void restore_taken_over(const RenderContext& context, const catalog::Catalog& after, const ObjectName& parent,
                        std::vector<Statement>& out) {
    const Naming naming(context);
    for (const ObjectName& name : catalog::descendants(*context.before, parent)) {
        const Table& was = *context.before->table(name);
        const Table* is = after.table(name);
        if (is == nullptr) continue;
        for (const Index& index : was.indexes) {
            const Index* now = is->index(index.name);
            if (now != nullptr && index.attached_to.name.empty() && !now->attached_to.name.empty())
                append(out, create_index_tree(context, was, index, false));
        }
        for (const Constraint& constraint : was.constraints) {
            const Constraint* now = is->constraint(constraint.name);
            if (now != nullptr && !constraint.inherited && now->inherited)
                append(out, catalog::add_constraint(naming.shown(name), naming.shown(constraint)));
        }
    }
}

void restore_part_names(const RenderContext& context, const catalog::Catalog& again, const ObjectName& parent,
                        std::vector<Statement>& out) {
    const Naming naming(context);
    for (const ObjectName& name : catalog::descendants(*context.before, parent)) {
        const Table& was = *context.before->table(name);
        const Table* is = again.table(name);
        if (is == nullptr) continue;
        for (const Constraint& constraint : was.constraints) {
            if (!constraint.inherited) continue;
            const auto now = std::find_if(is->constraints.begin(), is->constraints.end(),
                                          [&](const Constraint& each) { return is_alike(each, constraint); });
            if (now == is->constraints.end()) continue;
            const std::string on = naming.sql(name);
            if (now->name != constraint.name)
                out.push_back(
                    statement(fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", on,
                                          sql::identifier(now->name), sql::identifier(constraint.name))));
            if (constraint.comment && now->comment != constraint.comment)
                out.push_back(statement(catalog::comment_on(
                    fmt::format("CONSTRAINT {} ON {}", sql::identifier(constraint.name), on),
                    constraint.comment)));
        }
    }
}

}  // namespace changelog::operations
