// Making objects bare: what the later phases compare and complete.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

/// Types, sequences, tables, functions and views of the wanted schema that are not there, or that CREATE OR
/// REPLACE changes.
std::set<Item> missing_items(const Migration& migration);

void make_in_order(Migration& migration, const std::set<Item>& items);

/// Others that are not there; the early ones are what types and tables can be made of.
void make_others(Migration& migration, bool early);

/// Columns that are added, retyped, or get another default, identity or NOT NULL.
void settle_columns(Migration& migration);

/// "ALTER TABLE ... SET NOT NULL" that warns where rows have no value, which the lost ones would have had.
std::string set_not_null_if_possible(const ObjectName& table, const Column& column);

}  // namespace changelog::catalog
