// createPolicy: a condition for the rows that roles see or write; it holds once row level security is enabled
// on the table. ACCESS EXCLUSIVE on the table for a moment. Undone by dropping it.
#include "core/text.hpp"
#include "operations/lookup.hpp"
#include "operations/privilege.hpp"
#include "operations/user_type.hpp"
#include "operations/where.hpp"

namespace changelog::operations {

extern const OperationType create_policy_type;

namespace {

struct CreatePolicy final : Operation {
    std::string schema, table, name, command = "ALL", using_rows, with_check;
    std::vector<std::string> roles;
    std::optional<std::string> remarks;
    bool permissive = true;

    const OperationType& type() const override { return create_policy_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("policyName", "Name of the policy.").own(), name);
        visitor.text(table_name().own(), table);
        visitor.text(optional("command", "The command that it is for.")
                         .own()
                         .one_of({"ALL", "SELECT", "INSERT", "UPDATE", "DELETE"}),
                     command);
        visitor.names(optional("roles", "Roles that it is for; everybody if not given.").own(), roles);
        visitor.text(optional("using", "Condition for rows that are there.").own().sql(), using_rows);
        visitor.text(optional("withCheck", "Condition for rows that are written.").own().sql(), with_check);
        visitor.flag(optional("permissive", "Enough by itself; false: must hold besides others.").own(),
                     permissive);
        visitor.text(optional("remarks", "Comment of the policy.").own(), remarks);
        visitor.text(schema_name().own(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const std::string& condition : {using_rows, with_check})
            if (!condition.empty()) require_expression(condition, context, out);
        out.create(naming.part_ref(ObjectKind::policy, schema, table, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<Statement> result = one(definition(naming));
        append_comment(
            result, fmt::format("POLICY {} ON {}", naming.name(name), naming.object(schema, table)), remarks);
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        return undo(fmt::format("DROP POLICY {} ON {}", naming.name(name), naming.object(schema, table)));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* known = catalog.table(naming.stored_object(schema, table));
        if (known == nullptr) return;
        catalog::Policy made;
        made.name = naming.stored(name);
        made.definition = definition(naming);
        if (remarks) made.comment = comment_of(*remarks);
        known->policies.push_back(std::move(made));
    }

  private:
    std::string definition(const Naming& naming) const {
        std::string text =
            fmt::format("CREATE POLICY {} ON {}", naming.name(name), naming.object(schema, table));
        if (!permissive) text += " AS RESTRICTIVE";
        if (upper(command) != "ALL") text += " FOR " + upper(command);
        std::vector<std::string> words;
        for (const std::string& each : roles) words.push_back(role(naming, each));
        if (!words.empty()) text += " TO " + join(words, ", ");
        if (!using_rows.empty()) text += fmt::format(" USING ({})", using_rows);
        if (!with_check.empty()) text += fmt::format(" WITH CHECK ({})", with_check);
        return text;
    }
};

}  // namespace

const OperationType create_policy_type = {
    "createPolicy", "Creates a row security policy.", "security",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreatePolicy>(); }};

}  // namespace changelog::operations
