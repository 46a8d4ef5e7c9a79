// delete: removes the rows that `where` picks, in one statement under ROW EXCLUSIVE. With `retain` they are
// copied to the attic by the same statement; else only the schema can be rolled back past it.
#include "operations/attic_data.hpp"
#include "operations/where.hpp"

namespace changelog::operations {

extern const OperationType delete_type;

namespace {

struct Delete final : Operation {
    std::string schema, table, ignored_catalog, remarks, database;
    Where where;
    RetainKey retain;

    const OperationType& type() const override { return delete_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        where.describe(visitor);
        visitor.text(schema_name(), schema);
        retain.describe(visitor);
        visitor.text(catalog_name(), ignored_catalog);
        visitor.text(optional("remarks", "Remark for the reader.").ignored().cosmetic(), remarks);
        visitor.text(optional("dbms", "Read and ignored, as Liquibase does.").ignored().cosmetic(), database);
    }

    void check(Diagnostics& diagnostics) const override {
        where.check(diagnostics, at);
        retain.check(diagnostics, at);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        const std::string clause = where.clause(naming);
        if (!clause.empty()) require_expression("1" + clause, context, out);
        out.alter(naming.ref(ObjectKind::rows, schema, table));
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
        return {schema,  table, {}, "DELETE FROM " + naming.object(schema, table), where.clause(naming),
                "DELETE"};
    }
};

}  // namespace

const OperationType delete_type = {"delete", "Deletes rows.", "data",
                                   []() -> std::unique_ptr<Operation> { return std::make_unique<Delete>(); }};

}  // namespace changelog::operations
