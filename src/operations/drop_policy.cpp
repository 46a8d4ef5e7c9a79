// dropPolicy: ACCESS EXCLUSIVE on the table for a moment. Rows that only this policy let through are hidden
// from then on. Undone by making it again.
#include "operations/lookup.hpp"
#include "operations/trigger.hpp"

namespace changelog::operations {

extern const OperationType drop_policy_type;

namespace {

struct DropPolicy final : Operation {
    std::string schema, table, name;
    bool if_exists = false;

    const OperationType& type() const override { return drop_policy_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("policyName", "Name of the policy.").own(), name);
        visitor.text(table_name().own(), table);
        visitor.flag(optional("ifExists", "No error if there is no such policy.").own(), if_exists);
        visitor.text(schema_name().own(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        out.touches.push_back(
            {Access::drop, naming.part_ref(ObjectKind::policy, schema, table, name), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP POLICY {}{}", if_exists ? "IF EXISTS " : "", written(context)));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const auto* known_table = find_table(context, schema, table);
        const auto* known =
            known_table == nullptr ? nullptr : find_named(known_table->policies, naming.stored(name));
        if (known == nullptr)
            return not_known(context, naming.part_ref(ObjectKind::policy, schema, table, name));
        return undo(create_policy_statements(naming.object(schema, table), *known));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* known = catalog.table(naming.stored_object(schema, table));
        if (known == nullptr) return;
        std::erase_if(known->policies, [gone = naming.stored(name)](const catalog::Policy& policy) {
            return policy.name == gone;
        });
    }

  private:
    std::string written(const RenderContext& context) const {
        const Naming naming(context);
        return fmt::format("{} ON {}", naming.name(name), naming.object(schema, table));
    }
};

}  // namespace

const OperationType drop_policy_type = {
    "dropPolicy", "Drops a row security policy.", "security",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropPolicy>(); }};

}  // namespace changelog::operations
