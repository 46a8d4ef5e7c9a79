#include "hazards/relations.hpp"

#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"
#include "hazards/proofs.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::Table;

const catalog::Catalog& before(const Step& step) { return step.context.before; }

bool is_partitioned(const Step& step, const ObjectName& name) {
    const Table* table = before(step).table(name);
    return table != nullptr && !table->partition_by.empty();
}

Names with_rows(const Step& step, Names names) {
    std::erase_if(names, [&](const ObjectName& name) { return is_partitioned(step, name); });
    return names;
}

void append(Names& out, const Names& more) { out.insert(out.end(), more.begin(), more.end()); }

Names indexes_of(const Step& step, const Names& relations) {
    Names out;
    for (const ObjectName& name : relations) {
        if (const Table* table = before(step).table(name)) append(out, index_names(*table));
        if (const auto view = before(step).views.find(name); view != before(step).views.end())
            for (const catalog::Index& index : view->second.indexes) out.push_back({name.schema, index.name});
    }
    return out;
}

Names partitions_of(const Step& step, const ObjectName& name) {
    Names out = {name};
    for (const ObjectName& each : catalog::descendants(before(step), name))
        if (!before(step).table(each)->partition_of.name.empty()) out.push_back(each);
    return out;
}

Names default_of(const Step& step, const ObjectName& parent) {
    for (const auto& [name, table] : before(step).tables)
        if (table.partition_of == parent && table.partition_bound == "DEFAULT" && !parent.name.empty())
            return {name};
    return {};
}

}  // namespace

bool has_index(const Constraint& constraint) {
    return constraint.kind == ConstraintKind::primary_key || constraint.kind == ConstraintKind::unique ||
           constraint.kind == ConstraintKind::exclusion;
}

Names index_names(const Table& table) {
    Names out;
    for (const catalog::Index& index : table.indexes) out.push_back({table.name.schema, index.name});
    for (const Constraint& constraint : table.constraints)
        if (has_index(constraint)) out.push_back({table.name.schema, constraint.name});
    return out;
}

Names itself(const Step& step) { return {step.relation}; }

Names tree(const Step& step) {
    Names out = {step.relation};
    if (!step.alone) append(out, catalog::descendants(before(step), step.relation));
    return out;
}

Names storage(const Step& step) { return with_rows(step, tree(step)); }
Names partitions(const Step& step) { return partitions_of(step, step.relation); }
Names leaves(const Step& step) { return with_rows(step, partitions(step)); }
Names indexes(const Step& step) { return indexes_of(step, storage(step)); }
Names tree_indexes(const Step& step) { return indexes_of(step, tree(step)); }

Names partition_children(const Step& step) {
    Names out = partitions(step);
    std::erase(out, step.relation);
    return out;
}

Names leaf_children(const Step& step) { return with_rows(step, partition_children(step)); }
Names own_leaf(const Step& step) { return with_rows(step, {step.relation}); }
Names indexes_of_other(const Step& step) { return indexes_of(step, other_relation(step)); }

Names storage_unproven(const Step& step) {
    Names out = storage(step);
    std::erase_if(out, [&](const ObjectName& name) {
        const Table* table = before(step).table(name);
        const catalog::Column* column = table == nullptr ? nullptr : table->column(step.name);
        return table != nullptr && ((column != nullptr && column->not_null) ||
                                    proves_not_null(*table, step.name, step.names_of("DROP CONSTRAINT")));
    });
    return out;
}

