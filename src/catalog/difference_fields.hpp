// Every field of every type of the model, with the name that a difference gives it. The structured bindings
// do not compile when a field is added to a type and not here.
#pragma once

#include "changelog/catalog.hpp"

#include "catalog/difference_values.hpp"

#include <string_view>
#include <tuple>
#include <utility>

namespace changelog::catalog {

/// A named value; `T` is a reference, or a value where the order of a list does not count.
template <typename T>
struct Field {
    std::string_view name;
    T value;
};

template <typename T>
Field<const T&> field(std::string_view name, const T& value) {
    return {name, value};
}

/// Grants, references or names as the set that they are.
template <typename T>
auto set_field(std::string_view name, const T& list) {
    return Field<decltype(as_set(list))>{name, as_set(list)};
}

/// What is a part of its own (columns, constraints, indexes, triggers, policies) is compared one by one.
template <typename... T>
void compared_one_by_one(const T&...) {}

inline auto fields_of(const Column& column) {
    const auto& [name, type, collation, not_null, not_null_name, expression, generated, identity, storage,
                 compression, statistics, options, comment, inherited, id] = column;
    return std::tuple{field("name", name),
                      field("type", type),
                      field("collation", collation),
                      field("not null", not_null),
                      field("not null's name", not_null_name),
                      field(generated == Generated::no ? "default" : "expression", expression),
                      field("generated", generated),
                      field("identity", identity),
                      field("storage", storage),
                      field("compression", compression),
                      field("statistics", statistics),
                      field("options", options),
                      field("comment", comment),
                      field("inherited", inherited)};
}

inline auto fields_of(const Constraint& constraint) {
    const auto& [name, kind, columns, include, referenced_table, referenced_columns, on_delete, on_update,
                 match, expression, deferrable, initially_deferred, validated, no_inherit, nulls_not_distinct,
                 tablespace, options, clustered, replica_identity, inherited, enforced, set_columns, comment,
                 index_comment, id] = constraint;
    return std::tuple{field("name", name),
                      field("kind", kind),
                      field("columns", columns),
                      field("include", include),
                      field("referenced table", referenced_table),
                      field("referenced columns", referenced_columns),
                      field("on delete", on_delete),
                      field("on update", on_update),
                      field("match", match),
                      field("expression", expression),
                      field("deferrable", deferrable),
                      field("initially deferred", initially_deferred),
                      field("validated", validated),
                      field("no inherit", no_inherit),
                      field("nulls not distinct", nulls_not_distinct),
                      field("tablespace", tablespace),
                      field("options", options),
                      field("clustered", clustered),
                      field("replica identity", replica_identity),
                      field("inherited", inherited),
                      field("enforced", enforced),
                      set_field("set columns", set_columns),
                      field("comment", comment),
                      field("index's comment", index_comment)};
}

inline auto fields_of(const Index& index) {
    const auto& [name, unique, method, keys, include, predicate, options, tablespace, nulls_not_distinct,
                 valid, clustered, replica_identity, on_only, attached_to, statistics, comment, id] = index;
    return std::tuple{field("name", name),
                      field("unique", unique),
                      field("method", method),
                      field("keys", keys),
                      field("include", include),
                      field("predicate", predicate),
                      field("options", options),
                      field("tablespace", tablespace),
                      field("nulls not distinct", nulls_not_distinct),
                      field("valid", valid),
                      field("clustered", clustered),
                      field("replica identity", replica_identity),
                      field("on only", on_only),
                      field("attached to", attached_to),
                      field("statistics", statistics),
                      field("comment", comment)};
}

inline auto fields_of(const Trigger& trigger) {
    const auto& [name, definition, enabled, inherited, comment, id] = trigger;
    return std::tuple{field("name", name), field("definition", definition), field("enabled", enabled),
                      field("inherited", inherited), field("comment", comment)};
}

inline auto fields_of(const Policy& policy) {
    const auto& [name, definition, comment, id] = policy;
    return std::tuple{field("name", name), field("definition", definition), field("comment", comment)};
}

inline auto fields_of(const Table& table) {
    const auto& [name, persistence, columns, constraints, indexes, triggers, policies, options, tablespace,
                 partition_by, partition_of, partition_bound, inherits, row_security, force_row_security,
                 replica_identity, access_method, grants, comment, owner, id] = table;
    compared_one_by_one(columns, constraints, indexes, triggers, policies);
    return std::tuple{field("name", name),
                      field("persistence", persistence),
                      field("options", options),
                      field("tablespace", tablespace),
                      field("partition by", partition_by),
                      field("partition of", partition_of),
                      field("partition bound", partition_bound),
                      field("inherits", inherits),
                      field("row security", row_security),
                      field("forced row security", force_row_security),
                      field("replica identity", replica_identity),
                      field("access method", access_method),
                      set_field("grants", grants),
                      field("comment", comment),
                      field("owner", owner)};
}

inline auto fields_of(const SequenceOptions& sequence_options) {
    const auto& [type, start, increment, minimum, maximum, cache, cycle] = sequence_options;
    return std::tuple{field("type", type),       field("start", start),     field("increment", increment),
                      field("minimum", minimum), field("maximum", maximum), field("cache", cache),
                      field("cycle", cycle)};
}

inline auto fields_of(const Sequence& sequence) {
    const auto& [name, options, owned_by, persistence, grants, comment, owner, id] = sequence;
    return std::tuple_cat(
        fields_of(options),
        std::tuple{field("name", name), field("owned by", owned_by), field("persistence", persistence),
                   set_field("grants", grants), field("comment", comment), field("owner", owner)});
}

inline auto fields_of(const View& view) {
    const auto& [name, materialized, query, definition, columns, options, indexes, depends, triggers,
                 column_defaults, column_comments, populated, tablespace, access_method, grants, comment,
                 owner, id] = view;
    compared_one_by_one(indexes, triggers);
    return std::tuple{field("name", name),
                      field("materialized", materialized),
                      field("query", query),
                      field("definition", definition),
                      field("columns", columns),
                      field("options", options),
                      set_field("depends", depends),
                      field("column defaults", column_defaults),
                      field("column comments", column_comments),
                      field("populated", populated),
                      field("tablespace", tablespace),
                      field("access method", access_method),
                      set_field("grants", grants),
                      field("comment", comment),
                      field("owner", owner)};
}

inline auto fields_of(const Function& function) {
    const auto& [name, arguments, arguments_known, kind, definition, depends, closed, grants, comment, owner,
                 id] = function;
    return std::tuple{
        field("name", name),     field("arguments", arguments),   field("arguments known", arguments_known),
        field("kind", kind),     field("definition", definition), set_field("depends", depends),
        field("closed", closed), set_field("grants", grants),     field("comment", comment),
        field("owner", owner)};
}

inline auto fields_of(const Type& type) {
    const auto& [name, kind, labels, attributes, base_type, collation, not_null, expression, constraints,
                 definition, owner, closed, grants, comment, id] = type;
    compared_one_by_one(constraints);
    return std::tuple{field("name", name),
                      field("kind", kind),
                      field("labels", labels),
                      field("attributes", attributes),
                      field("base type", base_type),
                      field("collation", collation),
                      field("not null", not_null),
                      field("default", expression),
                      field("definition", definition),
                      field("owner", owner),
                      field("closed", closed),
                      set_field("grants", grants),
                      field("comment", comment)};
}

inline auto fields_of(const Extension& extension) {
    const auto& [name, schema, version, comment] = extension;
    return std::tuple{field("name", name), field("schema", schema), field("version", version),
                      field("comment", comment)};
}

inline auto fields_of(const Schema& schema) {
    const auto& [name, grants, comment, owner, id] = schema;
    return std::tuple{field("name", name), set_field("grants", grants), field("comment", comment),
                      field("owner", owner)};
}

inline auto fields_of(const Other& other) {
    const auto& [kind, identity, create, drop, state, on, comment, id] = other;
    return std::tuple{field("kind", kind),      field("identity", identity), field("create", create),
                      field("drop", drop),      field("state", state),       field("on", on),
                      field("comment", comment)};
}

}  // namespace changelog::catalog
