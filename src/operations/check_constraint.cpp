// addCheckConstraint: ALTER TABLE ... ADD CHECK reads the whole table under ACCESS EXCLUSIVE; `validate:
// false` (NOT VALID) does not, and a later validateConstraint reads it without stopping writes.
// dropCheckConstraint is catalog only. Each undoes the other. PostgreSQL has no way to switch a CHECK off:
// enable and disableCheckConstraint are refused.
#include "changelog/codes.hpp"

#include "catalog/sql_text.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"

namespace changelog::operations {

extern const OperationType add_check_constraint_type;
extern const OperationType drop_check_constraint_type;
extern const OperationType enable_check_constraint_type;
extern const OperationType disable_check_constraint_type;

namespace {

Field constraint_name() { return required("constraintName", "Name of the constraint."); }

void refuse_disabling(Position at, std::string_view what, Diagnostics& diagnostics) {
    Diagnostic& found = diagnostics.error(codes::unsupported_change, at,
                                          fmt::format("{} is not possible on PostgreSQL", what));
    found.why = "A CHECK constraint is always enforced for new rows.";
    found.next = {
        "drop the constraint, and add it again later with `validate: false` and a validateConstraint"};
}

struct AddCheckConstraint final : ConstraintOperation {
    std::string body;
    bool validate = true, disabled = false;

    const OperationType& type() const override { return add_check_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(constraint_name(), name);
        visitor.text(required("constraintBody", "The condition, without CHECK.").sql(), body);
        visitor.text(schema_name(), schema);
        visitor.flag(optional("validate", "false: NOT VALID, so that existing rows are not checked."),
                     validate);
        visitor.flag(optional("disabled", "Not possible on PostgreSQL.").cosmetic(), disabled);
        ignore_catalog_name(visitor);
    }

    void check(Diagnostics& diagnostics) const override {
        if (disabled) refuse_disabling(at, "a disabled CHECK constraint", diagnostics);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const std::string& column : used_columns(context))
            out.require({ObjectKind::column, naming.stored_object(schema, table), column});
        out.create(ref(context));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}){}", sql_table(context),
                               Naming(context).name(name), body, validate ? "" : " NOT VALID"));
    }

    Undo inverse(const RenderContext& context) const override { return undo(drop_sql(context)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        catalog::Constraint made =
            constraint_of(catalog::ConstraintKind::check, naming.stored(name), used_columns(context));
        made.expression = body;
        made.validated = validate;
        add_to_catalog(catalog, *found, std::move(made));
    }

  private:
    std::vector<std::string> used_columns(const RenderContext& context) const {
        std::vector<std::string> out;
        const catalog::Table* found = find_table(context, schema, table);
        if (found == nullptr) return out;
        for (const catalog::Column& column : found->columns)
            if (catalog::mentions(body, column.name)) out.push_back(column.name);
        return out;
    }
};

struct DropCheckConstraint final : ConstraintOperation {
    const OperationType& type() const override { return drop_check_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(constraint_name(), name);
        visitor.text(schema_name(), schema);
        ignore_catalog_name(visitor);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(drop_sql(context));
    }
    Undo inverse(const RenderContext& context) const override { return restore(context); }
    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        drop(catalog, context);
    }
};

/// Read so that the refusal can name the constraint; nothing is ever run.
struct SwitchCheckConstraint : ConstraintOperation {
    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(constraint_name(), name);
        visitor.text(schema_name(), schema);
        ignore_catalog_name(visitor);
    }

    void check(Diagnostics& diagnostics) const override {
        refuse_disabling(at, fmt::format("{} for '{}'", type().name, name), diagnostics);
    }

    void footprint(Footprint& out, const RenderContext& context) const override { out.alter(ref(context)); }
    std::vector<Statement> statements(const RenderContext& /*context*/) const override { return {}; }
    Undo inverse(const RenderContext& /*context*/) const override { return {}; }
    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}
};

struct EnableCheckConstraint final : SwitchCheckConstraint {
    const OperationType& type() const override { return enable_check_constraint_type; }
};

struct DisableCheckConstraint final : SwitchCheckConstraint {
    const OperationType& type() const override { return disable_check_constraint_type; }
};

}  // namespace

const OperationType add_check_constraint_type = {
    "addCheckConstraint", "Adds a CHECK constraint to a table.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddCheckConstraint>(); }};

const OperationType drop_check_constraint_type = {
    "dropCheckConstraint", "Drops a CHECK constraint.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropCheckConstraint>(); }};

const OperationType enable_check_constraint_type = {
    "enableCheckConstraint", "Refused: PostgreSQL cannot switch a CHECK constraint on.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<EnableCheckConstraint>(); }};

const OperationType disable_check_constraint_type = {
    "disableCheckConstraint", "Refused: PostgreSQL cannot switch a CHECK constraint off.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DisableCheckConstraint>(); }};

}  // namespace changelog::operations
