// A whole table as DDL.
#include "catalog/ddl.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

bool is_temporary(const Table& table) { return table.persistence.find("TEMP") != std::string::npos; }

bool is_key(const Constraint& constraint) {
    return constraint.kind == ConstraintKind::primary_key || constraint.kind == ConstraintKind::unique;
}

/// CREATE TABLE makes one of two keys over the same columns (PostgreSQL, transformIndexConstraints).
bool repeats_a_key(const Table& table, const Constraint& constraint) {
    if (!is_key(constraint)) return false;
    for (const Constraint& other : table.constraints) {
        if (&other == &constraint) return false;
        if (is_key(other) && other.columns == constraint.columns) return true;
    }
    return false;
}

/// CREATE TABLE cannot say NOT VALID, and a foreign key may point at a table that is made later.
bool goes_inside(const Table& table, const Constraint& constraint) {
    return constraint.validated && constraint.kind != ConstraintKind::foreign_key &&
           !repeats_a_key(table, constraint);
}

/// Children get these from their parents while they are made; partitions, which are made by themselves, do
/// not.
template <typename Part>
bool comes_with_parent(const Table& table, const Part& part) {
    return part.inherited && !table.inherits.empty();
}

bool comes_with_whole(const Table& table, const Constraint& constraint) {
    return !table.partition_bound.empty() && comes_by_attaching(constraint);
}

std::string parents_of(const Table& table) {
    std::string out;
    for (const ObjectName& parent : table.inherits) out += (out.empty() ? "" : ", ") + sql::qualified(parent);
    return out.empty() ? out : " INHERITS (" + out + ')';
}

std::string storage_parameters(const Table& table) {
    std::string out;
    for (const auto& [name, value] : table.options) out += (out.empty() ? "" : ", ") + name + " = " + value;
    return out.empty() ? out : " WITH (" + out + ')';
}

std::string create_statement(const Table& table) {
    std::vector<std::string> elements;
    for (const Column& column : table.columns)
        if (!comes_with_parent(table, column)) elements.push_back(column_definition(column));
    for (const Constraint& constraint : table.constraints)
        if (goes_inside(table, constraint) && !comes_with_parent(table, constraint) &&
            !comes_with_whole(table, constraint))
            elements.push_back(constraint_definition(constraint));
    const std::string name =
        is_temporary(table) ? sql::identifier(table.name.name) : sql::qualified(table.name);
    std::string out =
        fmt::format("CREATE {}TABLE {} ({})", table.persistence.empty() ? "" : table.persistence + ' ', name,
                    join(elements, ", "));
    out += parents_of(table);
    if (!table.partition_by.empty()) out += " PARTITION BY " + table.partition_by;
    if (!table.access_method.empty()) out += " USING " + sql::identifier(table.access_method);
    out += storage_parameters(table);
    if (!table.tablespace.empty()) out += " TABLESPACE " + sql::identifier(table.tablespace);
    return out;
}

void append(std::vector<Statement>& out, std::vector<Statement> more) {
    for (Statement& statement : more) out.push_back(std::move(statement));
}

void add_constraints(const Table& table, std::vector<Statement>& out) {
    for (const Constraint& constraint : table.constraints) {
        if (constraint.kind == ConstraintKind::foreign_key || comes_with_whole(table, constraint)) continue;
        std::vector<Statement> statements = add_constraint(table.name, constraint);
        if (goes_inside(table, constraint) || comes_with_parent(table, constraint))
            statements.erase(statements.begin());
        append(out, std::move(statements));
    }
}

std::string_view firing(const std::string& enabled) {
    if (enabled == "D") return "DISABLE TRIGGER";
    if (enabled == "R") return "ENABLE REPLICA TRIGGER";
    if (enabled == "A") return "ENABLE ALWAYS TRIGGER";
    return {};
}

void add_triggers(const Table& table, std::vector<Statement>& out) {
    const std::string name = sql::qualified(table.name);
    for (const Trigger& trigger : table.triggers) {
        if (!trigger.inherited) out.push_back({trigger.definition});
        if (const std::string_view state = firing(trigger.enabled); !state.empty())
            out.push_back({fmt::format("ALTER TABLE {} {} {}", name, state, sql::identifier(trigger.name))});
        if (trigger.comment)
            out.push_back({comment_on(fmt::format("TRIGGER {} ON {}", sql::identifier(trigger.name), name),
                                      trigger.comment)});
    }
}

void add_row_security(const Table& table, std::vector<Statement>& out) {
    const std::string name = sql::qualified(table.name);
    if (table.row_security) out.push_back({fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", name)});
    if (table.force_row_security)
        out.push_back({fmt::format("ALTER TABLE {} FORCE ROW LEVEL SECURITY", name)});
    for (const Policy& policy : table.policies) {
        out.push_back({policy.definition});
        if (policy.comment)
            out.push_back({comment_on(fmt::format("POLICY {} ON {}", sql::identifier(policy.name), name),
                                      policy.comment)});
    }
}

}  // namespace

std::vector<Statement> create_table(const Table& table) {
    const std::string name = sql::qualified(table.name);
    std::vector<Statement> out;
    out.push_back({create_statement(table)});
    for (const Column& column : table.columns) append(out, column_settings(table.name, column));
    add_constraints(table, out);
    for (const Index& index : table.indexes) append(out, create_index_statements(table.name, index));
    // Attached only now: the parent then adopts the indexes and constraints instead of making its own.
    if (!table.partition_bound.empty())
        out.push_back({fmt::format("ALTER TABLE {} ATTACH PARTITION {} {}",
                                   sql::qualified(table.partition_of), name, table.partition_bound)});
    add_triggers(table, out);
    add_row_security(table, out);
    if (!table.replica_identity.empty())
        out.push_back({fmt::format("ALTER TABLE {} REPLICA IDENTITY {}", name, table.replica_identity)});
    if (table.comment) out.push_back({comment_on("TABLE " + name, table.comment)});
    // Before the grants: what the new owner and the old one had would be taken together.
    if (!table.owner.empty()) out.push_back({owner_statement("TABLE " + name, table.owner)});
    append(out, grant_statements("TABLE " + name, table.grants, table.owner));
    for (const Constraint& constraint : table.constraints)
        if (constraint.kind == ConstraintKind::foreign_key)
            append(out, add_constraint(table.name, constraint));
    return out;
}

}  // namespace changelog::catalog
