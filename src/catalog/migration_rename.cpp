// Renames and moves by id, of schemas and of what lies in them.
#include "catalog/migration_rename.hpp"

#include "catalog/migration_follow.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace changelog::catalog {

namespace {

using Follow = void (*)(Catalog&, const ObjectName&, const ObjectName&);

/// As introspection writes it: the last of a range type's options.
constexpr std::string_view kMultirange = ", multirange_type_name = ";

/// RENAME TO and SET SCHEMA, with a stop under a spare name where the way is blocked.
void move_object(Migration& migration, const std::string& keyword, const ObjectName& from,
                 const ObjectName& to, const Follow& follow) {
    ObjectName at = from;
    const auto go = [&](const ObjectName& next, const std::string& action) {
        migration.run(fmt::format("ALTER {} {} {}", keyword, sql::qualified(at), action));
        follow(migration.now, at, next);
        at = next;
    };
    if (from.schema != to.schema) {
        const ObjectName landing{to.schema, at.name};
        if (is_taken(migration.now, landing) && landing != to) {
            const ObjectName spare = spare_name(migration, {to.schema, from.name});
            go({from.schema, spare.name}, "RENAME TO " + sql::identifier(spare.name));
        }
        go({to.schema, at.name}, "SET SCHEMA " + sql::identifier(to.schema));
    }
    if (at != to) go(to, "RENAME TO " + sql::identifier(to.name));
}

std::string keyword_of(const View& view) { return view.materialized ? "MATERIALIZED VIEW" : "VIEW"; }

/// Gives an index, or the constraint that stands for it, a spare name.
bool move_index_aside(Migration& migration, const ObjectName& name, const ObjectName& spare) {
    if (migration.now.find_index(name).index != nullptr) {
        migration.run(
            fmt::format("ALTER INDEX {} RENAME TO {}", sql::qualified(name), sql::identifier(spare.name)));
        follow_index(migration.now, name, spare.name);
        return true;
    }
    for (auto& [table_name, table] : migration.now.tables) {
        if (table_name.schema != name.schema) continue;
        if (Constraint* key = table.constraint(name.name); key != nullptr && has_index(*key)) {
            migration.run(fmt::format("{}RENAME CONSTRAINT {} TO {}", alter_table(table_name),
                                      sql::identifier(name.name), sql::identifier(spare.name)));
            key->name = spare.name;
            return true;
        }
    }
    return false;
}

bool move_identity_aside(Migration& migration, const ObjectName& name, const ObjectName& spare) {
    for (auto& [table_name, table] : migration.now.tables)
        for (Column& column : table.columns) {
            if (table_name.schema != name.schema || !column.identity ||
                identity_sequence(table, column) != name.name)
                continue;
            migration.run(fmt::format("ALTER SEQUENCE {} RENAME TO {}", sql::qualified(name),
                                      sql::identifier(spare.name)));
            column.identity->sequence = spare.name;
            return true;
        }
    return false;
}

template <typename Map>
std::optional<ObjectName> by_id(const Map& map, std::uint64_t id) {
    for (const auto& [name, item] : map)
        if (item.id.value == id) return name;
    return std::nullopt;
}

/// Where objects of a map are to go: their ids with their new names.
template <typename Map>
std::vector<std::pair<std::uint64_t, ObjectName>> journeys(const Map& now, const Map& to) {
    std::map<std::uint64_t, ObjectName> targets;
    for (const auto& [name, item] : to)
        if (item.id.value != 0) targets.emplace(item.id.value, name);
    std::vector<std::pair<std::uint64_t, ObjectName>> out;
    for (const auto& [name, item] : now)
        if (const auto found = targets.find(item.id.value); found != targets.end() && found->second != name)
            out.emplace_back(item.id.value, found->second);
    return out;
}

template <typename Map, typename Move>
void move_all(Migration& migration, Map Catalog::*map, const Move& move) {
    const auto goes = [&](const std::pair<std::uint64_t, ObjectName>& journey) {
        const auto from = by_id(migration.now.*map, journey.first);
        if (!from || *from == journey.second) return true;
        if (is_taken(migration.now, journey.second)) return false;
        move(*from, journey.second);
        return true;
    };
    auto pending = journeys(migration.now.*map, migration.to.*map);
    while (!pending.empty()) {
        const std::size_t before = pending.size();
        std::erase_if(pending, goes);
        if (pending.size() == before) make_room(migration, pending.front().second);
        if (pending.size() == before && !goes(pending.front())) return;  // it drops out by itself later
    }
}

void move_functions(Migration& migration) {
    std::map<std::uint64_t, const Function*> targets;
    for (const auto& [name, function] : migration.to.functions)
        if (function.id.value != 0) targets.emplace(function.id.value, &function);
    std::vector<Function> moving;
    for (const auto& [name, function] : migration.now.functions)
        if (const auto at = targets.find(function.id.value); at != targets.end() && at->second->name != name)
            moving.push_back(function);
    for (const Function& before : moving) {
        const ObjectName target = targets.at(before.id.value)->name;
        Function function = *find_function(migration.now, before.name, before.arguments);
        if (const Function* there = find_function(migration.now, target, function.arguments)) {
            const ObjectName spare = spare_name(migration, target);
            migration.run(fmt::format("ALTER {} RENAME TO {}", routine(*there), sql::identifier(spare.name)));
            follow_function(migration.now, Function(*there), spare);
        }
        if (target.schema != function.name.schema) {
            migration.run(
                fmt::format("ALTER {} SET SCHEMA {}", routine(function), sql::identifier(target.schema)));
            const ObjectName moved{target.schema, function.name.name};
            follow_function(migration.now, function, moved);
            function = *find_function(migration.now, moved, function.arguments);
        }
        if (target == function.name) continue;
        migration.run(fmt::format("ALTER {} RENAME TO {}", routine(function), sql::identifier(target.name)));
        follow_function(migration.now, function, target);
    }
}

void rename_schema(Migration& migration, const std::string& from, const std::string& to) {
    migration.run(fmt::format("ALTER SCHEMA {} RENAME TO {}", sql::identifier(from), sql::identifier(to)));
    follow_schema(migration.now, from, to);
}

void rename_schemas(Migration& migration) {
    const auto name_of = [](const std::map<std::string, Schema>& schemas, std::uint64_t id) {
        for (const auto& [name, schema] : schemas)
            if (schema.id.value == id && id != 0) return name;
        return std::string();
    };
    for (const auto& [name, schema] : migration.to.schemas) {
        const std::string from = name_of(migration.now.schemas, schema.id.value);
        if (from.empty() || from == name) continue;
        if (migration.now.schemas.contains(name)) {
            std::string spare = sql::make_object_name(name, "", "aside");
            while (migration.now.schemas.contains(spare) || migration.to.schemas.contains(spare))
                spare = sql::make_object_name(spare, "", "aside");
            rename_schema(migration, name, spare);
        }
        rename_schema(migration, from, name);
    }
}

/// At once, so that objects can move there.
void make_schemas(Migration& migration) {
    for (const auto& [name, schema] : migration.to.schemas) {
        if (migration.now.schemas.contains(name)) continue;
        migration.run("CREATE SCHEMA " + sql::identifier(name));
        migration.now.schemas.emplace(name, Schema{name, {}, std::nullopt, {}, schema.id});
    }
}

bool multirange_is_wanted(const Catalog& catalog, const Type& type) {
    const auto name = multirange_of(type);
    return name && std::any_of(catalog.types.begin(), catalog.types.end(),
                               [&](const auto& other) { return multirange_of(other.second) == name; });
}

/// Types go last; what is to be made under their names must not find them.
void move_leaving_types(Migration& migration) {
    std::vector<ObjectName> names;
    for (const auto& [name, type] : migration.now.types)
        if (!migration.to.types.contains(name) &&
            (relation_exists(migration.to, name) || multirange_is_wanted(migration.to, type)))
            names.push_back(name);
    for (const ObjectName& name : names) move_type_aside(migration, name);
}

/// The functions that make its values keep their names when a range is renamed, and would be in the way of
/// those that a new range of the former name brings along.
std::string rename_constructors(const ObjectName& range) {
    return undo_block(fmt::format(
        "DECLARE\n  made regprocedure;\nBEGIN\n  FOR made IN SELECT objid FROM pg_catalog.pg_depend WHERE "
        "classid = 'pg_catalog.pg_proc'::regclass AND refclassid = 'pg_catalog.pg_type'::regclass AND "
        "refobjid "
        "= {}::regtype AND deptype = 'i' LOOP\n    EXECUTE pg_catalog.format('ALTER FUNCTION %s RENAME TO "
        "%I', "
        "made, {});\n  END LOOP;\nEND",
        sql::literal(sql::qualified(range)), sql::literal(range.name)));
}

}  // namespace

