// dropColumn: ALTER TABLE ... DROP COLUMN, under a short ACCESS EXCLUSIVE lock; the values stay in the pages
// until the rows are rewritten, but nothing can read them. Constraints, indexes and owned sequences of the
// column go with it. Undone by adding the column at the end with all that went; the values are lost, unless
// `retain` has the column only renamed and emptied of everything but its values.
#include "changelog/codes.hpp"

#include "operations/attic.hpp"
#include "operations/column.hpp"
#include "operations/restore_column.hpp"

namespace changelog::operations {

extern const OperationType drop_column_type;

namespace {

struct DropColumn final : Operation {
    std::string schema, table, column;
    std::vector<ColumnConfig> columns;
    RetainKey retain;

    const OperationType& type() const override { return drop_column_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(optional("columnName", "Name of the column."), column);
        visitor.list(optional("columns", "Several columns; then columnName has no effect."),
                     ColumnList(columns, ColumnUse::name_only));
        visitor.text(schema_name(), schema);
        retain.describe(visitor);
        ignore_catalog_name(visitor);
        constexpr std::string_view kNoCascade =
            "dropColumn never cascades: what depends on the column (views, foreign keys of other tables) has "
            "to be dropped before.";
        visitor.misplaced("cascadeConstraints", kNoCascade);
        visitor.misplaced("cascade", kNoCascade);
    }

    void check(Diagnostics& diagnostics) const override {
        retain.check(diagnostics, at);
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
        const std::string shown = naming.object(schema, table);
        const auto retention = retain.in(context);
        std::vector<Statement> out;
        for (const std::string& name : names()) {
            if (retention && has_values(context, naming.stored(name))) {
                if (out.empty()) out.push_back(prepare_attic(context.attic));
                out.push_back(keep_column(kept(context, name, *retention), shown, naming.stored(name)));
            } else {
                out.push_back(
                    statement(fmt::format("ALTER TABLE {} DROP COLUMN {}", shown, naming.name(name))));
            }
        }
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const catalog::Table* before = find_table(context, schema, table);
        const auto retention = retain.in(context);
        std::vector<std::string> dropped;
        Undo out;
        for (const std::string& name : names()) {
            const std::string stored = naming.stored(name);
            const bool known = before != nullptr && before->column(stored) != nullptr;
            // Of an unknown column nobody knows whether it is a generated one, which is not kept.
            if (!known)
                return Undo::unless_observed(
                    unknown_definition({ObjectKind::column, naming.stored_object(schema, table), stored}));
            if (!retention || !has_values(context, stored)) dropped.push_back(stored);
        }
        const std::vector<std::string> all = names();
        if (retention)  // the last that went is the first to come back
            for (auto name = all.rbegin(); name != all.rend(); ++name)
                if (has_values(context, naming.stored(*name)))
                    out.statements.push_back(bring_back(kept(context, *name, *retention)));
        if (!dropped.empty()) restore_columns(context, *before, dropped, out);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, table);
        const auto retention = retain.in(context);
        for (const std::string& written : names()) {
            const std::string stored = naming.stored(written);
            const catalog::Table* found = catalog.table(name);
            const catalog::Column* dropped = found == nullptr ? nullptr : found->column(stored);
            if (retention && dropped != nullptr && dropped->generated == catalog::Generated::no)
                hide_column(catalog, name, stored, kept(context, written, *retention));
            else
                catalog.drop_column(name, stored);
        }
    }

  private:
    /// Not so where they are computed.
    bool has_values(const RenderContext& context, const std::string& stored) const {
        const catalog::Table* before = find_table(context, schema, table);
        const catalog::Column* found = before == nullptr ? nullptr : before->column(stored);
        return found == nullptr || found->generated == catalog::Generated::no;
    }

    Kept kept(const RenderContext& context, const std::string& name, const Retention& retention) const {
        const Naming naming(context);
        return Kept::of(context, "column", naming.stored_object(schema, table), naming.stored(name),
                        retention);
    }

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
