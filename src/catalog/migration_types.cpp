// Types: what can be altered, and which have to be made anew.
#include "catalog/migration_types.hpp"

#include "catalog/ddl.hpp"
#include "catalog/migration_compare.hpp"
#include "catalog/migration_follow.hpp"
#include "catalog/migration_rename.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/sql_text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

void rename_labels(Migration& migration, const Type& to) {
    const Type& now = migration.now.types.at(to.name);
    if (now.id.value == 0 || now.id.value != to.id.value) return;
    for (const auto& [from, name] : renamed_labels(now.labels, to.labels)) {
        migration.run(fmt::format("ALTER TYPE {} RENAME VALUE {} TO {}", sql::qualified(to.name),
                                  sql::literal(from), sql::literal(name)));
        follow_label(migration.now, to.name, from, name);
    }
}

/// A value that was added in the same transaction must not be used in it.
bool is_used(const Catalog& catalog, const std::string& label) {
    bool used = false;
    Catalog copy = catalog;
    each_text(copy, [&](std::string& text) { used = used || has_string(text, label); });
    return used;
}

bool add_labels(Migration& migration, const Type& to) {
    Type& now = migration.now.types.at(to.name);
    if (!only_adds(now.labels, to.labels)) return false;
    for (const std::string& label : to.labels)
        if (std::find(now.labels.begin(), now.labels.end(), label) == now.labels.end() &&
            is_used(migration.to, label))
            return false;
    for (std::size_t i = 0; i < to.labels.size(); ++i) {
        if (std::find(now.labels.begin(), now.labels.end(), to.labels[i]) != now.labels.end()) continue;
        const std::string place = i > 0                ? " AFTER " + sql::literal(to.labels[i - 1])
                                  : now.labels.empty() ? std::string()
                                                       : " BEFORE " + sql::literal(now.labels.front());
        migration.run(fmt::format("ALTER TYPE {} ADD VALUE {}{}", sql::qualified(to.name),
                                  sql::literal(to.labels[i]), i == now.labels.size() ? "" : place));
        now.labels.insert(now.labels.begin() + static_cast<std::ptrdiff_t>(i), to.labels[i]);
    }
    return true;
}

const TypeAttribute* attribute(const Type& type, const std::string& name) {
    return find_named(type.attributes, name);
}

bool same_type(const TypeAttribute& a, const TypeAttribute& b) {
    return same_sql(a.type, b.type) && a.collation == b.collation;
}

/// The same composite type with as many attributes can only have renamed them, one by one.
void rename_attributes(Migration& migration, const Type& to) {
    Type& now = migration.now.types.at(to.name);
    if (now.id.value == 0 || now.id.value != to.id.value || now.attributes.size() != to.attributes.size())
        return;
    for (std::size_t i = 0; i < now.attributes.size(); ++i) {
        const std::string& name = to.attributes[i].name;
        if (now.attributes[i].name == name || !same_type(now.attributes[i], to.attributes[i]) ||
            attribute(now, name) != nullptr || attribute(to, now.attributes[i].name) != nullptr)
            continue;
        migration.run(fmt::format("ALTER TYPE {} RENAME ATTRIBUTE {} TO {}", sql::qualified(to.name),
                                  sql::identifier(now.attributes[i].name), sql::identifier(name)));
        follow_attribute(migration.now, to.name, std::string(now.attributes[i].name), name);
    }
}

/// Whether dropping attributes and adding others at the end is enough.
bool can_alter_attributes(const Type& now, const Type& to) {
    std::vector<TypeAttribute> left;
    for (const TypeAttribute& item : now.attributes)
        if (attribute(to, item.name) != nullptr) left.push_back(item);
    for (const TypeAttribute& item : to.attributes)
        if (attribute(now, item.name) == nullptr) left.push_back(item);
    return std::equal(
        left.begin(), left.end(), to.attributes.begin(), to.attributes.end(),
        [](const TypeAttribute& a, const TypeAttribute& b) { return a.name == b.name && same_type(a, b); });
}

bool can_stay(Migration& migration, const Type& to) {
    const Type& now = migration.now.types.at(to.name);
    if (now.kind != to.kind) return false;
    switch (to.kind) {
        case TypeKind::enumeration:
            rename_labels(migration, to);
            return now.labels == to.labels || add_labels(migration, to);
        case TypeKind::composite:
            rename_attributes(migration, to);
            return can_alter_attributes(now, to);
        case TypeKind::domain:
            return same_sql(now.base_type, to.base_type) && now.collation == to.collation;
        case TypeKind::range:
            break;
    }
    if (!same_sql(without_multirange(now), without_multirange(to))) return false;
    rename_multirange(migration, now, multirange_of(to));
    return true;
}

