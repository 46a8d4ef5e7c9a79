// Objects with everything whose order does not count in one fixed order, so that `==` is the last word on
// whether two of them differ.
#pragma once

#include "changelog/catalog.hpp"

namespace changelog::catalog {

Table normal(Table table);
View normal(View view);
Type normal(Type type);
Sequence normal(Sequence sequence);
Function normal(Function function);
Schema normal(Schema schema);
Constraint normal(Constraint constraint);

/// Columns, indexes, triggers, ...: every order in them counts.
template <typename T>
const T& normal(const T& value) {
    return value;
}

}  // namespace changelog::catalog
