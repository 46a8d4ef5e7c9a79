// Constraints, indexes and partitions: children get their keys, indexes and foreign keys first, so that those
// of their parents adopt them under the right names.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/migration_rename.hpp"
#include "catalog/migration_state.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/sql_text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

/// What ADD CONSTRAINT alone does not say.
Constraint bare(Constraint constraint) {
    constraint.comment.reset();
    constraint.clustered = constraint.replica_identity = false;
    return constraint;
}

/// A partition or child whose parent has the constraint already: it came with it.
bool comes_from_parent(const Migration& migration, const Table& now, const Constraint& wanted) {
    const auto has = [&](const ObjectName& parent) {
        const Table* above = migration.now.table(parent);
        return above != nullptr && above->constraint(wanted.name) != nullptr;
    };
    return wanted.inherited &&
           (has(now.partition_of) || std::any_of(now.inherits.begin(), now.inherits.end(), has));
}

/// Whether rows that stayed may break the constraint, since what it needs of others or of them is lost.
bool may_be_broken(const Migration& migration, const Table& now, const Constraint& wanted) {
    if (migration.made.contains(now.name) || !wanted.validated) return false;
    const auto is_refilled = [&](const ObjectName& table, const std::vector<std::string>& columns) {
        return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
            return migration.refilled.contains({ObjectKind::column, table, column});
        });
    };
    return is_refilled(now.name, wanted.columns) ||
           (wanted.kind == ConstraintKind::foreign_key &&
            (migration.made.contains(wanted.referenced_table) ||
             is_refilled(wanted.referenced_table, wanted.referenced_columns)));
}

/// ADD CONSTRAINT, or a warning where rows break it. A foreign key then holds for new rows.
std::string add_if_possible(const Table& now, const Constraint& constraint) {
    const std::string statement = alter_table(now.name) + "ADD " + constraint_definition(constraint);
    const std::string warning = fmt::format("constraint {} of {} does not hold, since what it needs is lost",
                                            constraint.name, shown(now.name));
    std::string instead;
    if (constraint.kind == ConstraintKind::foreign_key && now.partition_by.empty()) {
        Constraint later = constraint;
        later.validated = false;
        instead = "    " + alter_table(now.name) + "ADD " + constraint_definition(later) + ";\n";
    }
    const std::string body = fmt::format(
        "BEGIN\n  {};\nEXCEPTION WHEN integrity_constraint_violation OR not_null_violation OR "
        "unique_violation OR "
        "foreign_key_violation OR check_violation OR exclusion_violation THEN\n{}    RAISE WARNING '%', "
        "{};\nEND",
        statement, instead, sql::literal(warning));
    return undo_block(body);
}

void add(Migration& migration, Table& now, const Constraint& wanted) {
    Constraint constraint = bare(wanted);
    if (may_be_broken(migration, now, wanted)) {
        migration.run(add_if_possible(now, constraint));
        migration.lose(fmt::format("constraint {} of {} where rows break it", wanted.name, shown(now.name)));
    } else {
        migration.run(add_constraint(now.name, constraint));
    }
    now.constraints.push_back(constraint);
}

void add_check(Migration& migration, Table& now, const Constraint& wanted) {
    if (comes_from_parent(migration, now, wanted)) return;
    add(migration, now, wanted);
    if (wanted.no_inherit) return;
    for (const ObjectName& child : descendants(migration.now, now.name)) {
        Table& below = *migration.now.table(child);
        if (below.constraint(wanted.name) != nullptr) continue;
        below.constraints.push_back(bare(wanted));
        below.constraints.back().inherited = true;
    }
}

void add_checks(Migration& migration) {
    for (const ObjectName& name : parents_first(migration.to)) {
        Table& now = migration.now.tables.at(name);
        for (const Constraint& wanted : migration.to.tables.at(name).constraints)
            if (wanted.kind == ConstraintKind::check && now.constraint(wanted.name) == nullptr)
                add_check(migration, now, wanted);
    }
}

/// Marks the indexes of partitions that an index of the parent adopted while it was made.
void adopt(Migration& migration, const ObjectName& parent_index) {
    for (auto& [name, to] : migration.to.tables) {
        Table* now = migration.now.table(name);
        for (const Index& wanted : to.indexes)
            if (Index* found = now->index(wanted.name);
                found != nullptr && wanted.attached_to == parent_index)
                found->attached_to = parent_index;
    }
}

void add_index(Migration& migration, const ObjectName& relation, std::vector<Index>& now,
               const Index& wanted) {
    Index index = wanted;
    index.comment.reset();
    index.clustered = index.replica_identity = false;
    index.statistics.clear();
    index.attached_to = {};
    migration.run(create_index_statements(relation, index));
    now.push_back(index);
    const Table* table = migration.now.table(relation);
    if (!wanted.on_only && table != nullptr && !table->partition_by.empty())
        adopt(migration, {relation.schema, wanted.name});
}

/// On its partitions, too, under the names that PostgreSQL chooses.
void add_key(Migration& migration, Table& now, const Constraint& wanted) {
    add(migration, now, wanted);
    for (const ObjectName& name : descendants(migration.now, now.name))
        for (const Constraint& part : migration.to.tables.at(name).constraints)
            if (comes_by_attaching(part) && part.columns == wanted.columns &&
                migration.now.table(name)->constraint(part.name) == nullptr)
                migration.now.table(name)->constraints.push_back(bare(part));
}