std::string alter(const Type& type) {
    return (type.kind == TypeKind::domain ? "ALTER DOMAIN " : "ALTER TYPE ") + sql::qualified(type.name) +
           ' ';
}

void alter_attributes(Migration& migration, Type& now, const Type& to) {
    for (const TypeAttribute& item : std::vector<TypeAttribute>(now.attributes)) {
        if (attribute(to, item.name) != nullptr) continue;
        migration.run(alter(to) + "DROP ATTRIBUTE " + sql::identifier(item.name));
        migration.lose_since(fmt::format("values of attribute {} of {}", item.name, shown(to.name)));
    }
    for (const TypeAttribute& item : to.attributes) {
        if (attribute(now, item.name) != nullptr) continue;
        migration.run(fmt::format("{}ADD ATTRIBUTE {} {}{}", alter(to), sql::identifier(item.name), item.type,
                                  item.collation.empty() ? "" : " COLLATE " + name_sql(item.collation)));
        migration.lose(fmt::format("values of attribute {} of {}", item.name, shown(to.name)));
    }
    now.attributes = to.attributes;
}

void rename_domain_constraints(Migration& migration, Type& now, const Type& to) {
    for (const Constraint& wanted : to.constraints)
        for (Constraint& found : now.constraints) {
            if (found.id.value == 0 || found.id.value != wanted.id.value || found.name == wanted.name ||
                find_named(now.constraints, wanted.name) != nullptr)
                continue;
            migration.run(fmt::format("{}RENAME CONSTRAINT {} TO {}", alter(to), sql::identifier(found.name),
                                      sql::identifier(wanted.name)));
            found.name = wanted.name;
        }
}

/// What goes of a domain, before the functions that it uses do.
void reduce_domain(Migration& migration, Type& now, const Type& to) {
    rename_domain_constraints(migration, now, to);
    std::erase_if(now.constraints, [&](const Constraint& found) {
        const Constraint* wanted = find_named(to.constraints, found.name);
        if (wanted != nullptr && catalog::can_stay(found, *wanted)) return false;
        migration.run(alter(to) + "DROP CONSTRAINT " + sql::identifier(found.name));
        return true;
    });
    if (now.expression && !same_sql(*now.expression, to.expression.value_or(""))) {
        migration.run(alter(to) + "DROP DEFAULT");
        now.expression.reset();
    }
    if (now.not_null && !to.not_null) {
        migration.run(alter(to) + "DROP NOT NULL");
        now.not_null = false;
    }
}

void extend_domain(Migration& migration, Type& now, const Type& to) {
    if (!now.expression && to.expression) migration.run(alter(to) + "SET DEFAULT " + *to.expression);
    if (!now.not_null && to.not_null) migration.run(alter(to) + "SET NOT NULL");
    for (const Constraint& wanted : to.constraints) {
        const Constraint* found = find_named(now.constraints, wanted.name);
        if (found == nullptr)
            migration.run(alter(to) + "ADD " + constraint_definition(wanted));
        else if (!found->validated && wanted.validated)
            migration.run(alter(to) + "VALIDATE CONSTRAINT " + sql::identifier(wanted.name));
    }
    const auto comments = [&](const Constraint& wanted) {
        const Constraint* found = find_named(now.constraints, wanted.name);
        if ((found == nullptr ? std::nullopt : found->comment) != wanted.comment)
            migration.run(comment_on(fmt::format("CONSTRAINT {} ON DOMAIN {}", sql::identifier(wanted.name),
                                                 sql::qualified(to.name)),
                                     wanted.comment));
    };
    std::for_each(to.constraints.begin(), to.constraints.end(), comments);
    now.expression = to.expression;
    now.not_null = to.not_null;
    now.constraints = to.constraints;
}

}  // namespace

void settle_types(Migration& migration) {
    // A type that is made anew changes those that are made of it.
    for (bool moved = true; moved;) {
        moved = false;
        for (const auto& [name, to] : migration.to.types) {
            if (!migration.now.types.contains(name) || can_stay(migration, to)) continue;
            move_type_aside(migration, name);
            moved = true;
        }
    }
    for (const auto& [name, to] : migration.to.types)
        if (const auto now = migration.now.types.find(name);
            now != migration.now.types.end() && to.kind == TypeKind::domain)
            reduce_domain(migration, now->second, to);
}

void extend_types(Migration& migration) {
    for (const auto& [name, to] : migration.to.types) {
        const auto now = migration.now.types.find(name);
        if (now == migration.now.types.end()) continue;
        if (to.kind == TypeKind::composite && now->second.attributes != to.attributes)
            alter_attributes(migration, now->second, to);
        if (to.kind == TypeKind::domain) extend_domain(migration, now->second, to);
    }
}

}  // namespace changelog::catalog
