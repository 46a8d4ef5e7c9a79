// createView: catalog only; replacing one takes ACCESS EXCLUSIVE on it for a moment. Undone by dropping the
// view or, where it took the place of one that the changelog made, by putting that one back with its comment
// and grants. PostgreSQL cannot take columns from a view in place, so then the views that read it are dropped
// and made again too.
#include "catalog/ddl.hpp"
#include "operations/definition_text.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_ddl.hpp"
#include "operations/text_file.hpp"
#include "operations/view.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"
#include "sql/parse.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

extern const OperationType create_view_type;

namespace {

struct CreateView final : Operation {
    std::string schema, view, query, ignored_catalog;
    std::optional<std::string> remarks;
    bool replace = false, full = false;
    TextFile file;

    const OperationType& type() const override { return create_view_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("viewName", "Name of the view."), view);
        visitor.text(
            optional("selectQuery", "The query, or the whole CREATE statement with fullDefinition.").sql(),
            query);
        visitor.flag(optional("replaceIfExists", "Write CREATE OR REPLACE."), replace);
        visitor.flag(optional("fullDefinition", "The text is the whole CREATE statement."), full);
        visitor.text(optional("remarks", "Comment of the view."), remarks);
        visitor.text(schema_name(), schema);
        file.describe(visitor);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void attach(FileLoader& loader) override { file.attach(loader, query); }

    void check(Diagnostics& diagnostics) const override { file.check(diagnostics, at, "selectQuery", query); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        if (full) {
            sql::footprint_of(query, context.default_schema, out);
            return;
        }
        touch_view(name(context), query, replace, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<Statement> result;
        if (full) {
            result.push_back(statement(without_semicolon(query)));
        } else {
            result.push_back(statement(fmt::format("CREATE {}VIEW {} AS {}", replace ? "OR REPLACE " : "",
                                                   naming.object(schema, view), without_semicolon(query))));
        }
        if (remarks)
            result.push_back(statement(fmt::format("COMMENT ON VIEW {} IS {}", naming.object(schema, view),
                                                   sql::literal(*remarks))));
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        const auto* earlier = find_in(context.before->views, name(context));
        if (earlier != nullptr) return undo(back_to(*earlier, context));
        const std::string written = Naming(context).object(schema, view);
        const bool materialized = full && makes_materialized(query);
        const bool replaces = replace || (full && is_replacing(query));
        if (replaces && !context.complete && !context.before->uncertain.empty())
            return Undo::unless_observed(may_be_there({ObjectKind::table, name(context), {}}));
        return undo(fmt::format("DROP {}VIEW {}", materialized ? "MATERIALIZED " : "", written));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName stored = name(context);
        if (full) {
            follow_sql(query, context.default_schema, catalog, context.server_version);
        } else {
            catalog::View& made = catalog.views[stored];  // grants and a comment outlive CREATE OR REPLACE
            made.name = stored;
            made.query = without_semicolon(query);
            made.definition.clear();
            made.columns.clear();
            made.options.clear();
            made.depends = sql::relations_of_query(query, context.default_schema);
        }
        auto* made = find_in(catalog.views, stored);
        if (remarks && made != nullptr) made->comment = comment_of(*remarks);
    }

  private:
    ObjectName name(const RenderContext& context) const {
        return Naming(context).stored_object(schema, view);
    }

    std::vector<Statement> back_to(const catalog::View& earlier, const RenderContext& context) const {
        std::vector<Statement> result = restore_view(*context.before, earlier, query);
        if (remarks && comment_of(*remarks) != earlier.comment)
            result.push_back(
                statement(catalog::comment_on("VIEW " + sql::qualified(earlier.name), earlier.comment)));
        return result;
    }

    static bool makes_materialized(const std::string& text) {
        return sql::token_stream(text).starts_with("create materialized view");
    }
};

}  // namespace

const OperationType create_view_type = {
    "createView", "Creates or replaces a view.", "view",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateView>(); }};

}  // namespace changelog::operations
