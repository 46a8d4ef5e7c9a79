// Why a connection could not be made, and what to do about it.
#pragma once

#include "changelog/diagnostics.hpp"

#include "postgres/connection.hpp"

#include <string>

namespace changelog::postgres {

/// From libpq's text, which at verbosity "verbose" carries the SQLSTATE whatever language the server speaks.
ServerError connect_failure(const std::string& text, const Target& target);

}  // namespace changelog::postgres
