// Words and lines of a pasted error, found again in the files of a changelog.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/names.hpp"

#include "review/diagnose_read.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::review {

/// The line of SQL that an error is about, without white space around it.
struct ErrorLine {
    std::string text;
    std::size_t offset = 0;  ///< of the word in question, in characters
};

/// As psql showed it, or out of the statement and the position in it; empty where neither is known.
ErrorLine error_line(const PastedError& error);

/// Lower case, one space for all white space, without the default schema, which one writes and another does
/// not.
std::string collapsed(std::string_view sql);

/// The first such line of the file from line `from` up to, without, `end` (0: all).
std::optional<Location> find_line(const SourceFile& file, std::uint32_t from, std::uint32_t end,
                                  const ErrorLine& wanted);

/// Where the word stands in these lines, as a whole word.
std::optional<Location> find_word(const SourceFile& file, std::uint32_t from, std::uint32_t end,
                                  std::string_view word);

/// Names of SQL files that these lines hold.
std::vector<std::string> sql_files_named(const SourceFile& file, std::uint32_t from, std::uint32_t end);

/// Without its excerpt if that has texts or numbers which may be data.
Location without_data(Location where);

/// "app.orders", "orders": as messages write names.
ObjectName name_in(std::string_view text, std::string_view schema);

/// "column note of table orders", "view app.totals", "function f(integer)".
ObjectRef object_in(std::string_view text);

}  // namespace changelog::review
