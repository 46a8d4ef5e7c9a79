// backfill: fills columns of existing rows, in one UPDATE for now; `batchSize` says in which portions it may
// be done. ROW EXCLUSIVE on the table; the rows that change are locked until the end. With `retain` what they
// held before is copied to the attic; else only the schema can be rolled back past it.
#include "changelog/codes.hpp"

#include "operations/assignments.hpp"
#include "operations/attic_data.hpp"
#include "operations/where.hpp"

namespace changelog::operations {

extern const OperationType backfill_type;

namespace {

struct Backfill final : Operation {
    std::string schema, table;
    std::vector<ColumnConfig> columns;
    Where where;
    std::optional<std::string> batch_size;
    RetainKey retain;

    const OperationType& type() const override { return backfill_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name().own(), table);
        visitor.list(required("columns", "The columns with their values.").own().also("column"),
                     ListOf<ColumnConfig>("column", columns));
        where.describe(visitor);
        visitor.text(schema_name().own(), schema);
        retain.describe(visitor);
        visitor.integer(optional("batchSize", "How many rows at a time.").own().cosmetic(), batch_size);
    }

    void check(Diagnostics& diagnostics) const override {
        where.check(diagnostics, at);
        retain.check(diagnostics, at);
        if (batch_size && (batch_size->starts_with('-') || *batch_size == "0"))
            diagnostics.error(codes::bad_value, at, "'batchSize' must be at least 1");
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
        const std::string set =
            fmt::format("UPDATE {} SET {}", naming.object(schema, table), assignments(columns, {}, naming));
        return {schema, table, std::move(names), set, where.clause(naming), "UPDATE"};
    }
};

}  // namespace

const OperationType backfill_type = {
    "backfill", "Fills columns of existing rows.", "data",
    []() -> std::unique_ptr<Operation> { return std::make_unique<Backfill>(); }};

}  // namespace changelog::operations
