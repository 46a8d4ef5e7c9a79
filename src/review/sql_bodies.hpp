// SQL as a review shows it.
#pragma once

#include <string>

namespace changelog::review {

/// The statement with the values of data taken out, if it is one that changes rows or runs code: strings
/// become '***', numbers ***. What defines the schema stays as it is. Never fails.
std::string without_data(const std::string& sql);

}  // namespace changelog::review
