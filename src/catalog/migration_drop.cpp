// Drops what goes. Each statement is written down in the catalog with what PostgreSQL drops along.
#include "catalog/dependents.hpp"
#include "catalog/migration_order.hpp"
#include "catalog/migration_removal.hpp"
#include "catalog/migration_rename.hpp"
#include "catalog/migration_rights.hpp"
#include "catalog/migration_text.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

void cut_loose(Table& table) {
    for (Column& column : table.columns) column.inherited = false;
    for (Constraint& constraint : table.constraints) constraint.inherited = false;
    for (Index& index : table.indexes) index.attached_to = {};
    std::erase_if(table.triggers, [](const Trigger& trigger) { return trigger.inherited; });
}

bool parent_goes(const Migration& migration, const ObjectName& name) {
    const Table* parent = migration.now.table(name);
    return parent != nullptr && goes(migration, *parent);
}

void detach(Migration& migration, Table& table, const Table& to) {
    if (table.partition_of.name.empty()) return;
    const bool stays = table.partition_of == to.partition_of &&
                       same_sql(table.partition_bound, to.partition_bound) &&
                       !parent_goes(migration, table.partition_of);
    if (stays) return;
    migration.run(
        fmt::format("{}DETACH PARTITION {}", alter_table(table.partition_of), sql::qualified(table.name)));
    table.partition_of = {};
    table.partition_bound.clear();
    cut_loose(table);
}

void disinherit(Migration& migration, Table& table, const Table& to) {
    std::erase_if(table.inherits, [&](const ObjectName& parent) {
        const bool kept = std::find(to.inherits.begin(), to.inherits.end(), parent) != to.inherits.end();
        if (kept && !parent_goes(migration, parent)) return false;
        migration.run(fmt::format("{}NO INHERIT {}", alter_table(table.name), sql::qualified(parent)));
        if (table.inherits.size() == 1) cut_loose(table);
        return true;
    });
}

void cut_from_parents(Migration& migration) {
    for (auto& [name, table] : migration.now.tables) {
        if (goes(migration, table)) continue;
        const Table& to = migration.to.tables.at(name);
        detach(migration, table, to);
        disinherit(migration, table, to);
    }
}

void drop_function(Migration& migration, const Item& item) {
    auto& functions = migration.now.functions;
    migration.run("DROP " + routine(*find_function(migration.now, item.name, item.arguments)));
    const auto [begin, end] = functions.equal_range(item.name);
    functions.erase(std::find_if(
        begin, end, [&](const auto& found) { return found.second.arguments == item.arguments; }));
}

class Dropper {
  public:
    Dropper(Migration& migration, const Removal& removal) : migration_(migration), removal_(removal) {}

    void drop() {
        others(false);
        policies_and_triggers();
        constraints(false);
        indexes();
        for (const ObjectRef& column : removal_.defaults) drop_default(column);
        for (const ObjectRef& column : removal_.retyped) drop_default_of_retyped(column);
        code();
        constraints(true);
        columns();
        items(false);
        others(true);
        items(true);
    }

  private:
    Catalog& now() { return migration_.now; }

    void others(bool early) {
        std::vector<std::string> keys;
        for (const std::string& key : removal_.others) {
            const auto found = now().others.find(key);
            if (found != now().others.end() && comes_early(found->second) == early) keys.push_back(key);
        }
        std::stable_sort(keys.begin(), keys.end(), [&](const std::string& a, const std::string& b) {
            return make_rank(now().others.at(a)) > make_rank(now().others.at(b));
        });
        for (const std::string& key : keys) {
            const auto found = now().others.find(key);
            const Other& other = found->second;
            if (goes_along(other)) {
                now().others.erase(key);
            } else if (const auto rights = drop_default_rights(other); !rights.empty()) {
                for (const std::string& statement : rights) migration_.run(statement);
                now().others.erase(key);
            } else if (other.drop.empty()) {
                migration_.reasons.push_back(
                    fmt::format("no statement is known that drops {} {}", other.kind, other.identity));
            } else {
                migration_.run(other.drop);
                now().others.erase(key);
            }
        }
    }
    bool goes_along(const Other& other) {
        return !other.on.name.name.empty() &&
               (removal_.has(ItemKind::table, other.on.name) || removal_.has(ItemKind::view, other.on.name));
    }

