// Relations that a step reaches through foreign keys, sequences, queries, types and functions.
#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"
#include "hazards/relations.hpp"
#include "hazards/type_change.hpp"
#include "hazards/volatility.hpp"
#include "sql/parse.hpp"

#include <algorithm>
#include <set>

namespace changelog::hazards {

namespace {

using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::Table;

const catalog::Catalog& before(const Step& step) { return step.context.before; }

Names indexes_of(const Step& step, const Names& tables) {
    Names out;
    for (const ObjectName& name : tables) {
        if (const auto view = before(step).views.find(name); view != before(step).views.end())
            for (const catalog::Index& index : view->second.indexes) out.push_back({name.schema, index.name});
        const Table* table = before(step).table(name);
        if (table == nullptr) continue;
        const Names more = index_names(*table);
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

/// The index of the key over these columns.
Names index_over(const Table& table, const std::vector<std::string>& columns) {
    for (const Constraint& constraint : table.constraints)
        if (has_index(constraint) && constraint.columns == columns)
            return {{table.name.schema, constraint.name}};
    return {};
}

/// The text of a SQL function that runs when it is made or called.
std::string function_body(const Node& function) {
    const Node& options = child(function, "options");
    const auto language = text_of(inside(sql::option_of(options, "language")), "sval");
    const auto body = strings_of(sql::option_of(options, "as"));
    return language == "sql" && !body.empty() ? body.front() : std::string();
}

/// What the nodes name as relations, but for those that statements make or change, and WITH's own names.
void collect_relations(const Node& node, const Step& step, std::set<std::string>& own, Names& out) {
    if (node.is_array()) {
        for (const Node& item : node) collect_relations(item, step, own, out);
    } else if (node.is_object()) {
        for (const Node& item : child(child(node, "withClause"), "ctes"))
            own.insert(text_of(inside(item), "ctename"));
        for (const auto& [key, value] : node.items()) {
            const bool is_own =
                text_of(value, "schemaname").empty() && own.contains(text_of(value, "relname"));
            if (key == "RangeVar" && !is_own) out.push_back(step.name_of(value));
            if (key == "into" || key == "intoClause" || key == "relation" || key == "view") continue;
            collect_relations(value, step, own, out);
        }
    }
}

void collect_relations(const Node& node, const Step& step, Names& out) {
    std::set<std::string> own;
    collect_relations(node, step, own, out);
}

/// Tables that statements within WITH change. `searched`: only those that are searched for rows.
void collect_changed(const Node& node, const Step& step, bool searched, Names& out) {
    if (node.is_array()) {
        for (const Node& item : node) collect_changed(item, step, searched, out);
    } else if (node.is_object()) {
        for (const auto& [key, value] : node.items()) {
            if ((key == "InsertStmt" && !searched) || key == "UpdateStmt" || key == "DeleteStmt")
                out.push_back(step.name_of(child(value, "relation")));
            collect_changed(value, step, searched, out);
        }
    }
}

}  // namespace

std::vector<const Constraint*> foreign_keys_over(const Table& table, const std::string& column) {
    std::vector<const Constraint*> out;
    for (const Constraint& constraint : table.constraints)
        if (constraint.kind == ConstraintKind::foreign_key &&
            std::find(constraint.columns.begin(), constraint.columns.end(), column) !=
                constraint.columns.end())
            out.push_back(&constraint);
    return out;
}

ObjectName target_of(const Step& step) {
    if (step.definition != nullptr && text_of(*step.definition, "contype") == "CONSTR_FOREIGN")
        if (const Node& target = child(*step.definition, "pktable"); !target.is_null())
            return step.name_of(target);
    const Constraint* known = step.constraint();
    if (known == nullptr || known->kind != ConstraintKind::foreign_key) return {};
    return known->referenced_table;
}

Names referenced(const Step& step) {
    const ObjectName target = target_of(step);
    return target.name.empty() ? Names{} : Names{target};
}

Names referenced_indexes(const Step& step) { return indexes_of(step, referenced(step)); }

Names referenced_key(const Step& step) {
    const Table* target = before(step).table(target_of(step));
    if (target == nullptr) return {};
    std::vector<std::string> columns = strings_of(child(*step.definition, "pk_attrs"));
    if (columns.empty() && target->primary_key() != nullptr) columns = target->primary_key()->columns;
    return index_over(*target, columns);
}

namespace {

bool is_same_key(const Step& step, const Constraint& constraint) {
    if (constraint.kind != ConstraintKind::foreign_key || constraint.referenced_table != target_of(step) ||
        constraint.columns != strings_of(child(*step.definition, "fk_attrs")))
        return false;
    const std::vector<std::string> columns = strings_of(child(*step.definition, "pk_attrs"));
    return columns.empty() || columns == constraint.referenced_columns;
}

}  // namespace

Names leaves_without_key(const Step& step) {
    Names out = leaves(step);
    std::erase_if(out, [&](const ObjectName& name) {
        const Table* table = before(step).table(name);
        if (name == step.relation || table == nullptr) return false;
        return std::any_of(table->constraints.begin(), table->constraints.end(),
                           [&](const Constraint& each) { return is_same_key(step, each); });
    });
    return out;
}

Names indexes_without_key(const Step& step) { return indexes_of(step, leaves_without_key(step)); }

Names all_referenced(const Step& step) {
    Names out;
    for (const ObjectName& name : tree(step)) {
        const Table* table = before(step).table(name);
        if (table == nullptr) continue;
        for (const Constraint& constraint : table->constraints)
            if (constraint.kind == ConstraintKind::foreign_key) out.push_back(constraint.referenced_table);
    }
    return out;
}

Names referencing(const Step& step) {
    Names out;
    for (const auto& each : catalog::foreign_keys_to(before(step), step.relation)) out.push_back(each.table);
    return out;
}

Names referencing_indexes(const Step& step) { return indexes_of(step, referencing(step)); }

Names referenced_by_column(const Step& step) {
    Names out;
    if (const Table* table = step.table())
        for (const Constraint* constraint : foreign_keys_over(*table, step.name))
            out.push_back(constraint->referenced_table);
    return out;
}

Names referenced_by_column_indexes(const Step& step) { return indexes_of(step, referenced_by_column(step)); }

Names referencing_column(const Step& step) {
    Names out;
    for (const auto& each : catalog::foreign_keys_to(before(step), step.relation, {step.name}))
        out.push_back(each.table);
    return out;
}

Names referencing_column_indexes(const Step& step) { return indexes_of(step, referencing_column(step)); }

Names rebuilt_indexes(const Step& step) {
    const Table* table = step.table();
    const TypeChange change = type_change_of(step);
    if (table == nullptr) return {};
    Names out;
    for (const catalog::Index& index : table->indexes) {
        const auto is_key = [&](const catalog::IndexKey& key) {
            return !key.expression && key.text == step.name;
        };
        const auto is_expression = [](const catalog::IndexKey& key) { return key.expression; };
        const bool computed =
            !index.predicate.empty() || std::any_of(index.keys.begin(), index.keys.end(), is_expression);
        const bool sorted = std::any_of(index.keys.begin(), index.keys.end(), is_key);
        if (uses_column(index, step.name) && (computed || (sorted && change.reindex)))
            out.push_back({step.relation.schema, index.name});
    }
    for (const Constraint& constraint : table->constraints)
        if (has_index(constraint) && change.reindex &&
            std::find(constraint.columns.begin(), constraint.columns.end(), step.name) !=
                constraint.columns.end())
            out.push_back({step.relation.schema, constraint.name});
    return out;
}

Names sequence_of_column(const Step& step) {
    const Table* table = step.table();
    const catalog::Column* column = step.column();
    if (table == nullptr || column == nullptr || !column->identity) return {};
    return {{step.relation.schema, catalog::identity_sequence(*table, *column)}};
}

Names sequences_of_column(const Step& step) {
    Names out = sequence_of_column(step);
    for (const ObjectName& name : catalog::owned_sequences(before(step), step.relation, step.name))
        out.push_back(name);
    return out;
}

Names sequences_of_default(const Step& step) {
    Names out;
    for (const Node& item : child(*step.definition, "constraints"))
        if (text_of(inside(item), "contype") == "CONSTR_DEFAULT")
            for (const ObjectName& name : sequences_in(child(inside(item), "raw_expr"), step.context))
                out.push_back(name);
    return out;
}

Names sequences_of_query(const Step& step) { return sequences_in(*step.node, step.context); }

Names matched_indexes(const Step& step) {
    Names out;
    if (const Table* parent = step.table()) out = index_names(*parent);
    return out;
}

Names read_relations(const Step& step) {
    Names out;
    collect_relations(*step.node, step, out);
    const std::string body = step.kind == "CREATE FUNCTION" ? function_body(*step.node) : std::string();
    for (const Node& statement : sql::parse_tree(body).statements) collect_relations(statement, step, out);
    std::erase_if(out, [&](const ObjectName& name) { return name == step.relation; });
    return out;
}

Names read_indexes(const Step& step) { return indexes_of(step, read_relations(step)); }

Names view_relations(const Step& step) {
    Names out;
    const auto view = before(step).views.find(step.relation);
    if (view == before(step).views.end()) return out;
    for (const ObjectRef& used : view->second.depends)
        if (used.kind == ObjectKind::table) out.push_back(used.name);
    return out;
}

Names view_indexes(const Step& step) { return indexes_of(step, view_relations(step)); }

Names owner_table(const Step& step) {
    auto parts = strings_of(sql::option_of(child(*step.node, "options"), "owned_by"));
    if (parts.size() < 2) return {};
    parts.pop_back();
    return {step.name_of(std::move(parts))};
}

Names queried_relations(const Step& step) {
    Names out = read_relations(step);
    for (std::size_t i = 0; i < out.size(); ++i) {
        for (const ObjectName& part : catalog::descendants(before(step), out[i])) out.push_back(part);
        const auto view = before(step).views.find(out[i]);
        if (view == before(step).views.end() || view->second.materialized) continue;
        for (const ObjectRef& used : view->second.depends)
            if (used.kind == ObjectKind::table && std::find(out.begin(), out.end(), used.name) == out.end())
                out.push_back(used.name);
    }
    return out;
}

Names queried_tables(const Step& step) {
    Names out = queried_relations(step);
    std::erase_if(out, [&](const ObjectName& name) {
        const auto view = before(step).views.find(name);
        const Table* table = before(step).table(name);
        return (view != before(step).views.end() && !view->second.materialized) ||
               (table != nullptr && !table->partition_by.empty());
    });
    return out;
}

Names queried_indexes(const Step& step) { return indexes_of(step, queried_tables(step)); }
Names queried_tree_indexes(const Step& step) { return indexes_of(step, queried_relations(step)); }

Names tables_of_sequence(const Step& step) {
    Names out;
    for (const auto& [name, table] : before(step).tables)
        for (const catalog::Column& column : table.columns) {
            if (!column.expression || column.expression->find("nextval") == std::string::npos) continue;
            const Names used = sequences_in(expression_tree(*column.expression), step.context);
            if (std::find(used.begin(), used.end(), step.relation) != used.end()) out.push_back(name);
        }
    return out;
}

Names domain_tables(const Step& step) { return tables_with_type(step.relation, step.context); }
Names type_tables(const Step& step) { return tables_with_type(step.relation, step.context); }

Names function_tables(const Step& step) {
    Names out;
    for (const auto& [name, table] : before(step).tables)
        for (const catalog::Trigger& trigger : table.triggers) {
            const sql::ParseTree tree = sql::parse_tree(trigger.definition);
            if (tree.statements.empty()) continue;
            if (step.name_of(strings_of(child(inside(tree.statements.front()), "funcname"))) == step.relation)
                out.push_back(name);
        }
    return out;
}

Names changed_within(const Step& step) {
    Names out;
    collect_changed(*step.node, step, false, out);
    return out;
}

Names changed_indexes(const Step& step) {
    Names out;
    collect_changed(*step.node, step, true, out);
    return indexes_of(step, out);
}

Names sequences_of_rows(const Step& step) {
    const bool copies = step.kind == "COPY";
    std::vector<std::string> given = strings_of(child(*step.node, "attlist"));
    for (const Node& column : child(*step.node, "cols")) given.push_back(text_of(inside(column), "name"));
    const bool gives_all = given.empty() && (copies || !child(*step.node, "selectStmt").is_null());
    Names out;
    const Table* table = step.table();
    if (table == nullptr || gives_all) return out;
    for (const catalog::Column& column : table->columns) {
        if (std::find(given.begin(), given.end(), column.name) != given.end()) continue;
        if (column.identity)
            out.push_back({step.relation.schema, catalog::identity_sequence(*table, column)});
        if (!column.expression || column.generated != catalog::Generated::no) continue;
        for (const ObjectName& name : sequences_in(expression_tree(*column.expression), step.context))
            out.push_back(name);
    }
    return out;
}

Names viewed_relations(const Step& step) {
    const auto view = before(step).views.find(step.relation);
    return view == before(step).views.end() ? Names{} : view_relations(step);
}

}  // namespace changelog::hazards
