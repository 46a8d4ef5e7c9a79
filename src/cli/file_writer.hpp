// Writes a file whole or not at all.
#pragma once

#include "changelog/diagnostics.hpp"

#include <string>
#include <string_view>

namespace changelog::cli {

enum class IfExists : std::uint8_t { replace, refuse };

/// Writes beside the file and renames, so that no reader ever sees half of it; makes missing folders.
/// Something that is no plain file (/dev/stdout, a pipe) is written in place. False with CL0008 or CL0010
/// reported.
bool write_file(const std::string& path, std::string_view text, IfExists if_exists, Diagnostics& diagnostics);

}  // namespace changelog::cli
