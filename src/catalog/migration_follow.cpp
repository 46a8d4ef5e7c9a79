#include "catalog/migration_follow.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/migration_state.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

template <typename Map>
auto* move_key(Map& map, const typename Map::key_type& from, const typename Map::key_type& to) {
    auto node = map.extract(from);
    node.key() = to;
    node.mapped().name = to;
    return &map.insert(std::move(node)).position->second;
}

bool is_relation(ObjectKind kind) {
    return kind == ObjectKind::table || kind == ObjectKind::column || kind == ObjectKind::sequence ||
           kind == ObjectKind::index || kind == ObjectKind::constraint || kind == ObjectKind::type;
}

void rename_relation_refs(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    each_name(catalog, [&](ObjectName& name) {
        if (name == from) name = to;
    });
    each_ref(catalog, [&](ObjectRef& ref) {
        if (ref.name == from && is_relation(ref.kind)) ref.name = to;
    });
}

void rename_in_texts(Catalog& catalog, const ObjectName& from, const ObjectName& to, bool as_qualifier) {
    each_text(catalog, [&](std::string& text) { text = rename_object_in(text, from, to, as_qualifier); });
}

/// The implicit sequence keeps its name when its column or table gets another.
void keep_identity_sequences(Table& table) {
    for (Column& column : table.columns)
        if (column.identity) column.identity->sequence = identity_sequence(table, column);
}

void rename_names(std::vector<std::string>& names, const std::string& from, const std::string& to) {
    std::replace(names.begin(), names.end(), from, to);
}

void rename_column_of(Table& table, const std::string& from, const std::string& to) {
    const auto change = [&](std::string& text) { text = rename_in(text, from, to); };
    keep_identity_sequences(table);
    for (Column& column : table.columns) {
        if (column.name == from) column.name = to;
        if (column.generated != Generated::no && column.expression) change(*column.expression);
    }
    for (Constraint& constraint : table.constraints) {
        for (auto* names : {&constraint.columns, &constraint.include, &constraint.set_columns})
            rename_names(*names, from, to);
        if (has_text(constraint)) change(constraint.expression);
    }
    for (Index& index : table.indexes) {
        for (IndexKey& key : index.keys) {
            if (key.expression)
                change(key.text);
            else if (key.text == from)
                key.text = to;
        }
        rename_names(index.include, from, to);
        change(index.predicate);
    }
    for (Trigger& trigger : table.triggers)
        trigger.definition =
            rename_after_keyword(rename_in(trigger.definition, from, to), "TRIGGER", trigger.name);
    for (Policy& policy : table.policies)
        policy.definition =
            rename_after_keyword(rename_in(policy.definition, from, to), "POLICY", policy.name);
    for (Grant& grant : table.grants) rename_names(grant.columns, from, to);
    change(table.partition_by);
}

void follow_column_outside(Catalog& catalog, const ObjectName& table, const std::string& from,
                           const std::string& to) {
    for (auto& [name, other] : catalog.tables)
        for (Constraint& constraint : other.constraints)
            if (constraint.referenced_table == table) rename_names(constraint.referenced_columns, from, to);
    each_ref(catalog, [&](ObjectRef& ref) {
        if (ref.kind == ObjectKind::column && ref.name == table && ref.part == from) ref.part = to;
    });
    for (auto& [name, view] : catalog.views)
        view.query = rename_column_in_query(view.query, table.name, from, to);
    for (auto& [key, other] : catalog.others)
        if (other.on.name == table && other.kind != "rule") other.create = rename_in(other.create, from, to);
}

template <typename Map>
void move_schema(Map& map, const std::string& from, const std::string& to) {
    std::vector<ObjectName> names;
    for (const auto& [name, item] : map)
        if (name.schema == from) names.push_back(name);
    for (const ObjectName& name : names) {
        auto node = map.extract(name);
        node.key() = node.mapped().name = {to, name.name};
        map.insert(std::move(node));
    }
}

}  // namespace

void follow_schema(Catalog& catalog, const std::string& from, const std::string& to) {
    each_text(catalog, [&](std::string& text) { text = rename_schema_in(text, from, to); });
    const auto change = [&](ObjectName& name) {
        if (name.schema == from) name.schema = to;
    };
    each_name(catalog, change);
    each_ref(catalog, [&](ObjectRef& ref) { change(ref.name); });
    for (auto& [name, table] : catalog.tables)
        for (Index& index : table.indexes) change(index.attached_to);
    move_key(catalog.schemas, from, to);
    move_schema(catalog.tables, from, to);
    move_schema(catalog.sequences, from, to);
    move_schema(catalog.views, from, to);
    move_schema(catalog.types, from, to);
    move_schema(catalog.functions, from, to);
    for (auto& [name, extension] : catalog.extensions)
        if (extension.schema == from) extension.schema = to;
}

