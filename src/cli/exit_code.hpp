// What the program's exit says. Shells test these; programs read the codes of the diagnostics instead.
#pragma once

#include "changelog/diagnostics.hpp"

namespace changelog::cli {

enum ExitCode : int {
    kOk = 0,
    kInternal = 1,         ///< a bug of ours
    kUsage = 2,            ///< command line, configuration or connection
    kInvalid = 3,          ///< the changelog, or findings at the failing level
    kPending = 4,          ///< status --check: something is to be applied
    kHistoryMismatch = 5,  ///< history or schema are not what the files say
    kFailedUnchanged = 6,  ///< failed, the database is as it was
    kFailedPartly = 7,     ///< failed, part of it is applied: the state and the way on are printed
    kLocked = 8,           ///< another runner held the lock for too long
    kNoConsent = 9,        ///< would lose data, and nobody agreed to it
    kInterrupted = 130,    ///< SIGINT
    kTerminated = 143,     ///< SIGTERM
};

/// The exit code that the first error calls for; `kOk` if there is no error. Codes of failed execution (CL4)
/// depend on what was applied before, which only the runner knows: they give `kFailedUnchanged` here.
ExitCode exit_code_for(const Diagnostics& diagnostics);

}  // namespace changelog::cli
