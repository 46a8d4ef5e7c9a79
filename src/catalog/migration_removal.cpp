#include "catalog/migration_removal.hpp"

#include "catalog/ddl.hpp"
#include "catalog/migration_compare.hpp"
#include "catalog/migration_order.hpp"
#include "catalog/migration_rename.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/sql_text.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace changelog::catalog {

namespace {

using Kind = ObjectKind;

class Finder {
  public:
    explicit Finder(const Migration& migration)
        : now_(migration.now), to_(migration.to), migration_(migration) {}

    Removal find() {
        for (const auto& [name, table] : now_.tables) unwanted_table(table);
        for (const auto& [name, view] : now_.views) unwanted_view(view);
        for (const auto& [name, sequence] : now_.sequences)
            if (!to_.sequences.contains(name)) removal_.items.insert({ItemKind::sequence, name, {}});
        for (const auto& [name, function] : now_.functions) unwanted_function(function);
        for (const auto& [key, other] : now_.others) unwanted_other(key, other);
        for (const Item& item : removal_.items) gone_.insert(item.name);
        changed_ = !removal_.items.empty() || !removal_.parts.empty() || !removal_.retyped.empty();
        while (changed_) {
            changed_ = false;
            spread();
        }
        default_rights();
        return std::move(removal_);
    }

  private:
    // What is not wanted as it is.

    void unwanted_table(const Table& table) {
        if (goes(migration_, table)) {
            removal_.items.insert({ItemKind::table, table.name, {}});
            return;
        }
        const Table& to = to_.tables.at(table.name);
        for (const Column& column : table.columns) unwanted_column(table, column, to.column(column.name));
        for (const Constraint& constraint : table.constraints) {
            const Constraint* wanted = to.constraint(constraint.name);
            const bool own = !constraint.inherited;
            if (own && (wanted == nullptr || !can_stay(constraint, *wanted)))
                part(Kind::constraint, table.name, constraint.name);
        }
        unwanted_parts(table.name, Kind::index, table.indexes, to.indexes);
        unwanted_parts(table.name, Kind::trigger, table.triggers, to.triggers);
        unwanted_parts(table.name, Kind::policy, table.policies, to.policies);
    }

    void unwanted_column(const Table& table, const Column& column, const Column* wanted) {
        if (column.inherited) return;
        if (wanted == nullptr || must_be_remade(column, *wanted) || is_another(table, column, *wanted))
            return part(Kind::column, table.name, column.name);
        if (is_retyped(column, *wanted)) removal_.retyped.insert({Kind::column, table.name, column.name});
        const bool other_default = column.generated == Generated::no && column.expression &&
                                   (is_retyped(column, *wanted) || wanted->identity ||
                                    !same_sql(*column.expression, wanted->expression.value_or("")));
        if (other_default) removal_.defaults.insert({Kind::column, table.name, column.name});
    }

    /// Not the column that was there, and its values need not fit.
    bool is_another(const Table& table, const Column& column, const Column& wanted) const {
        const Table& to = to_.tables.at(table.name);
        return table.id.value != 0 && table.id.value == to.id.value && column.id.value != 0 &&
               wanted.id.value != 0 && column.id.value != wanted.id.value && is_retyped(column, wanted) &&
               !can_become(column.type, wanted.type);
    }

    template <typename Part>
    void unwanted_parts(const ObjectName& relation, Kind kind, const std::vector<Part>& now,
                        const std::vector<Part>& to) {
        for (const Part& item : now) {
            if (goes_by_itself(item)) continue;
            const Part* wanted = find_named(to, item.name);
            if (wanted == nullptr || !can_stay(item, *wanted)) part(kind, relation, item.name);
        }
    }
    static bool goes_by_itself(const Index& index) { return !index.attached_to.name.empty(); }
    static bool goes_by_itself(const Trigger& trigger) { return trigger.inherited; }
    static bool goes_by_itself(const Policy&) { return false; }

