// SQL that may stand in the changelog or in a file of its own: `selectQuery` or `path`, `triggerBody` or
// `path`.
#pragma once

#include "operations/fields.hpp"
#include "operations/files.hpp"

#include <string>

namespace changelog::operations {

struct TextFile {
    std::string path, encoding;
    bool relative = false;
    bool both = false;  ///< the text was given in both ways

    /// The fields path, relativeToChangelogFile and encoding. None is part of the checksum: the text is.
    void describe(FieldVisitor& visitor);

    /// Fills `text` from the file, if one is named.
    void attach(FileLoader& loader, std::string& text);

    /// Reports that the text is missing or given twice. `inline_name` is the key of the text in the
    /// changelog.
    void check(Diagnostics& diagnostics, Position at, std::string_view inline_name,
               const std::string& text) const;
};

/// Without white space at both ends, and without the final semicolon and comments behind the last word.
std::string without_semicolon(std::string_view sql);

}  // namespace changelog::operations
