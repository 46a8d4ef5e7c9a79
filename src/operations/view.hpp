// What the view operations share: definitions, and how one is put back.
#pragma once

#include "operations/common.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// How many columns a query gives, as far as its text tells: nothing where it selects `*` or is no plain
/// SELECT.
std::optional<std::size_t> column_count(const std::string& query);

/// Puts an earlier definition of a view in the place of the one that replaced it. A view cannot lose columns
/// in place, so unless both have as many the views that read it are dropped and made again with it.
std::vector<Statement> restore_view(const catalog::Catalog& before, const catalog::View& earlier,
                                    const std::string& replaced_by);

/// Footprint of a new view: the view, and what its query reads.
void touch_view(const ObjectName& view, const std::string& query, bool tentative,
                const RenderContext& context, Footprint& out);

/// "DROP VIEW v" or "DROP MATERIALIZED VIEW v"
std::string drop_view(const catalog::View& view);

}  // namespace changelog::operations
