// Names of database objects, as PostgreSQL stores them (folded, unquoted).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace changelog {

/// A name within a schema. Both parts are as the catalog has them: folded, without quotes.
struct ObjectName {
    std::string schema;
    std::string name;

    auto operator<=>(const ObjectName&) const = default;
    bool operator==(const ObjectName&) const = default;
};

enum class ObjectKind : std::uint8_t {
    schema,
    table,  ///< a table, view, materialized view or foreign table: all share one name space
    column,
    constraint,
    index,
    sequence,
    type,
    function,
    trigger,
    policy,
    extension,
    rows,  ///< the data of a table, as far as it can be told apart
};

std::string_view to_string(ObjectKind kind);

/// One object that an operation touches. `part` is the column, constraint, trigger or policy within
/// the table `name`; empty for objects that stand alone.
struct ObjectRef {
    ObjectKind kind = ObjectKind::table;
    ObjectName name;
    std::string part;

    auto operator<=>(const ObjectRef&) const = default;
    bool operator==(const ObjectRef&) const = default;
};

/// "table public.orders", "column public.orders.note"
std::string to_string(const ObjectRef& object);

}  // namespace changelog
