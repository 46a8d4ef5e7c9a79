// sql: statements as the author wrote them. Locks and work are theirs; PostgreSQL's own parser tells what
// they touch, and DDL is followed on the schema model and undone from it. What changes rows or runs code
// needs a rollback block, or is undone by what is seen when it is applied.
#include "operations/common.hpp"
#include "operations/raw_sql.hpp"

namespace changelog::operations {

extern const OperationType sql_type;

namespace {

struct Sql final : Operation {
    std::string text;
    RawSql options;

    const OperationType& type() const override { return sql_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("sql", "The statements.").short_form().sql(), text);
        options.describe(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        options.footprint(text, context, out);
    }

    std::vector<Statement> statements(const RenderContext& /*context*/) const override {
        return options.statements(text);
    }

    Undo inverse(const RenderContext& context) const override { return options.inverse(text, context); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        options.apply(text, context, catalog);
    }

    std::string_view dbms() const override { return options.database; }
};

}  // namespace

const OperationType sql_type = {"sql", "Runs SQL that stands in the changelog.", "raw",
                                []() -> std::unique_ptr<Operation> { return std::make_unique<Sql>(); }};

}  // namespace changelog::operations