void follow_table(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    rename_relation_refs(catalog, from, to);
    rename_in_texts(catalog, from, to, true);
    keep_identity_sequences(catalog.tables.at(from));
    const Table& table = *move_key(catalog.tables, from, to);
    if (from.schema == to.schema) return;
    for (const ObjectName& sequence : owned_sequences(catalog, to))
        follow_sequence(catalog, sequence, {to.schema, sequence.name});
    for (const Index& index : table.indexes)
        for (auto& [name, other] : catalog.tables)
            for (Index& part : other.indexes)
                if (part.attached_to == ObjectName{from.schema, index.name})
                    part.attached_to.schema = to.schema;
}

void follow_view(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    rename_relation_refs(catalog, from, to);
    rename_in_texts(catalog, from, to, true);
    move_key(catalog.views, from, to);
}

void follow_sequence(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    rename_relation_refs(catalog, from, to);
    rename_in_texts(catalog, from, to, false);
    move_key(catalog.sequences, from, to);
}

void follow_type(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    rename_relation_refs(catalog, from, to);
    rename_in_texts(catalog, from, to, false);
    move_key(catalog.types, from, to);
    if (const auto found = catalog.types.find(to); found != catalog.types.end())
        use_usual_not_null_name(found->second);
}

void follow_multirange(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    rename_in_texts(catalog, from, to, false);
}

void follow_attribute(Catalog& catalog, const ObjectName& type, const std::string& from,
                      const std::string& to) {
    for (TypeAttribute& attribute : catalog.types.at(type).attributes)
        if (attribute.name == from) attribute.name = to;
    const auto identity = [&](const std::string& name) {
        return fmt::format("column {}.{}", sql::qualified(type), sql::identifier(name));
    };
    const auto comment = catalog.others.find("comment " + identity(from));
    if (comment == catalog.others.end()) return;
    Other moved = std::move(comment->second);
    catalog.others.erase(comment);
    for (std::string* text : {&moved.create, &moved.drop}) {
        const std::size_t at = text->find(moved.identity);
        if (at != std::string::npos) text->replace(at, moved.identity.size(), identity(to));
    }
    moved.identity = identity(to);
    catalog.others.insert_or_assign("comment " + moved.identity, std::move(moved));
}

void follow_function(Catalog& catalog, const Function& function, const ObjectName& to) {
    const ObjectName from = function.name;
    const bool alone = catalog.functions.count(from) == 1;
    Function moved = function;
    if (alone) {
        each_ref(catalog, [&](ObjectRef& ref) {
            if (ref.name == from && ref.kind == ObjectKind::function) ref.name = to;
        });
        rename_in_texts(catalog, from, to, false);
        moved = *find_function(catalog, from, moved.arguments);
    } else {
        moved.definition = rename_object_in(moved.definition, from, to, false);
    }
    const auto [begin, end] = catalog.functions.equal_range(from);
    for (auto at = begin; at != end; ++at)
        if (at->second.arguments == moved.arguments) {
            catalog.functions.erase(at);
            break;
        }
    moved.name = to;
    catalog.functions.emplace(to, std::move(moved));
}

void follow_index(Catalog& catalog, const ObjectName& from, const std::string& to) {
    for (auto& [name, table] : catalog.tables)
        for (Index& index : table.indexes)
            if (index.attached_to == from) index.attached_to.name = to;
    if (const auto place = catalog.find_index(from); place.index != nullptr) place.index->name = to;
}

void follow_column(Catalog& catalog, const ObjectName& table, const std::string& from,
                   const std::string& to) {
    follow_column_outside(catalog, table, from, to);
    if (Table* found = catalog.table(table)) rename_column_of(*found, from, to);
    for (const ObjectName& child : descendants(catalog, table)) {
        follow_column_outside(catalog, child, from, to);
        rename_column_of(*catalog.table(child), from, to);
    }
}

void follow_label(Catalog& catalog, const ObjectName& type, const std::string& from, const std::string& to) {
    each_text(catalog, [&](std::string& text) { text = rename_label_in(text, type, from, to); });
    Type& found = catalog.types.at(type);
    rename_names(found.labels, from, to);
}

}  // namespace changelog::catalog
