// Names within SQL text: does an expression use a column, and what becomes of it when the column is renamed.
// A word counts as a name unless it is a function's (followed by a parenthesis), a qualifier or a type after
// `::`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changelog::catalog {

bool mentions(std::string_view sql_text, std::string_view name);

/// The text with every use of the name replaced. Text that does not tokenize comes back as it is.
std::string rename_in(std::string_view sql_text, std::string_view from, std::string_view to);

/// "(text)", unless one pair of parentheses already encloses all of it.
std::string parenthesised(const std::string& sql_text);

/// A collation, operator class or tablespace: SQL text if it can be one, else quoted ("en-x-icu", "C").
std::string name_sql(const std::string& name);

/// "DO $undo$<body>$undo$", with a delimiter that the body does not have. The delimiter marks blocks of our
/// own that take nothing away.
std::string undo_block(const std::string& body);

}  // namespace changelog::catalog
