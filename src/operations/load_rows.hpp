// What loadData and loadUpdateData share: the file, the columns, and the rows as values.
#pragma once

#include "operations/csv_file.hpp"
#include "operations/load_cell.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace changelog::operations {

/// One entry of `columns`: matched to the file by name, header or index.
struct LoadColumn final : Described {
    ColumnConfig config;  ///< name, type and defaults
    std::string header;
    std::optional<std::string> index;
    bool allow_update = true;

    void describe(FieldVisitor& visitor) override;
    bool matches(std::size_t position, const std::string& file_header) const;
};

/// The rows of a file as values for columns. A value of its own, so that it may be read while the plan is
/// carried out.
struct LoadRows {
    CsvFile file;
    std::vector<LoadTarget> targets;  ///< one per header
    std::map<std::string, std::string> files;

    std::vector<std::size_t> columns() const;  ///< the indexes of those that are not skipped
    void each(
        const std::function<bool(const std::vector<Cell>&)>& take) const;  ///< cells of columns(), in order
};

struct LoadFields {
    std::string schema, table, path, encoding, ignored_catalog;
    std::string separator = ",", quote = "\"", comment = "#";
    bool relative = false, use_prepared = true;
    std::vector<LoadColumn> columns;

    void describe(FieldVisitor& visitor);
    void check(Diagnostics& diagnostics, Position at) const;
    void attach(FileLoader& loader);
    void footprint(Footprint& out, const RenderContext& context) const;

    /// Whether the file has a column for this one of the table; true where the file could not be read.
    bool gives(const std::string& name) const;

    std::shared_ptr<const LoadRows> rows(const RenderContext& context) const;
    /// "a, b": the columns that get values, in SQL.
    std::string column_list(const LoadRows& rows, const Naming& naming) const;

  private:
    const LoadColumn* column_at(std::size_t position) const;
    LoadTarget target_at(std::size_t position, const RenderContext& context) const;
    void attach_cell_files(FileLoader& loader);

    CsvFile file_;
    std::map<std::string, std::string> files_;
};

}  // namespace changelog::operations
