// What changesets say of their dependencies themselves: `dependsOn` and `provides`.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/footprint.hpp"

#include "graph/hazards.hpp"

namespace changelog::graph {

/// Appends the edges of every `dependsOn`. Names that fit no changeset, or several, are reported.
void add_declared(const Changelog& changelog, std::vector<Arrow>& out, Diagnostics& diagnostics);

/// The objects that an entry of `provides` may mean: "public.orders", "orders.note" or "table orders".
/// Without a kind in front it stands for every object that could have that name.
std::vector<Touch> provided(const std::string& entry, const RenderContext& context);

}  // namespace changelog::graph
