// Values that a column may take, guessed from its type and from the conditions on it.
#pragma once

#include <string>
#include <vector>

namespace changelog::execute {

/// A column as it is to be filled.
struct SeedColumn {
    std::string name;
    std::string type;       ///< as format_type() spells it: "character varying(50)"
    std::string base_type;  ///< of a domain, else `type`; of an array its elements'
    char category = 'U';    ///< pg_type.typcategory of the base type: 'N' numbers, 'S' strings, ...
    bool array = false;
    bool required = false;  ///< NOT NULL, by itself or by its domain
    bool has_default = false;
    bool identity_always = false;
    std::vector<std::string> labels;      ///< of an enumeration
    std::vector<std::string> conditions;  ///< of CHECKs that name it, of its domain, and partition bounds
};

/// Texts that PostgreSQL may take for a value of the column, the likeliest first; none: nobody can tell.
/// Different `row`s get different first values wherever the type has as many. Numbers begin high, so that
/// they do not meet those of the changelog's own rows.
std::vector<std::string> seed_values(const SeedColumn& column, int row);

/// The string and number literals of an SQL expression, each once.
std::vector<std::string> literals_of(const std::string& expression);

}  // namespace changelog::execute
