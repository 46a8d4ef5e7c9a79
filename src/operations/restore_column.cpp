#include "operations/restore_column.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "operations/attic_sql.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

using catalog::ConstraintKind;

constexpr std::string_view kTry = R"sql(
BEGIN
  EXECUTE wanted;
EXCEPTION WHEN integrity_constraint_violation OR invalid_foreign_key THEN
  RAISE WARNING '%: %', otherwise, SQLERRM;
END
)sql";

template <typename Item>
bool uses_any(const Item& item, const std::vector<std::string>& columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const std::string& column) { return catalog::uses_column(item, column); });
}

/// NOT NULL columns that nothing fills can be added to an empty table only.
bool needs_values(const catalog::Column& column) {
    return column.not_null && !column.expression && !column.identity;
}

std::string loss(const catalog::Table& table, const catalog::Column& column) {
    const std::string values = fmt::format("values of {}.{}", to_text(table.name), column.name);
    return needs_values(column) ? values + "; without them it does not become NOT NULL again" : values;
}

std::vector<catalog::Grant> grants_on(const catalog::Table& table, const std::vector<std::string>& columns) {
    std::vector<catalog::Grant> out;
    for (catalog::Grant grant : table.grants) {
        std::erase_if(grant.columns, [&](const std::string& column) {
            return std::find(columns.begin(), columns.end(), column) == columns.end();
        });
        if (!grant.columns.empty()) out.push_back(std::move(grant));
    }
    return out;
}

void add_column(const ObjectName& name, const catalog::Table& table, catalog::Column column, Undo& out) {
    const bool later = needs_values(column);
    if (later) column.not_null = false;
    out.statements.push_back(statement(
        fmt::format("ALTER TABLE {} ADD {}", sql::qualified(name), catalog::column_definition(column))));
    column.not_null = column.not_null || later;
    if (later) out.statements.push_back(set_not_null_if_possible(name, column));
    append(out.statements, catalog::column_settings(name, column));
    // Generated values are computed again.
    if (column.generated == catalog::Generated::no) out.losses.push_back(one_line(loss(table, column)));
}

/// Columns that come back empty, or with one value in all rows.
std::vector<std::string> without_values(const catalog::Table& table,
                                        const std::vector<std::string>& columns) {
    std::vector<std::string> out;
    for (const catalog::Column& column : table.columns) {
        const bool counted = column.identity ||
                             (column.expression && column.expression->find("nextval(") != std::string::npos);
        if (column.generated == catalog::Generated::no && !counted &&
            std::find(columns.begin(), columns.end(), column.name) != columns.end())
            out.push_back(column.name);
    }
    return out;
}

/// All of them or none: a comment must not follow where its object could not be made.
Statement try_all(const std::vector<Statement>& statements, const std::string& otherwise) {
    std::vector<std::string> all;
    for (const Statement& item : statements) all.push_back(item.sql);
    return try_to(fmt::format("{}", fmt::join(all, "; ")), otherwise);
}

void restore_constraints(const Naming& naming, const ObjectName& name, const catalog::Table& table,
                         const std::vector<std::string>& columns, Undo& out) {
    const std::vector<std::string> empty = without_values(table, columns);
    for (const catalog::Constraint& constraint : table.constraints) {
        if (constraint.kind == ConstraintKind::foreign_key || !uses_any(constraint, columns)) continue;
        std::vector<Statement> made = catalog::add_constraint(name, naming.shown(constraint));
        if (!uses_any(constraint, empty)) {
            append(out.statements, std::move(made));
            continue;
        }
        out.statements.push_back(
            try_all(made, fmt::format("constraint {} of {} does not come back",
                                      sql::identifier(constraint.name), sql::qualified(name))));
        if (constraint.kind == ConstraintKind::primary_key)
            out.losses.push_back(one_line(fmt::format("primary key {} of {}, if there are rows",
                                                      constraint.name, to_text(table.name))));
    }
}

void restore_indexes(const ObjectName& name, const catalog::Table& table,
                     const std::vector<std::string>& columns, Undo& out) {
    const std::vector<std::string> empty = without_values(table, columns);
    for (const catalog::Index& index : table.indexes) {
        if (!uses_any(index, columns)) continue;
        std::vector<Statement> made = catalog::create_index_statements(name, index);
        if (index.unique && uses_any(index, empty))
            out.statements.push_back(
                try_all(made, fmt::format("index {} does not come back", sql::identifier(index.name))));
        else
            append(out.statements, std::move(made));
    }
}

