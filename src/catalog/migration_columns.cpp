// Columns of tables that stay.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/migration_compare.hpp"
#include "catalog/migration_make.hpp"
#include "catalog/migration_rename.hpp"
#include "catalog/migration_sequences.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"
#include "sql/type.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

std::string value_of(const ObjectName& table, const std::string& column) {
    return fmt::format("values of {}.{}", shown(table), column);
}

void each_child(Migration& migration, const ObjectName& table, const std::function<void(Table&)>& change) {
    for (const ObjectName& child : descendants(migration.now, table)) change(*migration.now.table(child));
}

void add_column(Migration& migration, Table& now, const Column& to) {
    const bool has_value = to.expression || to.identity;
    Column column = to;
    column.storage.clear();
    column.compression.clear();
    column.statistics.reset();
    column.options.clear();
    column.comment.reset();
    const bool filled = has_value || !to.not_null || migration.made.contains(now.name);
    if (!filled) column.not_null = false;
    if (to.inherited) column.inherited = false;
    migration.run(alter_table(now.name) + "ADD COLUMN " + column_definition(column));
    if (to.generated == Generated::no) migration.lose(value_of(now.name, to.name));
    if (!filled) {
        migration.run(set_not_null_if_possible(now.name, to));
        migration.lose(fmt::format("NOT NULL of {}.{} where there are rows", shown(now.name), to.name));
        column.not_null = true;
    }
    migration.refilled.insert({ObjectKind::column, now.name, to.name});
    now.columns.push_back(column);
    each_child(migration, now.name, [&](Table& child) {
        if (child.column(column.name) != nullptr) return;
        child.columns.push_back(column);
        child.columns.back().inherited = true;
    });
}

bool is_array(const std::string& type) { return type.ends_with("[]"); }

/// The columns of a composite type that was made anew, one by one: their number may have changed.
std::optional<std::string> cast_of_composite(const Migration& migration, const Column& now,
                                             const Column& to) {
    const auto find = [](const Catalog& catalog, const std::string& type) -> const Type* {
        for (const auto& [name, item] : catalog.types)
            if (item.kind == TypeKind::composite && sql::qualified(name) == type) return &item;
        return nullptr;
    };
    const Type* from = find(migration.now, now.type);
    const Type* wanted = find(migration.to, to.type);
    if (from == nullptr || wanted == nullptr) return std::nullopt;
    const std::string column = sql::identifier(now.name);
    std::vector<std::string> parts;
    for (const TypeAttribute& item : wanted->attributes) {
        const bool there = find_named(from->attributes, item.name) != nullptr;
        parts.push_back(
            there ? fmt::format("({}).{}::text::{}", column, sql::identifier(item.name), item.type) : "NULL");
    }
    return fmt::format("CASE WHEN {0} IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW({1})::{2} END", column,
                       join(parts, ", "), to.type);
}

/// How a value becomes one of the new type: as an assignment where there is one, else as PostgreSQL writes
/// it.
std::string cast(const Migration& migration, const Column& now, const Column& to) {
    const std::string from = sql::canonical_type(now.type), type = sql::canonical_type(to.type);
    if (from == type) return {};
    const auto from_class = sql::type_class(now.type), to_class = sql::type_class(to.type);
    const bool plain = from_class == to_class && from_class != sql::TypeClass::other &&
                       from_class != sql::TypeClass::array && from_class != sql::TypeClass::date_time &&
                       from_class != sql::TypeClass::json;
    const std::string column = sql::identifier(now.name);
    if (plain || keeps_values(now.type, to.type)) return fmt::format(" USING {}::{}", column, to.type);
    if (const auto composite = cast_of_composite(migration, now, to)) return " USING " + *composite;
    if (from_class == sql::TypeClass::boolean && to_class == sql::TypeClass::number)
        return fmt::format(" USING {}::integer::{}", column, to.type);
    if (from_class == sql::TypeClass::date_time && to_class == sql::TypeClass::date_time &&
        !type.starts_with("interval") && !from.starts_with("interval") && !type.starts_with("time ") &&
        from.starts_with("time ") == type.starts_with("time "))
        return fmt::format(" USING {}::{}", column, to.type);
    if (is_array(from) != is_array(type)) return fmt::format(" USING {}::text::{}", column, to.type);
    return fmt::format(" USING {}::text{}::{}", column, is_array(from) ? "[]" : "", to.type);
}