    void unwanted_view(const View& view) {
        const auto wanted = to_.views.find(view.name);
        if (wanted == to_.views.end() ||
            (!same_query(view, wanted->second) && !can_replace(view, wanted->second))) {
            removal_.items.insert({ItemKind::view, view.name, {}});
            return;
        }
        unwanted_parts(view.name, Kind::index, view.indexes, wanted->second.indexes);
        unwanted_parts(view.name, Kind::trigger, view.triggers, wanted->second.triggers);
    }

    void unwanted_function(const Function& function) {
        const Function* wanted = find_function(to_, function.name, function.arguments);
        if (wanted == nullptr ||
            (!same_sql(function.definition, wanted->definition) && !can_replace(function, *wanted)))
            removal_.items.insert({ItemKind::function, function.name, function.arguments});
    }

    void unwanted_other(const std::string& key, const Other& other) {
        const auto wanted = to_.others.find(key);
        if (wanted == to_.others.end() || !can_stay(other, wanted->second)) removal_.others.insert(key);
    }

    // What stands in the way of what goes.

    void spread() {
        for (const auto& [name, view] : now_.views)
            if (!removal_.has(ItemKind::view, name) && is_touched(needs_once(view), view.depends))
                item({ItemKind::view, name, {}});
        for (const auto& [name, function] : now_.functions)
            if (!removal_.items.contains({ItemKind::function, name, function.arguments}) &&
                is_touched(needs_once(function), function.depends))
                item({ItemKind::function, name, function.arguments});
        for (const auto& [name, table] : now_.tables)
            if (!removal_.has(ItemKind::table, name)) spread_to(table);
        for (const auto& [name, view] : now_.views)
            if (!removal_.has(ItemKind::view, name))
                for (const Trigger& trigger : view.triggers)
                    if (names_gone(trigger.definition)) part(Kind::trigger, name, trigger.name);
        for (const auto& [key, other] : now_.others) spread_to(key, other);
    }

    /// By columns where it says which, else by the whole relation.
    bool is_touched(const std::set<ObjectName>& names, const std::vector<ObjectRef>& refs) const {
        if (is_gone(names)) return true;
        std::set<ObjectName> by_column;
        for (const ObjectRef& ref : refs)
            if (ref.kind == Kind::column && !ref.part.empty()) by_column.insert(ref.name);
        for (const ObjectRef& ref : refs) {
            if (ref.kind == Kind::column && is_changed(ref.name, ref.part)) return true;
            if (ref.kind == Kind::table && !by_column.contains(ref.name) && has_changed_column(ref.name))
                return true;
            if (ref.kind == Kind::constraint && removal_.has(Kind::constraint, ref.name, ref.part))
                return true;
        }
        // A primary key can stand behind a GROUP BY.
        return std::any_of(names.begin(), names.end(),
                           [&](const ObjectName& name) { return loses_key(name); });
    }

    bool loses_key(const ObjectName& name) const {
        const Table* table = now_.table(name);
        const Constraint* key = table == nullptr ? nullptr : table->primary_key();
        return key != nullptr && removal_.has(Kind::constraint, name, key->name);
    }

    void spread_to(const Table& table) {
        for (const Constraint& constraint : table.constraints)
            if (!constraint.inherited && is_in_the_way(table, constraint))
                part(Kind::constraint, table.name, constraint.name);
        for (const Index& index : table.indexes)
            if (index.attached_to.name.empty() && is_in_the_way(table, index))
                part(Kind::index, table.name, index.name);
        for (const Trigger& trigger : table.triggers)
            if (!trigger.inherited &&
                (names_gone(trigger.definition) || mentions_changed(table, trigger.definition)))
                part(Kind::trigger, table.name, trigger.name);
        for (const Policy& policy : table.policies)
            if (names_gone(policy.definition) || mentions_changed(table, policy.definition))
                part(Kind::policy, table.name, policy.name);
        for (const Column& column : table.columns) spread_to(table, column);
    }

    void spread_to(const Table& table, const Column& column) {
        if (column.inherited || !column.expression) return;
        if (column.generated != Generated::no) {
            if (names_gone(*column.expression) || mentions_changed(table, *column.expression))
                part(Kind::column, table.name, column.name);
        } else if (names_gone(*column.expression) && !removal_.has(Kind::column, table.name, column.name) &&
                   removal_.defaults.insert({Kind::column, table.name, column.name}).second) {
            changed_ = true;
        }
    }

