// setTableRemarks, setColumnRemarks: COMMENT ON. Catalog only, under SHARE UPDATE EXCLUSIVE, which does not
// stop reads or writes. Undone by the comment that was there before.
#include "catalog/ddl.hpp"
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"

namespace changelog::operations {

extern const OperationType set_table_remarks_type;
extern const OperationType set_column_remarks_type;

namespace {

struct SetTableRemarks final : Operation {
    std::string schema, table, remarks;

    const OperationType& type() const override { return set_table_remarks_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(optional("remarks", "The comment; empty removes it."), remarks);
        remarks = trim(remarks);
        visitor.text(schema_name(), schema);
        ignore_catalog_name(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(Naming(context).table_ref(schema, table));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(catalog::comment_on(what(context), remarks));
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Table* before = find_table(context, schema, table);
        if (before == nullptr) return not_known(context, Naming(context).table_ref(schema, table));
        return undo(catalog::comment_on(what(context), before->comment));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        if (catalog::Table* found = catalog.table(Naming(context).stored_object(schema, table)))
            found->comment = comment_of(remarks);
    }

  private:
    std::string what(const RenderContext& context) const {
        return "TABLE " + Naming(context).object(schema, table);
    }
};

struct SetColumnRemarks final : Operation {
    std::string schema, table, column, remarks;

    const OperationType& type() const override { return set_column_remarks_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("columnName", "Name of the column."), column);
        visitor.text(optional("remarks", "The comment; empty removes it."), remarks);
        remarks = trim(remarks);
        visitor.text(schema_name(), schema);
        ignore(visitor, "columnDataType", "Read and ignored: PostgreSQL knows the column's type.");
        ignore(visitor, "columnParentType", "Read and ignored: tables and views take the same statement.");
        ignore_catalog_name(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        out.alter(naming.column_ref(schema, table, column));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(catalog::comment_on(what(context), remarks));
    }

    Undo inverse(const RenderContext& context) const override {
        if (const auto* view = find_in(context.before->views, Naming(context).stored_object(schema, table))) {
            const auto found = view->column_comments.find(Naming(context).stored(column));
            return undo(catalog::comment_on(what(context), found == view->column_comments.end()
                                                               ? std::nullopt
                                                               : std::optional(found->second)));
        }
        const catalog::Column* before = find_column(context, schema, table, column);
        if (before == nullptr) return not_known(context, Naming(context).column_ref(schema, table, column));
        return undo(catalog::comment_on(what(context), before->comment));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        if (auto* view = find_in(catalog.views, naming.stored_object(schema, table))) {
            view->column_comments.erase(naming.stored(column));
            if (!remarks.empty()) view->column_comments[naming.stored(column)] = remarks;
        }
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        if (catalog::Column* target = found->column(naming.stored(column)))
            target->comment = comment_of(remarks);
    }

  private:
    std::string what(const RenderContext& context) const {
        const Naming naming(context);
        return "COLUMN " + naming.object(schema, table) + '.' + naming.name(column);
    }
};

}  // namespace

const OperationType set_table_remarks_type = {
    "setTableRemarks", "Sets or removes the comment of a table.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<SetTableRemarks>(); }};

const OperationType set_column_remarks_type = {
    "setColumnRemarks", "Sets or removes the comment of a column.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<SetColumnRemarks>(); }};

}  // namespace changelog::operations
