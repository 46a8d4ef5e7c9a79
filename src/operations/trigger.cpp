#include "operations/trigger.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

void TriggerFields::describe(FieldVisitor& visitor, std::string_view name_key) {
    visitor.text(required(name_key, "Name of the trigger."), name);
    visitor.text(table_name(), table);
    visitor.text(schema_name(), schema);
    visitor.text(optional("scope", "Read and ignored: on PostgreSQL every trigger is on a table.")
                     .ignored()
                     .cosmetic(),
                 scope);
    visitor.text(catalog_name(), ignored_catalog);
}

void TriggerFields::touch(Access access, const RenderContext& context, Footprint& out) const {
    out.require(Naming(context).table_ref(schema, table));
    out.touches.push_back({access, ref(context), false});
}

namespace {

template <typename Catalog>
auto triggers_on(Catalog& catalog, const ObjectName& on)
    -> decltype(&catalog.tables.begin()->second.triggers) {
    if (auto* table = find_in(catalog.tables, on)) return &table->triggers;
    if (auto* view = find_in(catalog.views, on)) return &view->triggers;
    return nullptr;
}

}  // namespace

const catalog::Trigger* TriggerFields::find(const RenderContext& context) const {
    const Naming naming(context);
    const auto* found = triggers_on(*context.before, naming.stored_object(schema, table));
    return found == nullptr ? nullptr : find_named(*found, naming.stored(name));
}

std::vector<catalog::Trigger>* TriggerFields::all(catalog::Catalog& catalog,
                                                  const RenderContext& context) const {
    return triggers_on(catalog, Naming(context).stored_object(schema, table));
}

bool TriggerFields::knows_table(const RenderContext& context) const {
    return triggers_on(*context.before, Naming(context).stored_object(schema, table)) != nullptr;
}

std::vector<catalog::Trigger*> TriggerFields::find_all(catalog::Catalog& catalog,
                                                       const RenderContext& context) const {
    const Naming naming(context);
    std::vector<catalog::Trigger*> out;
    const ObjectName on = naming.stored_object(schema, table);
    auto* own = triggers_on(catalog, on);
    if (own == nullptr) return out;
    if (auto* found = find_named(*own, naming.stored(name))) out.push_back(found);
    for (const ObjectName& child : catalog::descendants(catalog, on))
        if (auto* found = find_named(catalog.table(child)->triggers, naming.stored(name));
            found != nullptr && found->inherited)
            out.push_back(found);
    return out;
}

std::vector<Statement> create_trigger_statements(const std::string& table, const catalog::Trigger& trigger) {
    const std::string name = sql::identifier(trigger.name);
    std::vector<Statement> out = one(trigger.definition);
    if (trigger.enabled != "O")
        out.push_back(statement(alter_trigger(table, trigger_state(trigger.enabled), name)));
    if (trigger.comment)
        out.push_back(
            statement(catalog::comment_on(fmt::format("TRIGGER {} ON {}", name, table), trigger.comment)));
    return out;
}

std::vector<Statement> create_policy_statements(const std::string& table, const catalog::Policy& policy) {
    std::vector<Statement> out = one(policy.definition);
    if (policy.comment)
        out.push_back(statement(catalog::comment_on(
            fmt::format("POLICY {} ON {}", sql::identifier(policy.name), table), policy.comment)));
    return out;
}

std::string_view trigger_state(const std::string& enabled) {
    if (enabled == "D") return "DISABLE";
    if (enabled == "R") return "ENABLE REPLICA";
    return enabled == "A" ? "ENABLE ALWAYS" : "ENABLE";
}

std::string alter_trigger(const std::string& table, std::string_view state, const std::string& trigger) {
    return fmt::format("ALTER TABLE {}  {} TRIGGER {}", table, state, trigger);
}

}  // namespace changelog::operations
