// Where in the files a statement comes from.
#pragma once

#include "changelog/changelog.hpp"

#include "review/findings.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace changelog::review {

/// The key of an operation, underlined.
Region region_of(Position at, std::size_t length);

/// Where SQL of raw statements stands in a text, found line by line. Lines that the text does not have as
/// they are (escaped, expanded, edited) have no place.
class SqlPlaces {
  public:
    /// Looks in the file from a line on; `last_line` is the first that does not count, 0: to the end.
    SqlPlaces(std::string file, const std::string& text, std::uint32_t first_line, std::uint32_t last_line);

    /// The place of what begins at `offset` of the statement, to the end of its line. Statements must be
    /// asked for in their order.
    std::optional<Region> find(const std::string& statement, std::size_t offset);

  private:
    std::string file_;
    std::vector<std::string> lines_;
    std::uint32_t first_ = 1;
};

/// The path that a sqlFile names, from the search path; nothing for other operations.
std::optional<std::string> sql_file_of(const ChangeSet& changeset, Operation& operation);

}  // namespace changelog::review
