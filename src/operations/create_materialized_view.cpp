// createMaterializedView: runs the query and keeps its rows, so it takes as long as the query does; ACCESS
// SHARE on what it reads. Undone by dropping it: its rows are derived, so nothing is lost.
#include "operations/lookup.hpp"
#include "operations/text_file.hpp"
#include "operations/view.hpp"
#include "sql/literal.hpp"
#include "sql/parse.hpp"

namespace changelog::operations {

extern const OperationType create_materialized_view_type;

namespace {

struct CreateMaterializedView final : Operation {
    std::string schema, view, query, tablespace;
    std::optional<std::string> remarks;
    bool if_not_exists = false, with_data = true;
    TextFile file;

    const OperationType& type() const override { return create_materialized_view_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("viewName", "Name of the materialized view.").own(), view);
        visitor.text(optional("selectQuery", "The query.").own().sql(), query);
        visitor.flag(optional("ifNotExists", "No error if there is one of that name.").own(), if_not_exists);
        visitor.flag(
            optional("withData", "Run the query at once; otherwise the view is empty until refreshed.").own(),
            with_data);
        visitor.text(optional("tablespace", "Tablespace of the rows.").own(), tablespace);
        visitor.text(optional("remarks", "Comment of the materialized view.").own(), remarks);
        visitor.text(schema_name().own(), schema);
        file.describe(visitor);
    }

    void attach(FileLoader& loader) override { file.attach(loader, query); }

    void check(Diagnostics& diagnostics) const override { file.check(diagnostics, at, "selectQuery", query); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_view(Naming(context).stored_object(schema, view), query, if_not_exists, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string name = naming.object(schema, view);
        std::vector<Statement> result =
            one(fmt::format("CREATE MATERIALIZED VIEW {}{}{} AS {}{}", if_not_exists ? "IF NOT EXISTS " : "",
                            name, tablespace.empty() ? "" : " TABLESPACE " + naming.name(tablespace),
                            without_semicolon(query), with_data ? "" : " WITH NO DATA"));
        if (remarks)
            result.push_back(statement(
                fmt::format("COMMENT ON MATERIALIZED VIEW {} IS {}", name, sql::literal(*remarks))));
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, view);
        if (if_not_exists && context.before->views.contains(name)) return {};
        if (if_not_exists && !context.complete)
            return Undo::unless_observed(may_be_there({ObjectKind::table, name, {}}));
        return undo(fmt::format("DROP MATERIALIZED VIEW {}", naming.object(schema, view)));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog::View made;
        made.name = Naming(context).stored_object(schema, view);
        made.materialized = true;
        made.populated = with_data;
        if (!tablespace.empty()) made.tablespace = Naming(context).stored(tablespace);
        made.query = without_semicolon(query);
        made.depends = sql::relations_of_query(query, context.default_schema);
        if (remarks) made.comment = comment_of(*remarks);
        const ObjectName name = made.name;
        catalog.views.emplace(name, std::move(made));
    }
};

}  // namespace

const OperationType create_materialized_view_type = {
    "createMaterializedView", "Creates a materialized view.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateMaterializedView>(); }};

}  // namespace changelog::operations
