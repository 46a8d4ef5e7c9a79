// validateConstraint: ALTER TABLE ... VALIDATE CONSTRAINT reads the whole table under SHARE UPDATE EXCLUSIVE,
// which stops neither reads nor writes. Undone by dropping the constraint and adding it NOT VALID: nothing
// else takes it back. renameConstraint: catalog only, under a short ACCESS EXCLUSIVE lock; the index behind a
// constraint follows. Undone exactly by the opposite rename.
#include "catalog/ddl.hpp"
#include "operations/column_operation.hpp"

namespace changelog::operations {

extern const OperationType validate_constraint_type;
extern const OperationType rename_constraint_type;

namespace {

struct ValidateConstraint final : ConstraintOperation {
    const OperationType& type() const override { return validate_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("constraintName", "Name of a foreign key or CHECK that is NOT VALID."), name);
        visitor.text(schema_name(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.require(Naming(context).table_ref(schema, table));
        out.alter(ref(context));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", sql_table(context),
                               Naming(context).name(name)));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const catalog::Constraint* was = before(context);
        if (was == nullptr) return not_known(context, ref(context));
        if (was->validated) return {};
        Undo out = undo(drop_sql(context));
        append(out.statements, catalog::add_constraint(naming.shown(naming.stored_object(schema, table)),
                                                       naming.shown(*was)));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        if (catalog::Constraint* constraint = found->constraint(naming.stored(name)))
            constraint->validated = true;
        for (const ObjectName& child : catalog::descendants(catalog, found->name))
            if (catalog::Constraint* part = catalog.table(child)->constraint(naming.stored(name));
                part != nullptr && part->inherited)
                part->validated = true;
    }
};

struct RenameConstraint final : Operation {
    std::string schema, table, from, to;

    const OperationType& type() const override { return rename_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("oldConstraintName", "Name of the constraint now."), from);
        visitor.text(required("newConstraintName", "Name that it gets."), to);
        visitor.text(schema_name(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        out.drop(naming.part_ref(ObjectKind::constraint, schema, table, from));
        out.create(naming.part_ref(ObjectKind::constraint, schema, table, to));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, from, to));
    }

    Undo inverse(const RenderContext& context) const override { return undo(rename(context, to, from)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        const std::string old = naming.stored(from);
        catalog::Constraint* constraint = found->constraint(old);
        if (constraint == nullptr) return;
        constraint->name = naming.stored(to);
        // Of all that children have from their parents only CHECKs are renamed with it.
        if (constraint->kind != catalog::ConstraintKind::check || constraint->no_inherit) return;
        for (const ObjectName& child : catalog::descendants(catalog, found->name))
            if (catalog::Constraint* part = catalog.table(child)->constraint(old);
                part != nullptr && part->inherited)
                part->name = naming.stored(to);
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        const Naming naming(context);
        return fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", naming.object(schema, table),
                           naming.name(a), naming.name(b));
    }
};

}  // namespace

const OperationType validate_constraint_type = {
    "validateConstraint", "Checks the existing rows of a constraint that is NOT VALID.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<ValidateConstraint>(); }};

const OperationType rename_constraint_type = {
    "renameConstraint", "Renames a constraint.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameConstraint>(); }};

}  // namespace changelog::operations