bool has_index(const Constraint& constraint) {
    return constraint.kind == ConstraintKind::primary_key || constraint.kind == ConstraintKind::unique ||
           constraint.kind == ConstraintKind::exclusion;
}

void make_room(Migration& migration, const ObjectName& name) {
    const Catalog& now = migration.now;
    const ObjectName spare = spare_name(migration, name);
    if (now.tables.contains(name)) return move_object(migration, "TABLE", name, spare, follow_table);
    if (now.views.contains(name))
        return move_object(migration, keyword_of(now.views.at(name)), name, spare, follow_view);
    if (now.sequences.contains(name)) return move_object(migration, "SEQUENCE", name, spare, follow_sequence);
    if (now.types.contains(name)) return move_object(migration, "TYPE", name, spare, follow_type);
    if (!move_index_aside(migration, name, spare)) move_identity_aside(migration, name, spare);
}

std::optional<ObjectName> multirange_of(const Type& type) {
    const std::size_t at = type.definition.find(kMultirange);
    if (type.kind != TypeKind::range || at == std::string::npos) return std::nullopt;
    const auto names = qualified_names(type.definition.substr(at + kMultirange.size()));
    return names.empty() ? std::nullopt : std::optional(*names.begin());
}

std::string without_multirange(const Type& type) {
    return type.definition.substr(0, type.definition.find(kMultirange));
}

