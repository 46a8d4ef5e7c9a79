// What delete, update and backfill have in common: how rows are kept, and what that does not reach.
#pragma once

#include "operations/attic.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

/// A change of rows, with the names of its table and columns as they are written.
struct RowChange {
    std::string schema, table;
    std::vector<std::string> columns;  ///< that it sets; none for a DELETE
    std::string sql, condition;        ///< "UPDATE t SET ...", " WHERE ..."
    std::string verb;                  ///< "DELETE" or "UPDATE"
};

/// The statement as it is, or the one that keeps what it destroys.
std::vector<Statement> change_rows(const RenderContext& context, const RowChange& change,
                                   const RetainKey& retain);
Undo undo_rows(const RenderContext& context, const RowChange& change, const RetainKey& retain);

}  // namespace changelog::operations