void add_keys_and_indexes(Migration& migration) {
    std::vector<ObjectName> order = parents_first(migration.to);
    std::reverse(order.begin(), order.end());
    for (const ObjectName& name : order) {
        Table& now = migration.now.tables.at(name);
        const Table& to = migration.to.tables.at(name);
        for (const Constraint& wanted : to.constraints)
            if (has_index(wanted) && now.constraint(wanted.name) == nullptr && !comes_by_attaching(wanted))
                add_key(migration, now, wanted);
        for (const Index& wanted : to.indexes)
            if (now.index(wanted.name) == nullptr) add_index(migration, name, now.indexes, wanted);
    }
}

void add_foreign_keys(Migration& migration) {
    std::vector<ObjectName> order = parents_first(migration.to);
    std::reverse(order.begin(), order.end());
    for (const ObjectName& name : order) {
        Table& now = migration.now.tables.at(name);
        for (const Constraint& wanted : migration.to.tables.at(name).constraints)
            if (wanted.kind == ConstraintKind::foreign_key && now.constraint(wanted.name) == nullptr &&
                !comes_from_parent(migration, now, wanted) &&
                !(wanted.inherited && may_be_broken(migration, now, wanted)))
                add(migration, now, wanted);
    }
}

std::string deferral(const Constraint& constraint) {
    if (constraint.initially_deferred) return "DEFERRABLE INITIALLY DEFERRED";
    return constraint.deferrable ? "DEFERRABLE INITIALLY IMMEDIATE" : "NOT DEFERRABLE";
}

void alter_constraint(Migration& migration, const ObjectName& table, Constraint& now, const Constraint& to) {
    const std::string name = sql::identifier(to.name);
    if (now.deferrable != to.deferrable || now.initially_deferred != to.initially_deferred)
        migration.run(fmt::format("{}ALTER CONSTRAINT {} {}", alter_table(table), name, deferral(to)));
    if (!now.validated && to.validated)
        migration.run(fmt::format("{}VALIDATE CONSTRAINT {}", alter_table(table), name));
    now.deferrable = to.deferrable;
    now.initially_deferred = to.initially_deferred;
    now.validated = to.validated;
}

void alter_constraints(Migration& migration) {
    for (const auto& [name, to] : migration.to.tables)
        for (Constraint& now : migration.now.tables.at(name).constraints)
            if (const Constraint* wanted = to.constraint(now.name); wanted != nullptr && !wanted->inherited)
                alter_constraint(migration, name, now, *wanted);
}

/// What a partition takes over from its parent when it is attached.
void become_part(Migration& migration, Table& now, const Table& to) {
    const Table* parent = migration.now.table(to.partition_of);
    for (Column& column : now.columns)
        if (const Column* wanted = to.column(column.name)) {
            column.inherited = wanted->inherited;
            if (wanted->identity && !column.identity) column.identity = wanted->identity;
        }
    for (const Index& wanted : to.indexes)
        if (Index* found = now.index(wanted.name);
            found != nullptr && parent != nullptr && parent->index(wanted.attached_to.name) != nullptr)
            found->attached_to = wanted.attached_to;
    if (parent == nullptr) return;
    for (const Trigger& trigger : to.triggers)
        if (const Trigger* above = find_named(parent->triggers, trigger.name);
            above != nullptr && trigger.inherited)
            now.triggers.push_back(
                {trigger.name, trigger.definition, above->enabled, true, std::nullopt, {}});
    for (const Constraint& wanted : to.constraints)
        if (wanted.inherited && now.constraint(wanted.name) == nullptr)
            now.constraints.push_back(bare(wanted));
}

void attach(Migration& migration, Table& now, const Table& to) {
    if (to.partition_of.name.empty() || now.partition_of == to.partition_of) return;
    migration.run(fmt::format("{}ATTACH PARTITION {} {}", alter_table(to.partition_of),
                              sql::qualified(to.name), to.partition_bound));
    now.partition_of = to.partition_of;
    now.partition_bound = to.partition_bound;
    become_part(migration, now, to);
}

void inherit(Migration& migration, Table& now, const Table& to) {
    for (const ObjectName& parent : to.inherits) {
        if (std::find(now.inherits.begin(), now.inherits.end(), parent) != now.inherits.end()) continue;
        migration.run(fmt::format("{}INHERIT {}", alter_table(to.name), sql::qualified(parent)));
        now.inherits.push_back(parent);
        if (std::any_of(to.columns.begin(), to.columns.end(),
                        [](const Column& item) { return item.inherited; }))
            migration.lose(
                fmt::format("that columns of {} go when they go from {}", shown(to.name), shown(parent)));
    }
}

void attach_indexes(Migration& migration) {
    for (const auto& [name, to] : migration.to.tables)
        for (const Index& wanted : to.indexes) {
            Index* now = migration.now.tables.at(name).index(wanted.name);
            if (wanted.attached_to.name.empty() || now->attached_to == wanted.attached_to) continue;
            migration.run(fmt::format("ALTER INDEX {} ATTACH PARTITION {}",
                                      sql::qualified(wanted.attached_to),
                                      sql::qualified({name.schema, wanted.name})));
            now->attached_to = wanted.attached_to;
        }
}

}  // namespace

void settle_constraints(Migration& migration) {
    add_checks(migration);
    add_keys_and_indexes(migration);
    add_foreign_keys(migration);
    for (const ObjectName& name : parents_first(migration.to)) {
        Table& now = migration.now.tables.at(name);
        attach(migration, now, migration.to.tables.at(name));
        inherit(migration, now, migration.to.tables.at(name));
    }
    attach_indexes(migration);
    alter_constraints(migration);
}

}  // namespace changelog::catalog
