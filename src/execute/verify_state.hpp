// What a database holds, as far as a proof compares it: its schema, and its rows as sums.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/changelog.hpp"
#include "changelog/footprint.hpp"

#include "postgres/connection.hpp"
#include "postgres/ledger.hpp"

#include <map>
#include <string>
#include <vector>

namespace changelog::execute {

/// How much is looked at.
struct VerifyScope {
    bool whole = false;
    std::vector<ObjectRef> objects;  ///< and what hangs on them; none: nothing

    bool empty() const { return !whole && objects.empty(); }
};

/// What a changeset can have changed: all, where nobody can tell. What it only needs counts where SQL that
/// somebody wrote may do more to it (a comment, a rollback block).
VerifyScope scope_of(const ChangeSet& changeset, const Footprint& footprint);
inline VerifyScope whole_database() { return {true, {}}; }

/// Sums over a table's rows that do not depend on their order.
struct RowSums {
    long long count = 0;
    std::string rows;                            ///< over whole rows
    std::map<std::string, std::string> columns;  ///< over the values of each column

    bool operator==(const RowSums&) const = default;
};

struct DatabaseState {
    catalog::Catalog catalog;
    std::map<ObjectName, RowSums> rows;
};

/// Where rows differ: a table, or one of its columns.
struct RowDifference {
    ObjectName table;
    std::string column;                ///< empty: the table has other rows
    std::string text;                  ///< "rows of public.orders: 3 -> 2"
    long long before = 0, now = 0;     ///< how many rows
    long long left = 0;                ///< so many when the change was made and not yet undone
    std::vector<std::string> columns;  ///< of the table
};

/// The schema without the history and the attic. Throws DatabaseError.
catalog::Catalog look_at_schema(postgres::Connection& connection, const postgres::LedgerOptions& history,
                                const std::string& attic, const VerifyScope& scope);
/// Sums over all tables of the catalog; tables that cannot be read are left out.
std::map<ObjectName, RowSums> look_at_rows(postgres::Connection& connection, const catalog::Catalog& catalog);

struct SchemaDifferences {
    std::vector<std::string> differences;  ///< "+ table public.left"
    std::vector<std::string> notes;        ///< "column order of public.t changes"
};
SchemaDifferences compare_schemas(const catalog::Catalog& before, const catalog::Catalog& after);

/// Only tables with the same columns on both sides: others differ in their schema.
std::vector<RowDifference> compare_rows(const DatabaseState& before, const DatabaseState& after);

/// What the attic still holds; empty where there is no attic.
std::vector<std::string> left_in_attic(postgres::Connection& connection, const std::string& attic);

}  // namespace changelog::execute
