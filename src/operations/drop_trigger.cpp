// dropTrigger: ACCESS EXCLUSIVE on the table for a moment. Undone by making the trigger again, in the state
// that it had.
#include "catalog/ddl.hpp"
#include "operations/lookup.hpp"
#include "operations/trigger.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType drop_trigger_type;

namespace {

struct DropTrigger final : Operation {
    TriggerFields fields;

    const OperationType& type() const override { return drop_trigger_type; }

    void describe(FieldVisitor& visitor) override { fields.describe(visitor); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        fields.touch(Access::drop, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP TRIGGER {} ON {}", fields.name_sql(context), fields.table_sql(context)));
    }

    Undo inverse(const RenderContext& context) const override {
        const auto* known = fields.find(context);
        if (known == nullptr) return Undo::because(unknown_definition(fields.ref(context)));
        std::vector<Statement> back = one(known->definition);
        if (known->enabled != "O")
            back.push_back(statement(alter_trigger(fields.table_sql(context), trigger_state(known->enabled),
                                                   fields.name_sql(context))));
        if (known->comment)
            back.push_back(statement(catalog::comment_on(
                fmt::format("TRIGGER {} ON {}", fields.name_sql(context), fields.table_sql(context)),
                known->comment)));
        return undo(std::move(back));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* table = catalog.table(naming.stored_object(fields.schema, fields.table));
        if (table == nullptr) return;
        std::erase_if(table->triggers, [gone = naming.stored(fields.name)](const catalog::Trigger& trigger) {
            return trigger.name == gone;
        });
    }
};

}  // namespace

const OperationType drop_trigger_type = {
    "dropTrigger", "Drops a trigger.", "trigger",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropTrigger>(); }};

}  // namespace changelog::operations