/// A type that was moved aside only to be made anew under its name.
bool is_same_name(const Migration& migration, const Column& now, const Column& to) {
    const auto is_aside = [&](const ObjectName& name) {
        return migration.now.types.contains(name) && !migration.to.types.contains(name);
    };
    const auto names = qualified_names(now.type);
    return sql::canonical_type(now.type) == sql::canonical_type(to.type) ||
           std::any_of(names.begin(), names.end(), is_aside);
}

void retype(Migration& migration, Table& table, Column& now, const Column& to) {
    const std::string collation = to.collation.empty() ? "" : " COLLATE " + name_sql(to.collation);
    migration.run(fmt::format("{}TYPE {}{}{}", alter_column(table.name, to.name), to.type, collation,
                              cast(migration, now, to)));
    const std::string name = fmt::format("{}.{}", shown(table.name), to.name);
    if (!is_same_name(migration, now, to)) {
        if (!keeps_values(to.type, now.type))
            migration.lose(fmt::format("what values of {} lost when they became {}", name, now.type));
        if (!keeps_values(now.type, to.type))
            migration.undo.since.push_back(
                fmt::format("what values of {} written since have beyond {}", name, to.type));
    }
    const auto change = [&](Column& column) {
        column.type = to.type;
        column.collation = to.collation;
        column.storage.clear();
        column.compression.clear();
        if (column.identity && to.identity) column.identity->options.type = to.identity->options.type;
    };
    change(now);
    each_child(migration, table.name, [&](Table& child) {
        if (Column* copy = child.column(to.name)) change(*copy);
    });
}

/// SET NOT NULL, under its name where it has one.
std::string set_not_null(const ObjectName& table, const Column& column) {
    if (column.not_null_name.empty()) return alter_column(table, column.name) + "SET NOT NULL";
    return fmt::format("{}ADD CONSTRAINT {} NOT NULL {}", alter_table(table),
                       sql::identifier(column.not_null_name), sql::identifier(column.name));
}

void settle_not_null(Migration& migration, Table& table, Column& now, const Column& to) {
    if (now.not_null != to.not_null) {
        migration.run(to.not_null ? set_not_null(table.name, to)
                                  : alter_column(table.name, to.name) + "DROP NOT NULL");
        each_child(migration, table.name, [&](Table& child) {
            Column* copy = child.column(to.name);
            if (copy == nullptr) return;
            if (!copy->not_null || !to.not_null) copy->not_null_name = to.not_null_name;
            copy->not_null = to.not_null;
        });
    }
    now.not_null = to.not_null;
    now.not_null_name = to.not_null_name;
}

/// SET START WITH 1 SET INCREMENT BY 2 ...: what differs.
std::string identity_changes(const Identity& now, const Identity& to) {
    std::string out;
    if (now.always != to.always) out += to.always ? " SET GENERATED ALWAYS" : " SET GENERATED BY DEFAULT";
    return out + option_changes(now.options, to.options, " SET");
}

void drop_identity(Migration& migration, Table& table, Column& now, const Column& to) {
    if (!now.identity || to.identity) return;
    migration.run(alter_column(table.name, to.name) + "DROP IDENTITY");
    now.identity.reset();
}

void go_on(Migration& migration, const Table& table, const Column& to) {
    const std::string sequence = identity_sequence(migration.to.tables.at(table.name), to);
    continue_sequence(migration, {table.name.schema, sequence}, {ObjectKind::column, table.name, to.name},
                      to.identity->options);
}

