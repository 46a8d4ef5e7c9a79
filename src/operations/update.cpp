// update: sets columns of the rows that `where` picks, in one statement: ROW EXCLUSIVE on the table, and
// every row that changes is written anew. With `retain` what the rows held before is copied to the attic;
// else only the schema can be rolled back past it.
#include "operations/assignments.hpp"
#include "operations/attic_data.hpp"
#include "operations/where.hpp"

namespace changelog::operations {

extern const OperationType update_type;

namespace {

struct Update final : Operation {
    std::string schema, table, ignored_catalog, remarks;
    std::vector<ColumnConfig> columns;
    Where where;
    FileValues files;
    RetainKey retain;

    const OperationType& type() const override { return update_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.list(required("columns", "The columns with their new values.").also("column"),
                     ListOf<ColumnConfig>("column", columns));
        where.describe(visitor);
        visitor.text(schema_name(), schema);
        retain.describe(visitor);
        visitor.text(catalog_name(), ignored_catalog);
        visitor.text(optional("remarks", "Remark for the reader.").ignored().cosmetic(), remarks);
        files.describe(visitor);
    }

    void attach(FileLoader& loader) override { files.attach(loader, columns); }

    void check(Diagnostics& diagnostics) const override {
        where.check(diagnostics, at);
        retain.check(diagnostics, at);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_assigned(schema, table, columns, context, out);
        const std::string clause = where.clause(Naming(context));
        if (!clause.empty()) require_expression("1" + clause, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return change_rows(context, change(context), retain);
    }

    Undo inverse(const RenderContext& context) const override {
        return undo_rows(context, change(context), retain);
    }

    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}

  private:
    RowChange change(const RenderContext& context) const {
        const Naming naming(context);
        std::vector<std::string> names;
        for (const ColumnConfig& column : columns) names.push_back(column.name);
        const std::string set = fmt::format("UPDATE {} SET {}", naming.object(schema, table),
                                            assignments(columns, files, naming));
        return {schema, table, std::move(names), set, where.clause(naming), "UPDATE"};
    }
};

}  // namespace

const OperationType update_type = {"update", "Sets columns of rows.", "data",
                                   []() -> std::unique_ptr<Operation> { return std::make_unique<Update>(); }};

}  // namespace changelog::operations
