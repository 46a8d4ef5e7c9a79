// Conditions of steps about partitions, views, and other objects.
#include "catalog/dependents.hpp"
#include "hazards/conditions.hpp"
#include "hazards/follow.hpp"
#include "hazards/proofs.hpp"
#include "hazards/relations.hpp"
#include "hazards/type_change.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

using catalog::Table;

const Node& bound_of(const Step& step) {
    return step.kind == "ATTACH PARTITION" ? child(*step.definition, "bound")
                                           : child(*step.node, "partbound");
}

const Table* known(const Step& step, const Names& names) {
    return names.empty() ? nullptr : step.context.before.table(names.front());
}

/// The first key of the two is enough: PostgreSQL compares all, and a prefix that differs is a difference.
bool same_keys(const catalog::Index& one, const catalog::Index& other) {
    return one.unique == other.unique && one.method == other.method && one.predicate == other.predicate &&
           one.keys == other.keys;
}

struct OutputColumn {
    std::string name;
    bool star = false;
    bool cast = false;
};

std::vector<OutputColumn> outputs_of(const Node& query) {
    std::vector<OutputColumn> out;
    for (const Node& item : child(inside(query), "targetList")) {
        const Node& target = inside(item);
        const Node& value = child(target, "val");
        OutputColumn column;
        column.name = text_of(target, "name");
        column.cast = kind_of(value) == "TypeCast";
        const Node& reference = column.cast ? child(inside(value), "arg") : value;
        const Node& fields = child(inside(reference), "fields");
        if (column.name.empty() && !strings_of(fields).empty()) column.name = strings_of(fields).back();
        column.star = fields.is_array() && !fields.empty() && kind_of(fields.back()) == "A_Star";
        out.push_back(std::move(column));
    }
    return out;
}

Node query_of(const catalog::View& view) {
    const std::string& text = view.query.empty() ? view.definition : view.query;
    const sql::ParseTree tree = sql::parse_tree(text);
    if (tree.statements.empty()) return {};
    const Node& statement = tree.statements.front();
    return kind_of(statement) == "ViewStmt" ? child(inside(statement), "query") : statement;
}

bool names_label(const Node& node, const std::set<std::string>& labels) {
    if (node.is_array())
        return std::any_of(node.begin(), node.end(),
                           [&](const Node& item) { return names_label(item, labels); });
    if (!node.is_object()) return false;
    for (const auto& [key, value] : node.items())
        if ((key == "sval" && value.is_object() && labels.contains(text_of(value, "sval"))) ||
            names_label(value, labels))
            return true;
    return false;
}

const catalog::View* view_of(const Step& step) {
    const auto found = step.context.before.views.find(step.relation);
    return found == step.context.before.views.end() ? nullptr : &found->second;
}

}  // namespace

bool bound_unproven(const Step& step) {
    const Table *parent = step.table(), *partition = known(step, other_relation(step));
    if (parent == nullptr || partition == nullptr) return true;
    return !implies_bound(*partition, *parent, bound_of(step));
}

bool has_default_partition(const Step& step) { return !default_partition(step).empty(); }

bool default_unproven(const Step& step) {
    const Table *parent = step.table(), *other = known(step, default_partition(step));
    return parent != nullptr && other != nullptr && !excludes_bound(*other, *parent, bound_of(step));
}

bool lacks_index_of_parent(const Step& step) {
    const Table *parent = step.table(), *partition = known(step, other_relation(step));
    if (parent == nullptr || partition == nullptr) return false;
    const auto has_index_like = [&](const catalog::Index& wanted) {
        return std::any_of(partition->indexes.begin(), partition->indexes.end(),
                           [&](const catalog::Index& own) { return same_keys(wanted, own); });
    };
    const auto has_key_like = [&](const catalog::Constraint& wanted) {
        if (!has_index(wanted)) return true;
        return std::any_of(partition->constraints.begin(), partition->constraints.end(),
                           [&](const catalog::Constraint& own) {
                               return own.kind == wanted.kind && own.columns == wanted.columns;
                           });
    };
    return !std::all_of(parent->indexes.begin(), parent->indexes.end(), has_index_like) ||
           !std::all_of(parent->constraints.begin(), parent->constraints.end(), has_key_like);
}

