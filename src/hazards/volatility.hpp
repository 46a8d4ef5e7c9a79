// Whether an expression gives another value for each row: then a new column's default cannot be kept once for
// all rows, and the table is rewritten.
#pragma once

#include "hazards/step.hpp"

#include <string>
#include <vector>

namespace changelog::hazards {

/// Whether the expression is volatile once PostgreSQL has folded constants and inlined SQL functions.
/// Functions that are neither PostgreSQL's own nor in the catalog count as volatile, which is their default.
bool is_volatile(const Node& expression, const FactContext& context);

/// Whether it gives another value later (now(), current_user): volatile or stable.
bool is_mutable(const Node& expression, const FactContext& context);

/// The sequences that nextval() in it names.
std::vector<ObjectName> sequences_in(const Node& expression, const FactContext& context);

}  // namespace changelog::hazards