/// Keys of other tables need the key that they point at.
void restore_foreign_keys_to(const RenderContext& context, const catalog::Table& table,
                             const std::vector<std::string>& columns, Undo& out) {
    const Naming naming(context);
    const std::vector<std::string> empty = without_values(table, columns);
    for (const catalog::TableConstraint& key :
         catalog::foreign_keys_to(*context.before, table.name, columns)) {
        if (key.constraint.inherited) continue;  // comes with its parent's
        const ObjectName owner = naming.shown(key.table);
        const bool partitioned = !context.before->table(key.table)->partition_by.empty();
        std::vector<Statement> made = add_foreign_key(owner, naming.shown(key.constraint), partitioned);
        const bool uncertain = std::any_of(empty.begin(), empty.end(), [&](const std::string& column) {
            const auto& referenced = key.constraint.referenced_columns;
            return std::find(referenced.begin(), referenced.end(), column) != referenced.end();
        });
        if (uncertain)
            out.statements.push_back(
                try_all(made, fmt::format("foreign key {} of {} does not come back",
                                          sql::identifier(key.constraint.name), sql::qualified(owner))));
        else
            append(out.statements, std::move(made));
    }
}

void restore_foreign_keys(const Naming& naming, const ObjectName& name, const catalog::Table& table,
                          const std::vector<std::string>& columns, Undo& out) {
    for (const catalog::Constraint& constraint : table.constraints)
        if (constraint.kind == ConstraintKind::foreign_key && uses_any(constraint, columns))
            append(out.statements,
                   add_foreign_key(name, naming.shown(constraint), !table.partition_by.empty()));
}

}  // namespace

Statement try_to(const std::string& sql, const std::string& otherwise) {
    return statement(block(BlockConstants().text("wanted", sql).text("otherwise", otherwise), kTry, "undo"));
}

Statement set_not_null_if_possible(const ObjectName& table, const catalog::Column& column) {
    const std::string name = sql::identifier(column.name);
    const std::string set =
        column.not_null_name.empty()
            ? fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", sql::qualified(table), name)
            : fmt::format("ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {}", sql::qualified(table),
                          sql::identifier(column.not_null_name), name);
    return try_to(set, fmt::format("{}.{} stays without NOT NULL", sql::qualified(table), name));
}

std::vector<Statement> add_foreign_key(const ObjectName& table, const catalog::Constraint& key,
                                       bool partitioned) {
    if (!key.validated || !key.enforced) return catalog::add_constraint(table, key);
    const std::string shown = sql::qualified(table), name = sql::identifier(key.name);
    catalog::Constraint added = key;
    added.validated = partitioned;
    std::vector<Statement> out = catalog::add_constraint(table, added);
    if (partitioned) {
        return {try_all(out, fmt::format("foreign key {} of {} does not come back", name, shown))};
    }
    out.push_back(try_to(fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", shown, name),
                         fmt::format("foreign key {} of {} stays NOT VALID", name, shown)));
    return out;
}

std::vector<Statement> add_foreign_keys_to(const RenderContext& context, const ObjectName& table,
                                           const std::vector<std::string>& columns) {
    const Naming naming(context);
    std::vector<Statement> out;
    for (const catalog::TableConstraint& key : catalog::foreign_keys_to(*context.before, table, columns)) {
        if (key.constraint.inherited) continue;  // comes with its parent's
        const bool partitioned = !context.before->table(key.table)->partition_by.empty();
        append(out, add_foreign_key(naming.shown(key.table), naming.shown(key.constraint), partitioned));
    }
    return out;
}

void restore_columns(const RenderContext& context, const catalog::Table& table,
                     const std::vector<std::string>& columns, Undo& out) {
    const Naming naming(context);
    const ObjectName name = naming.shown(table.name);
    std::vector<catalog::Sequence> sequences;
    for (const std::string& column : columns)
        for (const ObjectName& owned : catalog::owned_sequences(*context.before, table.name, column))
            sequences.push_back(naming.shown(context.before->sequences.at(owned)));
    // The default calls the sequence and the sequence belongs to the column: so first the one, last the
    // other.
    for (catalog::Sequence sequence : sequences) {
        sequence.owned_by.reset();
        append(out.statements, catalog::create_sequence_statements(sequence));
    }
    for (const catalog::Column& column : table.columns)
        if (std::find(columns.begin(), columns.end(), column.name) != columns.end())
            add_column(name, table, column, out);
    for (const catalog::Sequence& sequence : sequences)
        out.statements.push_back(statement(catalog::sequence_owner(sequence)));
    restore_constraints(naming, name, table, columns, out);
    restore_indexes(name, table, columns, out);
    restore_foreign_keys(naming, name, table, columns, out);
    restore_foreign_keys_to(context, table, columns, out);
    append(out.statements, catalog::grant_statements("TABLE " + sql::qualified(name),
                                                     grants_on(table, columns), table.owner));
}

}  // namespace changelog::operations
