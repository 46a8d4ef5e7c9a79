// dropTrigger: ACCESS EXCLUSIVE on the table for a moment. Undone by making the trigger again, in the state
// that it had.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
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
        if (known == nullptr) return not_known(context, fields.ref(context));
        std::vector<Statement> back = create_trigger_statements(fields.table_sql(context), *known);
        const ObjectName on = Naming(context).stored_object(fields.schema, fields.table);
        for (const ObjectName& child : catalog::descendants(*context.before, on)) {
            const auto* copy = find_named(context.before->table(child)->triggers, known->name);
            if (copy == nullptr || !copy->inherited || copy->enabled == known->enabled) continue;
            back.push_back(statement(alter_trigger(Naming(context).sql(child), trigger_state(copy->enabled),
                                                   fields.name_sql(context))));
        }
        return undo(std::move(back));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const auto is_gone = [gone = naming.stored(fields.name)](const catalog::Trigger& trigger) {
            return trigger.name == gone;
        };
        auto* own = fields.all(catalog, context);
        if (own == nullptr) return;
        std::erase_if(*own, is_gone);
        for (const ObjectName& child :
             catalog::descendants(catalog, naming.stored_object(fields.schema, fields.table)))
            std::erase_if(catalog.table(child)->triggers, [&](const catalog::Trigger& trigger) {
                return trigger.inherited && is_gone(trigger);
            });
    }
};

}  // namespace

const OperationType drop_trigger_type = {
    "dropTrigger", "Drops a trigger.", "trigger",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropTrigger>(); }};

}  // namespace changelog::operations
