// Renames by id within tables and views.
#include "catalog/dependents.hpp"
#include "catalog/migration_follow.hpp"
#include "catalog/migration_rename.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/naming.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

template <typename Item>
const Item* with_id(const std::vector<Item>& items, std::uint64_t id) {
    if (id == 0) return nullptr;
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id.value == id; });
    return found == items.end() ? nullptr : &*found;
}

template <typename Item>
std::string spare_part(const std::vector<Item>& now, const std::vector<Item>& to, const std::string& like) {
    std::string spare = sql::make_object_name(like, "", "aside");
    for (int number = 1; find_named(now, spare) != nullptr || find_named(to, spare) != nullptr; ++number)
        spare = sql::make_object_name(like, "", "aside" + std::to_string(number));
    return spare;
}

/// Renames the items of one list to the names of those with their ids in another. `rename(from, to)` does it
/// and changes the list; `passed` tells which are not renamed by themselves.
template <typename Item, typename Rename, typename Passed>
void rename_items(const std::vector<Item>& now, const std::vector<Item>& to, const Rename& rename,
                  const Passed& passed) {
    for (const Item& wanted : to) {
        const Item* found = with_id(now, wanted.id.value);
        if (found == nullptr || found->name == wanted.name || passed(*found)) continue;
        if (find_named(now, wanted.name) != nullptr) rename(wanted.name, spare_part(now, to, wanted.name));
        found = with_id(now, wanted.id.value);
        rename(std::string(found->name), wanted.name);  // a copy: the name itself changes
    }
}

const auto never = [](const auto&) { return false; };

void rename_columns(Migration& migration, const Table& to) {
    const ObjectName& table = to.name;
    const auto rename = [&](const std::string& from, const std::string& name) {
        migration.run(fmt::format("{}RENAME COLUMN {} TO {}", alter_table(table), sql::identifier(from),
                                  sql::identifier(name)));
        follow_column(migration.now, table, from, name);
    };
    rename_items(migration.now.tables.at(table).columns, to.columns, rename,
                 [](const Column& column) { return column.inherited; });
}

void rename_constraints(Migration& migration, const Table& to) {
    const ObjectName& table = to.name;
    const auto rename = [&](const std::string& from, const std::string& name) {
        Constraint* found = migration.now.tables.at(table).constraint(from);
        if (has_index(*found) && is_taken(migration.now, {table.schema, name}))
            make_room(migration, {table.schema, name});
        migration.run(fmt::format("{}RENAME CONSTRAINT {} TO {}", alter_table(table), sql::identifier(from),
                                  sql::identifier(name)));
        if (found->kind == ConstraintKind::check)
            for (const ObjectName& child : descendants(migration.now, table))
                if (Constraint* copy = migration.now.table(child)->constraint(from)) copy->name = name;
        found->name = name;
    };
    rename_items(migration.now.tables.at(table).constraints, to.constraints, rename,
                 [](const Constraint& item) { return item.inherited && item.kind == ConstraintKind::check; });
}

void rename_indexes(Migration& migration, const ObjectName& relation, const std::vector<Index>& now,
                    const std::vector<Index>& to) {
    const auto rename = [&](const std::string& from, const std::string& name) {
        const ObjectName target{relation.schema, name};
        if (is_taken(migration.now, target)) make_room(migration, target);
        migration.run(fmt::format("ALTER INDEX {} RENAME TO {}", sql::qualified({relation.schema, from}),
                                  sql::identifier(name)));
        follow_index(migration.now, {relation.schema, from}, name);
    };
    rename_items(now, to, rename, never);
}

void rename_triggers(Migration& migration, const ObjectName& relation, std::vector<Trigger>& now,
                     const std::vector<Trigger>& to) {
    const auto rename = [&](const std::string& from, const std::string& name) {
        migration.run(fmt::format("ALTER TRIGGER {} ON {} RENAME TO {}", sql::identifier(from),
                                  sql::qualified(relation), sql::identifier(name)));
        Trigger* found = find_named(now, from);
        found->name = name;
        found->definition = rename_after_keyword(found->definition, "TRIGGER", name);
    };
    rename_items(now, to, rename, [](const Trigger& trigger) { return trigger.inherited; });
}

void rename_policies(Migration& migration, const Table& to) {
    std::vector<Policy>& now = migration.now.tables.at(to.name).policies;
    const auto rename = [&](const std::string& from, const std::string& name) {
        migration.run(fmt::format("ALTER POLICY {} ON {} RENAME TO {}", sql::identifier(from),
                                  sql::qualified(to.name), sql::identifier(name)));
        Policy* found = find_named(now, from);
        found->name = name;
        found->definition = rename_after_keyword(found->definition, "POLICY", name);
    };
    rename_items(now, to.policies, rename, never);
}

/// The sequence behind an identity column.
void rename_identity_sequences(Migration& migration, const Table& to) {
    Table& now = migration.now.tables.at(to.name);
    for (Column& column : now.columns) {
        const Column* wanted = to.column(column.name);
        if (wanted == nullptr || !wanted->identity || !column.identity || column.inherited) continue;
        const std::string from = identity_sequence(now, column), name = identity_sequence(to, *wanted);
        if (from != name) {
            if (is_taken(migration.now, {to.name.schema, name})) make_room(migration, {to.name.schema, name});
            migration.run(fmt::format("ALTER SEQUENCE {} RENAME TO {}",
                                      sql::qualified({to.name.schema, from}), sql::identifier(name)));
        }
        column.identity->sequence = wanted->identity->sequence;
    }
}

