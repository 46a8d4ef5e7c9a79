// Qualified names within SQL text: which are there, and what becomes of the text when their object gets
// another name. Unlike sql_text, which knows columns only.
#pragma once

#include "changelog/catalog.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace changelog::catalog {

/// Every "a.b" of the text, those in strings that are cast to regclass included.
std::set<ObjectName> qualified_names(std::string_view text);

/// Every word and quoted word, those within dollar-quoted and other strings included.
std::set<std::string> all_words(std::string_view text);

/// The text after ALTER ... RENAME or SET SCHEMA of an object that it names with its schema. With
/// `as_qualifier`, also "orders.id" where the old name stands before a column.
std::string rename_object_in(std::string_view text, const ObjectName& from, const ObjectName& to,
                             bool as_qualifier);

/// The text after ALTER SCHEMA ... RENAME.
std::string rename_schema_in(std::string_view text, const std::string& from, const std::string& to);

/// The text after ALTER TYPE ... RENAME VALUE: 'from'::type.
std::string rename_label_in(std::string_view text, const ObjectName& type, const std::string& from,
                            const std::string& to);

/// A query after the rename of a column that it reads as relation.column. The names of its own columns stay:
/// what was "t.a" is now "t.b AS a".
std::string rename_column_in_query(std::string_view text, const std::string& relation,
                                   const std::string& from, const std::string& to);

/// The text with the word after `keyword` (TRIGGER, POLICY) replaced.
std::string rename_after_keyword(std::string_view text, std::string_view keyword, const std::string& to);

/// The state of an object of a kind that the model has no type for, and its owner; "" is the session's own.
struct StateAndOwner {
    std::string state, owner;
};
StateAndOwner split_owner(const std::string& state);

/// Whether two texts are the same but for white space, comments and the case of words.
bool same_sql(const std::string& a, const std::string& b);

/// Whether the text has the string 'value' in it.
bool has_string(std::string_view text, const std::string& value);

using TextChange = std::function<void(std::string&)>;
using NameChange = std::function<void(ObjectName&)>;
using RefChange = std::function<void(ObjectRef&)>;

// Everything in a catalog that PostgreSQL keeps by reference and the catalog as text or as a name.
void each_text(Column& column, const TextChange& change);
void each_text(Constraint& constraint, const TextChange& change);
void each_text(Index& index, const TextChange& change);
void each_text(Table& table, const TextChange& change);
void each_text(View& view, const TextChange& change);
void each_text(Function& function, const TextChange& change);
void each_text(Type& type, const TextChange& change);
void each_text(Catalog& catalog, const TextChange& change);
/// Names of relations in foreign keys, parents.
void each_name(Catalog& catalog, const NameChange& change);
void each_ref(Catalog& catalog, const RefChange& change);

}  // namespace changelog::catalog
