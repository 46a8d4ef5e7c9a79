// Everything that hangs on objects and can be set at the end.
#include "catalog/migration_properties.hpp"

#include "catalog/ddl.hpp"
#include "catalog/migration_grants.hpp"
#include "catalog/migration_sequences.hpp"
#include "catalog/migration_text.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

using Comment = std::optional<std::string>;

void settle_comment(Migration& migration, const std::string& what, Comment& now, const Comment& to) {
    if (now == to) return;
    migration.run(comment_on(what, to));
    now = to;
}

std::string_view firing(const std::string& enabled) {
    if (enabled == "D") return "DISABLE";
    if (enabled == "R") return "ENABLE REPLICA";
    return enabled == "A" ? "ENABLE ALWAYS" : "ENABLE";
}

void settle_triggers(Migration& migration, const ObjectName& relation, std::vector<Trigger>& now,
                     const std::vector<Trigger>& to) {
    for (const Trigger& wanted : to) {
        Trigger* found = find_named(now, wanted.name);
        if (found == nullptr) continue;
        const std::string name = sql::identifier(wanted.name);
        if (found->enabled != wanted.enabled)
            migration.run(fmt::format("{}{} TRIGGER {}", alter_only(migration, relation),
                                      firing(wanted.enabled), name));
        found->enabled = wanted.enabled;
        settle_comment(migration, fmt::format("TRIGGER {} ON {}", name, sql::qualified(relation)),
                       found->comment, wanted.comment);
    }
}

/// What CREATE TABLE would choose for a built-in type.
std::string usual_storage(const std::string& type) {
    if (type.ends_with("[]")) return "EXTENDED";
    for (const std::string_view main : {"numeric", "inet", "cidr"})
        if (type.starts_with(main)) return "MAIN";
    for (const std::string_view fixed :
         {"smallint", "integer", "bigint", "real",   "double", "boolean",  "date",    "time",
          "interval", "uuid",    "money",  "oid",    "name",   "\"char\"", "macaddr", "point",
          "line",     "lseg",    "box",    "circle", "pg_lsn", "tsquery"})
        if (type.starts_with(fixed)) return "PLAIN";
    return "EXTENDED";
}

void settle_column(Migration& migration, const ObjectName& table, Column& now, const Column& to) {
    const auto alter = [&](const std::string& action) {
        migration.run(fmt::format("{}ALTER COLUMN {} {}", alter_only(migration, table),
                                  sql::identifier(to.name), action));
    };
    if (now.storage != to.storage)
        alter("SET STORAGE " + (to.storage.empty() ? usual_storage(to.type) : to.storage));
    if (now.compression != to.compression)
        alter("SET COMPRESSION " + (to.compression.empty() ? "default" : to.compression));
    if (now.statistics != to.statistics) alter(fmt::format("SET STATISTICS {}", to.statistics.value_or(-1)));
    if (now.options != to.options)
        settle_options(migration, trim(alter_column(table, to.name)), now.options, to.options);
    if (now.comment != to.comment)
        settle_comment(migration,
                       fmt::format("COLUMN {}.{}", sql::qualified(table), sql::identifier(to.name)),
                       now.comment, to.comment);
    now.storage = to.storage;
    now.compression = to.compression;
    now.statistics = to.statistics;
}

void settle_index(Migration& migration, const ObjectName& relation, Index& now, const Index& to) {
    const std::string name = sql::qualified({relation.schema, to.name});
    settle_options(migration, "ALTER INDEX " + name, now.options, to.options);
    if (now.tablespace != to.tablespace)
        migration.run(fmt::format("ALTER INDEX {} SET TABLESPACE {}", name,
                                  to.tablespace.empty() ? "pg_default" : sql::identifier(to.tablespace)));
    std::map<int, int> targets = to.statistics;
    for (const auto& [position, target] : now.statistics) targets.emplace(position, -1);
    for (const auto& [position, target] : targets) {
        const auto found = now.statistics.find(position);
        if (found == now.statistics.end() ? target != -1 : found->second != target)
            migration.run(
                fmt::format("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", name, position, target));
    }
    if (!now.valid && to.valid) migration.run("REINDEX INDEX " + name);
    settle_comment(migration, "INDEX " + name, now.comment, to.comment);
}

/// The index that a table is clustered or replicated by; "" if none.
template <typename Mark>
std::string marked(const Table& table, Mark mark) {
    for (const Constraint& constraint : table.constraints)
        if (mark(constraint)) return constraint.name;
    for (const Index& index : table.indexes)
        if (mark(index)) return index.name;
    return {};
}

