#pragma once

#include "catalog/migration_state.hpp"

#include <map>

namespace changelog::catalog {

/// "<alter> SET (a = 1)" and "<alter> RESET (b)".
void settle_options(Migration& migration, const std::string& alter, std::map<std::string, std::string>& now,
                    const std::map<std::string, std::string>& to);

}  // namespace changelog::catalog
