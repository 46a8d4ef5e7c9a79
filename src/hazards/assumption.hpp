// Tables that a migration speaks of and that nobody knows are taken to be there, so that what it does to them
// can be followed.
#pragma once

#include "hazards/step.hpp"

#include <vector>

namespace changelog::hazards {

/// Adds them, with the columns that the migration names as being there; their types are not known.
void assume_tables(const std::vector<std::vector<Step>>& all, catalog::Catalog& catalog);

}  // namespace changelog::hazards
