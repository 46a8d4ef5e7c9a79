// The labelled parts of a pasted error: DETAIL, HINT, STATEMENT, the line with the caret, fields of objects.
#pragma once

#include "review/diagnose_read.hpp"

#include <string>
#include <string_view>

namespace changelog::review {

/// Escapes of JSON and of log lines undone (\" and \n), colours and carriage returns taken out.
std::string plain_text(std::string_view pasted);

/// The beginning of a text that is longer than anybody reads.
std::string shortened(std::string text);

/// Reads the fields that stand in this part of the text into the error.
void read_fields(std::string_view part, PastedError& error);

}  // namespace changelog::review
