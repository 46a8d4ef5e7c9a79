#include "catalog/migration_make.hpp"

#include "catalog/ddl.hpp"
#include "catalog/migration_compare.hpp"
#include "catalog/migration_order.hpp"
#include "catalog/migration_removal.hpp"
#include "catalog/migration_rights.hpp"
#include "catalog/migration_text.hpp"
#include "catalog/migration_types.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"
#include "sql/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

/// "CREATE ..." with OR REPLACE after it, unless it has it.
std::string or_replace(const std::string& statement) {
    const auto tokens = sql::tokenize(statement);
    if (!tokens) return statement;
    std::vector<std::string_view> words;
    for (const sql::Token& token : *tokens)
        if (token.kind == sql::TokenKind::word) words.push_back(token.text);
    if (words.size() < 2 || !equal_ignoring_case(words[0], "CREATE") || equal_ignoring_case(words[1], "OR"))
        return statement;
    const auto end = static_cast<std::size_t>(words[0].data() + words[0].size() - statement.data());
    return statement.substr(0, end) + " OR REPLACE" + statement.substr(end);
}

bool waits(const Migration& migration, const Column& column) {
    for (const ObjectName& name : needs(column)) {
        const bool function =
            migration.to.functions.contains(name) && !migration.now.functions.contains(name);
        const bool sequence =
            migration.to.sequences.contains(name) && !migration.now.sequences.contains(name);
        if (function || sequence) return true;
    }
    return false;
}

Table bare(const Migration& migration, const Table& to) {
    Table table = to;
    const bool is_partition = !to.partition_of.name.empty();
    table.partition_of = {};
    table.partition_bound.clear();
    std::erase_if(table.inherits, [&](const auto& parent) { return !migration.now.tables.contains(parent); });
    table.constraints.clear();
    table.indexes.clear();
    table.triggers.clear();
    table.policies.clear();
    table.grants.clear();
    table.owner.clear();
    table.row_security = table.force_row_security = false;
    table.replica_identity.clear();
    table.comment.reset();
    for (Column& column : table.columns) {
        column.storage.clear();
        column.compression.clear();
        column.statistics.reset();
        column.options.clear();
        column.comment.reset();
        if (column.inherited && is_partition) column.identity.reset();
        if (column.generated == Generated::no && column.expression && waits(migration, column))
            column.expression.reset();
        if (is_partition || table.inherits.empty()) column.inherited = false;
    }
    return table;
}

void make_table(Migration& migration, const Table& to) {
    Table table = bare(migration, to);
    Table statement = table;
    // Partitions get the columns of their parent when they are attached to it; children while they are made.
    std::erase_if(statement.columns, [](const Column& column) { return column.inherited; });
    migration.run(create_table(statement));
    for (Column& column : table.columns) {
        if (!column.inherited) continue;
        for (const ObjectName& parent : table.inherits)
            if (const Column* above = migration.now.table(parent)->column(column.name)) {
                const Column wanted = column;
                column = *above;
                column.inherited = true;
                column.id = wanted.id;
            }
    }
    for (const ObjectName& parent : table.inherits)
        for (const Constraint& constraint : migration.now.table(parent)->constraints)
            if (constraint.kind == ConstraintKind::check && !constraint.no_inherit) {
                table.constraints.push_back(constraint);
                table.constraints.back().inherited = true;
                table.constraints.back().comment.reset();
            }
    if (to.partition_by.empty()) migration.lose("rows of " + shown(to.name));
    migration.made.insert(to.name);
    migration.now.tables.insert_or_assign(to.name, std::move(table));
}

void make_sequence(Migration& migration, const Sequence& to) {
    Sequence sequence = to;
    sequence.owned_by.reset();
    sequence.grants.clear();
    sequence.owner.clear();
    sequence.comment.reset();
    migration.run(create_sequence_statements(sequence));
    migration.made.insert(to.name);
    migration.now.sequences.insert_or_assign(to.name, std::move(sequence));
}

void make_type(Migration& migration, const Type& to) {
    Type type = to;
    type.owner.clear();
    type.closed = false;
    type.grants.clear();
    type.comment.reset();
    migration.run(create_type_statements(type));
    for (Constraint& constraint : type.constraints) constraint.comment.reset();
    migration.now.types.insert_or_assign(to.name, std::move(type));
}

void make_view(Migration& migration, const View& to) {
    const auto now = migration.now.views.find(to.name);
    const bool replaces = now != migration.now.views.end();
    View view = to;
    if (replaces) {
        migration.run(or_replace(create_view(to)));
        now->second.query = to.query;
        now->second.definition = to.definition;
        now->second.columns = to.columns;
        now->second.options = to.options;
        now->second.depends = to.depends;
        return;
    }
    view.indexes.clear();
    view.triggers.clear();
    view.column_defaults.clear();
    view.column_comments.clear();
    view.grants.clear();
    view.owner.clear();
    view.comment.reset();
    migration.run(create_view_statements(view));
    migration.made.insert(to.name);
    migration.now.views.insert_or_assign(to.name, std::move(view));
}

void make_function(Migration& migration, const Function& to) {
    if (Function* now = find_function(migration.now, to.name, to.arguments)) {
        migration.run(or_replace(to.definition));
        now->definition = to.definition;
        now->depends = to.depends;
        return;
    }
    migration.run(to.definition);
    Function function = to;
    function.closed = false;
    function.grants.clear();
    function.owner.clear();
    function.comment.reset();
    migration.now.functions.emplace(to.name, std::move(function));
}

