// update: sets columns of the rows that `where` picks, in one statement: ROW EXCLUSIVE on the table, and
// every row that changes is written anew. What the rows held before is not kept, so only a rollback block can
// undo it.
#include "operations/assignments.hpp"
#include "operations/where.hpp"

namespace changelog::operations {

extern const OperationType update_type;

namespace {

struct Update final : Operation {
    std::string schema, table, ignored_catalog, remarks;
    std::vector<ColumnConfig> columns;
    Where where;
    FileValues files;

    const OperationType& type() const override { return update_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.list(required("columns", "The columns with their new values.").also("column"),
                     ListOf<ColumnConfig>("column", columns));
        where.describe(visitor);
        visitor.text(schema_name(), schema);
        visitor.text(catalog_name(), ignored_catalog);
        visitor.text(optional("remarks", "Remark for the reader.").ignored().cosmetic(), remarks);
        files.describe(visitor);
    }

    void attach(FileLoader& loader) override { files.attach(loader, columns); }

    void check(Diagnostics& diagnostics) const override { where.check(diagnostics, at); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_assigned(schema, table, columns, context, out);
        const std::string clause = where.clause(Naming(context));
        if (!clause.empty()) require_expression("1" + clause, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        return one(fmt::format("UPDATE {} SET {}{}", naming.object(schema, table),
                               assignments(columns, files, naming), where.clause(naming)));
    }

    Undo inverse(const RenderContext& /*context*/) const override {
        return Undo::because("what the updated rows held before is not kept: update needs a rollback block");
    }

    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}
};

}  // namespace

const OperationType update_type = {"update", "Sets columns of rows.", "data",
                                   []() -> std::unique_ptr<Operation> { return std::make_unique<Update>(); }};

}  // namespace changelog::operations
