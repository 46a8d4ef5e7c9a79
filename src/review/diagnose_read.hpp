// Errors of PostgreSQL out of what people paste: psql, drivers, migration tools, server logs.
#pragma once

#include "review/diagnose_forms.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::review {

/// How the SQLSTATE was found.
enum class CodeSource : std::uint8_t {
    code,     ///< it stands in the text
    name,     ///< by the name of an exception class: UniqueViolation
    message,  ///< by the form of the message
};

/// One error, with what the text says about it. Nothing of it is masked: it is for searching, not for
/// showing.
struct PastedError {
    std::string sqlstate;
    CodeSource source = CodeSource::message;
    FormMatch match;      ///< without a form where no known message was found
    std::string message;  ///< the first line of an unknown message
    std::string detail, hint;
    std::string statement;                     ///< that failed, as a tool or the log repeats it
    std::size_t position = 0;                  ///< 1-based character in it; 0: none
    std::string line;                          ///< the line of the statement that psql shows
    std::size_t line_offset = 0;               ///< where the caret points in it, in characters
    std::string changeset;                     ///< "path::id::author" as Liquibase names it, or an id
    std::string file;                          ///< a file that the text names
    std::uint32_t file_line = 0;               ///< 0: none
    std::map<std::string, std::string> names;  ///< "table" -> "orders"; of the message, then of fields

    std::string name(const std::string& kind) const;
};

/// In the order of the text, each once. Empty if nothing in it is known to be an error of PostgreSQL.
std::vector<PastedError> read_errors(std::string_view text);

}  // namespace changelog::review