void settle_marks(Migration& migration, const Table& now, const Table& to) {
    const auto is_clustered = [](const auto& item) { return item.clustered; };
    const auto is_identity = [](const auto& item) { return item.replica_identity; };
    const std::string alter = alter_table(to.name);
    const std::string cluster = marked(to, is_clustered), identity = marked(to, is_identity);
    if (marked(now, is_clustered) != cluster)
        migration.run(alter +
                      (cluster.empty() ? "SET WITHOUT CLUSTER" : "CLUSTER ON " + sql::identifier(cluster)));
    if (marked(now, is_identity) == identity && now.replica_identity == to.replica_identity) return;
    const std::string other = to.replica_identity.empty() ? "DEFAULT" : to.replica_identity;
    migration.run(alter + "REPLICA IDENTITY " +
                  (identity.empty() ? other : "USING INDEX " + sql::identifier(identity)));
}

void settle_constraint(Migration& migration, const ObjectName& table, Constraint& now, const Constraint& to) {
    const std::string index = sql::qualified({table.schema, to.name});
    if (now.kind != ConstraintKind::check && now.kind != ConstraintKind::foreign_key) {
        settle_options(migration, "ALTER INDEX " + index, now.options, to.options);
        if (now.tablespace != to.tablespace)
            migration.run(fmt::format("ALTER INDEX {} SET TABLESPACE {}", index,
                                      to.tablespace.empty() ? "pg_default" : sql::identifier(to.tablespace)));
        settle_comment(migration, "INDEX " + index, now.index_comment, to.index_comment);
    }
    settle_comment(migration,
                   fmt::format("CONSTRAINT {} ON {}", sql::identifier(to.name), sql::qualified(table)),
                   now.comment, to.comment);
}

void settle_row_security(Migration& migration, const Table& now, const Table& to) {
    const std::string alter = alter_table(to.name);
    if (now.row_security != to.row_security)
        migration.run(alter + (to.row_security ? "ENABLE" : "DISABLE") + " ROW LEVEL SECURITY");
    if (now.force_row_security != to.force_row_security)
        migration.run(alter + (to.force_row_security ? "FORCE" : "NO FORCE") + " ROW LEVEL SECURITY");
}

void settle_storage(Migration& migration, Table& now, const Table& to) {
    const std::string alter = alter_table(to.name);
    if (now.persistence != to.persistence)
        migration.run(alter + (to.persistence.empty() ? "SET LOGGED" : "SET " + to.persistence));
    if (now.access_method != to.access_method)
        migration.run(alter + "SET ACCESS METHOD " +
                      (to.access_method.empty() ? "heap" : sql::identifier(to.access_method)));
    if (now.tablespace != to.tablespace)
        migration.run(alter + "SET TABLESPACE " +
                      (to.tablespace.empty() ? "pg_default" : sql::identifier(to.tablespace)));
    settle_options(migration, trim(alter), now.options, to.options);
}

void settle_table(Migration& migration, Table& now, const Table& to) {
    settle_storage(migration, now, to);
    for (const Column& column : to.columns)
        settle_column(migration, to.name, *now.column(column.name), column);
    for (const Index& index : to.indexes) settle_index(migration, to.name, *now.index(index.name), index);
    for (const Constraint& constraint : to.constraints)
        if (Constraint* found = now.constraint(constraint.name))
            settle_constraint(migration, to.name, *found, constraint);
    settle_marks(migration, now, to);
    settle_row_security(migration, now, to);
    settle_triggers(migration, to.name, now.triggers, to.triggers);
    for (const Policy& policy : to.policies)
        settle_comment(migration,
                       fmt::format("POLICY {} ON {}", sql::identifier(policy.name), sql::qualified(to.name)),
                       find_named(now.policies, policy.name)->comment, policy.comment);
    settle_comment(migration, "TABLE " + sql::qualified(to.name), now.comment, to.comment);
}

void settle_view(Migration& migration, View& now, const View& to) {
    const std::string view = (to.materialized ? "MATERIALIZED VIEW " : "VIEW ") + sql::qualified(to.name);
    settle_options(migration, "ALTER " + view, now.options, to.options);
    if (now.tablespace != to.tablespace)
        migration.run(fmt::format("ALTER {} SET TABLESPACE {}", view,
                                  to.tablespace.empty() ? "pg_default" : sql::identifier(to.tablespace)));
    if (now.populated != to.populated)
        migration.run(fmt::format("REFRESH {}{}", view, to.populated ? "" : " WITH NO DATA"));
    for (const Index& index : to.indexes)
        settle_index(migration, to.name, *find_named(now.indexes, index.name), index);
    for (const Index& index : to.indexes)
        if (index.clustered && !find_named(now.indexes, index.name)->clustered)
            migration.run(fmt::format("ALTER {} CLUSTER ON {}", view, sql::identifier(index.name)));
    std::map<std::string, std::string> defaults = to.column_defaults;
    for (const auto& [column, expression] : now.column_defaults) defaults.emplace(column, "");
    for (const auto& [column, expression] : defaults) {
        const auto found = now.column_defaults.find(column);
        if ((found == now.column_defaults.end() ? "" : found->second) == expression) continue;
        migration.run(fmt::format("ALTER {} ALTER COLUMN {} {}", view, sql::identifier(column),
                                  expression.empty() ? "DROP DEFAULT" : "SET DEFAULT " + expression));
    }
    settle_triggers(migration, to.name, now.triggers, to.triggers);
    settle_comment(migration, view, now.comment, to.comment);
    std::map<std::string, std::string> comments = to.column_comments;
    for (const auto& [column, comment] : now.column_comments) comments.emplace(column, "");
    for (const auto& [column, comment] : comments) {
        const auto found = now.column_comments.find(column);
        if ((found == now.column_comments.end() ? "" : found->second) == comment) continue;
        migration.run(
            comment_on(fmt::format("COLUMN {}.{}", sql::qualified(to.name), sql::identifier(column)),
                       comment.empty() ? Comment() : Comment(comment)));
    }
}

