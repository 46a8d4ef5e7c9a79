// `where` and `whereParams` of update and delete.
#pragma once

#include "operations/column.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// A column's name and a value for the places that `where` leaves open.
struct WhereParam final : Described {
    ColumnConfig column;
    void describe(FieldVisitor& visitor) override;
};

struct Where {
    std::optional<std::string> condition;
    std::vector<WhereParam> params;

    void describe(FieldVisitor& visitor);
    void check(Diagnostics& diagnostics, Position at) const;

    /// " WHERE <condition>" with its params filled in, or "".
    std::string clause(const Naming& naming) const;
};

/// What subqueries in an expression read.
void require_expression(const std::string& expression, const RenderContext& context, Footprint& out);

}  // namespace changelog::operations
