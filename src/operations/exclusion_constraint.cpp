// addExclusionConstraint: ALTER TABLE ... ADD EXCLUDE builds an index by reading the whole table under ACCESS
// EXCLUSIVE (manual, CREATE TABLE: EXCLUDE). dropExclusionConstraint drops the constraint with its index,
// catalog only. Each undoes the other.
#include "catalog/sql_text.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"

namespace changelog::operations {

extern const OperationType add_exclusion_constraint_type;
extern const OperationType drop_exclusion_constraint_type;

namespace {

struct AddExclusionConstraint final : ConstraintOperation {
    std::string elements, method = "gist", where, tablespace;
    bool deferrable = false, initially_deferred = false;

    const OperationType& type() const override { return add_exclusion_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("constraintName", "Name of the constraint."), name);
        visitor.text(required("elements", "What no two rows may share: room WITH =, during WITH &&").sql(),
                     elements);
        visitor.text(optional("using", "Index method."), method);
        visitor.text(optional("where", "Only rows for which this holds take part.").sql(), where);
        visitor.text(optional("tablespace", "Tablespace of its index."), tablespace);
        visitor.flag(optional("deferrable", "DEFERRABLE."), deferrable);
        visitor.flag(optional("initiallyDeferred", "INITIALLY DEFERRED."), initially_deferred);
        visitor.text(schema_name(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const std::string& column : used_columns(context))
            out.require({ObjectKind::column, naming.stored_object(schema, table), column});
        out.create(ref(context));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        return one(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}{}{}", sql_table(context),
                               naming.name(name), body(naming), deferrable ? " DEFERRABLE" : "",
                               initially_deferred ? " INITIALLY DEFERRED" : ""));
    }

    Undo inverse(const RenderContext& context) const override { return undo(drop_sql(context)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        catalog::Constraint made =
            constraint_of(catalog::ConstraintKind::exclusion, naming.stored(name), used_columns(context));
        made.expression = body(naming);
        made.deferrable = deferrable || initially_deferred;  // the server takes the second to mean the first
        made.initially_deferred = initially_deferred;
        add_to_catalog(catalog, *found, std::move(made));
    }

  private:
    std::string body(const Naming& naming) const {
        return fmt::format("EXCLUDE USING {} ({}){}{}", method, elements,
                           tablespace.empty() ? "" : " USING INDEX TABLESPACE " + naming.name(tablespace),
                           where.empty() ? "" : " WHERE " + catalog::parenthesised(where));
    }

    std::vector<std::string> used_columns(const RenderContext& context) const {
        std::vector<std::string> out;
        const catalog::Table* found = find_table(context, schema, table);
        if (found == nullptr) return out;
        for (const catalog::Column& column : found->columns)
            if (catalog::mentions(elements, column.name)) out.push_back(column.name);
        return out;
    }
};

struct DropExclusionConstraint final : ConstraintOperation {
    const OperationType& type() const override { return drop_exclusion_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("constraintName", "Name of the constraint."), name);
        visitor.text(schema_name(), schema);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(drop_sql(context));
    }
    Undo inverse(const RenderContext& context) const override { return restore(context); }
    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        drop(catalog, context);
    }
};

}  // namespace

const OperationType add_exclusion_constraint_type = {
    "addExclusionConstraint", "Adds an EXCLUDE constraint to a table.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddExclusionConstraint>(); }};

const OperationType drop_exclusion_constraint_type = {
    "dropExclusionConstraint", "Drops an EXCLUDE constraint.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropExclusionConstraint>(); }};

}  // namespace changelog::operations
