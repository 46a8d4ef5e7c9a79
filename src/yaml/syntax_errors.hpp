#pragma once

#include "changelog/diagnostics.hpp"

#include <string_view>

namespace changelog::yaml {

/// Says in the author's terms what yaml-cpp could not read; `message` is its own text.
void report_syntax(const SourceFile& file, Position at, std::string_view message, Diagnostics& diagnostics);

}  // namespace changelog::yaml
