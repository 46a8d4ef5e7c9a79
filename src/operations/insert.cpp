// insert: one row. Takes ROW EXCLUSIVE on the table, which blocks no other reader or writer. Undone by
// deleting the row by its primary key, where the changelog gives every column of it a constant; a key that
// the database chose (identity, sequence, default) is not known later, so such a row can only be removed by a
// rollback block.
#include "core/text.hpp"
#include "operations/assignments.hpp"
#include "operations/row_key.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType insert_type;

namespace {

struct Insert final : Operation {
    std::string schema, table, database, ignored_catalog;
    std::vector<ColumnConfig> columns;
    FileValues files;

    const OperationType& type() const override { return insert_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.list(required("columns", "The row's values.").also("column"),
                     ListOf<ColumnConfig>("column", columns));
        visitor.text(schema_name(), schema);
        visitor.text(optional("dbms", "Comma list of databases that it is for; all if not given."), database);
        visitor.text(catalog_name(), ignored_catalog);
        visitor.misplaced("context", "a single change has no context: put it on the changeSet");
        files.describe(visitor);
    }

    void attach(FileLoader& loader) override { files.attach(loader, columns); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_assigned(schema, table, columns, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<std::string> names, values;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            names.push_back(naming.name(columns[i].name));
            values.push_back(files.value(i, columns[i], naming));
        }
        return one(fmt::format("INSERT INTO {} ({}) VALUES ({})", naming.object(schema, table),
                               join(names, ", "), join(values, ", ")));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, table);
        const auto key = key_columns(context, schema, table);
        if (key.empty())
            return Undo::unless_observed(cannot_tell_apart(name, "its primary key is not known"));
        std::vector<std::string> conditions;
        for (const std::string& column : key) {
            const auto value = constant_of(column, naming);
            if (!value)
                return Undo::unless_observed(
                    cannot_tell_apart(name, fmt::format("the key column {} is given no constant", column)));
            conditions.push_back(fmt::format("{} = {}", sql::identifier(column), *value));
        }
        return undo(
            fmt::format("DELETE FROM {} WHERE {}", naming.object(schema, table), join(conditions, " AND ")));
    }

    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}

    std::string_view dbms() const override { return database; }

  private:
    std::optional<std::string> constant_of(const std::string& stored_column, const Naming& naming) const {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (naming.stored(columns[i].name) != stored_column) continue;
            const std::string value = files.value(i, columns[i], naming);
            return is_constant(value) ? std::optional(value) : std::nullopt;
        }
        return std::nullopt;
    }
};

}  // namespace

const OperationType insert_type = {"insert", "Inserts a row.", "data",
                                   []() -> std::unique_ptr<Operation> { return std::make_unique<Insert>(); }};

}  // namespace changelog::operations
