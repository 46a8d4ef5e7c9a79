// Whether what an undo brings back from the attic would overwrite anything.
#pragma once

#include "postgres/connection.hpp"

#include <string>

namespace changelog::execute {

/// Whether a statement that brings former values back overwrites what was written after they were kept: what
/// is there now is compared with what the change wrote. True as well where that cannot be told.
bool overwrites_newer(const std::string& statement, postgres::Connection& connection);

/// Whether it brings former values back.
bool brings_values_back(const std::string& statement);

}  // namespace changelog::execute
