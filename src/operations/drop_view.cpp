// dropView: ACCESS EXCLUSIVE on the view for a moment; PostgreSQL refuses while another view reads it. Undone
// by making the view again as the changelog made it, with its comment and grants.
#include "catalog/ddl.hpp"
#include "operations/lookup.hpp"
#include "operations/view.hpp"

namespace changelog::operations {

extern const OperationType drop_view_type;

namespace {

struct DropView final : Operation {
    std::string schema, view, ignored_catalog;
    bool if_exists = false;

    const OperationType& type() const override { return drop_view_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("viewName", "Name of the view."), view);
        visitor.text(schema_name(), schema);
        visitor.flag(optional("ifExists", "No error if there is no such view."), if_exists);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, Naming(context).table_ref(schema, view), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP VIEW {}{}", if_exists ? "IF EXISTS " : "",
                               Naming(context).object(schema, view)));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const auto* known = find_in(context.before->views, naming.stored_object(schema, view));
        if (known == nullptr) return not_known(context, naming.table_ref(schema, view));
        return undo(catalog::create_view_statements(*known));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog.drop_view(Naming(context).stored_object(schema, view));
    }
};

}  // namespace

const OperationType drop_view_type = {
    "dropView", "Drops a view.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropView>(); }};

}  // namespace changelog::operations
