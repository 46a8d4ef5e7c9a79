// backfill: fills columns of existing rows, in one UPDATE for now; `batchSize` says in which portions it may
// be done. ROW EXCLUSIVE on the table; the rows that change are locked until the end. What they held before
// is not kept, so only a rollback block undoes it (an empty one, where the column goes with its own
// changeset).
#include "changelog/codes.hpp"

#include "operations/assignments.hpp"
#include "operations/where.hpp"

namespace changelog::operations {

extern const OperationType backfill_type;

namespace {

struct Backfill final : Operation {
    std::string schema, table;
    std::vector<ColumnConfig> columns;
    Where where;
    std::optional<std::string> batch_size;

    const OperationType& type() const override { return backfill_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name().own(), table);
        visitor.list(required("columns", "The columns with their values.").own().also("column"),
                     ListOf<ColumnConfig>("column", columns));
        where.describe(visitor);
        visitor.text(schema_name().own(), schema);
        visitor.integer(optional("batchSize", "How many rows at a time.").own().cosmetic(), batch_size);
    }

    void check(Diagnostics& diagnostics) const override {
        where.check(diagnostics, at);
        if (batch_size && (batch_size->starts_with('-') || *batch_size == "0"))
            diagnostics.error(codes::bad_value, at, "'batchSize' must be at least 1");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_assigned(schema, table, columns, context, out);
        const std::string clause = where.clause(Naming(context));
        if (!clause.empty()) require_expression("1" + clause, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        return one(fmt::format("UPDATE {} SET {}{}", naming.object(schema, table),
                               assignments(columns, {}, naming), where.clause(naming)));
    }

    Undo inverse(const RenderContext& /*context*/) const override {
        return Undo::because("what the filled rows held before is not kept: backfill needs a rollback block");
    }

    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}
};

}  // namespace

const OperationType backfill_type = {
    "backfill", "Fills columns of existing rows.", "data",
    []() -> std::unique_ptr<Operation> { return std::make_unique<Backfill>(); }};

}  // namespace changelog::operations
