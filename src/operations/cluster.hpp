// The mark by which index a table was ordered last: CLUSTER moves it.
#pragma once

#include "operations/common.hpp"

namespace changelog::operations {

/// Takes the mark off all indexes of the table.
void forget_clustering(catalog::Table& table);

/// Puts the mark back where it was, if it was anywhere.
void cluster_as_before(const RenderContext& context, const catalog::Table& before,
                       std::vector<Statement>& out);

}  // namespace changelog::operations