bool is_default_bound(const Step& step) { return flag_of(bound_of(step), "is_default"); }

bool hands_down(const Step& step) {
    const Table* parent = step.table();
    return parent == nullptr || !parent->triggers.empty() ||
           std::any_of(parent->constraints.begin(), parent->constraints.end(), [](const auto& constraint) {
               return constraint.kind == catalog::ConstraintKind::foreign_key;
           });
}

bool concurrent_with_default(const Step& step) { return is_concurrent(step) && has_default_partition(step); }

bool replaces_view(const Step& step) { return flag_of(*step.node, "replace") && view_of(step) != nullptr; }

/// CREATE OR REPLACE VIEW may only add columns at the end.
bool view_changes_columns(const Step& step) {
    if (!replaces_view(step)) return false;
    const auto before = outputs_of(query_of(*view_of(step))), after = outputs_of(child(*step.node, "query"));
    const auto is_star = [](const OutputColumn& column) { return column.star; };
    if (before.empty() || after.empty() || std::any_of(before.begin(), before.end(), is_star) ||
        std::any_of(after.begin(), after.end(), is_star) ||
        !strings_of(child(*step.node, "aliases")).empty() || !view_of(step)->columns.empty())
        return false;
    for (std::size_t i = 0; i < before.size(); ++i)
        if (i >= after.size() || before[i].name != after[i].name || before[i].cast != after[i].cast)
            return true;
    return false;
}

bool without_data(const Step& step) {
    return flag_of(child(*step.node, "into"), "skipData") || flag_of(*step.node, "skipData");
}
bool with_data(const Step& step) { return !without_data(step); }

bool concurrent_refresh_impossible(const Step& step) {
    const catalog::View* view = view_of(step);
    if (!is_concurrent(step) || view == nullptr) return false;
    return std::none_of(view->indexes.begin(), view->indexes.end(), [](const catalog::Index& index) {
        return index.unique && index.valid && index.predicate.empty() &&
               std::none_of(index.keys.begin(), index.keys.end(),
                            [](const catalog::IndexKey& key) { return key.expression; });
    });
}

/// C: ADD CONSTRAINT, O: SET NOT NULL, V: VALIDATE CONSTRAINT (AlterDomainStmt of the server).
bool checks_values(const Step& step) {
    const std::string what = text_of(*step.node, "subtype");
    return what == "O" || what == "V" || (what == "C" && !flag_of(*step.definition, "skip_validation"));
}

/// What keeps DROP without CASCADE from succeeding.
bool has_dependents(const Step& step) {
    if (step.cascade()) return false;
    if (step.kind == "DROP TYPE" || step.kind == "DROP DOMAIN") return !type_tables(step).empty();
    if (step.kind == "DROP FUNCTION") return !function_tables(step).empty();
    if (step.kind == "DROP SEQUENCE") return !tables_of_sequence(step).empty();
    if (!views_on_relation(step).empty() || (step.kind != "DROP VIEW" && !referencing(step).empty()))
        return true;
    const Names all = tree(step);
    return std::any_of(all.begin(), all.end(), [&](const ObjectName& name) {
        const Table* table = step.context.before.table(name);
        return name != step.relation && table != nullptr && !table->inherits.empty();
    });
}

bool names_trigger(const Step& step) { return !step.name.empty(); }
bool restarts_sequences(const Step& step) { return flag_of(*step.node, "restart_seqs"); }
bool is_view(const Step& step) { return view_of(step) != nullptr; }

bool is_for_rows(const Step& step) { return flag_of(*step.node, "row"); }

bool is_materialized(const Step& step) {
    const catalog::View* view = view_of(step);
    return view != nullptr && view->materialized;
}

bool has_indexes(const Step& step) { return step.table() == nullptr || !indexes(step).empty(); }

bool is_truncated_alone(const Step& step) {
    if (step.cascade()) return false;
    const Names others = referencing(step);
    const Node& together = child(*step.node, "relations");
    return std::any_of(others.begin(), others.end(), [&](const ObjectName& other) {
        return std::none_of(together.begin(), together.end(),
                            [&](const Node& item) { return step.name_of(inside(item)) == other; });
    });
}

bool index_changes_tablespace(const Step& step) {
    const auto place = step.context.before.find_index(step.relation);
    const std::string now =
        place.index == nullptr || place.index->tablespace.empty() ? "pg_default" : place.index->tablespace;
    return place.index == nullptr || step.name != now;
}

