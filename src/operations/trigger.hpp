// What the trigger operations share: the trigger and table that they name.
#pragma once

#include "operations/common.hpp"

#include <string>

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

    /// The trigger in the catalog, or null if it does not know it.
    const catalog::Trigger* find(const RenderContext& context) const;
    catalog::Trigger* find(catalog::Catalog& catalog, const RenderContext& context) const;
};

/// "ENABLE", "DISABLE", "ENABLE REPLICA" or "ENABLE ALWAYS", for pg_trigger.tgenabled.
std::string_view trigger_state(const std::string& enabled);

/// "ALTER TABLE t  ENABLE TRIGGER g"
std::string alter_trigger(const std::string& table, std::string_view state, const std::string& trigger);

}  // namespace changelog::operations
