// What the attic holds.
#pragma once

#include "changelog/diagnostics.hpp"

#include "postgres/attic.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::report {

std::string attic_text(const std::vector<postgres::AtticItem>& items, std::size_t width);
/// `command` is what was done with them: "attic list".
std::string attic_json(std::string_view command, const std::vector<postgres::AtticItem>& items,
                       const Diagnostics& diagnostics);

/// "512 bytes", "1.5 MB"; empty if it is not known (below 0).
std::string byte_size(long long bytes);

}  // namespace changelog::report
