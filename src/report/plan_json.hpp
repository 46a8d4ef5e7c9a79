// The parts of a plan as JSON. Only sources of this layer include it.
#pragma once

#include "execute/planner.hpp"
#include "report/json.hpp"

namespace changelog::report {

/// `low_seconds` and `high_seconds` are null where nothing can be said.
Json estimate_json(const execute::Estimate& estimate);
Json undo_json(const execute::PlannedUndo& undo);
/// With its statements, and all that is known of each.
Json changeset_json(const ChangeSet& changeset, const execute::PlannedChangeSet& planned);

}  // namespace changelog::report
