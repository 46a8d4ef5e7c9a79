// createTrigger: the author's text, with the schema put in front of the table's name. SHARE ROW EXCLUSIVE on
// the table for a moment: writers wait. Undone by dropping it or, with OR REPLACE, by putting back the one
// that the changelog knows.
#include "operations/definition_text.hpp"
#include "operations/lookup.hpp"
#include "operations/partition_tree.hpp"
#include "operations/text_file.hpp"
#include "operations/trigger.hpp"
#include "sql/parse.hpp"

namespace changelog::operations {

extern const OperationType create_trigger_type;

namespace {

struct CreateTrigger final : Operation {
    TriggerFields fields;
    std::string text, database;
    bool replace = false;
    TextFile file;

    const OperationType& type() const override { return create_trigger_type; }

    void describe(FieldVisitor& visitor) override {
        fields.describe(visitor);
        visitor.text(optional("triggerBody", "The whole CREATE statement.").also("procedureText").sql(),
                     text);
        visitor.flag(optional("replaceIfExists", "Write CREATE OR REPLACE, whatever the text says."),
                     replace);
        visitor.text(optional("dbms", "Comma list of databases that it is for; all if not given."), database);
        file.describe(visitor);
    }

    void attach(FileLoader& loader) override { file.attach(loader, text); }

    void check(Diagnostics& diagnostics) const override { file.check(diagnostics, at, "triggerBody", text); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        sql::footprint_of(written(context), context.default_schema, out);
        fields.touch(Access::create, context, out);
        out.touches.back().tentative = is_replacing(written(context));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(written(context));
    }

    Undo inverse(const RenderContext& context) const override {
        const auto* earlier = fields.find(context);
        const bool replaces = is_replacing(written(context));
        if (earlier != nullptr && replaces) return undo(back_to(*earlier, context));
        if (replaces && !fields.knows_table(context) && !context.complete)
            return Undo::unless_observed(may_be_there(fields.ref(context)));
        return undo(
            fmt::format("DROP TRIGGER {} ON {}", fields.name_sql(context), fields.table_sql(context)));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* triggers = fields.all(catalog, context);
        if (triggers == nullptr) return;
        catalog::Trigger made;
        made.name = naming.stored(fields.name);
        made.definition = written(context);
        if (auto* earlier = find_named(*triggers, made.name)) {
            made.comment = earlier->comment;  // replaced in place, and enabled
            *earlier = made;
        } else {
            triggers->push_back(made);
        }
        if (const auto* table = catalog.table(naming.stored_object(fields.schema, fields.table)))
            hand_down_trigger(catalog, *table, made);
    }

    std::string_view dbms() const override { return database; }

  private:
    std::vector<Statement> back_to(const catalog::Trigger& earlier, const RenderContext& context) const {
        std::vector<Statement> out = one(as_replacing(earlier.definition));
        if (earlier.enabled != "O")
            out.push_back(statement(alter_trigger(fields.table_sql(context), trigger_state(earlier.enabled),
                                                  fields.name_sql(context))));
        return out;
    }

    std::string written(const RenderContext& context) const {
        const std::string whole = replace ? as_replacing(without_semicolon(text)) : without_semicolon(text);
        if (fields.schema.empty() && !context.qualify) return whole;
        return qualify_after(whole, "ON", Naming(context).schema(fields.schema));
    }
};

}  // namespace

const OperationType create_trigger_type = {
    "createTrigger", "Creates or replaces a trigger.", "trigger",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateTrigger>(); }};

}  // namespace changelog::operations
