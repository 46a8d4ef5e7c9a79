// addNotNullConstraint, dropNotNullConstraint: ALTER COLUMN ... SET / DROP NOT NULL, under ACCESS EXCLUSIVE.
// SET reads the whole table, unless a valid CHECK (c IS NOT NULL) proves it (manual, ALTER TABLE); DROP is
// catalog only. Each undoes the other, if the column was otherwise before. Which rows were NULL before
// defaultNullValue is lost.
#include "catalog/ddl.hpp"
#include "catalog/naming.hpp"
#include "core/text.hpp"
#include "operations/column.hpp"
#include "operations/column_operation.hpp"
#include "operations/restore_column.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType add_not_null_constraint_type;
extern const OperationType drop_not_null_constraint_type;

namespace {

/// Children whose NOT NULL had a name of its own get it back under that. Partitions whose parent gets one,
/// too, do not: theirs would no longer be their parent's alone, and stay when that is dropped again.
void set_in_children(const RenderContext& context, const ObjectName& table, const catalog::Column& column,
                     std::vector<Statement>& out) {
    for (const ObjectName& name : catalog::descendants(*context.before, table)) {
        const bool is_part = !context.before->table(name)->partition_of.name.empty();
        if (is_part && column.not_null) continue;
        const catalog::Column* was = context.before->table(name)->column(column.name);
        if (was != nullptr && was->not_null && !was->not_null_name.empty() &&
            was->not_null_name != column.not_null_name)
            out.push_back(set_not_null_if_possible(name, *was));
    }
}

struct AddNotNullConstraint final : ColumnOperation {
    std::optional<std::string> null_value;
    std::string data_type;

    const OperationType& type() const override { return add_not_null_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        describe_column(visitor);
        visitor.text(optional("defaultNullValue", "Value that rows with NULL get before."), null_value);
        visitor.text(optional("columnDataType",
                              "Type of the column; decides how a boolean defaultNullValue is written.")
                         .cosmetic(),
                     data_type);
        ignore(visitor, "constraintName", "Read and ignored: SET NOT NULL takes no name.");
        ignore(visitor, "validate", "Read and ignored: SET NOT NULL always checks.");
        visitor.misplaced("columnDatatype", "The key is called columnDataType.");
        visitor.misplaced(
            "defaultNullvalue",
            "The key is called defaultNullValue; under this name rows with NULL were never filled.");
        visitor.misplaced("defaultValue",
                          "The key is called defaultNullValue; for a default write an addDefaultValue.");
        visitor.misplaced("remarks", "Liquibase never stored it here; a comment belongs to the changeset.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        ColumnOperation::footprint(out, context);
        if (null_value) out.alter({ObjectKind::rows, Naming(context).stored_object(schema, table), {}});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        std::vector<Statement> out;
        if (null_value) {
            const std::string name = Naming(context).name(column);
            out.push_back(statement(fmt::format("UPDATE {} SET {} = {} WHERE {} IS NULL", sql_table(context),
                                                name, filler(), name)));
        }
        out.push_back(statement(alter_wide(context, "SET NOT NULL")));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Column* was = before(context);
        if (was == nullptr) return not_known(context, ref(context));
        if (was->not_null) return {};
        Undo out = undo(alter_wide(context, "DROP NOT NULL"));
        restore_in_children(
            context, stored_table(context), was->name,
            [](const catalog::Column& child) { return child.not_null && child.not_null_name.empty(); },
            [](const catalog::Column&) { return "SET NOT NULL"; }, out.statements);
        set_in_children(context, stored_table(context), *was, out.statements);
        if (null_value)
            out.losses.push_back(one_line(fmt::format("which rows of {} were NULL", shown_name(context))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        change(catalog, context, [](catalog::Column& found) { found.not_null = true; });
        catalog::name_not_nulls(catalog, stored_table(context), context.server_version);
    }

  private:
    std::string filler() const {
        const bool is_boolean = !data_type.empty() && sql::type_class(data_type) == sql::TypeClass::boolean;
        return is_boolean ? sql::literal(upper(*null_value)) : text_or_call(*null_value);
    }
};

struct DropNotNullConstraint final : ColumnOperation {
    const OperationType& type() const override { return drop_not_null_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        describe_column(visitor);
        ignore(visitor, "columnDataType", "Read and ignored: PostgreSQL knows the column's type.");
        ignore(visitor, "constraintName", "Read and ignored: DROP NOT NULL takes no name.");
        visitor.misplaced("validate",
                          "There is nothing to check when NOT NULL goes; this key never had an effect.");
        visitor.misplaced("remarks", "Liquibase never stored it here; a comment belongs to the changeset.");
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(alter_wide(context, "DROP NOT NULL"));
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Column* was = before(context);
        if (was == nullptr) return not_known(context, ref(context));
        const catalog::Table& table_before = *context.before->table(stored_table(context));
        if (const catalog::Constraint* own = catalog::not_null_of(table_before, was->name))
            return undo(catalog::add_constraint(stored_table(context), *own));
        if (!was->not_null) return {};
        // Rows without a value may have come since: they must not keep everything else from going back.
        catalog::Column wanted = *was;
        if (context.server_version < catalog::kNamedNotNull) wanted.not_null_name.clear();
        Undo out;
        set_in_children(context, stored_table(context), wanted, out.statements);
        out.statements.push_back(set_not_null_if_possible(stored_table(context), wanted));
        restore_in_children(
            context, stored_table(context), was->name,
            [](const catalog::Column& child) { return !child.not_null; },
            [](const catalog::Column&) { return "DROP NOT NULL"; }, out.statements);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const catalog::Table* parent = catalog.table(stored_table(context));
        const catalog::Column* above =
            parent == nullptr ? nullptr : parent->column(Naming(context).stored(column));
        if (above == nullptr) return;
        const std::string was = above->not_null_name;
        change(catalog, context, [&](catalog::Column& found) {
            if (catalog::outlives_not_null(*parent, was, found)) return;
            found.not_null = false;
            found.not_null_name.clear();
        });
        catalog::drop_not_null_of(*catalog.table(stored_table(context)), Naming(context).stored(column));
    }
};

}  // namespace

const OperationType add_not_null_constraint_type = {
    "addNotNullConstraint", "Makes a column NOT NULL.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddNotNullConstraint>(); }};

const OperationType drop_not_null_constraint_type = {
    "dropNotNullConstraint", "Lets a column be NULL.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropNotNullConstraint>(); }};

}  // namespace changelog::operations
