#include "operations/enum_rebuild.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "operations/trigger.hpp"
#include "operations/user_type.hpp"
#include "operations/view.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

using catalog::Catalog;
using catalog::ConstraintKind;

/// A column of the type, with what has to stand aside while its type changes: PostgreSQL refuses the change
/// or cannot redo it by itself.
struct Use {
    ObjectName table;
    catalog::Column column;
    ObjectName type;                               ///< the enumeration, or a domain over it
    std::vector<catalog::Constraint> constraints;  ///< CHECKs and foreign keys
    std::vector<catalog::Index> indexes;  ///< with a predicate or expression, which compare with the old type
    std::vector<catalog::Trigger> triggers;
    std::vector<catalog::Policy> policies;
};

/// The enumeration, and the domains over it.
std::vector<ObjectName> types_of(const Catalog& catalog, const ObjectName& type,
                                 const std::string& default_schema) {
    std::vector<ObjectName> out = {type};
    for (const auto& [name, other] : catalog.types)
        if (other.kind == catalog::TypeKind::domain && is_type(other.base_type, type, default_schema))
            out.push_back(name);
    return out;
}

bool has_expression(const catalog::Index& index) {
    return !index.predicate.empty() ||
           std::any_of(index.keys.begin(), index.keys.end(),
                       [](const catalog::IndexKey& key) { return key.expression; });
}

Use use_of(const catalog::Table& table, const catalog::Column& column, const ObjectName& type) {
    Use use{table.name, column, type, {}, {}, {}, {}};
    for (const catalog::Constraint& constraint : table.constraints) {
        const bool aside =
            constraint.kind == ConstraintKind::check || constraint.kind == ConstraintKind::foreign_key;
        if (aside && !constraint.inherited && catalog::uses_column(constraint, column.name))
            use.constraints.push_back(constraint);
    }
    for (const catalog::Index& index : table.indexes)
        if (has_expression(index) && catalog::uses_column(index, column.name)) use.indexes.push_back(index);
    for (const catalog::Trigger& trigger : table.triggers)
        if (!trigger.inherited && catalog::mentions(trigger.definition, column.name))
            use.triggers.push_back(trigger);
    for (const catalog::Policy& policy : table.policies)
        if (catalog::mentions(policy.definition, column.name)) use.policies.push_back(policy);
    return use;
}

std::vector<Use> uses_of(const Catalog& catalog, const std::vector<ObjectName>& types,
                         const std::string& default_schema) {
    std::vector<Use> uses;
    for (const auto& [name, table] : catalog.tables)
        for (const catalog::Column& column : table.columns)
            for (const ObjectName& type : types)
                if (!column.inherited && table.partition_of.name.empty() &&
                    is_type(column.type, type, default_schema))
                    uses.push_back(use_of(table, column, type));
    return uses;
}

/// What else is made of the type and would have to be made anew.
std::optional<std::string> other_user(const Catalog& catalog, const std::vector<ObjectName>& types,
                                      const std::string& default_schema) {
    const auto is_one = [&](const std::string& written) {
        return std::any_of(types.begin(), types.end(),
                           [&](const ObjectName& type) { return is_type(written, type, default_schema); });
    };
    for (const auto& [name, other] : catalog.types) {
        const bool known = std::find(types.begin(), types.end(), name) != types.end();
        if (!known && is_one(other.base_type)) return "domain " + sql::qualified(name);
        for (const catalog::TypeAttribute& attribute : other.attributes)
            if (is_one(attribute.type)) return "type " + sql::qualified(name);
    }
    for (const auto& [name, function] : catalog.functions)
        for (const ObjectName& type : types)
            if (catalog::mentions(function.definition, type.name)) return "function " + sql::qualified(name);
    return std::nullopt;
}

/// A column whose type PostgreSQL does not change at all.
std::optional<std::string> fixed_user(const Catalog& catalog, const std::vector<Use>& uses) {
    for (const Use& use : uses) {
        const catalog::Table& table = catalog.tables.at(use.table);
        if (catalog::mentions(
                table.partition_by.substr(std::min(table.partition_by.find('('), table.partition_by.size())),
                use.column.name))
            return "the partition key of " + sql::qualified(use.table);
        for (const catalog::Column& column : table.columns)
            if (column.generated != catalog::Generated::no && column.expression &&
                catalog::mentions(*column.expression, use.column.name))
                return fmt::format("the generated column {} of {}", column.name, sql::qualified(use.table));
    }
    return std::nullopt;
}

std::string alter_table(const ObjectName& table) { return "ALTER TABLE " + sql::qualified(table); }

/// One constraint once, though both of its columns may have the type.
template <typename Item>
bool is_first(const std::vector<Use>& uses, const Use& use, const Item& item,
              const std::vector<Item> Use::*list) {
    for (const Use& other : uses) {
        if (&other == &use) return true;
        if (other.table != use.table) continue;
        for (const Item& same : other.*list)
            if (same.name == item.name) return false;
    }
    return true;
}

