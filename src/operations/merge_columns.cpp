// mergeColumns: adds a column, fills it with two others joined, and drops those. The UPDATE writes every row;
// a NULL in either column makes the result NULL, as in Liquibase. The drops are catalog only, under ACCESS
// EXCLUSIVE. Undone by adding both columns again as they were; how the merged value was divided is lost.
#include "catalog/dependents.hpp"
#include "catalog/rename.hpp"
#include "operations/definition.hpp"
#include "operations/restore_column.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType merge_columns_type;

namespace {

struct MergeColumns final : Operation {
    std::string schema, table, first, second, joiner, final_name, final_type;

    const OperationType& type() const override { return merge_columns_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("column1Name", "Column whose value comes first."), first);
        visitor.text(required("column2Name", "Column whose value comes second."), second);
        visitor.text(required("finalColumnName", "Name of the new column."), final_name);
        visitor.text(required("finalColumnType", "Type of the new column."), final_type);
        visitor.text(optional("joinString", "Text between the two values."), joiner);
        visitor.text(schema_name(), schema);
        ignore_catalog_name(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        out.create(naming.column_ref(schema, table, final_name));
        out.drop(naming.column_ref(schema, table, first));
        out.drop(naming.column_ref(schema, table, second));
        out.alter({ObjectKind::rows, naming.stored_object(schema, table), {}});
        require_type(emitted(), context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string on = naming.object(schema, table), a = naming.name(first), b = naming.name(second);
        const std::string between = joiner.empty() ? " || " : " || " + sql::literal(joiner) + " || ";
        return {
            statement(fmt::format("ALTER TABLE {} ADD {} {}", on, naming.name(final_name), emitted())),
            statement(fmt::format("UPDATE {} SET {} = {}{}{}", on, naming.name(final_name), a, between, b)),
            statement(fmt::format("ALTER TABLE {} DROP COLUMN {}", on, a)),
            statement(fmt::format("ALTER TABLE {} DROP COLUMN {}", on, b))};
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const catalog::Table* before = find_table(context, schema, table);
        const std::vector<std::string> dropped = naming.stored(std::vector<std::string>{first, second});
        for (const std::string& name : dropped)
            if (before == nullptr || before->column(name) == nullptr)
                return not_known(context, {ObjectKind::column, naming.stored_object(schema, table), name});
        Undo out = undo(fmt::format("ALTER TABLE {} DROP COLUMN {}", naming.object(schema, table),
                                    naming.name(final_name)));
        restore_columns(context, *before, dropped, out);
        out.since.push_back(one_line(
            fmt::format("values of {}.{} written since", to_text(before->name), naming.stored(final_name))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName on = naming.stored_object(schema, table);
        catalog::Table* found = catalog.table(on);
        if (found == nullptr) return;
        catalog::Column made;
        made.name = naming.stored(final_name);
        made.type = sql::canonical_type(emitted());
        catalog::expand_stars(catalog, on);
        found->columns.push_back(made);
        made.inherited = true;
        for (const ObjectName& child : catalog::descendants(catalog, on))
            catalog.table(child)->columns.push_back(made);
        catalog.drop_column(on, naming.stored(first));
        catalog.drop_column(on, naming.stored(second));
    }

  private:
    std::string emitted() const { return sql::column_type(final_type, sql::TypeUse::elsewhere).sql; }
};

}  // namespace

const OperationType merge_columns_type = {
    "mergeColumns", "Joins two text columns into a new one.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<MergeColumns>(); }};

}  // namespace changelog::operations
