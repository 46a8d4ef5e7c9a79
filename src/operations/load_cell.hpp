// Cells of a CSV file as values of a column: what loadData makes of a text, by the column's type.
#pragma once

#include "operations/column.hpp"

#include <map>
#include <optional>
#include <string>

namespace changelog::operations {

enum class LoadKind : std::uint8_t {
    text,
    number,
    boolean,
    date,
    computed,
    sequence,
    blob,
    clob,
    skip,
    other
};

/// The kind of a `type:` in the changelog; unknown types are passed on as text.
LoadKind load_kind(const std::string& type);

/// The kind of a column whose type the changelog does not say, from its type in the schema.
LoadKind inferred_kind(const std::string& column_type);

/// A value: NULL, or a constant, or an expression that only SQL can hold.
struct Cell {
    enum class Form : std::uint8_t { null, quoted, bare, expression };
    Form form = Form::null;
    std::string text;

    std::string sql() const;
    /// As COPY's text format has it; not for expressions.
    void append_copy(std::string& out) const;
};

/// A column of the file and where its cells go.
struct LoadTarget {
    std::string name;    ///< as written
    std::string column;  ///< as stored
    LoadKind kind = LoadKind::other;
    bool large_object = false;            ///< a BLOB column of type oid
    bool updates = true;                  ///< part of loadUpdateData's UPDATE
    std::optional<std::string> if_empty;  ///< default for empty cells, as SQL
    std::optional<std::string> sequence;  ///< nextval(...) for empty cells of a sequence
};

/// `files` has the content, as SQL, of the files that BLOB and CLOB cells name.
Cell cell_of(const std::string& text, const LoadTarget& target,
             const std::map<std::string, std::string>& files);

/// The bytes of Base64 text; nothing if it is none.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace changelog::operations
