// `column:` and its `constraints:` as createTable, addColumn, insert, update, createIndex and loadData read them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/ddl.hpp"
#include "operations/common.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

struct ConstraintsConfig final : Described {
    std::optional<bool> nullable;
    std::string not_null_name;
    bool primary_key = false;
    std::string primary_key_name, primary_key_tablespace;
    bool unique = false;
    std::string unique_name;
    std::string foreign_key_name, references;
    std::string referenced_table_schema, referenced_table, referenced_columns;
    bool delete_cascade = false, deferrable = false, initially_deferred = false;
    bool validate_foreign_key = true;
    std::string check;  ///< Liquibase reads it and ignores it

    void describe(FieldVisitor& visitor) override;
};

struct ColumnConfig final : Described {
    std::string name;
    std::string type;
    bool auto_increment = false;
    std::string generation_type;
    std::optional<std::string> start_with, increment_by;
    std::string remarks;
    std::string encoding;
    bool computed = false, descending = false;  ///< createIndex

    // The value (insert, update, addColumn's UPDATE); the first that is set in Liquibase's order holds.
    bool value_given = false;  ///< `value:` was there, perhaps null
    std::optional<std::string> value, value_numeric, value_date, value_computed, value_clob_file, value_blob_file,
        value_sequence_next, value_sequence_current;
    std::optional<bool> value_boolean;

    std::optional<std::string> default_value, default_numeric, default_date, default_computed, default_sequence_next;
    std::optional<bool> default_boolean;

    ConstraintsConfig constraints;
    bool has_constraints = false;

    void describe(FieldVisitor& visitor) override;

    bool has_value() const;
    bool has_default() const;
};

/// The SQL of a column's default, LIQUIBASE.md 2.3; nothing if there is none. The text "null" counts as none.
std::optional<std::string> default_expression(const ColumnConfig& column, const std::string& emitted_type, const Naming& naming);

/// The SQL of the value for insert and update ("NULL" where it is missing), LIQUIBASE.md 2.3.
std::string value_expression(const ColumnConfig& column, const Naming& naming);

}  // namespace changelog::operations