namespace {

struct NewIndex {
    std::string constraint;  ///< "UNIQUE", "PRIMARY KEY", or "" of CREATE INDEX
    bool unique = false;
    std::vector<std::string> columns;  ///< none if it has expressions or a predicate
};

NewIndex new_index(const Step& step) {
    NewIndex out;
    if (step.kind != "CREATE INDEX") {
        out.constraint = step.kind.substr(std::string_view("ADD ").size());
        out.unique = true;
        out.columns = strings_of(child(*step.definition, "keys"));
        return out;
    }
    out.unique = flag_of(*step.node, "unique");
    for (const Node& item : child(*step.node, "indexParams")) {
        out.columns.push_back(text_of(inside(item), "name"));
        if (out.columns.back().empty()) return {};
    }
    if (!child(*step.node, "whereClause").is_null()) out.columns.clear();
    return out;
}

bool has_columns(const catalog::Index& index, const std::vector<std::string>& columns) {
    return std::equal(index.keys.begin(), index.keys.end(), columns.begin(), columns.end(),
                      [](const catalog::IndexKey& key, const std::string& column) {
                          return !key.expression && key.text == column;
                      });
}

/// The index of a partition that becomes part of the new one; "" if it gets one of its own.
std::string part_of(const NewIndex& wanted, const Table& partition) {
    if (wanted.columns.empty()) return {};
    if (wanted.constraint.empty())
        for (const catalog::Index& index : partition.indexes)
            if (index.unique == wanted.unique && index.predicate.empty() && index.valid &&
                index.attached_to.name.empty() && has_columns(index, wanted.columns))
                return index.name;
    const auto kind = wanted.constraint == "UNIQUE" ? ConstraintKind::unique : ConstraintKind::primary_key;
    for (const Constraint& constraint : partition.constraints)
        if (has_index(constraint) && !constraint.inherited && wanted.unique &&
            constraint.columns == wanted.columns && (wanted.constraint.empty() || constraint.kind == kind))
            return constraint.name;
    return {};
}

}  // namespace

Names leaves_to_index(const Step& step) {
    const NewIndex wanted = new_index(step);
    Names out = leaf_children(step);
    std::erase_if(
        out, [&](const ObjectName& name) { return !part_of(wanted, *before(step).table(name)).empty(); });
    append(out, own_leaf(step));
    return out;
}

Names indexes_to_attach(const Step& step) {
    const NewIndex wanted = new_index(step);
    Names out;
    for (const ObjectName& name : leaf_children(step))
        if (const std::string index = part_of(wanted, *before(step).table(name)); !index.empty())
            out.push_back({name.schema, index});
    return out;
}

Names attached_indexes(const Step& step) {
    Names out;
    for (const ObjectName& table : tree_of_index(step))
        if (const Table* known = before(step).table(table))
            for (const catalog::Index& index : known->indexes)
                if (index.attached_to == step.relation ||
                    std::find(out.begin(), out.end(), index.attached_to) != out.end())
                    out.push_back({table.schema, index.name});
    return out;
}

Names own_indexes(const Step& step) { return indexes_of(step, {step.relation}); }

Names own_sequences(const Step& step) {
    Names out;
    for (const ObjectName& name : tree(step)) {
        append(out, catalog::owned_sequences(before(step), name));
        const Table* table = before(step).table(name);
        if (table == nullptr) continue;
        for (const catalog::Column& column : table->columns)
            if (column.identity) out.push_back({name.schema, catalog::identity_sequence(*table, column)});
    }
    return out;
}

const ObjectName* owner_of_index(const catalog::Catalog& catalog, const ObjectName& index) {
    const auto place = catalog.find_index(index);
    if (place.table != nullptr) return &place.table->name;
    if (place.view != nullptr) return &place.view->name;
    for (const auto& [name, table] : catalog.tables) {
        const Constraint* constraint = name.schema == index.schema ? table.constraint(index.name) : nullptr;
        if (constraint != nullptr && has_index(*constraint)) return &name;
    }
    return nullptr;
}

Names table_of_index(const Step& step) {
    const ObjectName* owner = owner_of_index(before(step), step.relation);
    return owner == nullptr ? Names{} : Names{*owner};
}

Names tree_of_index(const Step& step) {
    Names out;
    for (const ObjectName& name : table_of_index(step)) append(out, partitions_of(step, name));
    return out;
}

Names leaves_of_index(const Step& step) { return with_rows(step, tree_of_index(step)); }

Names parent_table(const Step& step) {
    const Table* table = step.table();
    return table == nullptr || table->partition_of.name.empty() ? Names{} : Names{table->partition_of};
}

Names default_partition(const Step& step) { return default_of(step, step.relation); }

Names default_partition_of_parent(const Step& step) {
    const Table* table = step.table();
    if (table == nullptr) return {};
    Names out = default_of(step, table->partition_of);
    std::erase(out, step.relation);
    return out;
}

