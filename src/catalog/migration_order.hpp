// In which order objects can be made that are made of each other; dropping goes the other way.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

/// The items in an order in which each comes after what it needs. What a function's body mentions counts as
/// long as it leads to no circle.
std::vector<Item> creation_order(const Catalog& catalog, const std::set<Item>& items);

/// The order in which they can be dropped: with a table go its triggers and policies, which use functions.
std::vector<Item> drop_order(const Catalog& catalog, const std::set<Item>& items);

/// Those of the items that tables and types need: for their columns, defaults, checks and indexes; and what
/// these need in turn.
std::set<Item> needed_by_tables(const Catalog& catalog, const std::set<Item>& items);

/// Names of what the object uses for sure: nothing that only a body mentions.
std::set<ObjectName> needs(const Column& column);
std::set<ObjectName> needs(const Constraint& constraint);
std::set<ObjectName> needs(const Index& index);
std::set<ObjectName> needs(const Type& type);
std::set<ObjectName> needs(const View& view);
std::set<ObjectName> needs(const Function& function);

}  // namespace changelog::catalog
