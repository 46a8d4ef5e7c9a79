// What differs between two catalogs, and the DDL that leads from one to the other.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/statement.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace changelog::catalog {

struct Difference {
    enum class Kind : std::uint8_t { missing, extra, changed };  ///< in the second catalog
    Kind kind = Kind::changed;
    std::string object;         ///< "column public.orders.note"
    std::string property;       ///< of a changed object: "type"
    std::string before, after;  ///< of the property; of a missing or extra object its definition, or ""

    bool operator==(const Difference&) const = default;
};

struct DifferenceOptions {
    bool column_order = false;  ///< the order of a table's columns counts
};

/// Complete, and ordered by object. Two catalogs without difference are equal but for ids, `uncertain` and,
/// unless asked for, the order of columns.
std::vector<Difference> difference(const Catalog& a, const Catalog& b, const DifferenceOptions& options = {});

/// "column public.orders.note: type: text -> character varying(50)", "+ table public.x", "- index public.i"
std::string to_string(const Difference& difference);

/// Numbers every object that has no id yet, so that renames in a copy can be told from drops.
void number_objects(Catalog& catalog);

/// What these objects are and what hangs on them, as far as a statement about them can reach: partitions,
/// children and parents, views that read them, tables whose foreign keys point at them, owned sequences. Of
/// a schema: all that is in it.
Catalog excerpt(const Catalog& catalog, const std::vector<ObjectRef>& objects);

/// The statements that turn a database with the schema `from` into one with `to`. Objects with equal ids are
/// renamed or moved; without ids a name that is not there is a drop. `since` of the result names the data
/// that goes with dropped tables and columns; `losses` the data that re-created ones do not get back;
/// `impossible` says what no statement can do (a changed object of an unmodelled kind).
Undo migration(const Catalog& from, const Catalog& to);

}  // namespace changelog::catalog