Names leaf_indexes(const Step& step) { return indexes_of(step, leaves(step)); }

Names own_constraint_index(const Step& step) {
    Names out = index_of_constraint(step);
    if (out.size() > 1) out.resize(1);
    return out;
}

Names index_of_constraint(const Step& step) {
    const Constraint* constraint = step.constraint();
    if (constraint == nullptr || !has_index(*constraint)) return {};
    Names out = {{step.relation.schema, constraint->name}};
    for (const ObjectName& name : partition_children(step))
        for (const Constraint& each : before(step).table(name)->constraints)
            if (each.kind == constraint->kind && each.columns == constraint->columns)
                out.push_back({name.schema, each.name});
    return out;
}

Names using_index(const Step& step) {
    const std::string name = text_of(*step.definition, "indexname");
    return name.empty() ? Names{} : Names{{step.relation.schema, name}};
}

Names named_index(const Step& step) {
    const std::string name = step.kind == "REPLICA IDENTITY" ? text_of(*step.definition, "name")
                             : step.kind == "CLUSTER"        ? text_of(*step.node, "indexname")
                                                             : step.name;
    return name.empty() ? Names{} : Names{{step.relation.schema, name}};
}

Names other_relation(const Step& step) {
    if (step.kind == "CREATE TRIGGER") {
        const Node& other = child(*step.node, "constrrel");
        return other.is_null() ? Names{} : Names{step.name_of(other)};
    }
    const Node& command = *step.definition;
    const Node& named = child(command, "name");
    return {step.name_of(named.is_object() ? named : command)};
}

Names tables_of_other(const Step& step) {
    Names out;
    for (const ObjectName& name : other_relation(step)) {
        Step other = step;
        other.relation = name;
        append(out, table_of_index(other));
    }
    return out;
}

Names schema_relations(const Step& step) {
    Names out;
    const auto within = [&](const auto& map) {
        for (const auto& [name, object] : map)
            if (name.schema == step.relation.schema) out.push_back(name);
    };
    within(before(step).tables);
    within(before(step).views);
    append(out, indexes_of(step, out));
    within(before(step).sequences);
    for (const auto& [name, table] : before(step).tables)
        for (const catalog::Column& column : table.columns)
            if (column.identity && name.schema == step.relation.schema)
                out.push_back({name.schema, catalog::identity_sequence(table, column)});
    return out;
}

Names views_on_relation(const Step& step) {
    Names out = catalog::views_on(before(step), step.relation);
    append(out, indexes_of(step, out));
    return out;
}

Names views_of_column(const Step& step) {
    Names out;
    for (const auto& [name, view] : before(step).views) {
        const bool reads = std::any_of(view.depends.begin(), view.depends.end(), [&](const ObjectRef& used) {
            return used.name == step.relation && used.part == step.name;
        });
        if (!reads) continue;
        out.push_back(name);
        append(out, catalog::views_on(before(step), name));
    }
    append(out, indexes_of(step, out));
    return out;
}

bool uses_column(const catalog::Index& index, const std::string& column) {
    const auto is_key = [&](const catalog::IndexKey& key) {
        return key.expression ? catalog::mentions(key.text, column) : key.text == column;
    };
    return std::any_of(index.keys.begin(), index.keys.end(), is_key) ||
           std::find(index.include.begin(), index.include.end(), column) != index.include.end() ||
           catalog::mentions(index.predicate, column);
}

Names indexes_of_column(const Step& step) {
    Names out;
    for (const ObjectName& name : tree(step)) {
        const Table* table = before(step).table(name);
        if (table == nullptr) continue;
        for (const catalog::Index& index : table->indexes)
            if (uses_column(index, step.name)) out.push_back({name.schema, index.name});
        for (const Constraint& constraint : table->constraints)
            if (has_index(constraint) && (std::find(constraint.columns.begin(), constraint.columns.end(),
                                                    step.name) != constraint.columns.end() ||
                                          catalog::mentions(constraint.expression, step.name)))
                out.push_back({name.schema, constraint.name});
    }
    return out;
}

}  // namespace changelog::hazards
