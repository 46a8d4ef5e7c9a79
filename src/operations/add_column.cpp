// addColumn: one ALTER TABLE ... ADD per column, under ACCESS EXCLUSIVE. Catalog only with a constant default
// or none; a volatile default, an identity and a stored generated column rewrite the table; UNIQUE builds an
// index; a foreign key checks every row. A `value` is written to all rows by an UPDATE, and NOT NULL is set
// after it (full scan). Undone by DROP COLUMN, last first; values that were written since go with it.
#include "changelog/codes.hpp"

#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "catalog/rename.hpp"
#include "core/text.hpp"
#include "operations/definition.hpp"
#include "operations/value_file.hpp"

namespace changelog::operations {

extern const OperationType add_column_type;

namespace {

using catalog::ConstraintKind;

struct AddColumn final : Operation {
    std::string schema, table;
    std::vector<ColumnConfig> columns;
    FileValues files;

    const OperationType& type() const override { return add_column_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.list(required("columns", "The new columns.").also("column"),
                     ColumnList(columns, ColumnUse::add_column));
        visitor.text(schema_name(), schema);
        ignore_catalog_name(visitor);
        for (const std::string_view key : {"afterColumn", "beforeColumn", "position"})
            visitor.misplaced(
                key, "PostgreSQL adds columns at the end of the table; this key never had an effect.");
        visitor.misplaced("preConditions",
                          "Preconditions belong to the changeset; here they were never checked.");
        files.describe(visitor);
    }

    void attach(FileLoader& loader) override { files.attach(loader, columns); }

    void remove_property(std::string_view name) override {
        for (ColumnConfig& column : columns) {
            if (equal_ignoring_case(name, "afterColumn")) column.after_column.clear();
            if (equal_ignoring_case(name, "beforeColumn")) column.before_column.clear();
            if (equal_ignoring_case(name, "position")) column.column_position.clear();
        }
    }

    void check(Diagnostics& diagnostics) const override {
        if (columns.empty())
            diagnostics.error(codes::missing_key, at, fmt::format("no column to add to '{}'", table));
        for (const ColumnConfig& column : columns)
            check_definition(column, sql::TypeUse::elsewhere, at, diagnostics);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const ColumnConfig& column : columns) {
            touch_definition(column, sql::TypeUse::elsewhere, schema, table, context, out);
            if (column.has_value()) out.alter({ObjectKind::rows, naming.stored_object(schema, table), {}});
        }
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string alter = "ALTER TABLE " + naming.object(schema, table) + ' ';
        std::vector<Statement> out;
        for (const ColumnConfig& column : columns) {
            out.push_back(statement(alter + "ADD " + definition_sql(column, naming)));
            if (column.constraints.unique)
                out.push_back(statement(alter + "ADD " + unique_sql(column, naming)));
            if (column.constraints.has_reference())
                out.push_back(statement(alter + "ADD " + foreign_key_sql(column, naming)));
        }
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i].has_value())
                out.push_back(
                    statement(fmt::format("UPDATE {} SET {} = {}", naming.object(schema, table),
                                          naming.name(columns[i].name), files.value(i, columns[i], naming))));
        for (const ColumnConfig& column : columns)
            if (!column.remarks.empty())
                out.push_back(statement(catalog::comment_on(
                    "COLUMN " + naming.object(schema, table) + '.' + naming.name(column.name),
                    column.remarks)));
        for (const ColumnConfig& column : columns)
            if (column.has_value() && column.constraints.is_not_null())
                out.push_back(statement(
                    alter + fmt::format("ALTER COLUMN  {} SET NOT NULL", naming.name(column.name))));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        Undo out;
        for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
            out.statements.push_back(statement(fmt::format(
                "ALTER TABLE {} DROP COLUMN {}", naming.object(schema, table), naming.name(column->name))));
            out.since.push_back(one_line(fmt::format("values of {}.{} written since",
                                                     to_text(naming.stored_object(schema, table)),
                                                     naming.stored(column->name))));
        }
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, table);
        catalog::Table* found = catalog.table(name);
        if (found == nullptr) return;
        catalog::expand_stars(catalog, name);
        for (const ColumnConfig& column : columns) {
            catalog::Column made = defined_column(column, sql::TypeUse::elsewhere, naming);
            const ConstraintsConfig& given = column.constraints;
            if (context.server_version >= catalog::kNamedNotNull && given.is_not_null() &&
                !column.has_value() && !given.not_null_name.empty())
                made.not_null_name = naming.stored(given.not_null_name);
            found->columns.push_back(made);
            made.inherited = true;
            made.not_null_name.clear();  // it gets its parent's
            for (const ObjectName& child : catalog::descendants(catalog, name))
                if (catalog::Table* partition = catalog.table(child);
                    partition->column(made.name) == nullptr) {
                    catalog::expand_stars(catalog, child);
                    partition->columns.push_back(made);
                }
            add_constraints(catalog, *found, column, naming);
        }
        catalog::name_not_nulls(catalog, name, context.server_version);
    }

  private:
    static std::string definition_sql(const ColumnConfig& column, const Naming& naming) {
        const std::string type = emitted_type(column, sql::TypeUse::elsewhere);
        std::string out = naming.name(column.name) + ' ' + type;
        if (is_identity(column, sql::TypeUse::elsewhere)) out += identity_clause(column);
        out += default_clause(default_expression(column, type, naming));
        if (column.constraints.is_not_null() && !column.has_value()) {
            if (!column.constraints.not_null_name.empty())
                out += " CONSTRAINT " + naming.name(column.constraints.not_null_name);
            out += " NOT NULL";
        }
        return column.constraints.primary_key ? out + " PRIMARY KEY" : out;
    }

    static std::string unique_sql(const ColumnConfig& column, const Naming& naming) {
        const std::string& name = column.constraints.unique_name;
        return fmt::format("{}UNIQUE ({})", name.empty() ? "" : "CONSTRAINT " + naming.name(name) + ' ',
                           naming.name(column.name));
    }

    static std::string foreign_key_sql(const ColumnConfig& column, const Naming& naming) {
        const Reference reference = *reference_of(column.constraints, naming, ReferenceText::names);
        std::string out = fmt::format("CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}",
                                      naming.name(column.constraints.foreign_key_name),
                                      naming.name(column.name), reference.sql_table);
        if (!reference.sql_columns.empty()) out += " (" + reference.sql_columns + ')';
        if (column.constraints.delete_cascade) out += " ON DELETE CASCADE";
        return column.constraints.validate_foreign_key ? out : out + " NOT VALID";
    }

    static void add_constraints(catalog::Catalog& catalog, catalog::Table& found, const ColumnConfig& column,
                                const Naming& naming) {
        const ConstraintsConfig& constraints = column.constraints;
        const std::vector<std::string> name = {naming.stored(column.name)};
        if (constraints.primary_key)
            add_to_catalog(catalog, found, constraint_of(ConstraintKind::primary_key, "", name));
        if (constraints.unique)
            add_to_catalog(
                catalog, found,
                constraint_of(ConstraintKind::unique,
                              constraints.unique_name.empty() ? "" : naming.stored(constraints.unique_name),
                              name));
        const auto reference = reference_of(constraints, naming, ReferenceText::names);
        if (!reference) return;
        catalog::Constraint key = defined_foreign_key(column, *reference, naming);
        key.validated = constraints.validate_foreign_key;
        add_to_catalog(catalog, found, std::move(key));
    }
};

}  // namespace

const OperationType add_column_type = {
    "addColumn", "Adds columns to a table.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddColumn>(); }};

}  // namespace changelog::operations
