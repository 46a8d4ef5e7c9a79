// valueClobFile and valueBlobFile: a column's value out of a file.
#pragma once

#include "operations/column.hpp"
#include "operations/files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// What the files of a list of columns hold, by the column's place in the list.
struct FileValues {
    std::vector<std::optional<std::string>> texts;  ///< SQL literals

    void attach(FileLoader& loader, const std::vector<ColumnConfig>& columns);
    void describe(FieldVisitor& visitor);

    /// The value of a column: the file's, or what the column says.
    std::string value(std::size_t index, const ColumnConfig& column, const Naming& naming) const;
};

/// Bytes as a bytea literal: '\x00ff'.
std::string bytea_literal(std::string_view bytes);

}  // namespace changelog::operations
