// Syntax of newer PostgreSQL versions than the parser knows, told in the older one: the library of a stable
// distribution is years behind the servers that migrations run on.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace changelog::hazards {

/// What an older form stands for.
enum class Newer {
    virtual_column,       ///< 18: GENERATED ALWAYS AS (...) [VIRTUAL], told as STORED
    not_null_constraint,  ///< 18: ADD CONSTRAINT n NOT NULL c, told as CHECK (c IS NOT NULL)
    not_enforced,         ///< 18: NOT ENFORCED, told as NOT VALID
    enforce,              ///< 18: ALTER CONSTRAINT c ENFORCED, told as DEFERRABLE
    set_expression,       ///< 17: SET EXPRESSION AS (...), told as DROP EXPRESSION
};

struct OlderText {
    std::string sql;
    std::map<std::size_t, Newer> commands;  ///< by position among the commands of ALTER TABLE
};

/// The text as an older parser reads it, or the text itself if there is nothing newer in it that is known.
OlderText in_older_syntax(const std::string& sql);

}  // namespace changelog::hazards