    void policies_and_triggers() {
        for (const ObjectRef& part : removal_.parts) {
            if (part.kind != ObjectKind::trigger && part.kind != ObjectKind::policy) continue;
            if (removal_.has(ItemKind::view, part.name)) continue;
            migration_.run(fmt::format("DROP {} {} ON {}",
                                       part.kind == ObjectKind::trigger ? "TRIGGER" : "POLICY",
                                       sql::identifier(part.part), sql::qualified(part.name)));
            const auto is_it = [&](const auto& item) { return item.name == part.part; };
            if (Table* table = now().table(part.name)) {
                std::erase_if(table->triggers, [&](const auto& item) {
                    return part.kind == ObjectKind::trigger && is_it(item);
                });
                std::erase_if(table->policies, [&](const auto& item) {
                    return part.kind == ObjectKind::policy && is_it(item);
                });
                if (part.kind == ObjectKind::trigger)
                    for (const ObjectName& child : descendants(now(), part.name))
                        std::erase_if(now().table(child)->triggers,
                                      [&](const Trigger& item) { return item.inherited && is_it(item); });
            } else {
                std::erase_if(now().views.at(part.name).triggers, is_it);
            }
        }
    }

    static bool is_foreign_key(const Constraint& constraint) {
        return constraint.kind == ConstraintKind::foreign_key;
    }

    /// Foreign keys before the rest, and keys only once no view groups by them.
    void constraints(bool keys) {
        for (const bool foreign : {true, false})
            for (const ObjectRef& part : removal_.parts) {
                if (part.kind != ObjectKind::constraint) continue;
                const Constraint* found = now().table(part.name)->constraint(part.part);
                if (found == nullptr || is_foreign_key(*found) != foreign || is_key(*found) != keys) continue;
                drop_constraint(part.name, Constraint(*found));
            }
        if (!keys) foreign_keys_of_leaving_tables();
    }
    static bool is_key(const Constraint& constraint) {
        return constraint.kind == ConstraintKind::primary_key || constraint.kind == ConstraintKind::unique;
    }

    /// Tables that go may point at each other in circles.
    void foreign_keys_of_leaving_tables() {
        for (const Item& item : removal_.items) {
            if (item.kind != ItemKind::table) continue;
            for (const Constraint& constraint : std::vector<Constraint>(now().table(item.name)->constraints))
                if (is_foreign_key(constraint) && !constraint.inherited &&
                    constraint.referenced_table != item.name &&
                    removal_.has(ItemKind::table, constraint.referenced_table))
                    drop_constraint(item.name, constraint);
        }
    }

    void drop_constraint(const ObjectName& table, const Constraint& constraint) {
        migration_.run(alter_table(table) + "DROP CONSTRAINT " + sql::identifier(constraint.name));
        const auto is_copy = [&](const Constraint& copy) {
            if (!copy.inherited || copy.kind != constraint.kind) return false;
            if (constraint.kind == ConstraintKind::check) return copy.name == constraint.name;
            return copy.columns == constraint.columns && copy.referenced_table == constraint.referenced_table;
        };
        for (const ObjectName& child : descendants(now(), table))
            std::erase_if(now().table(child)->constraints, is_copy);
        std::erase_if(now().table(table)->constraints,
                      [&](const Constraint& item) { return item.name == constraint.name; });
        if (constraint.replica_identity) forget_identity(*now().table(table));
    }

    /// A table whose identity was a dropped index has none at all until it is told otherwise.
    static void forget_identity(Table& table) { table.replica_identity = "INDEX"; }

    void indexes() {
        for (const ObjectRef& part : removal_.parts) {
            if (part.kind != ObjectKind::index) continue;
            const ObjectName name{part.name.schema, part.part};
            if (removal_.has(ItemKind::view, part.name)) continue;
            migration_.run("DROP INDEX " + sql::qualified(name));
            forget_index(name);
        }
    }
    void forget_index(const ObjectName& name) {
        std::vector<ObjectName> attached;
        for (auto& [table_name, table] : now().tables)
            for (const Index& index : table.indexes)
                if (index.attached_to == name) attached.push_back({table_name.schema, index.name});
        for (const ObjectName& part : attached) forget_index(part);
        const auto place = now().find_index(name);
        auto* list = place.table != nullptr  ? &place.table->indexes
                     : place.view != nullptr ? &place.view->indexes
                                             : nullptr;
        if (list != nullptr)
            std::erase_if(*list, [&](const Index& index) { return index.name == name.name; });
    }

