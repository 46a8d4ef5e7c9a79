// addLookupTable: makes a table of the distinct values of a column, and a foreign key to it. CREATE TABLE AS
// reads the existing table; the foreign key checks every row of it, under SHARE ROW EXCLUSIVE. Undone by
// dropping the foreign key and the new table; rows that it got since go with it.
#include "catalog/naming.hpp"
#include "core/text.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"

namespace changelog::operations {

extern const OperationType add_lookup_table_type;

namespace {

using catalog::ConstraintKind;

struct AddLookupTable final : Operation {
    std::string old_schema, old_table, old_column;
    std::string new_schema, new_table, new_column;
    std::string name;

    const OperationType& type() const override { return add_lookup_table_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("existingTableName", "Table that has the values."), old_table);
        visitor.text(required("existingColumnName", "Column that has them; it becomes a foreign key."),
                     old_column);
        visitor.text(required("newTableName", "Name of the new table."), new_table);
        visitor.text(required("newColumnName", "Its only column, the primary key."), new_column);
        visitor.text(
            optional("constraintName", "Name of the foreign key; FK_<TABLE>_<NEWTABLE> if not given."), name);
        visitor.text(optional("existingTableSchemaName", "Schema of the existing table."), old_schema);
        visitor.text(optional("newTableSchemaName", "Schema of the new table."), new_schema);
        ignore(visitor, "newColumnDataType",
               "Read and ignored: the new column has the type of the existing one.");
        ignore(visitor, "existingTableCatalogName",
               "Read and ignored: PostgreSQL has one catalog per database.");
        ignore(visitor, "newTableCatalogName", "Read and ignored: PostgreSQL has one catalog per database.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(old_schema, old_table));
        out.alter(naming.column_ref(old_schema, old_table, old_column));
        out.require({ObjectKind::rows, naming.stored_object(old_schema, old_table), {}});
        out.create(naming.table_ref(new_schema, new_table));
        out.create(naming.column_ref(new_schema, new_table, new_column));
        out.create(naming.part_ref(ObjectKind::constraint, old_schema, old_table, key_name()));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string from = naming.object(old_schema, old_table),
                          to = naming.object(new_schema, new_table);
        const std::string column = naming.name(old_column), key = naming.name(new_column);
        return {
            statement(fmt::format("CREATE TABLE {} AS SELECT DISTINCT {} AS {} FROM {} WHERE {} IS NOT NULL",
                                  to, column, key, from, column)),
            statement(fmt::format("ALTER TABLE {} ALTER COLUMN  {} SET NOT NULL", to, key)),
            statement(fmt::format("ALTER TABLE {} ADD PRIMARY KEY ({})", to, key)),
            statement(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
                                  from, naming.name(key_name()), column, to, key))};
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        Undo out =
            undo({statement(drop_constraint(naming.object(old_schema, old_table), naming.name(key_name()))),
                  statement("DROP TABLE " + naming.object(new_schema, new_table))});
        out.since.push_back(one_line(
            fmt::format("rows of {} written since", to_text(naming.stored_object(new_schema, new_table)))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName from = naming.stored_object(old_schema, old_table),
                         to = naming.stored_object(new_schema, new_table);
        catalog::Table* existing = catalog.table(from);
        const catalog::Column* source =
            existing == nullptr ? nullptr : existing->column(naming.stored(old_column));
        if (source == nullptr) return;  // without its type the new table would not be the one that is made
        catalog::Column column;
        column.name = naming.stored(new_column);
        column.type = source->type;
        column.collation = source->collation;
        catalog::Table& made = catalog.tables[to] = {};
        made.name = to;
        made.columns = {column};
        add_to_catalog(catalog, made, constraint_of(ConstraintKind::primary_key, "", {column.name}));
        catalog::name_not_nulls(catalog, to, context.server_version);
        catalog::Constraint key = constraint_of(ConstraintKind::foreign_key, naming.stored(key_name()),
                                                {naming.stored(old_column)});
        key.referenced_table = to;
        key.referenced_columns = {column.name};
        add_to_catalog(catalog, *existing, std::move(key));
    }

  private:
    std::string key_name() const { return name.empty() ? upper("FK_" + old_table + '_' + new_table) : name; }
};

}  // namespace

const OperationType add_lookup_table_type = {
    "addLookupTable", "Moves the distinct values of a column into a table of their own.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddLookupTable>(); }};

}  // namespace changelog::operations
