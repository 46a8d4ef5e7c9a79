// Lines of changelog files as they may be shown to everybody: without the values of data.
#pragma once

#include <string>
#include <string_view>

namespace changelog::report {

/// Whether a line of a file may hold data: it is a part of a statement that reads or changes rows, or a
/// value.
bool may_hold_data(std::string_view line);

/// The line, or as much of it as tells where it stands: "  - sql: ...".
std::string without_data(std::string_view line);

}  // namespace changelog::report
