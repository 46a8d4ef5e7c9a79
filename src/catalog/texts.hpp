// Every SQL text that a catalog holds, for changes of a name that PostgreSQL follows by itself.
#pragma once

#include "changelog/catalog.hpp"

#include <functional>
#include <string>

namespace changelog::catalog {

/// What a text belongs to: what is not known any more where the text cannot be followed.
struct TextOwner {
    ObjectKind kind = ObjectKind::table;  ///< table (a view, too), function, type
    ObjectName name;
    bool whole_statement = false;  ///< the text is a CREATE statement or a query, no expression
    bool view = false, trigger = false, policy = false;
    bool exclusion = false;  ///< the body of an EXCLUDE
    bool bound = false;      ///< of a partition
};

/// Changes a text in place; false if it cannot tell how.
using ChangeText = std::function<bool(std::string& text, const TextOwner& owner)>;

/// Gives every text that has one of the words to `change`. Objects whose text it cannot change are taken out
/// of the catalog, and `uncertain` says why: "the text of view public.v could not be followed when <what>".
void change_texts(Catalog& catalog, const std::vector<std::string>& words, const std::string& what,
                  const ChangeText& change);

/// The same for those texts only that may name the columns of other tables: queries of views, policies,
/// functions.
void change_texts_of_readers(Catalog& catalog, const std::vector<std::string>& words, const std::string& what,
                             const ChangeText& change);

/// The same for the texts of one table only.
void change_texts_of(Catalog& catalog, const ObjectName& table, const std::vector<std::string>& words,
                     const std::string& what, const ChangeText& change);

/// Whether the text has these bytes, whatever their case.
bool has_word(const std::string& text, const std::string& word);

/// Takes the object out and says why.
void forget_object(Catalog& catalog, const TextOwner& owner, const std::string& what);

}  // namespace changelog::catalog
