// renameColumn: ALTER TABLE ... RENAME COLUMN. Catalog only, under a short ACCESS EXCLUSIVE lock (manual,
// ALTER TABLE). Views, constraints and indexes follow; bodies of functions do not. Undone exactly by the
// opposite rename.
#include "operations/common.hpp"

namespace changelog::operations {

extern const OperationType rename_column_type;

namespace {

struct RenameColumn final : Operation {
    std::string schema, table, from, to;

    const OperationType& type() const override { return rename_column_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("oldColumnName", "Name of the column now."), from);
        visitor.text(required("newColumnName", "Name that it gets."), to);
        visitor.text(schema_name(), schema);
        ignore(visitor, "columnDataType", "Read and ignored: PostgreSQL knows the column's type.");
        ignore(visitor, "remarks", "Remark for the reader; Liquibase does not store it on PostgreSQL.");
        ignore_catalog_name(visitor);
        visitor.misplaced("columnData", "A renamed column keeps its type; Liquibase never read this key.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        out.drop(naming.column_ref(schema, table, from));
        out.create(naming.column_ref(schema, table, to));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, from, to));
    }

    Undo inverse(const RenderContext& context) const override { return undo(rename(context, to, from)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog.rename_column(naming.stored_object(schema, table), naming.stored(from), naming.stored(to));
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        const Naming naming(context);
        return fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", naming.object(schema, table),
                           naming.name(a), naming.name(b));
    }
};

}  // namespace

const OperationType rename_column_type = {
    "renameColumn", "Renames a column.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameColumn>(); }};

}  // namespace changelog::operations