    void drop_default(const ObjectRef& column) {
        Column& found = *now().table(column.name)->column(column.part);
        if (!found.expression) return;
        migration_.run(fmt::format("{}ALTER COLUMN {} DROP DEFAULT", alter_table(column.name),
                                   sql::identifier(column.part)));
        found.expression.reset();
        for (const ObjectName& child : descendants(now(), column.name))
            if (Column* copy = now().table(child)->column(column.part);
                copy != nullptr && copy->generated == Generated::no)
                copy->expression.reset();
    }
    /// The new type's values may not be what the default is.
    void drop_default_of_retyped(const ObjectRef& column) {
        if (now().table(column.name)->column(column.part)->generated == Generated::no) drop_default(column);
        for (const ObjectName& child : descendants(now(), column.name))
            if (Column* copy = now().table(child)->column(column.part);
                copy != nullptr && copy->expression && copy->generated == Generated::no)
                drop_default({ObjectKind::column, child, column.part});
    }

    /// Functions that columns use can only go after these.
    std::set<ObjectName> used_by_columns() {
        std::set<ObjectName> out;
        for (const auto& [name, table] : now().tables) {
            const bool leaves = removal_.has(ItemKind::table, name);
            for (const Column& column : table.columns)
                if (leaves || removal_.has(ObjectKind::column, name, column.name)) out.merge(needs(column));
            if (!leaves) continue;
            for (const Constraint& constraint : table.constraints) out.merge(needs(constraint));
            for (const Index& index : table.indexes) out.merge(needs(index));
            for (const Trigger& trigger : table.triggers) out.merge(qualified_names(trigger.definition));
            for (const Policy& policy : table.policies) out.merge(qualified_names(policy.definition));
        }
        return out;
    }

    void code() {
        const std::set<ObjectName> late = used_by_columns();
        std::set<Item> early;
        for (const Item& item : removal_.items)
            if (item.kind == ItemKind::view ||
                (item.kind == ItemKind::function && !late.contains(item.name) && !is_handler(item)))
                early.insert(item);
        drop_in_order(early);
    }

    /// Handlers of languages and wrappers go after these.
    bool is_handler(const Item& item) {
        if (item.kind != ItemKind::function) return false;
        return std::any_of(removal_.others.begin(), removal_.others.end(), [&](const std::string& key) {
            const auto other = now().others.find(key);
            return other != now().others.end() && comes_early(other->second) &&
                   qualified_names(other->second.state).contains(item.name);
        });
    }

    void items(bool handlers) {
        std::set<Item> chosen;
        for (const Item& item : removal_.items)
            if (handlers || !is_handler(item)) chosen.insert(item);
        drop_in_order(chosen);
    }

    /// Checks of a domain that goes, and the like: its functions go after it, with all types.
    bool waits_for_types(const Item& item) {
        if (item.kind != ItemKind::function ||
            find_function(migration_.to, item.name, item.arguments) != nullptr)
            return false;
        return std::any_of(now().types.begin(), now().types.end(), [&](const auto& type) {
            return !migration_.to.types.contains(type.first) && needs(type.second).contains(item.name);
        });
    }

    void drop_in_order(const std::set<Item>& items) {
        std::set<Item> there;
        for (const Item& item : items)
            if (is_there(item) && !waits_for_types(item)) there.insert(item);
        for (const Item& item : drop_order(now(), there))
            if (is_there(item)) drop_item(item);
    }

    bool is_there(const Item& item) {
        switch (item.kind) {
            case ItemKind::table:
                return now().tables.contains(item.name);
            case ItemKind::view:
                return now().views.contains(item.name);
            case ItemKind::sequence:
                return now().sequences.contains(item.name);
            case ItemKind::type:
                return now().types.contains(item.name);
            case ItemKind::function:
                break;
        }
        return find_function(now(), item.name, item.arguments) != nullptr;
    }

