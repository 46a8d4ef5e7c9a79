// `column:` and its `constraints:` as createTable, addColumn, insert, update, createIndex and loadData read
// them.
#pragma once

#include "catalog/ddl.hpp"
#include "operations/common.hpp"
#include "sql/type.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// The `constraints:` of a column in createTable and addColumn.
struct ConstraintsConfig final : Described {
    std::optional<bool> nullable;
    std::string not_null_name;
    bool primary_key = false;
    std::string primary_key_name, primary_key_tablespace;
    bool unique = false;
    std::string unique_name;
    std::string foreign_key_name, references;
    std::string referenced_table_schema, referenced_table;
    std::string referenced_columns;  ///< a comma list
    bool delete_cascade = false, deferrable = false, initially_deferred = false;
    bool validate_foreign_key = true;
    std::string check;  ///< Liquibase reads it and ignores it

    void describe(FieldVisitor& visitor) override;

    /// Liquibase makes a foreign key of `references`, or of a table together with its columns, and of nothing
    /// less.
    bool has_reference() const {
        return !references.empty() || (!referenced_table.empty() && !referenced_columns.empty());
    }
    bool is_not_null() const { return primary_key || (nullable && !*nullable); }
};

/// Which keys make sense: what an operation does with its columns.
enum class ColumnUse : std::uint8_t {
    data,          ///< a value: insert, update
    create_table,  ///< a definition
    add_column,    ///< a definition, and a value for the rows that are there
    index,         ///< a key of an index
    name_only,     ///< dropColumn
};

struct ColumnConfig final : Described {
    ColumnUse use = ColumnUse::data;
    std::string name;
    std::string type;
    bool auto_increment = false;
    std::string generation_type;
    std::optional<std::string> start_with, increment_by;
    std::string remarks;
    std::string encoding;
    bool computed = false, descending = false;  ///< createIndex

    // Our own keys for createIndex, and `included` of Liquibase 5.
    std::string operator_class, collation;
    std::optional<bool> nulls_first;
    bool included = false;

    // Liquibase knows no way to place a column on PostgreSQL; removeChangeSetProperty takes these away.
    std::string after_column, before_column, column_position;

    // The value (insert, update, addColumn's UPDATE); the first that is set in Liquibase's order holds.
    std::optional<std::string> value, value_numeric, value_date, value_computed, value_clob_file,
        value_blob_file, value_sequence_next, value_sequence_current;
    std::optional<bool> value_boolean;

    std::optional<std::string> default_value, default_numeric, default_date, default_computed,
        default_sequence_next;
    std::optional<bool> default_boolean;

    ConstraintsConfig constraints;
    bool has_constraints = false;

    void describe(FieldVisitor& visitor) override;

    bool has_value() const;
    bool has_default() const;

  private:
    void describe_definition(FieldVisitor& visitor);
    void describe_values(FieldVisitor& visitor);
    void describe_index_key(FieldVisitor& visitor);
    void describe_ignored(FieldVisitor& visitor);
    void describe_misplaced(FieldVisitor& visitor);
};

/// `columns: [{column: {...}}]` for one use.
class ColumnList final : public DescribedList {
  public:
    ColumnList(std::vector<ColumnConfig>& items, ColumnUse use) : items_(items), use_(use) {}
    std::string_view wrapper() const override { return "column"; }
    std::size_t size() const override { return items_.size(); }
    Described& at(std::size_t index) override { return items_[index]; }
    Described& add() override {
        items_.emplace_back().use = use_;
        return items_.back();
    }
    void remove_last() override { items_.pop_back(); }

  private:
    std::vector<ColumnConfig>& items_;
    ColumnUse use_;
};

/// The SQL of a column's default, LIQUIBASE.md 2.3; nothing if there is none. The text "null" counts as none.
/// A generated column's "GENERATED ALWAYS AS (...) STORED" comes back as it is.
std::optional<std::string> default_expression(const ColumnConfig& column, const std::string& emitted_type,
                                              const Naming& naming);

/// The SQL of the value for insert and update ("NULL" where it is missing), LIQUIBASE.md 2.3.
std::string value_expression(const ColumnConfig& column, const Naming& naming);

/// "nextval('public.q')" of a sequence that may be written with its schema.
std::string sequence_call(std::string_view function, const std::string& written, const Naming& naming);

/// The sequence of defaultValueSequenceNext or valueSequenceNext, as stored.
ObjectName sequence_name(const std::string& written, const Naming& naming);

/// " DEFAULT v", " GENERATED ALWAYS AS ...", or nothing.
std::string default_clause(const std::optional<std::string>& expression);

/// Text or an expression for a column of this type where Liquibase takes a bare value (defaultNullValue).
std::string text_or_call(const std::string& text);

}  // namespace changelog::operations
