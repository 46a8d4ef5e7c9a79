// What a throw-away server shows of a branch.
#pragma once

#include "changelog/diagnostics.hpp"

#include "cli/command.hpp"
#include "cli/project.hpp"
#include "cli/settings.hpp"
#include "review/review.hpp"

#include <optional>

namespace changelog::cli {

/// Applies what is new on a server of --scratch, rolls it back and applies it again. Nothing if nothing is
/// new. Throws UsageError with CL0006 or CL0007.
std::optional<review::Proof> prove(Call& call, const Settings& settings, const Project& head,
                                   const review::Review& review, Diagnostics& diagnostics);

}  // namespace changelog::cli
