// Conditions of steps about constraints and indexes.
#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "hazards/conditions.hpp"
#include "hazards/proofs.hpp"
#include "hazards/relations.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

using catalog::ConstraintKind;

/// The columns of a key that is added: its own, or those of its index.
std::vector<std::string> key_columns(const Step& step) {
    if (step.kind.starts_with("COLUMN ")) return {step.name};
    auto out = strings_of(child(*step.definition, "keys"));
    const catalog::Table* table = step.table();
    for (const ObjectName& name : using_index(step))
        if (const catalog::Index* index = table == nullptr ? nullptr : table->index(name.name))
            for (const catalog::IndexKey& key : index->keys) out.push_back(key.text);
    return out;
}

const catalog::Index* used_index(const Step& step) {
    const catalog::Table* table = step.table();
    for (const ObjectName& name : using_index(step))
        if (table != nullptr) return table->index(name.name);
    return nullptr;
}

/// Whether some column was NOT NULL, or proved to be, by what the migration itself did.
bool proves_any_not_null(const catalog::Table& table) {
    for (const catalog::Constraint& constraint : table.constraints)
        for (const std::string& name : columns_in(expression_tree(constraint.expression)))
            if (constraint.kind == ConstraintKind::check && proves_not_null(table, name)) return true;
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [](const catalog::Column& column) { return column.not_null; });
}

bool is_kind(const Step& step, ConstraintKind kind) {
    const catalog::Constraint* known = step.constraint();
    return known != nullptr && known->kind == kind;
}

}  // namespace

bool validates(const Step& step) {
    return !flag_of(*step.definition, "skip_validation") && !step.stands_for(Newer::not_enforced);
}

bool validates_foreign_key(const Step& step) { return validates(step) && !target_of(step).name.empty(); }

bool is_check(const Step& step) { return is_kind(step, ConstraintKind::check); }
bool is_foreign_key(const Step& step) { return is_kind(step, ConstraintKind::foreign_key); }
bool constraint_unknown(const Step& step) { return step.constraint() == nullptr; }

bool is_unvalidated_check(const Step& step) { return is_check(step) && !step.constraint()->validated; }
bool is_unvalidated_key(const Step& step) { return is_foreign_key(step) && !step.constraint()->validated; }

bool uses_index(const Step& step) { return !using_index(step).empty(); }
bool builds_index(const Step& step) { return !uses_index(step); }

bool renames_index(const Step& step) {
    return uses_index(step) && !step.name.empty() && step.name != text_of(*step.definition, "indexname");
}
bool keeps_index_name(const Step& step) { return uses_index(step) && !renames_index(step); }

bool key_is_nullable(const Step& step) {
    const catalog::Table* table = step.table();
    if (table == nullptr) return uses_index(step);
    const auto columns = key_columns(step);
    if (columns.empty()) return !proves_any_not_null(*table);  // an index that is not known
    return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
        const catalog::Column* column = table->column(name);
        if (column != nullptr && column->not_null) return false;
        return !proves_not_null(*table, name, step.names_of("DROP CONSTRAINT"));
    });
}

/// PostgreSQL refuses partial indexes, expressions, and other orders than the default.
bool index_is_unfit(const Step& step) {
    const catalog::Index* index = used_index(step);
    if (index == nullptr) return false;
    const auto odd = [](const catalog::IndexKey& key) {
        return key.expression || key.descending || key.nulls_first.value_or(key.descending) != key.descending;
    };
    return !index->predicate.empty() || !index->unique ||
           std::any_of(index->keys.begin(), index->keys.end(), odd);
}

bool index_is_invalid(const Step& step) {
    const catalog::Index* index = used_index(step);
    return index != nullptr && !index->valid;
}

bool key_not_null_unvalidated(const Step& step) {
    const catalog::Table* table = step.table();
    if (table == nullptr) return false;
    const auto columns = key_columns(step);
    return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
        const catalog::Column* column = table->column(name);
        const catalog::Constraint* own = catalog::not_null_of(*table, name);
        return (own != nullptr && !own->validated) ||
               (column != nullptr && !column->not_null && !column->not_null_name.empty());
    });
}

