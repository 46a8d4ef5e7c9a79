// Takes data and passwords out of a pasted error before any of it is shown.
#pragma once

#include <string>
#include <string_view>

namespace changelog::review {

/// The text with what is data or a secret in it replaced by "***": the values of `Key (...)=(...)` and
/// `Failing row contains (...)`, what a value error quotes, passwords in connection strings, literals of
/// SQL. Names of objects stay. Never fails.
std::string masked(std::string_view text);

/// The same of a text in a language that is not known: also what stands in parentheses, and in quotes of any
/// kind where those hold data.
std::string masked_foreign(std::string_view text, bool quotes);

}  // namespace changelog::review