/// A view with the same id has the same columns in the same places: only their names can differ, and there
/// may be more at the end.
void rename_view_columns(Migration& migration, View& now, const View& to) {
    if (now.id.value == 0 || now.id.value != to.id.value || now.materialized != to.materialized) return;
    for (std::size_t i = 0; i < std::min(now.columns.size(), to.columns.size()); ++i) {
        if (now.columns[i] == to.columns[i]) continue;
        const auto taken = std::find(now.columns.begin(), now.columns.end(), to.columns[i]);
        const auto rename = [&](std::string& from, const std::string& name) {
            migration.run(fmt::format("ALTER {}VIEW {} RENAME COLUMN {} TO {}",
                                      now.materialized ? "MATERIALIZED " : "", sql::qualified(now.name),
                                      sql::identifier(from), sql::identifier(name)));
            const std::string before = from;
            follow_column(migration.now, now.name, before, name);
            for (auto* texts : {&now.column_defaults, &now.column_comments})
                if (auto node = texts->extract(before); !node.empty()) {
                    node.key() = name;
                    texts->insert(std::move(node));
                }
            for (Grant& grant : now.grants)
                std::replace(grant.columns.begin(), grant.columns.end(), before, name);
            from = name;
        };
        if (taken != now.columns.end()) rename(*taken, sql::make_object_name(to.columns[i], "", "aside"));
        rename(now.columns[i], to.columns[i]);
    }
}

/// Whether the NOT NULL of the column came from a parent: its name follows that one's.
bool has_not_null_above(const Catalog& catalog, const Table& table, const std::string& column) {
    const auto has = [&](const ObjectName& parent) {
        const Table* above = catalog.table(parent);
        const Column* same = above == nullptr ? nullptr : above->column(column);
        return same != nullptr && same->not_null;
    };
    return has(table.partition_of) || std::any_of(table.inherits.begin(), table.inherits.end(), has);
}

/// Children whose NOT NULL has another name stand in the way.
bool has_odd_child(const Catalog& catalog, const ObjectName& table, const Column& column) {
    const auto names = descendants(catalog, table);
    return std::any_of(names.begin(), names.end(), [&](const ObjectName& name) {
        const Column* own = catalog.table(name)->column(column.name);
        return own != nullptr && own->not_null_name != column.not_null_name;
    });
}

void rename_parts_of(Migration& migration, const Table& to) {
    const Table* now = migration.now.table(to.name);
    if (now == nullptr) return;
    if (now->id.value != 0 && now->id.value == to.id.value) rename_columns(migration, to);
    rename_identity_sequences(migration, to);
    rename_constraints(migration, to);
    rename_not_nulls(migration, to);
    rename_indexes(migration, to.name, migration.now.tables.at(to.name).indexes, to.indexes);
    rename_triggers(migration, to.name, migration.now.tables.at(to.name).triggers, to.triggers);
    rename_policies(migration, to);
}

/// The comment on a NOT NULL, which stands among the others, follows its name.
void follow_comment(Catalog& catalog, const ObjectName& table, const std::string& from,
                    const std::string& to) {
    const auto identity = [&](const std::string& name) {
        return fmt::format("CONSTRAINT {} ON {}", sql::identifier(name), sql::qualified(table));
    };
    const auto found = catalog.others.find("comment " + identity(from));
    if (found == catalog.others.end()) return;
    Other moved = std::move(found->second);
    catalog.others.erase(found);
    for (std::string* text : {&moved.create, &moved.drop}) {
        const std::size_t at = text->find(moved.identity);
        if (at != std::string::npos) text->replace(at, moved.identity.size(), identity(to));
    }
    moved.identity = identity(to);
    catalog.others.insert_or_assign("comment " + moved.identity, std::move(moved));
}

}  // namespace

void rename_not_nulls(Migration& migration, const Table& to) {
    for (const Column& wanted : to.columns) {
        const Table& now = *migration.now.table(to.name);
        const Column* column = now.column(wanted.name);
        if (column == nullptr || !column->not_null || !wanted.not_null) continue;
        const std::string from = column->not_null_name, name = wanted.not_null_name;
        if (from == name || from.empty() || name.empty() || has_odd_child(migration.now, to.name, *column) ||
            has_not_null_above(migration.now, now, wanted.name))
            continue;
        migration.run(fmt::format("{}RENAME CONSTRAINT {} TO {}", alter_table(to.name), sql::identifier(from),
                                  sql::identifier(name)));
        rename_not_null(migration.now, to.name, from, name);
        follow_comment(migration.now, to.name, from, name);
        for (const ObjectName& child : descendants(migration.now, to.name))
            follow_comment(migration.now, child, from, name);
    }
}

void rename_parts(Migration& migration) {
    for (const ObjectName& name : parents_first(migration.to))
        rename_parts_of(migration, migration.to.tables.at(name));
    for (const auto& [name, to] : migration.to.views) {
        const auto now = migration.now.views.find(name);
        if (now == migration.now.views.end()) continue;
        rename_view_columns(migration, now->second, to);
        rename_indexes(migration, name, now->second.indexes, to.indexes);
        rename_triggers(migration, name, now->second.triggers, to.triggers);
    }
}

}  // namespace changelog::catalog
