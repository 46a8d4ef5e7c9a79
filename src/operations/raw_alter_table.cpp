// The commands of ALTER TABLE that are about the table as a whole: constraints, partitions, parents,
// triggers, row security, storage.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"

namespace changelog::operations {

namespace {

using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::Table;

bool add_constraint(RawStatement& statement, Table& table, const sql::Node& command) {
    const sql::Node& node = inside(child(command, "def"));
    const std::size_t at = statement.text.at(node);
    const Span span{at, statement.text.item_end(at, statement.span.end)};
    if (!define_constraint(statement, table, node, {}, span)) return false;
    if (!reaches_children(statement)) return true;
    const Constraint made = table.constraints.back();
    if (!table.partition_by.empty()) return reach_partitions(statement, table.name);
    for (const ObjectName& name : catalog::descendants(statement.catalog(), table.name)) {
        Table& child = *statement.catalog().table(name);
        if (made.kind == ConstraintKind::check && !made.no_inherit &&
            child.constraint(made.name) == nullptr) {
            child.constraints.push_back(made);
            child.constraints.back().inherited = true;
        }
    }
    return true;
}

void drop_keys_to(catalog::Catalog& catalog, const ObjectName& table, const Constraint& key) {
    for (auto& [name, other] : catalog.tables)
        std::erase_if(other.constraints, [&](const Constraint& constraint) {
            return constraint.kind == ConstraintKind::foreign_key && constraint.referenced_table == table &&
                   std::is_permutation(constraint.referenced_columns.begin(),
                                       constraint.referenced_columns.end(), key.columns.begin(),
                                       key.columns.end());
        });
}

bool drop_constraint(RawStatement& statement, Table& table, const sql::Node& command) {
    const std::string name = text_of(command, "name");
    const Constraint* found = table.constraint(name);
    if (found == nullptr && catalog::drop_not_null(statement.catalog(), table.name, name)) return true;
    if (found == nullptr) {
        if (flag_of(command, "missing_ok") && !statement.is_invented(table.name)) return true;
        return statement.fail_unknown(ObjectKind::constraint, table.name, name);
    }
    const Constraint gone = *found;
    catalog::Catalog& catalog = statement.catalog();
    if (text_of(command, "behavior") == "DROP_CASCADE" && gone.kind != ConstraintKind::check)
        drop_keys_to(catalog, table.name, gone);
    if (!table.partition_by.empty() && gone.kind != ConstraintKind::check)
        for (const ObjectName& each : catalog::descendants(catalog, table.name))
            std::erase_if(catalog.table(each)->constraints, [&](const Constraint& own) {
                return own.inherited && own.kind == gone.kind && own.columns == gone.columns;
            });
    catalog.drop_constraint(table.name, name);
    return true;
}

void validate(Table& table, const std::string& name) {
    Constraint* constraint = table.constraint(name);
    if (constraint == nullptr) return;
    constraint->validated = true;
    const bool is_whole = catalog::is_not_null(*constraint) && !constraint->no_inherit;
    for (catalog::Column& column : table.columns)
        if (is_whole && constraint->columns == std::vector<std::string>{column.name}) column.not_null = true;
}

bool change_constraint(RawStatement& statement, Table& table, const sql::Node& command) {
    const bool validates = text_of(command, "subtype") == "AT_ValidateConstraint";
    const sql::Node& change = inside(child(command, "def"));
    const std::string name = validates ? text_of(command, "name") : text_of(change, "conname");
    Constraint* constraint = table.constraint(name);
    if (constraint == nullptr) return statement.fail_unknown(ObjectKind::constraint, table.name, name);
    if (validates) {
        for (const ObjectName& each : catalog::descendants(statement.catalog(), table.name))
            validate(*statement.catalog().table(each), name);
        validate(table, name);
        return true;
    }
    if (constraint->kind != ConstraintKind::foreign_key)
        return statement.fail("what it does to the constraint is not understood");
    constraint->deferrable = flag_of(change, "deferrable") || flag_of(change, "initdeferred");
    constraint->initially_deferred = flag_of(change, "initdeferred");
    return true;
}

bool attach(RawStatement& statement, Table& table, const sql::Node& command, Span span) {
    const ObjectName name = statement.relation(child(inside(child(command, "def")), "name"));
    Table* part = statement.catalog().table(name);
    if (part == nullptr) return statement.fail_unknown(ObjectKind::table, name);
    part->partition_of = table.name;
    const std::size_t at = statement.text.find("PARTITION", span.begin, span.end) + 1;
    part->partition_bound = partition_bound(statement.text, statement.text.after_name(at));
    for (catalog::Column& column : part->columns) {
        const catalog::Column* above = table.column(column.name);
        if (above != nullptr && above->not_null) column.not_null = true;
        column.inherited = above != nullptr;
    }
    return adopt_parent(statement, *part, table);
}

/// What it got from its parent stays, as its own.
bool detach(RawStatement& statement, const sql::Node& command) {
    const sql::Node& partition = inside(child(command, "def"));
    const ObjectName name = statement.relation(child(partition, "name"));
    Table* part = statement.catalog().table(name);
    if (part == nullptr || part->partition_bound.empty())
        return statement.fail_unknown(ObjectKind::table, name);
    if (flag_of(partition, "concurrent"))
        return statement.fail("a CHECK of the bound stays behind, whose name is not known");
    part->partition_of = {};
    part->partition_bound.clear();
    for (catalog::Column& column : part->columns) column.inherited = false;
    for (Constraint& constraint : part->constraints) constraint.inherited = false;
    for (catalog::Index& index : part->indexes) index.attached_to = {};
    std::erase_if(part->triggers, [](const catalog::Trigger& trigger) { return trigger.inherited; });
    return true;
}

bool change_parent(RawStatement& statement, Table& table, const sql::Node& command) {
    const ObjectName name = statement.relation(inside(child(command, "def")));
    if (text_of(command, "subtype") == "AT_AddInherit") {
        table.inherits.push_back(
            name);  // its columns and constraints must be there already, and stay its own
        return true;
    }
    if (std::erase(table.inherits, name) == 0) return statement.fail_unknown(ObjectKind::table, name);
    for (catalog::Column& column : table.columns) column.inherited = false;
    for (Constraint& constraint : table.constraints) constraint.inherited = false;
    return true;
}

bool switch_triggers(RawStatement& statement, Table& table, const std::string& kind,
                     const std::string& name) {
    std::string state = "O";
    if (kind.starts_with("AT_DisableTrig")) state = "D";
    if (kind == "AT_EnableAlwaysTrig") state = "A";
    if (kind == "AT_EnableReplicaTrig") state = "R";
    bool found = name.empty();
    for (catalog::Trigger& trigger : table.triggers) {
        if (!name.empty() && trigger.name != name) continue;
        trigger.enabled = state;
        found = true;
    }
    if (!found) return statement.fail_unknown(ObjectKind::trigger, table.name, name);
    if (kind.ends_with("All")) {
        statement.not_kept = true;
        statement.why = "whether the triggers of foreign keys are enabled is not kept";
    }
    return true;
}

void mark_index(Table& table, const std::string& name, bool catalog::Index::*of_index,
                bool Constraint::*of_constraint) {
    for (catalog::Index& index : table.indexes) index.*of_index = index.name == name;
    for (Constraint& constraint : table.constraints) constraint.*of_constraint = constraint.name == name;
}

bool set_replica_identity(RawStatement& statement, Table& table, const sql::Node& identity) {
    const std::string type = text_of(identity, "identity_type"), name = text_of(identity, "name");
    if (type == "i" && table.index(name) == nullptr && table.constraint(name) == nullptr)
        return statement.fail_unknown(ObjectKind::index, {table.name.schema, name});
    mark_index(table, type == "i" ? name : std::string(), &catalog::Index::replica_identity,
               &Constraint::replica_identity);
    table.replica_identity = type == "f" ? "FULL" : type == "n" ? "NOTHING" : "";
    return true;
}

bool cluster_on(RawStatement& statement, Table& table, const std::string& name) {
    if (!name.empty() && table.index(name) == nullptr && table.constraint(name) == nullptr)
        return statement.fail_unknown(ObjectKind::index, {table.name.schema, name});
    mark_index(table, name, &catalog::Index::clustered, &Constraint::clustered);
    return true;
}

void set_options(RawStatement& statement, Table& table, const std::string& kind, const sql::Node& command) {
    for (auto& [name, value] : statement.options(child(inside(child(command, "def")), "items"))) {
        if (kind == "AT_SetRelOptions")
            table.options[name] = value;
        else
            table.options.erase(name);
    }
}

/// Its identity and serial sequences go with it, from PostgreSQL 15 on.
void set_persistence(RawStatement& statement, Table& table, const std::string& persistence) {
    table.persistence = persistence;
    for (const ObjectName& name : catalog::owned_sequences(statement.catalog(), table.name))
        statement.catalog().sequences.at(name).persistence = persistence;
}

bool set_storage(RawStatement& statement, Table& table, const std::string& kind, const sql::Node& command) {
    const std::string name = text_of(command, "name");
    if (kind == "AT_SetTableSpace") {
        table.tablespace = name == "pg_default" ? "" : name;
    } else if (kind == "AT_SetAccessMethod") {
        table.access_method = name == "heap" ? "" : name;
    } else if (kind == "AT_SetLogged" || kind == "AT_SetUnLogged") {
        set_persistence(statement, table, kind == "AT_SetLogged" ? "" : "UNLOGGED");
    } else if (kind == "AT_SetRelOptions" || kind == "AT_ResetRelOptions") {
        set_options(statement, table, kind, command);
    } else {
        return statement.fail("what it does to the table is not understood (" + kind + ")");
    }
    return true;
}

bool set_row_security(Table& table, const std::string& kind) {
    if (kind == "AT_EnableRowSecurity" || kind == "AT_DisableRowSecurity")
        table.row_security = kind == "AT_EnableRowSecurity";
    else if (kind == "AT_ForceRowSecurity" || kind == "AT_NoForceRowSecurity")
        table.force_row_security = kind == "AT_ForceRowSecurity";
    else
        return false;
    return true;
}

}  // namespace

bool follow_table_command(RawStatement& statement, Table& table, const sql::Node& command, Span span) {
    const std::string kind = text_of(command, "subtype"), name = text_of(command, "name");
    if (kind == "AT_AddConstraint") return add_constraint(statement, table, command);
    if (kind == "AT_DropConstraint") return drop_constraint(statement, table, command);
    if (kind == "AT_ValidateConstraint" || kind == "AT_AlterConstraint")
        return change_constraint(statement, table, command);
    const bool triggers = kind.find("Trig") != std::string::npos;
    if (triggers && !name.empty()) return switch_triggers(statement, table, kind, name);
    // What it was before is not known of a table whose definition is not.
    if (statement.is_invented(table.name)) return statement.fail_unknown(ObjectKind::table, table.name);
    if (triggers) return switch_triggers(statement, table, kind, name);
    if (kind == "AT_AttachPartition") return attach(statement, table, command, span);
    if (kind == "AT_DetachPartition") return detach(statement, command);
    if (kind == "AT_AddInherit" || kind == "AT_DropInherit") return change_parent(statement, table, command);
    if (kind == "AT_ReplicaIdentity")
        return set_replica_identity(statement, table, inside(child(command, "def")));
    if (kind == "AT_ClusterOn" || kind == "AT_DropCluster") return cluster_on(statement, table, name);
    if (set_row_security(table, kind)) return true;
    return set_storage(statement, table, kind, command);
}

}  // namespace changelog::operations