    bool is_in_the_way(const Table& table, const Constraint& constraint) const {
        const auto removed = [&](const std::string& column) {
            return removal_.has(Kind::column, table.name, column);
        };
        const auto any = [](const std::vector<std::string>& names, const auto& test) {
            return std::any_of(names.begin(), names.end(), test);
        };
        if (any(constraint.columns, removed) || any(constraint.include, removed)) return true;
        if (constraint.kind == ConstraintKind::foreign_key) {
            const ObjectName& target = constraint.referenced_table;
            return any(constraint.columns, [&](const auto& name) { return is_changed(table.name, name); }) ||
                   any(constraint.referenced_columns,
                       [&](const auto& name) { return is_changed(target, name); }) ||
                   (removal_.has(ItemKind::table, target)) ||
                   loses_key(target, constraint.referenced_columns);
        }
        return has_text(constraint) &&
               (names_gone(constraint.expression) || mentions_changed(table, constraint.expression));
    }

    /// Whether a key that a foreign key needs goes, or may be the one.
    bool loses_key(const ObjectName& name, const std::vector<std::string>& columns) const {
        const Table* table = now_.table(name);
        if (table == nullptr) return false;
        const std::set<std::string> wanted(columns.begin(), columns.end());
        const auto is_key = [&](const std::vector<std::string>& names) {
            return columns.empty() || std::set<std::string>(names.begin(), names.end()) == wanted;
        };
        for (const Constraint& key : table->constraints)
            if ((key.kind == ConstraintKind::primary_key || key.kind == ConstraintKind::unique) &&
                is_key(key.columns) && removal_.has(Kind::constraint, name, key.name))
                return true;
        for (const Index& index : table->indexes) {
            std::vector<std::string> names;
            for (const IndexKey& key : index.keys) names.push_back(key.text);
            if (index.unique && is_key(names) && removal_.has(Kind::index, name, index.name)) return true;
        }
        return false;
    }