    void drop_item(const Item& item) {
        const std::string name = sql::qualified(item.name);
        switch (item.kind) {
            case ItemKind::table:
                return drop_table(item.name);
            case ItemKind::function:
                return drop_function(migration_, item);
            case ItemKind::view:
                migration_.run(
                    (now().views.at(item.name).materialized ? "DROP MATERIALIZED VIEW " : "DROP VIEW ") +
                    name);
                now().views.erase(item.name);
                return;
            case ItemKind::sequence:
                migration_.run("DROP SEQUENCE " + name);
                now().sequences.erase(item.name);
                return;
            case ItemKind::type:
                return;
        }
    }

    void drop_table(const ObjectName& name) {
        if (now().table(name)->partition_by.empty()) migration_.lose_since("rows of " + shown(name));
        keep_sequences(name, {});
        migration_.run("DROP TABLE " + sql::qualified(name));
        for (const ObjectName& sequence : owned_sequences(now(), name)) now().sequences.erase(sequence);
        now().tables.erase(name);
    }

    /// Owned sequences go along, unless they are to stay.
    void keep_sequences(const ObjectName& table, const std::string& column) {
        for (const ObjectName& name : owned_sequences(now(), table, column)) {
            Sequence& sequence = now().sequences.at(name);
            if (removal_.has(ItemKind::sequence, name) || !migration_.to.sequences.contains(name)) continue;
            migration_.run(fmt::format("ALTER SEQUENCE {} OWNED BY NONE", sql::qualified(name)));
            sequence.owned_by.reset();
        }
    }

    void columns() {
        for (const bool generated : {true, false})
            for (const ObjectRef& part : removal_.parts) {
                if (part.kind != ObjectKind::column) continue;
                const Column* found = now().table(part.name)->column(part.part);
                if (found != nullptr && (found->generated != Generated::no) == generated)
                    drop_column(part.name, Column(*found));
            }
    }

    void drop_column(const ObjectName& table, const Column& column) {
        if (column.generated == Generated::no)
            migration_.lose_since(fmt::format("values of {}.{}", shown(table), column.name));
        keep_sequences(table, column.name);
        migration_.run(alter_table(table) + "DROP COLUMN " + sql::identifier(column.name));
        for (const ObjectName& child : descendants(now(), table))
            if (const Column* copy = now().table(child)->column(column.name);
                copy != nullptr && copy->inherited)
                forget_column(child, column.name);
        forget_column(table, column.name);
    }
    void forget_column(const ObjectName& table, const std::string& column) {
        for (const ObjectName& sequence : owned_sequences(now(), table, column))
            now().sequences.erase(sequence);
        Table& found = *now().table(table);
        std::erase_if(found.grants, [&](Grant& grant) {
            return std::erase(grant.columns, column) > 0 && grant.columns.empty();
        });
        std::erase_if(found.columns, [&](const Column& item) { return item.name == column; });
    }

    Migration& migration_;
    const Removal& removal_;
};

}  // namespace

void drop_objects(Migration& migration) {
    cut_from_parents(migration);
    Dropper(migration, find_removal(migration)).drop();
}

void drop_leftovers(Migration& migration) {
    Catalog& now = migration.now;
    std::set<Item> items;
    for (const auto& [name, type] : now.types)
        if (!migration.to.types.contains(name)) items.insert({ItemKind::type, name, {}});
    for (const auto& [name, function] : now.functions)
        if (find_function(migration.to, name, function.arguments) == nullptr)
            items.insert({ItemKind::function, name, function.arguments});
    for (const Item& item : drop_order(now, items)) {
        if (item.kind == ItemKind::function) {
            drop_function(migration, item);
            continue;
        }
        const bool domain = now.types.at(item.name).kind == TypeKind::domain;
        migration.run((domain ? "DROP DOMAIN " : "DROP TYPE ") + sql::qualified(item.name));
        now.types.erase(item.name);
    }
    std::erase_if(now.extensions, [&](const auto& item) {
        if (migration.to.extensions.contains(item.first)) return false;
        migration.run("DROP EXTENSION " + sql::identifier(item.first));
        return true;
    });
    std::erase_if(now.schemas, [&](const auto& item) {
        if (migration.to.schemas.contains(item.first)) return false;
        migration.run("DROP SCHEMA " + sql::identifier(item.first));
        return true;
    });
}

}  // namespace changelog::catalog
