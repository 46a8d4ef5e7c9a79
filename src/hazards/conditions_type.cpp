// Conditions of a change of a column's type.
#include "catalog/sql_text.hpp"
#include "hazards/conditions.hpp"
#include "hazards/proofs.hpp"
#include "hazards/relations.hpp"
#include "hazards/type_change.hpp"
#include "hazards/type_form.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool names_column(const Node& node, const std::string& column) { return contains(columns_in(node), column); }

Node statement_of(const std::string& definition) {
    const sql::ParseTree tree = sql::parse_tree(definition);
    return tree.statements.empty() ? Node() : inside(tree.statements.front());
}

}  // namespace

bool type_rewrites(const Step& step) { return type_change_of(step).rewrite; }

bool type_rechecks(const Step& step) {
    const catalog::Table* table = step.table();
    if (table == nullptr || type_rewrites(step)) return false;
    const auto dropped = step.names_of("DROP CONSTRAINT");
    return std::any_of(
        table->constraints.begin(), table->constraints.end(), [&](const catalog::Constraint& each) {
            return each.kind == catalog::ConstraintKind::check && each.validated &&
                   !contains(dropped, each.name) && catalog::mentions(each.expression, step.name);
        });
}

bool type_reindexes(const Step& step) { return !type_rewrites(step) && !rebuilt_indexes(step).empty(); }

/// The comparison of a foreign key stays the same only where the values and their order do.
bool foreign_key_rechecked(const Step& step) {
    const TypeChange change = type_change_of(step);
    return change.rewrite || change.reindex;
}

bool type_not_assignable(const Step& step) {
    const TypeChange change = type_change_of(step);
    if (!change.known || change.assignable) return false;
    const bool cast = !child(*step.definition, "raw_default").is_null();
    const catalog::Column* column = step.column();
    const auto dropped = step.names_of("SET DEFAULT");
    return !cast || (column->expression && !contains(dropped, step.name));
}

bool foreign_key_impossible(const Step& step) {
    const catalog::Table* table = step.table();
    if (table == nullptr || column_is_new(step)) return false;
    const TypeForm made = type_form(type_of(*step.definition, step));
    for (const catalog::Constraint* key : foreign_keys_over(*table, step.name)) {
        const auto place =
            std::find(key->columns.begin(), key->columns.end(), step.name) - key->columns.begin();
        const catalog::Table* target = step.context.before.table(key->referenced_table);
        if (target == nullptr || place >= std::ssize(key->referenced_columns)) continue;
        const catalog::Column* other =
            target->column(key->referenced_columns[static_cast<std::size_t>(place)]);
        if (other != nullptr && other->type.size() > 1 && user_type(other->type, step.context) == nullptr &&
            user_type(type_of(*step.definition, step), step.context) == nullptr &&
            !can_reference(made, type_form(other->type)))
            return true;
    }
    return false;
}

bool type_has_view(const Step& step) { return column_exists(step) && column_has_view(step); }

bool type_has_generated(const Step& step) {
    const catalog::Table* table = step.table();
    return table != nullptr &&
           std::any_of(table->columns.begin(), table->columns.end(), [&](const catalog::Column& other) {
               return other.generated != catalog::Generated::no && other.name != step.name &&
                      catalog::mentions(other.expression.value_or(""), step.name);
           });
}

bool type_has_trigger(const Step& step) {
    const catalog::Table* table = step.table();
    return table != nullptr &&
           std::any_of(table->triggers.begin(), table->triggers.end(), [&](const catalog::Trigger& trigger) {
               const Node made = statement_of(trigger.definition);
               return contains(strings_of(child(made, "columns")), step.name) ||
                      names_column(child(made, "whenClause"), step.name);
           });
}

bool type_has_policy(const Step& step) {
    const catalog::Table* table = step.table();
    return table != nullptr &&
           std::any_of(table->policies.begin(), table->policies.end(), [&](const catalog::Policy& policy) {
               const Node made = statement_of(policy.definition);
               return names_column(child(made, "qual"), step.name) ||
                      names_column(child(made, "with_check"), step.name);
           });
}

/// Only SQL-standard bodies are known to PostgreSQL.
bool type_has_function(const Step& step) {
    if (!column_exists(step)) return false;
    for (const auto& [name, function] : step.context.before.functions) {
        const auto uses = [&](const ObjectRef& used) {
            return used.name == step.relation && used.part == step.name;
        };
        if (std::any_of(function.depends.begin(), function.depends.end(), uses)) return true;
        const Node body = child(statement_of(function.definition), "sql_body");
        if (body.is_null()) continue;
        Step other = step;
        other.node = &body;
        other.relation = {};
        const Names read = read_relations(other);
        if (std::find(read.begin(), read.end(), step.relation) != read.end() && names_column(body, step.name))
            return true;
    }
    return false;
}

bool type_has_publication(const Step& step) {
    const auto& others = step.context.before.others;
    return column_exists(step) && std::any_of(others.begin(), others.end(), [&](const auto& entry) {
               const catalog::Other& other = entry.second;
               return other.kind.starts_with("publication") && other.on.name == step.relation &&
                      catalog::mentions(other.state + ' ' + other.create, step.name);
           });
}

bool is_partition_key(const Step& step) {
    const catalog::Table* table = step.table();
    if (table == nullptr || table->partition_by.empty()) return false;
    const std::size_t open = table->partition_by.find('(');
    return open != std::string::npos &&
           catalog::mentions(std::string_view(table->partition_by).substr(open), step.name);
}

bool type_may_overflow(const Step& step) { return type_change_of(step).may_fail; }

}  // namespace changelog::hazards
