// Rights: what is to be revoked, and granted.
#pragma once

#include "catalog/migration_state.hpp"

namespace changelog::catalog {

/// `what` is "TABLE public.t", "SCHEMA s", ...; `now` becomes equal to `to`.
void settle_grants(Migration& migration, const std::string& what, std::vector<Grant>& now,
                   const std::vector<Grant>& to);

/// Rights of everything that has any, and what PUBLIC may do by itself.
void settle_all_grants(Migration& migration);

}  // namespace changelog::catalog
