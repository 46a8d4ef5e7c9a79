// What is checked in a file's bytes before a parser sees them. Used by the readers alone.
#pragma once

#include "changelog/diagnostics.hpp"

namespace changelog::yaml {

/// How deep documents may nest; a changelog needs about ten levels.
inline constexpr std::size_t kDeepest = 200;

/// Line and column of a byte, both from 1; the byte order mark takes no column of its own.
Position position_at(const SourceFile& file, std::size_t offset);

/// Reports bytes that are no UTF-8 and control characters, which YAML and XML forbid. False if there were
/// any.
bool has_clean_characters(const SourceFile& file, Diagnostics& diagnostics);

/// Reports references in XML that no character stands for: pugixml would leave them in the text, or end it
/// there.
bool has_known_entities(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace changelog::yaml
