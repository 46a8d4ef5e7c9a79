// What becomes of a SQL text when something that it names gets another name. Each function gives the new
// text, or nothing where the text does not say for sure what is meant.
#pragma once

#include "changelog/catalog.hpp"

#include "catalog/texts.hpp"

#include <optional>
#include <string>

namespace changelog::catalog {

/// A relation, type or sequence that is renamed within its schema.
struct NameChange {
    ObjectName from;
    std::string to;
    bool alone = true;  ///< no other schema has one of that name, so a name without schema means it
};

/// A table or view: in FROM, in front of its columns, as a row type, in a regclass constant.
std::optional<std::string> rename_relation(const std::string& text, const TextOwner& owner,
                                           const NameChange& change, bool has_column_of_that_name);

/// A type in casts and signatures.
std::optional<std::string> rename_type(const std::string& text, const TextOwner& owner,
                                       const NameChange& change);

/// A sequence in nextval() and the like, and in regclass constants.
std::optional<std::string> rename_sequence(const std::string& text, const TextOwner& owner,
                                           const NameChange& change);

/// A column of the table, in texts that belong to the table itself.
std::optional<std::string> rename_own_column(const std::string& text, const TextOwner& owner,
                                             const std::string& from, const std::string& to);

/// A column of a table, in a query that reads the table.
std::optional<std::string> rename_column_in_query(const Catalog& catalog, const std::string& query,
                                                  const ObjectName& table, const std::string& from,
                                                  const std::string& to);

/// Whether a statement of something else may read the column.
bool may_read_column(const std::string& text, const ObjectName& table, const std::string& column);

/// Whether an attribute of this name is taken out of a composite value.
bool takes_out(const std::string& text, const TextOwner& owner, const std::string& attribute);

/// The query with every `*` written out, as PostgreSQL keeps it; nothing where the columns are not known. The
/// same text where it has none.
std::optional<std::string> with_stars_expanded(const Catalog& catalog, const std::string& query);

}  // namespace changelog::catalog
