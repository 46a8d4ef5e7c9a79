// refreshMaterializedView: runs the query again. ACCESS EXCLUSIVE on the view for as long as that takes, or
// EXCLUSIVE with `concurrently`, which lets readers go on and needs a unique index. The rows are derived:
// nothing to undo.
#include "changelog/codes.hpp"

#include "operations/common.hpp"
#include "operations/lookup.hpp"

namespace changelog::operations {

extern const OperationType refresh_materialized_view_type;

namespace {

struct RefreshMaterializedView final : Operation {
    std::string schema, view;
    bool concurrently = false, with_data = true;

    const OperationType& type() const override { return refresh_materialized_view_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("viewName", "Name of the materialized view.").own(), view);
        visitor.text(schema_name().own(), schema);
        visitor.flag(optional("concurrently", "Let readers go on; needs a unique index on the view.").own(),
                     concurrently);
        visitor.flag(optional("withData", "Fill it; otherwise it is emptied and cannot be read.").own(),
                     with_data);
    }

    void check(Diagnostics& diagnostics) const override {
        if (concurrently && !with_data)
            diagnostics.error(codes::conflicting_keys, at,
                              "'concurrently' and 'withData: false' exclude each other");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, view));
        out.alter(naming.ref(ObjectKind::rows, schema, view));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(refresh(context, concurrently ? "CONCURRENTLY " : "", with_data ? "" : " WITH NO DATA"));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const catalog::View* known = find_in(context.before->views, naming.stored_object(schema, view));
        if (known == nullptr && !with_data) return not_known(context, naming.table_ref(schema, view));
        const bool was_populated = known == nullptr || known->populated;
        if (was_populated == with_data) return {};
        return undo(refresh(context, "", was_populated ? "" : " WITH NO DATA"));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        auto* known = find_in(catalog.views, Naming(context).stored_object(schema, view));
        if (known != nullptr) known->populated = with_data;
    }

  private:
    std::string refresh(const RenderContext& context, std::string_view how, std::string_view data) const {
        return fmt::format("REFRESH MATERIALIZED VIEW {}{}{}", how, Naming(context).object(schema, view),
                           data);
    }
};

}  // namespace

const OperationType refresh_materialized_view_type = {
    "refreshMaterializedView", "Fills a materialized view anew.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RefreshMaterializedView>(); }};

}  // namespace changelog::operations
