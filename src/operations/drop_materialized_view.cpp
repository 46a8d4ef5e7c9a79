// dropMaterializedView: ACCESS EXCLUSIVE on it for a moment; the rows go with it. Undone by making it again,
// with its indexes, comment and grants, which runs its query.
#include "catalog/ddl.hpp"
#include "operations/lookup.hpp"
#include "operations/view.hpp"

namespace changelog::operations {

extern const OperationType drop_materialized_view_type;

namespace {

struct DropMaterializedView final : Operation {
    std::string schema, view;
    bool if_exists = false;

    const OperationType& type() const override { return drop_materialized_view_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("viewName", "Name of the materialized view.").own(), view);
        visitor.text(schema_name().own(), schema);
        visitor.flag(optional("ifExists", "No error if there is no such view.").own(), if_exists);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, Naming(context).table_ref(schema, view), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP MATERIALIZED VIEW {}{}", if_exists ? "IF EXISTS " : "",
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

const OperationType drop_materialized_view_type = {
    "dropMaterializedView", "Drops a materialized view.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropMaterializedView>(); }};

}  // namespace changelog::operations
