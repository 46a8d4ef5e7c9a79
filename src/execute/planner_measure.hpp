// Sizes and times of a plan, once its statements are known.
#pragma once

#include "execute/planner.hpp"

namespace changelog::execute {

/// Looks up how large the relations are, by one query, and estimates how long each statement takes and each
/// lock is held. Says where transactions begin and end. `connection` is null for an empty database.
void measure(Plan& plan, postgres::Connection* connection);

}  // namespace changelog::execute