bool refills(const Step& step) { return is_plain(step) && with_data(step); }
bool empties(const Step& step) { return is_plain(step) && without_data(step); }

bool locks_rows(const Step& step) { return !child(*step.node, "lockingClause").is_null(); }
bool reads_rows(const Step& step) { return child(*step.node, "whereClause").is_null(); }

/// A join reads all rows to find those that match.
bool changes_all_rows(const Step& step) {
    return child(*step.node, "whereClause").is_null() || !child(*step.node, "fromClause").is_null() ||
           !child(*step.node, "usingClause").is_null();
}

namespace {

bool leads_an_index(const Table& table, const std::string& column) {
    const auto leads = [&](const catalog::Index& index) {
        return index.predicate.empty() && !index.keys.empty() && !index.keys.front().expression &&
               index.keys.front().text == column;
    };
    return std::any_of(table.indexes.begin(), table.indexes.end(), leads) ||
           std::any_of(table.constraints.begin(), table.constraints.end(),
                       [&](const catalog::Constraint& each) {
                           return has_index(each) && !each.columns.empty() && each.columns.front() == column;
                       });
}

/// Whether an index leads to the rows that the condition is about.
bool is_served(const Node& condition, const Table& table) {
    const std::string kind = kind_of(condition);
    const Node& node = inside(condition);
    const auto is_indexed = [&](const char* side) {
        const Node& operand = child(node, side);
        const auto names = strings_of(child(inside(operand), "fields"));
        return kind_of(operand) == "ColumnRef" && !names.empty() && leads_an_index(table, names.back());
    };
    const auto arm_is_served = [&](const Node& arm) { return is_served(arm, table); };
    const Node& arms = child(node, "args");
    if (kind == "A_Expr")
        return strings_of(child(node, "name")) != std::vector<std::string>{"<>"} &&
               (is_indexed("lexpr") || is_indexed("rexpr"));
    if (kind == "NullTest") return is_indexed("arg");
    if (kind == "SubLink") return is_indexed("testexpr");
    if (kind != "BoolExpr") return false;
    if (text_of(node, "boolop") == "AND_EXPR") return std::any_of(arms.begin(), arms.end(), arm_is_served);
    return text_of(node, "boolop") == "OR_EXPR" && std::all_of(arms.begin(), arms.end(), arm_is_served);
}

}  // namespace

bool finds_no_index(const Step& step) {
    if (changes_all_rows(step)) return true;
    const Table* table = step.table();
    if (table == nullptr || table->columns.empty()) return false;  // nobody knows
    return !is_served(child(*step.node, "whereClause"), *table);
}

bool is_missing(const Step& step) {
    return flag_of(*step.node, "missing_ok") && relations_of(step.relation, step.context.before).empty();
}

bool replaces_trigger(const Step& step) { return flag_of(*step.node, "replace"); }

bool is_made_for_all(const Step& step) {
    return flag_of(step.kind == "CREATE INDEX" ? *step.node : *step.definition, "nulls_not_distinct");
}

bool changes_access_method(const Step& step) {
    const Table* table = step.table();
    const std::string now = table == nullptr || table->access_method.empty() ? "heap" : table->access_method;
    return table == nullptr || step.name != now;
}

bool changes_tablespace(const Step& step) {
    const Table* table = step.table();
    const std::string now = table == nullptr || table->tablespace.empty() ? "pg_default" : table->tablespace;
    return table == nullptr || step.name != now;
}

bool copies_in(const Step& step) { return flag_of(*step.node, "is_from"); }
bool copies_out(const Step& step) { return !copies_in(step) && !step.relation.name.empty(); }

bool owned_by(const Step& step) {
    return !sql::option_of(child(*step.node, "options"), "owned_by").is_null();
}

bool uses_new_label(const Step& step) {
    return !step.context.new_labels.empty() && !step.kind.starts_with("ALTER ENUM") &&
           names_label(*step.node, step.context.new_labels);
}

bool in_transaction(const Step& step) { return step.context.in_transaction; }
bool concurrent_in_transaction(const Step& step) {
    return step.context.in_transaction && is_concurrent(step);
}

}  // namespace changelog::hazards
