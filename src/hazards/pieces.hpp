// The statements of a text, in newer syntax than the parser's too.
#pragma once

#include "hazards/findings.hpp"

#include <vector>

namespace changelog::hazards {

/// The text at its semicolons: not those in quotes, parentheses, or a BEGIN ATOMIC body. Empty statements are
/// left out.
std::vector<MigrationStatement> single_statements(const MigrationStatement& text);

}  // namespace changelog::hazards
