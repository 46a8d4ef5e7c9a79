#include "operations/trigger.hpp"

#include "operations/lookup.hpp"

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

const catalog::Trigger* TriggerFields::find(const RenderContext& context) const {
    const catalog::Table* found = find_table(context, schema, table);
    return found == nullptr ? nullptr : find_named(found->triggers, Naming(context).stored(name));
}

catalog::Trigger* TriggerFields::find(catalog::Catalog& catalog, const RenderContext& context) const {
    const Naming naming(context);
    catalog::Table* found = catalog.table(naming.stored_object(schema, table));
    return found == nullptr ? nullptr : find_named(found->triggers, naming.stored(name));
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
