// What the trigger operations share: the trigger and table that they name.
#pragma once

#include "operations/common.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

struct TriggerFields {
    std::string schema, table, name, scope, ignored_catalog;

    void describe(FieldVisitor& visitor, std::string_view name_key = "triggerName");

    std::string table_sql(const RenderContext& context) const {
        return Naming(context).object(schema, table);
    }
    std::string name_sql(const RenderContext& context) const { return Naming(context).name(name); }
    ObjectRef ref(const RenderContext& context) const {
        return Naming(context).part_ref(ObjectKind::trigger, schema, table, name);
    }
    void touch(Access access, const RenderContext& context, Footprint& out) const;

    /// The trigger in the schema before, or null if that does not know it.
    const catalog::Trigger* find(const RenderContext& context) const;
    bool knows_table(const RenderContext& context) const;
    /// The triggers of its table or view; null if the catalog does not know that.
    std::vector<catalog::Trigger>* all(catalog::Catalog& catalog, const RenderContext& context) const;
    /// The trigger, and its copies on partitions.
    std::vector<catalog::Trigger*> find_all(catalog::Catalog& catalog, const RenderContext& context) const;
};

/// Makes a trigger again: definition, state, comment. `table` is SQL.
std::vector<Statement> create_trigger_statements(const std::string& table, const catalog::Trigger& trigger);
/// As that, of a policy.
std::vector<Statement> create_policy_statements(const std::string& table, const catalog::Policy& policy);

/// "ENABLE", "DISABLE", "ENABLE REPLICA" or "ENABLE ALWAYS", for pg_trigger.tgenabled.
std::string_view trigger_state(const std::string& enabled);

/// "ALTER TABLE t  ENABLE TRIGGER g"
std::string alter_trigger(const std::string& table, std::string_view state, const std::string& trigger);

}  // namespace changelog::operations