/// PostgreSQL wants the sequence to belong to the role that the table belongs to.
void settle_owning_column(Migration& migration, Sequence& now, const Sequence& to) {
    const Table* table = to.owned_by ? migration.now.table(to.owned_by->name) : nullptr;
    if (table != nullptr && table->owner != now.owner) {
        if (now.owned_by) migration.run("ALTER SEQUENCE " + sql::qualified(to.name) + " OWNED BY NONE");
        now.owner = table->owner;
        migration.run(owner_statement("SEQUENCE " + sql::qualified(to.name), now.owner));
    }
    migration.run(sequence_owner(to));
    now.owned_by = to.owned_by;
}

void settle_sequence(Migration& migration, Sequence& now, const Sequence& to) {
    const std::string alter = "ALTER SEQUENCE " + sql::qualified(to.name);
    const std::string type = now.options.type == to.options.type ? "" : " AS " + to.options.type;
    const std::string changes = type + option_changes(now.options, to.options, "");
    if (!changes.empty()) migration.run(alter + changes);
    if (now.persistence != to.persistence)
        migration.run(alter + (to.persistence.empty() ? " SET LOGGED" : " SET UNLOGGED"));
    if (now.owned_by != to.owned_by) settle_owning_column(migration, now, to);
    settle_comment(migration, "SEQUENCE " + sql::qualified(to.name), now.comment, to.comment);
    if (!migration.made.contains(to.name) && !turns(now.options, to.options)) return;
    if (to.owned_by && !migration.made.contains(to.owned_by->name))
        continue_sequence(migration, to.name, *to.owned_by, to.options);
    else if (!to.owned_by)
        migration.lose("the position of sequence " + shown(to.name));
}

std::string words_of(const std::string& kind) {
    if (kind == "foreign-data wrapper") return "FOREIGN DATA WRAPPER";
    return kind == "statistics object" ? "STATISTICS" : upper(kind);
}

}  // namespace

void settle_options(Migration& migration, const std::string& alter, std::map<std::string, std::string>& now,
                    const std::map<std::string, std::string>& to) {
    std::vector<std::string> set, reset;
    for (const auto& [name, value] : to) {
        const auto found = now.find(name);
        if (found == now.end() || found->second != value)
            set.push_back(value.empty() ? name : fmt::format("{} = {}", name, value));
    }
    for (const auto& [name, value] : now)
        if (!to.contains(name)) reset.push_back(name);
    if (!reset.empty()) migration.run(fmt::format("{} RESET ({})", alter, join(reset, ", ")));
    if (!set.empty()) migration.run(fmt::format("{} SET ({})", alter, join(set, ", ")));
    now = to;
}

void settle_properties(Migration& migration) {
    Catalog& now = migration.now;
    const Catalog& to = migration.to;
    for (const auto& [name, schema] : to.schemas)
        settle_comment(migration, "SCHEMA " + sql::identifier(name), now.schemas.at(name).comment,
                       schema.comment);
    for (const auto& [name, extension] : to.extensions)
        settle_comment(migration, "EXTENSION " + sql::identifier(name), now.extensions.at(name).comment,
                       extension.comment);
    for (const auto& [name, type] : to.types) {
        const std::string what = (type.kind == TypeKind::domain ? "DOMAIN " : "TYPE ") + sql::qualified(name);
        settle_comment(migration, what, now.types.at(name).comment, type.comment);
    }
    for (const auto& [name, table] : to.tables) settle_table(migration, now.tables.at(name), table);
    for (const auto& [name, sequence] : to.sequences)
        settle_sequence(migration, now.sequences.at(name), sequence);
    for (const auto& [name, view] : to.views) settle_view(migration, now.views.at(name), view);
    for (const auto& [name, function] : to.functions)
        settle_comment(migration, routine(function), find_function(now, name, function.arguments)->comment,
                       function.comment);
    for (const auto& [key, other] : to.others)
        if (const auto found = now.others.find(key); found != now.others.end()) {
            const std::string what = words_of(other.kind) + ' ' + other.identity;
            const std::string owner = split_owner(other.state).owner;
            settle_comment(migration, what, found->second.comment, other.comment);
            if (split_owner(found->second.state).owner != owner) migration.run(owner_statement(what, owner));
        }
    settle_all_grants(migration);
}

}  // namespace changelog::catalog
