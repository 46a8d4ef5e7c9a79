// Edits of a text, and how they are shown.
#pragma once

#include "changelog/diagnostics.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::review {

/// The text with the edits made; the same edit given twice counts once. Nothing if two of them overlap, or
/// one is outside of the text.
std::optional<std::string> apply_edits(const std::string& text, std::vector<Edit> edits);

/// The edits, of whole lines, that lead from one text to the other.
std::vector<Edit> line_edits(const std::string& name, const std::string& before, const std::string& after);

/// What `diff -u` says of these edits; empty without any.
std::string unified_diff(const std::string& name, const std::string& text, const std::vector<Edit>& edits);

}  // namespace changelog::review