bool relation_is_partitioned(const Step& step) {
    const catalog::Table* table = step.table();
    return table != nullptr && !table->partition_by.empty();
}

bool not_valid_on_partitioned(const Step& step) {
    return relation_is_partitioned(step) && flag_of(*step.definition, "skip_validation") &&
           !step.stands_for(Newer::not_enforced);
}

bool enforces(const Step& step) { return step.stands_for(Newer::enforce); }

bool is_referenced_key(const Step& step) {
    const catalog::Constraint* key = step.constraint();
    if (key == nullptr || !has_index(*key)) return false;
    const auto keys = catalog::foreign_keys_to(step.context.before, step.relation);
    return std::any_of(keys.begin(), keys.end(), [&](const catalog::TableConstraint& each) {
        return each.constraint.referenced_columns == key->columns;
    });
}

bool references_itself(const Step& step) { return target_of(step) == step.relation; }
bool stands(const Step& step) { return !step.context.made.contains(step.relation); }
bool partition_has_key(const Step& step) { return leaves_without_key(step).size() < leaves(step).size(); }
bool checks_key(const Step& step) { return validates(step) && !leaves_without_key(step).empty(); }

bool drops_referenced_key(const Step& step) { return !step.cascade() && is_referenced_key(step); }

bool is_concurrent(const Step& step) {
    if (flag_of(*step.node, "concurrent")) return true;
    for (const Node& option : child(*step.node, "params"))
        if (text_of(inside(option), "defname") == "concurrently") return true;
    return step.definition != nullptr && flag_of(*step.definition, "concurrent");
}
bool is_plain(const Step& step) { return !is_concurrent(step); }

bool is_concurrent_on_partitioned(const Step& step) {
    const ObjectName* owner = owner_of_index(step.context.before, step.relation);
    const catalog::Table* table = owner == nullptr ? step.table() : step.context.before.table(*owner);
    return is_concurrent(step) && table != nullptr && !table->partition_by.empty();
}

bool index_exists(const Step& step) {
    return flag_of(*step.node, "if_not_exists") &&
           step.context.before.find_index({step.relation.schema, step.name}).index != nullptr;
}

bool is_only(const Step& step) {
    return relation_is_partitioned(step) && !flag_of(child(*step.node, "relation"), "inh");
}

bool is_plain_whole(const Step& step) { return is_plain(step) && !is_only(step); }

bool constraint_is_inherited(const Step& step) {
    const catalog::Constraint* known = step.constraint();
    return known != nullptr && known->inherited;
}

bool column_is_key(const Step& step) {
    const catalog::Table* table = step.table();
    const catalog::Constraint* key = table == nullptr ? nullptr : table->primary_key();
    return key != nullptr &&
           std::find(key->columns.begin(), key->columns.end(), step.name) != key->columns.end();
}

bool builds_now(const Step& step) { return is_plain(step) && !index_exists(step) && !is_only(step); }
bool builds_online(const Step& step) { return is_concurrent(step) && !index_exists(step); }

bool backs_constraint(const Step& step) {
    if (step.context.before.find_index(step.relation).index != nullptr) return false;
    return !table_of_index(step).empty();
}

bool names_index(const Step& step) { return text_of(*step.node, "kind") == "REINDEX_OBJECT_INDEX"; }
bool names_table(const Step& step) { return text_of(*step.node, "kind") == "REINDEX_OBJECT_TABLE"; }
bool plain_index(const Step& step) { return names_index(step) && is_plain(step); }
bool plain_table(const Step& step) { return names_table(step) && is_plain(step); }
bool online_index(const Step& step) { return names_index(step) && is_concurrent(step); }
bool online_table(const Step& step) { return names_table(step) && is_concurrent(step); }

}  // namespace changelog::hazards
