// What throw-away servers show of a branch.
#pragma once

#include "cli/command.hpp"
#include "cli/settings.hpp"
#include "review/review.hpp"

namespace changelog::cli {

/// Proves what is new on each server of --scratch[=VERSION,...], and fills in the review's proofs, its
/// findings about them, the locks that were measured, and the schema as it really is. Nothing if nothing is
/// new. Ends early where a signal came: SignalWatch::received(). Throws UsageError with CL0006 or CL0007.
void prove(Call& call, const Settings& settings, const review::ReviewInput& input, review::Review& review);

}  // namespace changelog::cli
