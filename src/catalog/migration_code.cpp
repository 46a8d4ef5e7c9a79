// What is made of tables: functions, views, triggers, policies, and objects of other kinds.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/migration_make.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

void make_indexes(Migration& migration, View& now, const View& to) {
    for (const Index& wanted : to.indexes) {
        if (find_named(now.indexes, wanted.name) != nullptr) continue;
        Index index = wanted;
        index.comment.reset();
        index.clustered = index.replica_identity = false;
        index.statistics.clear();
        migration.run(create_index_statements(to.name, index));
        now.indexes.push_back(std::move(index));
    }
}

/// A trigger of a partitioned table makes one in each partition.
void copy_to_partitions(Migration& migration, const ObjectName& table, const Trigger& trigger) {
    for (const ObjectName& child : descendants(migration.now, table)) {
        Table& below = *migration.now.table(child);
        const Table* to = migration.to.table(child);
        const Trigger* wanted = to == nullptr ? nullptr : find_named(to->triggers, trigger.name);
        if (wanted == nullptr || !wanted->inherited || find_named(below.triggers, trigger.name) != nullptr)
            continue;
        below.triggers.push_back(*wanted);
        below.triggers.back().enabled = "O";
        below.triggers.back().comment.reset();
    }
}

void make_triggers(Migration& migration, const ObjectName& relation, std::vector<Trigger>& now,
                   const std::vector<Trigger>& to) {
    for (const Trigger& wanted : to) {
        if (find_named(now, wanted.name) != nullptr || wanted.inherited) continue;
        migration.run(wanted.definition);
        Trigger trigger = wanted;
        trigger.enabled = "O";
        trigger.comment.reset();
        copy_to_partitions(migration, relation, trigger);
        now.push_back(std::move(trigger));
    }
}

void make_policies(Migration& migration, Table& now, const Table& to) {
    for (const Policy& wanted : to.policies) {
        if (find_named(now.policies, wanted.name) != nullptr) continue;
        migration.run(wanted.definition);
        now.policies.push_back({wanted.name, wanted.definition, std::nullopt, wanted.id});
    }
}

}  // namespace

void make_code(Migration& migration) {
    make_in_order(migration, missing_items(migration));
    for (const auto& [name, to] : migration.to.views) {
        make_indexes(migration, migration.now.views.at(name), to);
        make_triggers(migration, name, migration.now.views.at(name).triggers, to.triggers);
    }
    for (const ObjectName& name : parents_first(migration.to)) {
        Table& now = migration.now.tables.at(name);
        make_triggers(migration, name, now.triggers, migration.to.tables.at(name).triggers);
        make_policies(migration, now, migration.to.tables.at(name));
    }
    make_others(migration, false);
}

}  // namespace changelog::catalog
