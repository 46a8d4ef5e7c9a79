// Renames that PostgreSQL follows in everything that it keeps: beside Catalog's own rename_table() and
// rename_column(), which work in the same way. A text that cannot be followed for sure is taken out with its
// object, and `Catalog::uncertain` says so.
#pragma once

#include "changelog/catalog.hpp"

#include <string>

namespace changelog::catalog {

/// In columns, domains, attributes, casts and signatures; and the type itself.
void rename_type(Catalog& catalog, const ObjectName& from, const std::string& to);

/// An attribute of a composite type; what takes it out of a value names it in a text.
void rename_attribute(Catalog& catalog, const ObjectName& type, const std::string& from,
                      const std::string& to);

/// In defaults and other expressions; and the sequence itself.
void rename_sequence(Catalog& catalog, const ObjectName& from, const std::string& to);

/// A value of an enumeration, in constants of the type.
void rename_label(Catalog& catalog, const ObjectName& type, const std::string& from, const std::string& to);

/// To be called before the columns of a table change: a view that was made with `*` keeps the columns that
/// the table has now.
void expand_stars(Catalog& catalog, const ObjectName& table);

/// Whether a type as columns write it is this one or an array of it. Without a schema it is, unless another
/// schema has a type of that name.
bool is_of_type(const Catalog& catalog, const std::string& written, const ObjectName& type);

}  // namespace changelog::catalog
