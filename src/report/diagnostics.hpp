// Diagnostics for people and for programs.
#pragma once

#include "changelog/diagnostics.hpp"

#include <string>
#include <string_view>

namespace changelog::report {

/// All of them in the text form of `to_text`, one after the other.
std::string diagnostics_text(const Diagnostics& diagnostics, bool colour);

/// The JSON answer of a command that has nothing to say but its diagnostics.
std::string diagnostics_json(std::string_view command, const Diagnostics& diagnostics);

/// The JSON answer of --dry-run.
std::string script_json(std::string_view command, std::string_view sql, const Diagnostics& diagnostics);
std::string version_json(std::string_view version);

struct ValidationCounts {
    std::size_t files = 0, changesets = 0;
};

/// "12 files, 87 changesets: 2 errors, 1 warning"
std::string validation_summary(const ValidationCounts& counts, const Diagnostics& diagnostics);
std::string validation_json(const ValidationCounts& counts, const Diagnostics& diagnostics);

/// "1 file", "2 files"
std::string counted(std::size_t count, std::string_view noun);

}  // namespace changelog::report
