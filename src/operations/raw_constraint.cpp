// Constraints of CREATE TABLE and ALTER TABLE, with the names that PostgreSQL chooses for those without one.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "operations/common.hpp"
#include "operations/index_key.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"

namespace changelog::operations {

namespace {

using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::NameOf;
using catalog::Table;

std::string action_of(const std::string& letter) {
    static const std::map<std::string, std::string> kActions = {
        {"r", "RESTRICT"}, {"c", "CASCADE"}, {"n", "SET NULL"}, {"d", "SET DEFAULT"}};
    const auto found = kActions.find(letter);
    return found == kActions.end() ? std::string() : found->second;
}

void collect_columns(const sql::Node& node, const Table& table, std::set<std::string>& out) {
    if (node.is_array()) {
        for (const sql::Node& item : node) collect_columns(item, table, out);
    } else if (node.is_object()) {
        for (const auto& [key, value] : node.items()) {
            const auto names =
                key == "ColumnRef" ? strings_of(child(value, "fields")) : std::vector<std::string>{};
            if (!names.empty() && table.column(names.back()) != nullptr) out.insert(names.back());
            collect_columns(value, table, out);
        }
    }
}

void take_foreign_key(const RawStatement& statement, const Table& table, const sql::Node& node,
                      Constraint& out) {
    out.kind = ConstraintKind::foreign_key;
    if (out.columns.empty()) out.columns = strings_of(child(node, "fk_attrs"));
    out.referenced_table = statement.relation(child(node, "pktable"));
    out.referenced_columns = strings_of(child(node, "pk_attrs"));
    out.on_update = action_of(text_of(node, "fk_upd_action"));
    out.on_delete = action_of(text_of(node, "fk_del_action"));
    out.set_columns = strings_of(child(node, "fk_del_set_cols"));
    if (text_of(node, "fk_matchtype") == "f") out.match = "FULL";
    const Table* target =
        out.referenced_table == table.name ? &table : statement.catalog().table(out.referenced_table);
    if (out.referenced_columns.empty() && target != nullptr && target->primary_key() != nullptr)
        out.referenced_columns = target->primary_key()->columns;
}

/// The body of EXCLUDE, as the author wrote it, without what may follow every constraint.
std::string exclusion_body(const RawStatement& statement, Span span) {
    const std::size_t begin = statement.text.find("EXCLUDE", span.begin, span.end);
    std::size_t end = statement.text.item_end(begin, span.end);
    for (const char* word : {"DEFERRABLE", "INITIALLY", "NOT"}) end = statement.text.find(word, begin, end);
    return statement.slice(begin + 1, end);
}

void take_exclusion(const RawStatement& statement, const sql::Node& node, Span span, Constraint& out) {
    out.kind = ConstraintKind::exclusion;
    out.expression = exclusion_body(statement, span);
    for (const sql::Node& exclusion : child(node, "exclusions"))
        for (const sql::Node& item : child(inside(exclusion), "items"))
            if (const std::string name = text_of(inside(item), "name"); !name.empty())
                out.columns.push_back(name);
}

void take_key(const RawStatement& statement, const sql::Node& node, Constraint& out) {
    if (out.columns.empty()) out.columns = strings_of(child(node, "keys"));
    out.include = strings_of(child(node, "including"));
    out.nulls_not_distinct = flag_of(node, "nulls_not_distinct");
    out.tablespace = text_of(node, "indexspace");
    out.options = statement.options(child(node, "options"));
}

/// PRIMARY KEY USING INDEX: the index becomes the constraint's, and takes its name.
bool take_index(RawStatement& statement, Table& table, const std::string& index_name, Constraint& out) {
    const catalog::Index* index = table.index(index_name);
    if (index == nullptr) return statement.fail_unknown(ObjectKind::index, {table.name.schema, index_name});
    for (const catalog::IndexKey& key : index->keys) out.columns.push_back(key.text);
    out.include = index->include;
    out.nulls_not_distinct = index->nulls_not_distinct;
    out.tablespace = index->tablespace;
    out.options = index->options;
    out.clustered = index->clustered;
    out.replica_identity = index->replica_identity;
    if (out.name.empty()) out.name = index_name;
    std::erase_if(table.indexes, [&](const catalog::Index& item) { return item.name == index_name; });
    return true;
}

NameOf name_kind(ConstraintKind kind) {
    switch (kind) {
        case ConstraintKind::primary_key:
            return NameOf::primary_key;
        case ConstraintKind::unique:
            return NameOf::unique;
        case ConstraintKind::foreign_key:
            return NameOf::foreign_key;
        case ConstraintKind::exclusion:
            return NameOf::exclusion;
        case ConstraintKind::check:
            break;
    }
    return NameOf::check;
}

std::vector<std::string> named_after(const Constraint& made) {
    if (made.kind == ConstraintKind::check) {
        return made.columns.size() == 1 ? made.columns : std::vector<std::string>{};
    }
    std::vector<std::string> columns = made.columns;
    columns.insert(columns.end(), made.include.begin(), made.include.end());
    return columns;
}

bool take_body(RawStatement& statement, Table& table, const sql::Node& node, Span span, Constraint& made) {
    const std::string type = text_of(node, "contype");
    if (type == "CONSTR_CHECK") {
        made.expression = statement.bracketed_after("CHECK", span.begin, span.end);
        made.no_inherit = flag_of(node, "is_no_inherit");
        made.columns = columns_in(child(node, "raw_expr"), table);
    } else if (type == "CONSTR_FOREIGN") {
        take_foreign_key(statement, table, node, made);
    } else if (type == "CONSTR_EXCLUSION") {
        take_exclusion(statement, node, span, made);
    } else if (type == "CONSTR_PRIMARY" || type == "CONSTR_UNIQUE") {
        made.kind = type == "CONSTR_PRIMARY" ? ConstraintKind::primary_key : ConstraintKind::unique;
        if (const std::string index = text_of(node, "indexname"); !index.empty())
            return take_index(statement, table, index, made);
        take_key(statement, node, made);
    } else {
        return statement.fail("what constraint it adds is not known");
    }
    return true;
}

bool same_index(catalog::Index a, const catalog::Index& b) {
    a.name = b.name;
    a.comment = b.comment;
    a.clustered = b.clustered;
    a.replica_identity = b.replica_identity;
    a.attached_to = b.attached_to;
    a.on_only = b.on_only;
    a.valid = b.valid;
    return a == b;
}

bool same_constraint(Constraint a, const Constraint& b) {
    if (b.kind == ConstraintKind::check && a.name != b.name) return false;
    a.name = b.name;
    a.comment = b.comment;
    a.inherited = b.inherited;
    a.clustered = b.clustered;
    a.replica_identity = b.replica_identity;
    return a == b;
}

/// Those are cloned for partitions; the others fire on the table that a statement names.
bool is_row_trigger(const catalog::Trigger& trigger) {
    const std::string text = sql::token_stream(trigger.definition);
    return text.find(" for each row ") != std::string::npos || text.find(" for row ") != std::string::npos;
}

bool adopt_constraint(RawStatement& statement, Table& child, const Constraint& constraint) {
    for (const Constraint& own : child.constraints)
        if (same_constraint(own, constraint)) return true;
    Constraint made = constraint;
    made.id = {};
    made.comment.reset();
    made.inherited = true;
    made.clustered = made.replica_identity = false;
    if (constraint.kind != ConstraintKind::foreign_key && constraint.kind != ConstraintKind::check) {
        std::vector<std::string> columns = made.columns;
        columns.insert(columns.end(), made.include.begin(), made.include.end());
        const auto name = statement.choose(child.name, name_kind(made.kind), columns);
        if (!name)
            return statement.fail("the name of a constraint of " + to_text(child.name) + " is not known");
        made.name = *name;
    }
    if (made.kind == ConstraintKind::primary_key)
        for (const std::string& column : made.columns)
            if (catalog::Column* found = child.column(column)) found->not_null = true;
    child.constraints.push_back(std::move(made));
    return true;
}

}  // namespace

std::vector<std::string> columns_in(const sql::Node& expression, const Table& table) {
    std::set<std::string> used;
    collect_columns(expression, table, used);
    std::vector<std::string> out;
    for (const catalog::Column& column : table.columns)
        if (used.contains(column.name)) out.push_back(column.name);
    return out;
}

bool define_constraint(RawStatement& statement, Table& table, const sql::Node& node,
                       const std::string& column, Span span) {
    Constraint made;
    made.name = text_of(node, "conname");
    if (!column.empty() && text_of(node, "contype") != "CONSTR_CHECK") made.columns = {column};
    made.deferrable = flag_of(node, "deferrable") || flag_of(node, "initdeferred");
    made.initially_deferred = flag_of(node, "initdeferred");
    made.validated = !flag_of(node, "skip_validation");
    if (!take_body(statement, table, node, span, made)) return false;
    if (made.name.empty()) {
        const auto name = statement.choose(table.name, name_kind(made.kind), named_after(made));
        // What comes with a column goes with it, whatever it is called.
        if (!name && column.empty()) return statement.fail("the name that the constraint gets is not known");
        made.name = name.value_or(column + " constraint " + std::to_string(table.constraints.size()));
    }
    if (made.kind == ConstraintKind::primary_key)
        for (const std::string& key : made.columns)
            if (catalog::Column* found = table.column(key)) found->not_null = true;
    table.constraints.push_back(std::move(made));
    return true;
}

bool adopt_parent(RawStatement& statement, Table& child, const Table& parent, bool is_new) {
    for (const Constraint& constraint : parent.constraints)
        if (!adopt_constraint(statement, child, constraint)) return false;
    for (const catalog::Index& index : parent.indexes) {
        const ObjectName owner{parent.name.schema, index.name};
        const auto own = std::find_if(child.indexes.begin(), child.indexes.end(),
                                      [&](const catalog::Index& item) { return same_index(item, index); });
        if (own != child.indexes.end()) {
            own->attached_to = owner;
            continue;
        }
        if (index.on_only && !is_new) continue;
        catalog::Index made = index;
        made.id = {};
        made.clustered = made.replica_identity = false;
        made.comment.reset();
        made.attached_to = owner;
        made.on_only = false;
        made.valid = true;
        if (statement.is_invented(child.name)) return statement.fail("its indexes are not known");
        made.name = chosen_index_name(statement.catalog(), child.name, made);
        if (statement.is_taken_elsewhere({child.name.schema, made.name}))
            return statement.fail("the names of its indexes are not known");
        child.indexes.push_back(std::move(made));
    }
    for (const catalog::Trigger& trigger : parent.triggers) {
        if (!is_row_trigger(trigger) || find_named(child.triggers, trigger.name) != nullptr) continue;
        catalog::Trigger made = trigger;
        made.id = {};
        made.inherited = true;
        made.comment.reset();
        made.definition = retargeted(trigger.definition, child.name);
        child.triggers.push_back(std::move(made));
    }
    return true;
}

bool reach_partitions(RawStatement& statement, const ObjectName& table) {
    const Table* parent = statement.catalog().table(table);
    if (parent == nullptr || parent->partition_by.empty()) return true;
    for (const ObjectName& name : catalog::descendants(statement.catalog(), table)) {
        Table& child = *statement.catalog().table(name);
        const Table* above = statement.catalog().table(child.partition_of);
        if (above != nullptr && !adopt_parent(statement, child, *above, false)) return false;
    }
    return true;
}

}  // namespace changelog::operations
