// What has to go before anything can be made: what is not wanted, what cannot be altered, and whatever stands
// in the way of these.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

struct Removal {
    std::set<Item> items;       ///< tables, views, sequences, functions (types go last)
    std::set<ObjectRef> parts;  ///< columns, constraints, indexes, triggers, policies of relations that stay
    std::set<ObjectRef> retyped;   ///< columns that stay
    std::set<ObjectRef> defaults;  ///< of columns that stay
    std::set<std::string> others;

    bool has(ItemKind kind, const ObjectName& name) const { return items.contains({kind, name, {}}); }
    bool has(ObjectKind kind, const ObjectName& relation, const std::string& part) const {
        return parts.contains({kind, relation, part});
    }
};

Removal find_removal(const Migration& migration);

/// Whether a table goes, to come back or not.
bool goes(const Migration& migration, const Table& table);

/// Kinds of others that tables and types can be made of.
bool comes_early(const Other& other);

/// Kinds of others that others are made of have lower ranks.
int make_rank(const Other& other);

}  // namespace changelog::catalog