void rename_multirange(Migration& migration, const Type& now, const std::optional<ObjectName>& to) {
    const auto from = multirange_of(now);
    if (from && to && *from != *to) move_object(migration, "TYPE", *from, *to, follow_multirange);
}

void move_type_aside(Migration& migration, const ObjectName& name) {
    const Type& type = migration.now.types.at(name);
    const bool is_range = type.kind == TypeKind::range;
    if (const auto multirange = multirange_of(type)) {
        const ObjectName spare = spare_name(migration, *multirange);
        rename_multirange(migration, type, spare);
        migration.run(rename_constructors(spare));
    }
    const ObjectName spare = spare_name(migration, name);
    move_object(migration, "TYPE", name, spare, follow_type);
    if (is_range) migration.run(rename_constructors(spare));
}

void rename_objects(Migration& migration) {
    rename_schemas(migration);
    make_schemas(migration);
    move_all(migration, &Catalog::tables, [&](const ObjectName& from, const ObjectName& to) {
        move_object(migration, "TABLE", from, to, follow_table);
    });
    move_all(migration, &Catalog::views, [&](const ObjectName& from, const ObjectName& to) {
        move_object(migration, keyword_of(migration.now.views.at(from)), from, to, follow_view);
    });
    move_all(migration, &Catalog::sequences, [&](const ObjectName& from, const ObjectName& to) {
        move_object(migration, "SEQUENCE", from, to, follow_sequence);
    });
    move_all(migration, &Catalog::types, [&](const ObjectName& from, const ObjectName& to) {
        move_object(migration, "TYPE", from, to, follow_type);
    });
    move_functions(migration);
    move_leaving_types(migration);
    rename_parts(migration);
}

}  // namespace changelog::catalog
