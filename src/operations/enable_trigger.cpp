// enableTrigger and disableTrigger: SHARE ROW EXCLUSIVE on the table for a moment: writers wait. Undone by
// putting back the state that the trigger had.
#include "catalog/dependents.hpp"
#include "operations/lookup.hpp"
#include "operations/trigger.hpp"

namespace changelog::operations {

extern const OperationType enable_trigger_type;
extern const OperationType disable_trigger_type;

namespace {

struct SwitchTrigger : Operation {
    TriggerFields fields;

    virtual std::string state() const = 0;  ///< as pg_trigger.tgenabled

    void describe(FieldVisitor& visitor) override { fields.describe(visitor); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        fields.touch(Access::alter, context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(set_to(context, state()));
    }

    Undo inverse(const RenderContext& context) const override {
        const auto* known = fields.find(context);
        if (known == nullptr) return not_known(context, fields.ref(context));
        Undo out;
        if (known->enabled != state()) out = undo(set_to(context, known->enabled));
        const Naming naming(context);
        const ObjectName on = naming.stored_object(fields.schema, fields.table);
        for (const ObjectName& child : catalog::descendants(*context.before, on)) {
            const auto* copy = find_named(context.before->table(child)->triggers, known->name);
            if (copy == nullptr || !copy->inherited || copy->enabled == known->enabled) continue;
            out.statements.push_back(statement(
                alter_trigger(naming.sql(child), trigger_state(copy->enabled), fields.name_sql(context))));
        }
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        for (catalog::Trigger* known : fields.find_all(catalog, context)) known->enabled = state();
    }

  private:
    std::string set_to(const RenderContext& context, const std::string& enabled) const {
        return alter_trigger(fields.table_sql(context), trigger_state(enabled), fields.name_sql(context));
    }
};

struct EnableTrigger final : SwitchTrigger {
    const OperationType& type() const override { return enable_trigger_type; }
    std::string state() const override { return "O"; }
};

struct DisableTrigger final : SwitchTrigger {
    const OperationType& type() const override { return disable_trigger_type; }
    std::string state() const override { return "D"; }
};

}  // namespace

const OperationType enable_trigger_type = {
    "enableTrigger", "Enables a trigger.", "trigger",
    []() -> std::unique_ptr<Operation> { return std::make_unique<EnableTrigger>(); }};

const OperationType disable_trigger_type = {
    "disableTrigger", "Disables a trigger.", "trigger",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DisableTrigger>(); }};

}  // namespace changelog::operations
