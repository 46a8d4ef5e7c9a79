// PostgreSQL's built-in types by all their names.
#pragma once

#include <string_view>

namespace changelog::sql {

/// Whether a lower-case name (without parameters) is one that PostgreSQL knows without any extension.
bool is_postgresql_type(std::string_view lower_name);

}  // namespace changelog::sql
