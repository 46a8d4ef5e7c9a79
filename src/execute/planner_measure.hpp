// Sizes and times of a plan, once its statements are known.
#pragma once

#include "execute/planner.hpp"

namespace changelog::execute {

/// Looks up how large the relations are, all at once, and estimates how long each statement takes and each
/// lock is held. Says where transactions begin and end. Without a lookup there is nothing.
void measure(Plan& plan, const SizeLookup& sizes);

}  // namespace changelog::execute
