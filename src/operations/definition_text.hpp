// CREATE statements as text: small, exact changes that leave the author's text as it is otherwise.
#pragma once

#include <string>
#include <string_view>

namespace changelog::operations {

/// Puts `schema.` in front of the first name after the word ("FUNCTION", "ON"), unless it has a schema.
std::string qualify_after(const std::string& text, std::string_view word, const std::string& schema);

/// Whether it begins with CREATE OR REPLACE.
bool is_replacing(const std::string& definition);

/// CREATE ... as CREATE OR REPLACE ...
std::string as_replacing(const std::string& definition);

/// The first name after the word, as PostgreSQL stores it, without its schema; "" if there is none.
std::string name_after(const std::string& text, std::string_view word);

/// The text with the first name after the word replaced.
std::string rename_after(const std::string& text, std::string_view word, const std::string& name);

/// What stands between the first pair of parentheses, as a token stream: a routine's arguments.
std::string first_parentheses(const std::string& text);

}  // namespace changelog::operations
