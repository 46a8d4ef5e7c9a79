// markUnused: Oracle's ALTER TABLE ... SET UNUSED. PostgreSQL's DROP COLUMN does just that (the values stay
// in the pages until the rows are rewritten), so the change is refused with dropColumn as the way.
#include "changelog/codes.hpp"

#include "operations/column_operation.hpp"

namespace changelog::operations {

extern const OperationType mark_unused_type;

namespace {

struct MarkUnused final : ColumnOperation {
    const OperationType& type() const override { return mark_unused_type; }

    void describe(FieldVisitor& visitor) override { describe_column(visitor); }

    void check(Diagnostics& diagnostics) const override {
        Diagnostic& found =
            diagnostics.error(codes::unsupported_change, at, "markUnused is not possible on PostgreSQL");
        found.why = "It is for Oracle only.";
        found.next = {"write a dropColumn: on PostgreSQL it is just as quick"};
    }

    std::vector<Statement> statements(const RenderContext& /*context*/) const override { return {}; }
    Undo inverse(const RenderContext& /*context*/) const override { return {}; }
    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}
};

}  // namespace

const OperationType mark_unused_type = {
    "markUnused", "Refused: PostgreSQL has no unused columns.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<MarkUnused>(); }};

}  // namespace changelog::operations