void make_item(Migration& migration, const Item& item) {
    switch (item.kind) {
        case ItemKind::type:
            return make_type(migration, migration.to.types.at(item.name));
        case ItemKind::sequence:
            return make_sequence(migration, migration.to.sequences.at(item.name));
        case ItemKind::table:
            return make_table(migration, migration.to.tables.at(item.name));
        case ItemKind::view:
            return make_view(migration, migration.to.views.at(item.name));
        case ItemKind::function:
            return make_function(migration, *find_function(migration.to, item.name, item.arguments));
    }
}

void settle_extensions(Migration& migration) {
    for (const auto& [name, to] : migration.to.extensions) {
        const auto now = migration.now.extensions.find(name);
        const std::string extension = sql::identifier(name);
        if (now == migration.now.extensions.end()) {
            migration.run("CREATE EXTENSION " + extension +
                          (to.schema.empty() ? "" : " SCHEMA " + sql::identifier(to.schema)) +
                          (to.version.empty() ? "" : " VERSION " + sql::literal(to.version)));
            // Its own comment comes with it and is not known.
            migration.now.extensions.emplace(name, Extension{name, to.schema, to.version, to.comment});
            if (to.comment) migration.run(comment_on("EXTENSION " + extension, to.comment));
            continue;
        }
        if (now->second.schema != to.schema && !to.schema.empty())
            migration.run(
                fmt::format("ALTER EXTENSION {} SET SCHEMA {}", extension, sql::identifier(to.schema)));
        if (now->second.version != to.version && !to.version.empty())
            migration.run(
                fmt::format("ALTER EXTENSION {} UPDATE TO {}", extension, sql::literal(to.version)));
        now->second.schema = to.schema;
        now->second.version = to.version;
    }
}

}  // namespace

std::set<Item> missing_items(const Migration& migration) {
    const Catalog& now = migration.now;
    const Catalog& to = migration.to;
    std::set<Item> out;
    const auto add = [&](ItemKind kind, const auto& have, const auto& want) {
        for (const auto& [name, item] : want)
            if (!have.contains(name)) out.insert({kind, name, {}});
    };
    add(ItemKind::type, now.types, to.types);
    add(ItemKind::sequence, now.sequences, to.sequences);
    add(ItemKind::table, now.tables, to.tables);
    for (const auto& [name, view] : to.views) {
        const auto found = now.views.find(name);
        if (found == now.views.end() || !same_query(found->second, view))
            out.insert({ItemKind::view, name, {}});
    }
    for (const auto& [name, function] : to.functions) {
        const Function* found = find_function(now, name, function.arguments);
        if (found == nullptr || !same_sql(found->definition, function.definition))
            out.insert({ItemKind::function, name, function.arguments});
    }
    return out;
}

void make_in_order(Migration& migration, const std::set<Item>& items) {
    for (const Item& item : creation_order(migration.to, items)) make_item(migration, item);
}

namespace {

/// "enabled D" of a rule or event trigger, the target of extended statistics.
void set_state(Migration& migration, const Other& to) {
    const std::string state = split_owner(to.state).state;
    const auto enabled = [&](std::string_view what, std::string_view name) {
        if (state.ends_with(" D")) migration.run(fmt::format("{}DISABLE {}", what, name));
        if (state.ends_with(" R")) migration.run(fmt::format("{}ENABLE REPLICA {}", what, name));
        if (state.ends_with(" A")) migration.run(fmt::format("{}ENABLE ALWAYS {}", what, name));
    };
    if (to.kind == "rule")
        enabled(alter_table(to.on.name), "RULE " + to.identity.substr(0, to.identity.find(" on ")));
    if (to.kind == "event trigger") enabled("ALTER EVENT TRIGGER " + to.identity + ' ', "");
    if (to.kind == "statistics object" && !state.empty())
        migration.run(fmt::format("ALTER STATISTICS {} SET STATISTICS {}", to.identity, state));
}

bool make_other(Migration& migration, const Other& to) {
    const std::vector<std::string> rights = make_default_rights(to);
    for (const std::string& statement : rights) migration.run(statement);
    if (!rights.empty()) return true;
    if (to.create.empty()) return false;
    migration.run(to.create);
    set_state(migration, to);
    return true;
}

}  // namespace

void make_others(Migration& migration, bool early) {
    std::vector<std::string> keys;
    for (const auto& [key, to] : migration.to.others)
        if (comes_early(to) == early) keys.push_back(key);
    std::stable_sort(keys.begin(), keys.end(), [&](const std::string& a, const std::string& b) {
        return make_rank(migration.to.others.at(a)) < make_rank(migration.to.others.at(b));
    });
    for (const bool rights : {false, true})  // rights of what is made from now on come last
        for (const std::string& key : keys) {
            const Other& to = migration.to.others.at(key);
            if ((to.kind == "default acl") != rights || migration.now.others.contains(key)) continue;
            if (!make_other(migration, to)) {
                migration.reasons.push_back(
                    fmt::format("no statement is known that makes {} {}", to.kind, to.identity));
                continue;
            }
            Other other = to;
            other.comment.reset();
            other.state = split_owner(to.state).state;
            migration.now.others.emplace(key, std::move(other));
        }
}

void make_structure(Migration& migration) {
    settle_extensions(migration);
    make_others(migration, true);
    make_in_order(migration, needed_by_tables(migration.to, missing_items(migration)));
    extend_types(migration);
    settle_columns(migration);
}

}  // namespace changelog::catalog
