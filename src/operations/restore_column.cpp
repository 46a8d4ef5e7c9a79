#include "operations/restore_column.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

using catalog::ConstraintKind;

template <typename Item>
bool uses_any(const Item& item, const std::vector<std::string>& columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const std::string& column) { return catalog::uses_column(item, column); });
}

std::string loss(const catalog::Table& table, const catalog::Column& column) {
    const std::string values = fmt::format("values of {}.{}", to_text(table.name), column.name);
    const bool filled = column.expression || column.identity || !column.not_null;
    return filled ? values
                  : values + ", without which the NOT NULL column cannot come back while the table has rows";
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

void restore_constraints(const Naming& naming, const ObjectName& name, const catalog::Table& table,
                         const std::vector<std::string>& columns, bool foreign_keys, Undo& out) {
    for (const catalog::Constraint& constraint : table.constraints)
        if ((constraint.kind == ConstraintKind::foreign_key) == foreign_keys && uses_any(constraint, columns))
            append(out.statements, catalog::add_constraint(name, naming.shown(constraint)));
}

}  // namespace

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
    for (const catalog::Column& column : table.columns) {
        if (std::find(columns.begin(), columns.end(), column.name) == columns.end()) continue;
        out.statements.push_back(statement(
            fmt::format("ALTER TABLE {} ADD {}", sql::qualified(name), catalog::column_definition(column))));
        append(out.statements, catalog::column_settings(name, column));
        out.losses.push_back(one_line(loss(table, column)));
    }
    for (const catalog::Sequence& sequence : sequences)
        out.statements.push_back(statement(catalog::sequence_owner(sequence)));
    restore_constraints(naming, name, table, columns, false, out);
    for (const catalog::Index& index : table.indexes)
        if (uses_any(index, columns)) append(out.statements, catalog::create_index_statements(name, index));
    restore_constraints(naming, name, table, columns, true, out);
    for (const catalog::TableConstraint& key : catalog::foreign_keys_to(*context.before, table.name, columns))
        append(out.statements,
               catalog::add_constraint(naming.shown(key.table), naming.shown(key.constraint)));
    append(out.statements,
           catalog::grant_statements("TABLE " + sql::qualified(name), grants_on(table, columns)));
}

}  // namespace changelog::operations
