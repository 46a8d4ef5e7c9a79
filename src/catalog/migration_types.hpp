// The second half of settling types.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

/// Attributes, defaults and constraints that types get, once all that these use is there.
void extend_types(Migration& migration);

}  // namespace changelog::catalog
