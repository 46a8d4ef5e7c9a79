// renameTrigger: catalog only, under a short ACCESS EXCLUSIVE lock on the table. Undone exactly by the
// opposite rename. Triggers of one event fire in the order of their names, so a rename can change that order.
#include "operations/definition_text.hpp"
#include "operations/trigger.hpp"

namespace changelog::operations {

extern const OperationType rename_trigger_type;

namespace {

struct RenameTrigger final : Operation {
    TriggerFields fields;
    std::string to;

    const OperationType& type() const override { return rename_trigger_type; }

    void describe(FieldVisitor& visitor) override {
        fields.describe(visitor, "oldTriggerName");
        visitor.text(required("newTriggerName", "Name that it gets."), to);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        fields.touch(Access::drop, context, out);
        out.create(Naming(context).part_ref(ObjectKind::trigger, fields.schema, fields.table, to));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, fields.name, to));
    }

    Undo inverse(const RenderContext& context) const override {
        return undo(rename(context, to, fields.name));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        constexpr int kRenamesCopies = 150000;
        for (catalog::Trigger* known : fields.find_all(catalog, context)) {
            if (known->inherited && context.server_version < kRenamesCopies) continue;
            known->name = Naming(context).stored(to);
            known->definition = rename_after(known->definition, "TRIGGER", known->name);
        }
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        const Naming naming(context);
        return fmt::format("ALTER TRIGGER {} ON {} RENAME TO {}", naming.name(a), fields.table_sql(context),
                           naming.name(b));
    }
};

}  // namespace

const OperationType rename_trigger_type = {
    "renameTrigger", "Renames a trigger.", "trigger",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameTrigger>(); }};

}  // namespace changelog::operations
