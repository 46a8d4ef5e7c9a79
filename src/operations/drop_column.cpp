// dropColumn: ALTER TABLE ... DROP COLUMN, under a short ACCESS EXCLUSIVE lock; the values stay in the pages
// until the rows are rewritten, but nothing can read them. Constraints, indexes and owned sequences of the
// column go with it. Undone by adding the column at the end with all that went; the values are lost.
#include "changelog/codes.hpp"

#include "operations/column.hpp"
#include "operations/restore_column.hpp"

namespace changelog::operations {

extern const OperationType drop_column_type;

namespace {

struct DropColumn final : Operation {
    std::string schema, table, column;
    std::vector<ColumnConfig> columns;

    const OperationType& type() const override { return drop_column_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(optional("columnName", "Name of the column."), column);
        visitor.list(optional("columns", "Several columns; then columnName has no effect."),
                     ColumnList(columns, ColumnUse::name_only));
        visitor.text(schema_name(), schema);
        ignore_catalog_name(visitor);
        constexpr std::string_view kNoCascade =
            "dropColumn never cascades: what depends on the column (views, foreign keys of other tables) has "
            "to be dropped before.";
        visitor.misplaced("cascadeConstraints", kNoCascade);
        visitor.misplaced("cascade", kNoCascade);
    }

    void check(Diagnostics& diagnostics) const override {
        if (!column.empty() || !columns.empty()) return;
        diagnostics.error(codes::missing_key, at, fmt::format("no column to drop from '{}'", table))
            .expected = {"columnName", "columns"};
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const std::string& name : names()) out.drop(naming.column_ref(schema, table, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<Statement> out;
        for (const std::string& name : names())
            out.push_back(statement(fmt::format("ALTER TABLE {} DROP COLUMN {}", naming.object(schema, table),
                                                naming.name(name))));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const catalog::Table* before = find_table(context, schema, table);
        const std::vector<std::string> dropped = naming.stored(names());
        for (const std::string& name : dropped)
            if (before == nullptr || before->column(name) == nullptr)
                return Undo::because(
                    unknown_definition({ObjectKind::column, naming.stored_object(schema, table), name}));
        Undo out;
        restore_columns(context, *before, dropped, out);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        for (const std::string& name : names())
            catalog.drop_column(naming.stored_object(schema, table), naming.stored(name));
    }

  private:
    std::vector<std::string> names() const {
        if (columns.empty()) return {column};
        std::vector<std::string> out;
        for (const ColumnConfig& item : columns) out.push_back(item.name);
        return out;
    }
};

}  // namespace

const OperationType drop_column_type = {
    "dropColumn", "Drops columns of a table.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropColumn>(); }};

}  // namespace changelog::operations
