// renameView: catalog only, under a short ACCESS EXCLUSIVE lock on the view. Views that read it follow;
// bodies of functions do not. Undone exactly by the opposite rename.
#include "operations/common.hpp"

namespace changelog::operations {

extern const OperationType rename_view_type;

namespace {

struct RenameView final : Operation {
    std::string schema, from, to, ignored_catalog;

    const OperationType& type() const override { return rename_view_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("oldViewName", "Name of the view now."), from);
        visitor.text(required("newViewName", "Name that it gets."), to);
        visitor.text(schema_name(), schema);
        visitor.text(catalog_name(), ignored_catalog);
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

const OperationType rename_view_type = {
    "renameView", "Renames a view.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameView>(); }};

}  // namespace changelog::operations
