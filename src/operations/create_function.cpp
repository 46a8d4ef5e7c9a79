// createFunction: the author's text, sent as one batch, with the schema put in front of the function's name;
// catalog only. Undone by dropping it or, where it replaced one that the changelog made, by putting that one
// back.
#include "operations/definition_text.hpp"
#include "operations/raw_sql.hpp"
#include "operations/routine.hpp"
#include "operations/text_file.hpp"

namespace changelog::operations {

extern const OperationType create_function_type;

namespace {

struct CreateFunction final : Operation {
    std::string text, name, schema, database, ignored_catalog;
    bool replace = false;
    TextFile file;

    const OperationType& type() const override { return create_function_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("functionName", "Name of the function."), name);
        visitor.text(optional("functionBody", "The whole CREATE statement.").also("procedureText").sql(),
                     text);
        visitor.flag(optional("replaceIfExists", "Write CREATE OR REPLACE, whatever the text says."),
                     replace);
        visitor.text(schema_name(), schema);
        visitor.text(optional("dbms", "Comma list of databases that it is for; all if not given."), database);
        file.describe(visitor);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void attach(FileLoader& loader) override { file.attach(loader, text); }

    void check(Diagnostics& diagnostics) const override { file.check(diagnostics, at, "functionBody", text); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_routine(written(context), context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return {raw_statement(written(context))};
    }

    Undo inverse(const RenderContext& context) const override {
        return undo_routine(written(context), context);
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        apply_routine(written(context), context, catalog);
    }

    std::string_view dbms() const override { return database; }

  private:
    std::string written(const RenderContext& context) const {
        const std::string whole = replace ? as_replacing(without_semicolon(text)) : without_semicolon(text);
        if (schema.empty() && !context.qualify) return whole;
        return qualify_after(whole, "FUNCTION", Naming(context).schema(schema));
    }
};

}  // namespace

const OperationType create_function_type = {
    "createFunction", "Creates or replaces a function.", "routine",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateFunction>(); }};

}  // namespace changelog::operations
