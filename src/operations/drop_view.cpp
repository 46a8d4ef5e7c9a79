// dropView, dropMaterializedView: ACCESS EXCLUSIVE on it for a moment; PostgreSQL refuses while another view
// reads it, and a materialized view's rows go with it. Undone by making it again as the changelog made it,
// with its indexes, comment and grants.
#include "catalog/ddl.hpp"
#include "operations/lookup.hpp"
#include "operations/view.hpp"

namespace changelog::operations {

extern const OperationType drop_materialized_view_type;
extern const OperationType drop_view_type;

namespace {

struct DropView final : Operation {
    std::string schema, view;
    bool materialized = false;  ///< which Liquibase does not know
    bool if_exists = false;

    explicit DropView(bool is_materialized) : materialized(is_materialized) {}

    const OperationType& type() const override {
        return materialized ? drop_materialized_view_type : drop_view_type;
    }

    void describe(FieldVisitor& visitor) override {
        const auto field = [&](Field given) { return materialized ? Field(std::move(given).own()) : given; };
        visitor.text(field(required("viewName",
                                    materialized ? "Name of the materialized view." : "Name of the view.")),
                     view);
        visitor.text(field(schema_name()), schema);
        visitor.flag(field(optional("ifExists", "No error if there is no such view.")), if_exists);
        if (!materialized) ignore_catalog_name(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, Naming(context).table_ref(schema, view), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP {}VIEW {}{}", materialized ? "MATERIALIZED " : "",
                               if_exists ? "IF EXISTS " : "", Naming(context).object(schema, view)));
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
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropView>(true); }};

const OperationType drop_view_type = {
    "dropView", "Drops a view.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropView>(false); }};

}  // namespace changelog::operations
