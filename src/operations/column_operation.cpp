#include "operations/column_operation.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "operations/definition.hpp"
#include "operations/partition_tree.hpp"
#include "operations/restore_column.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

void ColumnOperation::describe_column(FieldVisitor& visitor) {
    visitor.text(table_name(), table);
    visitor.text(required("columnName", "Name of the column."), column);
    visitor.text(schema_name(), schema);
    ignore_catalog_name(visitor);
}

void ColumnOperation::footprint(Footprint& out, const RenderContext& context) const {
    out.require(Naming(context).table_ref(schema, table));
    out.alter(ref(context));
}

std::string ColumnOperation::shown_name(const RenderContext& context) const {
    const Naming naming(context);
    return to_text(naming.stored_object(schema, table)) + '.' + naming.stored(column);
}

std::string ColumnOperation::alter(const RenderContext& context, std::string_view action) const {
    return fmt::format("ALTER TABLE {} ALTER COLUMN {} {}", sql_table(context), Naming(context).name(column),
                       action);
}

std::string ColumnOperation::alter_wide(const RenderContext& context, std::string_view action) const {
    return fmt::format("ALTER TABLE {} ALTER COLUMN  {} {}", sql_table(context), Naming(context).name(column),
                       action);
}

std::vector<ObjectName> ColumnOperation::tables(const catalog::Catalog& catalog,
                                                const RenderContext& context) const {
    const ObjectName name = Naming(context).stored_object(schema, table);
    if (catalog.table(name) == nullptr) return {};
    std::vector<ObjectName> out = catalog::descendants(catalog, name);
    out.insert(out.begin(), name);
    return out;
}

void ConstraintOperation::footprint(Footprint& out, const RenderContext& context) const {
    out.require(Naming(context).table_ref(schema, table));
    out.drop(ref(context));
}

const catalog::Constraint* ConstraintOperation::before(const RenderContext& context) const {
    const catalog::Table* found = find_table(context, schema, table);
    return found == nullptr ? nullptr : found->constraint(Naming(context).stored(name));
}

std::string ConstraintOperation::drop_sql(const RenderContext& context) const {
    return drop_constraint(sql_table(context), Naming(context).name(name));
}

Undo ConstraintOperation::restore(const RenderContext& context) const {
    const Naming naming(context);
    const catalog::Constraint* found = before(context);
    if (found == nullptr) return not_known(context, ref(context));
    return undo(add_again(context, naming.stored_object(schema, table), *found));
}

void ConstraintOperation::drop(catalog::Catalog& catalog, const RenderContext& context) const {
    const Naming naming(context);
    catalog.drop_constraint(naming.stored_object(schema, table), naming.stored(name));
}

namespace {

/// A tag for dollar quotes that the text does not have.
}  // namespace

std::vector<Statement> add_again(const RenderContext& context, const ObjectName& table,
                                 const catalog::Constraint& constraint) {
    using catalog::ConstraintKind;
    constexpr int kPartitionedNotValid = 180000;
    const Naming naming(context);
    const catalog::Table* on = context.before->table(table);
    const bool partitioned = on != nullptr && !on->partition_by.empty();
    const bool is_key = constraint.kind == ConstraintKind::foreign_key;
    const bool can_wait =
        constraint.kind == ConstraintKind::check && constraint.validated && constraint.enforced;
    std::vector<Statement> out;
    catalog::Constraint made = naming.shown(constraint);
    if (is_key) {
        out = add_foreign_key(naming.shown(table), made,
                              partitioned && context.server_version < kPartitionedNotValid);
    } else {
        made.validated = made.validated && !can_wait;
        out = catalog::add_constraint(naming.shown(table), made);
    }
    if (can_wait) {
        const std::string shown = naming.sql(table), name = sql::identifier(constraint.name);
        out.push_back(try_to(fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", shown, name),
                             fmt::format("constraint {} of {} stays NOT VALID", name, shown)));
    }
    if (!partitioned) return out;
    catalog::Catalog again = *context.before;
    again.drop_constraint(table, constraint.name);
    add_to_catalog(again, *again.table(table), constraint);
    restore_part_names(context, again, table, out);
    return out;
}

std::string drop_constraint(const std::string& sql_table, const std::string& sql_name) {
    return fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", sql_table, sql_name);
}

}  // namespace changelog::operations
