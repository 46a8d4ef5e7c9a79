// What an edit of a changeset means, without the values of rows.
#pragma once

#include <string>
#include <vector>

namespace changelog::review {

/// The lines of definition_difference(): of changes that write rows, and of SQL with literals, only what is
/// touched is told.
std::vector<std::string> masked_differences(std::vector<std::string> lines);

}  // namespace changelog::review