void settle_identity(Migration& migration, Table& table, Column& now, const Column& to) {
    if (!to.identity || (now.identity && *now.identity == *to.identity)) return;
    if (now.identity) {
        const std::string changes = identity_changes(*now.identity, *to.identity);
        if (!changes.empty()) migration.run(trim(alter_column(table.name, to.name)) + changes);
        if (turns(now.identity->options, to.identity->options)) go_on(migration, table, to);
    } else {
        Column bare;
        bare.name = to.name;
        bare.identity = to.identity;
        const std::string definition = column_definition(bare);
        const std::size_t clause = definition.find("GENERATED");
        migration.run(alter_column(table.name, to.name) + "ADD " + definition.substr(clause));
        if (!migration.made.contains(table.name)) go_on(migration, table, to);
    }
    now.identity = to.identity;
}

/// Of a column that is inherited, else it was made anew; only PostgreSQL 17 lets one differ from its
/// parent's.
void settle_expression(Migration& migration, Table& table, Column& now, const Column& to) {
    if (same_sql(now.expression.value_or(""), to.expression.value_or(""))) return;
    migration.run(fmt::format("{}SET EXPRESSION AS {}", alter_column(table.name, to.name),
                              parenthesised(to.expression.value_or(""))));
    now.expression = to.expression;
    each_child(migration, table.name, [&](Table& child) {
        if (Column* copy = child.column(to.name)) copy->expression = to.expression;
    });
}

void settle_default(Migration& migration, Table& table, Column& now, const Column& to) {
    if (now.generated == Generated::stored && to.generated == Generated::no) {
        migration.run(alter_column(table.name, to.name) + "DROP EXPRESSION");
        const auto change = [](Column& column) {
            column.generated = Generated::no;
            column.expression.reset();
        };
        change(now);
        each_child(migration, table.name, [&](Table& child) {
            if (Column* copy = child.column(to.name)) change(*copy);
        });
    }
    if (to.generated != Generated::no && now.generated == to.generated)
        return settle_expression(migration, table, now, to);
    if (to.generated != Generated::no || now.expression.has_value() == to.expression.has_value()) {
        if (!now.expression || same_sql(*now.expression, to.expression.value_or(""))) return;
    }
    const std::string alter =
        fmt::format("{}ALTER COLUMN {} ", alter_only(migration, table.name), sql::identifier(to.name));
    migration.run(to.expression ? alter + "SET DEFAULT " + *to.expression : alter + "DROP DEFAULT");
    now.expression = to.expression;
}

void settle_column(Migration& migration, Table& table, Column& now, const Column& to) {
    drop_identity(migration, table, now, to);
    settle_not_null(migration, table, now, to);
    settle_default(migration, table, now, to);
    settle_identity(migration, table, now, to);
}

}  // namespace

std::string set_not_null_if_possible(const ObjectName& table, const Column& column) {
    const std::string name = sql::qualified(table), part = sql::identifier(column.name);
    const std::string body = fmt::format(
        "BEGIN\n"
        "  IF EXISTS (SELECT FROM {0} WHERE {1} IS NULL) THEN\n"
        "    RAISE WARNING '%', {2};\n"
        "  ELSE\n"
        "    {3};\n"
        "  END IF;\n"
        "END",
        name, part,
        sql::literal(fmt::format("{}.{} stays without NOT NULL, since its values are lost", shown(table),
                                 column.name)),
        set_not_null(table, column));
    return undo_block(body);
}

void settle_columns(Migration& migration) {
    for (const ObjectName& name : parents_first(migration.to)) {
        Table* now = migration.now.table(name);
        if (now == nullptr) continue;
        const Table& to = migration.to.tables.at(name);
        for (const Column& column : to.columns)
            if (Column* found = now->column(column.name); found != nullptr && is_retyped(*found, column))
                retype(migration, *now, *found, column);
        for (const bool generated : {false, true})  // these are made of the others
            for (const Column& column : to.columns)
                if ((column.generated != Generated::no) == generated && now->column(column.name) == nullptr)
                    add_column(migration, *now, column);
        rename_not_nulls(migration, to);
        for (const Column& column : to.columns)
            settle_column(migration, *now, *now->column(column.name), column);
    }
}

}  // namespace changelog::catalog
