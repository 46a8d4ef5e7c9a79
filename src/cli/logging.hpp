// Diagnostics of the program itself, for -v. The only file pair of this layer that knows spdlog.
#pragma once

#include <string_view>

namespace changelog::cli {

/// Sends the log to stderr. 0: warnings only; 1 (-v): what is done; 2 (-vv): every detail.
void start_logging(std::size_t verbosity, bool colour);

/// Shown from -v on.
void log_detail(std::string_view text);

}  // namespace changelog::cli
