#include "operations/column_operation.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"

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
    if (found == nullptr) return Undo::because(unknown_definition(ref(context)));
    return undo(
        catalog::add_constraint(naming.shown(naming.stored_object(schema, table)), naming.shown(*found)));
}

void ConstraintOperation::drop(catalog::Catalog& catalog, const RenderContext& context) const {
    const Naming naming(context);
    catalog.drop_constraint(naming.stored_object(schema, table), naming.stored(name));
}

std::string drop_constraint(const std::string& sql_table, const std::string& sql_name) {
    return fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", sql_table, sql_name);
}

}  // namespace changelog::operations