    /// PostgreSQL makes plain indexes anew by itself when a type changes; others may no longer make sense.
    bool is_in_the_way(const Table& table, const Index& index) const {
        const bool special =
            !index.predicate.empty() || index.method != "btree" ||
            std::any_of(index.keys.begin(), index.keys.end(), [](const IndexKey& key) {
                return key.expression || !key.operator_class.empty() || !key.collation.empty();
            });
        if (is_gone(needs_once(index))) return true;
        return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
            return uses_column(index, column.name) &&
                   (special ? is_changed(table.name, column.name)
                            : removal_.has(Kind::column, table.name, column.name));
        });
    }

    void spread_to(const std::string& key, const Other& other) {
        if (removal_.others.contains(key)) return;
        const Table* table = now_.table(other.on.name);
        const bool with_table =
            removal_.has(ItemKind::table, other.on.name) || removal_.has(ItemKind::view, other.on.name) ||
            (table != nullptr && (other.kind == "rule" ? has_changed_column(other.on.name)
                                                       : mentions_changed(*table, other.create)));
        if (!with_table && !names_gone(other.create) && !names_gone(other.identity)) return;
        changed_ = removal_.others.insert(key).second || changed_;
    }

    /// Nothing that is made is to get the rights of ALTER DEFAULT PRIVILEGES.
    void default_rights() {
        for (const auto& [key, other] : now_.others)
            if (other.kind == "default acl" && makes_something()) removal_.others.insert(key);
    }

    bool makes_something() const {
        const auto lacks = [](const auto& now, const auto& to) {
            return std::any_of(to.begin(), to.end(),
                               [&](const auto& item) { return !now.contains(item.first); });
        };
        const bool functions = std::any_of(to_.functions.begin(), to_.functions.end(), [&](const auto& item) {
            return find_function(now_, item.first, item.second.arguments) == nullptr;
        });
        return !removal_.items.empty() || functions || lacks(now_.tables, to_.tables) ||
               lacks(now_.views, to_.views) || lacks(now_.sequences, to_.sequences) ||
               lacks(now_.types, to_.types);
    }

    bool is_changed(const ObjectName& relation, const std::string& column) const {
        return removal_.has(Kind::column, relation, column) ||
               removal_.retyped.contains({Kind::column, relation, column}) ||
               is_changed_above(relation, column);
    }
    /// A column of a partition or child changes with its parent's.
    bool is_changed_above(const ObjectName& relation, const std::string& column) const {
        const Table* table = now_.table(relation);
        const Column* found = table == nullptr ? nullptr : table->column(column);
        if (found == nullptr) return false;
        if (!table->partition_of.name.empty() && is_changed(table->partition_of, column)) return true;
        return std::any_of(table->inherits.begin(), table->inherits.end(),
                           [&](const ObjectName& parent) { return is_changed(parent, column); });
    }
    bool has_changed_column(const ObjectName& relation) const {
        const Table* table = now_.table(relation);
        return table != nullptr &&
               std::any_of(table->columns.begin(), table->columns.end(),
                           [&](const Column& column) { return is_changed(relation, column.name); });
    }
    bool mentions_changed(const Table& table, const std::string& text) const {
        return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
            return is_changed(table.name, column.name) && all_words(text).contains(column.name);
        });
    }

    bool is_gone(const std::set<ObjectName>& names) const {
        return std::any_of(names.begin(), names.end(),
                           [&](const ObjectName& name) { return gone_.contains(name); });
    }
    bool names_gone(const std::string& text) const {
        if (gone_.empty()) return false;
        const auto [found, fresh] = names_.try_emplace(text);
        if (fresh) found->second = qualified_names(text);
        return is_gone(found->second);
    }
    /// What an object needs is asked in each round.
    template <typename Object>
    const std::set<ObjectName>& needs_once(const Object& object) const {
        const auto [found, fresh] = needs_.try_emplace(&object);
        if (fresh) found->second = needs(object);
        return found->second;
    }

    void item(const Item& item) {
        changed_ = removal_.items.insert(item).second || changed_;
        gone_.insert(item.name);
    }
    void part(Kind kind, const ObjectName& relation, const std::string& name) {
        changed_ = removal_.parts.insert({kind, relation, name}).second || changed_;
    }

    const Catalog& now_;
    const Catalog& to_;
    const Migration& migration_;
    Removal removal_;
    std::set<ObjectName> gone_;
    bool changed_ = false;
    mutable std::unordered_map<std::string, std::set<ObjectName>> names_;
    mutable std::unordered_map<const void*, std::set<ObjectName>> needs_;
};

}  // namespace

bool goes(const Migration& migration, const Table& table) {
    const Table* to = migration.to.table(table.name);
    if (to == nullptr || !can_stay(table, *to)) return true;
    // Another table under the same name: its rows are not those that were there, and need not fit.
    return table.id.value != 0 && to->id.value != 0 && table.id.value != to->id.value &&
           (table.columns != to->columns || table.constraints != to->constraints);
}

Removal find_removal(const Migration& migration) { return Finder(migration).find(); }

bool comes_early(const Other& other) {
    static constexpr std::array<std::string_view, 8> kinds = {"collation",
                                                              "language",
                                                              "foreign-data wrapper",
                                                              "server",
                                                              "text search configuration",
                                                              "text search dictionary",
                                                              "text search parser",
                                                              "text search template"};
    return std::find(kinds.begin(), kinds.end(), other.kind) != kinds.end();
}

int make_rank(const Other& other) {
    static const std::map<std::string_view, int> ranks = {
        {"text search parser", 0},
        {"text search template", 0},
        {"text search dictionary", 1},
        {"text search configuration", 2},
        {"foreign-data wrapper", 0},
        {"server", 1},
        {"operator", 0},
        {"operator family", 1},
        {"operator class", 2},
    };
    const auto found = ranks.find(other.kind);
    return found == ranks.end() ? 3 : found->second;
}

}  // namespace changelog::catalog
