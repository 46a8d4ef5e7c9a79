// renameTable, renameView: ALTER TABLE ... RENAME TO. Catalog only, under a short ACCESS EXCLUSIVE lock.
// Foreign keys, views and owned sequences follow; names of constraints, indexes and sequences stay, and
// bodies of functions do not follow. Undone exactly by the opposite rename.
#include "operations/common.hpp"

namespace changelog::operations {

extern const OperationType rename_table_type;
extern const OperationType rename_view_type;

namespace {

/// What the two say differently.
struct Wording {
    const OperationType* type;
    std::string_view from_key, from_meaning, to_key;
};

constexpr Wording kTable = {&rename_table_type, "oldTableName", "Name of the table now.", "newTableName"};
constexpr Wording kView = {&rename_view_type, "oldViewName", "Name of the view now.", "newViewName"};

struct RenameRelation final : Operation {
    const Wording& wording;
    std::string schema, from, to;

    explicit RenameRelation(const Wording& words) : wording(words) {}

    const OperationType& type() const override { return *wording.type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required(wording.from_key, wording.from_meaning), from);
        visitor.text(required(wording.to_key, "Name that it gets."), to);
        visitor.text(schema_name(), schema);
        ignore_catalog_name(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.drop(naming.table_ref(schema, from));
        out.create(naming.table_ref(schema, to));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, from, to));
    }

    Undo inverse(const RenderContext& context) const override { return undo(rename(context, to, from)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog.rename_table(naming.stored_object(schema, from), naming.stored(to));
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        const Naming naming(context);
        return fmt::format("ALTER TABLE {} RENAME TO {}", naming.object(schema, a), naming.name(b));
    }
};

}  // namespace

const OperationType rename_table_type = {
    "renameTable", "Renames a table.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameRelation>(kTable); }};

const OperationType rename_view_type = {
    "renameView", "Renames a view.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameRelation>(kView); }};

}  // namespace changelog::operations