void stand_aside(const std::vector<Use>& uses, std::vector<Statement>& out) {
    for (const Use& use : uses) {
        const std::string on = sql::qualified(use.table);
        for (const catalog::Trigger& trigger : use.triggers)
            if (is_first(uses, use, trigger, &Use::triggers))
                out.push_back(
                    statement(fmt::format("DROP TRIGGER {} ON {}", sql::identifier(trigger.name), on)));
        for (const catalog::Policy& policy : use.policies)
            if (is_first(uses, use, policy, &Use::policies))
                out.push_back(
                    statement(fmt::format("DROP POLICY {} ON {}", sql::identifier(policy.name), on)));
        for (const catalog::Constraint& constraint : use.constraints)
            if (is_first(uses, use, constraint, &Use::constraints))
                out.push_back(statement(fmt::format("{} DROP CONSTRAINT {}", alter_table(use.table),
                                                    sql::identifier(constraint.name))));
        for (const catalog::Index& index : use.indexes)
            if (is_first(uses, use, index, &Use::indexes))
                out.push_back(statement("DROP INDEX " + sql::qualified({use.table.schema, index.name})));
    }
}

void come_back(const std::vector<Use>& uses, bool foreign_keys, std::vector<Statement>& out) {
    for (const Use& use : uses)
        for (const catalog::Constraint& constraint : use.constraints)
            if ((constraint.kind == ConstraintKind::foreign_key) == foreign_keys &&
                is_first(uses, use, constraint, &Use::constraints))
                append(out, catalog::add_constraint(use.table, constraint));
    if (foreign_keys) return;
    for (const Use& use : uses) {
        for (const catalog::Index& index : use.indexes)
            if (is_first(uses, use, index, &Use::indexes))
                append(out, catalog::create_index_statements(use.table, index));
        for (const catalog::Trigger& trigger : use.triggers)
            if (is_first(uses, use, trigger, &Use::triggers))
                append(out, create_trigger_statements(sql::qualified(use.table), trigger));
        for (const catalog::Policy& policy : use.policies)
            if (is_first(uses, use, policy, &Use::policies))
                append(out, create_policy_statements(sql::qualified(use.table), policy));
    }
}

void change_type(const Use& use, std::vector<Statement>& out) {
    const std::string column = sql::identifier(use.column.name), type = sql::qualified(use.type);
    const std::string alter = fmt::format("{} ALTER COLUMN {}", alter_table(use.table), column);
    const bool with_default = use.column.expression && use.column.generated == catalog::Generated::no;
    const std::size_t bracket = use.column.type.find('[');
    const std::string array = bracket == std::string::npos ? "" : "[]";
    if (with_default) out.push_back(statement(alter + " DROP DEFAULT"));
    out.push_back(
        statement(fmt::format("{0} TYPE {1}{2} USING ({3}::text{2}::{1}{2})", alter, type, array, column)));
    if (with_default)
        out.push_back(statement(fmt::format("{} SET DEFAULT {}", alter, *use.column.expression)));
}

/// Views that read a table with such a column, in an order in which they can be made.
std::vector<ObjectName> readers(const Catalog& catalog, const std::vector<Use>& uses) {
    std::vector<ObjectName> views;
    for (const Use& use : uses)
        for (const ObjectName& view : catalog::views_on(catalog, use.table))
            if (std::find(views.begin(), views.end(), view) == views.end()) views.push_back(view);
    return views;
}

std::string kind_of(const catalog::Type& type) {
    return type.kind == catalog::TypeKind::domain ? "DOMAIN " : "TYPE ";
}

ObjectName aside_of(const ObjectName& type) {
    return {type.schema, sql::make_object_name(type.name, "", "before")};
}

}  // namespace

Undo rebuild_enum(const Catalog& after, const catalog::Type& before, const std::string& default_schema) {
    const std::vector<ObjectName> types = types_of(after, before.name, default_schema);
    const std::vector<Use> uses = uses_of(after, types, default_schema);
    auto user = other_user(after, types, default_schema);
    if (!user) user = fixed_user(after, uses);
    if (user)
        return Undo::because(one_line(
            fmt::format("PostgreSQL cannot take a value out of type {}, and {} keeps it from being made anew",
                        sql::qualified(before.name), *user)));
    const std::vector<ObjectName> views = readers(after, uses);
    std::vector<Statement> out;
    for (auto view = views.rbegin(); view != views.rend(); ++view)
        out.push_back(statement(drop_view(after.views.at(*view))));
    stand_aside(uses, out);
    const auto type_of = [&](const ObjectName& name) -> const catalog::Type& {
        return name == before.name ? before : after.types.at(name);
    };
    for (const ObjectName& name : types)
        out.push_back(statement(fmt::format("ALTER {}{} RENAME TO {}", kind_of(type_of(name)),
                                            sql::qualified(name), sql::identifier(aside_of(name).name))));
    for (const ObjectName& name : types) append(out, catalog::create_type_statements(type_of(name)));
    for (const Use& use : uses) change_type(use, out);
    come_back(uses, false, out);
    come_back(uses, true, out);
    for (const ObjectName& view : views) append(out, catalog::create_view_statements(after.views.at(view)));
    for (auto name = types.rbegin(); name != types.rend(); ++name)
        out.push_back(statement("DROP " + kind_of(type_of(*name)) + sql::qualified(aside_of(*name))));
    return undo(std::move(out));
}

}  // namespace changelog::operations
