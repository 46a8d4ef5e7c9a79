// Errors, warnings and findings: one type for all of them, collected and never thrown.
#pragma once

#include "changelog/position.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

enum class Severity : std::uint8_t { note, warning, error };

/// A resolved place: it owns its text, so a diagnostic may outlive the files that it speaks of.
struct Location {
    std::string file;
    std::uint32_t line = 0;    ///< from 1; 0: the whole file
    std::uint32_t column = 0;  ///< from 1, in bytes
    std::uint32_t length = 1;  ///< how many characters the caret underlines
    std::string excerpt;       ///< the text of the line
};

/// Replace the text from start to end (end exclusive; lines and columns from 1) by `text`.
struct Edit {
    std::string file;
    std::uint32_t start_line = 0, start_column = 0, end_line = 0, end_column = 0;
    std::string text;
};

/// A correction that a program can apply. `safe`: it cannot change what the author meant.
struct Fix {
    std::string title;
    bool safe = false;
    std::vector<Edit> edits;
};

/// What PostgreSQL said, field by field (manual, chapter "Error and Notice Message Fields").
struct ServerError {
    std::string sqlstate, message, detail, hint, statement;
    std::string schema, table, column, constraint;
    int position = 0;  ///< 1-based character in `statement`; 0: none
    bool connection_lost = false;
};

struct Diagnostic {
    std::string code;  ///< "CL1203"; see codes.hpp
    Severity severity = Severity::error;
    std::string title;  ///< one line, lower case, no final stop
    std::string why;    ///< further lines, whole sentences
    Location where;
    std::string changeset;  ///< id of the changeset concerned, if any
    std::string pointer;    ///< JSON pointer into the document, if any
    std::string got;
    std::vector<std::string> expected;
    std::string did_you_mean;
    std::vector<Fix> fixes;
    std::vector<std::string> next;  ///< commands or actions that lead on
    std::optional<ServerError> server;
};

/// The place of `position` with its line's text. `length` is the width of the caret.
Location locate(Position position, std::size_t length = 1);

/// A collection of diagnostics. Every stage reports all that it finds before it stops.
class Diagnostics {
  public:
    /// Adds one and returns it, so that the caller can fill in further fields.
    Diagnostic& add(Severity severity, std::string_view code, Location where, std::string title);
    Diagnostic& error(std::string_view code, Position at, std::string title, std::size_t length = 1);
    Diagnostic& warning(std::string_view code, Position at, std::string title, std::size_t length = 1);
    void append(Diagnostics other);

    bool has_errors() const;
    bool empty() const { return items_.empty(); }
    std::size_t count(Severity severity) const;
    const std::vector<Diagnostic>& items() const { return items_; }
    std::vector<Diagnostic>& items() { return items_; }

  private:
    std::vector<Diagnostic> items_;
};

/// The text form: `file:line:column: error CL1203: title`, the line with a caret, then the advice.
std::string to_text(const Diagnostic& diagnostic, bool colour = false);

}  // namespace changelog
