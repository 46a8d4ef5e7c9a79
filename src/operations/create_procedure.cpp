// createProcedure: the author's text, sent as one batch and never split; catalog only. Undone by dropping
// what it made or, with OR REPLACE, by putting back the definition that the changelog knows.
#include "changelog/codes.hpp"

#include "operations/definition_text.hpp"
#include "operations/raw_sql.hpp"
#include "operations/routine.hpp"
#include "operations/text_file.hpp"

namespace changelog::operations {

extern const OperationType create_procedure_type;

namespace {

struct CreateProcedure final : Operation {
    std::string text, name, schema, database, comments, ignored_catalog;
    bool replace = false;
    TextFile file;

    const OperationType& type() const override { return create_procedure_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(
            optional("procedureText", "The whole CREATE statement.").short_form().also("procedureBody").sql(),
            text);
        visitor.text(optional("procedureName", "Name of the procedure, for the reader.").cosmetic(), name);
        visitor.text(schema_name(), schema);
        visitor.text(optional("dbms", "Comma list of databases that it is for; all if not given."), database);
        visitor.flag(optional("replaceIfExists", "Not for PostgreSQL: write CREATE OR REPLACE in the text."),
                     replace);
        visitor.text(optional("comments", "Remark for the reader.").cosmetic(), comments);
        file.describe(visitor);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void attach(FileLoader& loader) override { file.attach(loader, text); }

    void check(Diagnostics& diagnostics) const override {
        file.check(diagnostics, at, "procedureText", text);
        if (replace)
            diagnostics.error(codes::unsupported_change, at, "'replaceIfExists' does not work on PostgreSQL")
                .next.emplace_back("write CREATE OR REPLACE in the text");
    }

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
        const std::string whole = without_semicolon(text);
        return schema.empty() ? whole : qualify_after(whole, "PROCEDURE", Naming(context).schema(schema));
    }
};

}  // namespace

const OperationType create_procedure_type = {
    "createProcedure", "Runs a CREATE PROCEDURE or FUNCTION statement.", "routine",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateProcedure>(); }};

}  // namespace changelog::operations
