// Owners and rights: what is to be revoked, and granted.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

/// Owners and rights of everything that has any, and what PUBLIC may do by itself.
void settle_all_grants(Migration& migration);

}  // namespace changelog::catalog
