// Rules about changes of many rows.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

/// Whether equality with this column finds few rows: a key, or the first column of an index.
bool is_selective(const Step& step, const std::string& column) {
    const catalog::Table* table = step.table();
    if (table == nullptr || table->columns.empty() || column == "ctid") return true;
    const auto first = [&](const catalog::Index& index) {
        return !index.keys.empty() && index.keys.front().text == column;
    };
    return std::any_of(table->indexes.begin(), table->indexes.end(), first) ||
           std::any_of(table->constraints.begin(), table->constraints.end(),
                       [&](const catalog::Constraint& each) {
                           return has_index(each) && !each.columns.empty() && each.columns.front() == column;
                       });
}

/// Which sides of a range a condition bounds.
struct Range {
    bool lower = false, upper = false;
};

std::string column_of(const Node& node) {
    const auto names = strings_of(child(inside(node), "fields"));
    return kind_of(node) == "ColumnRef" && !names.empty() ? names.back() : std::string();
}

/// `id < 7`, also written as `7 > id`; without a column where it compares two of them for equality.
struct Comparison {
    std::string column, op;
};

Comparison comparison_of(const Node& node) {
    if (kind_of(node) != "A_Expr") return {};
    const Node &inner = inside(node), &left = child(inner, "lexpr"), &right = child(inner, "rexpr");
    const auto names = strings_of(child(inner, "name"));
    Comparison out{column_of(left), names.empty() ? std::string() : names.front()};
    if (out.column.empty()) {
        out.column = column_of(right);
        if (out.op.starts_with('<') && out.op != "<>")
            out.op.front() = '>';
        else if (out.op.starts_with('>'))
            out.op.front() = '<';
    }
    const bool join = out.op == "=" && kind_of(left) == "ColumnRef" && kind_of(right) == "ColumnRef";
    if (join || text_of(inner, "kind") == "AEXPR_DISTINCT") out.column.clear();
    return out;
}

bool is_conjunction(const Node& node) {
    return kind_of(node) == "BoolExpr" && text_of(inside(node), "boolop") == "AND_EXPR";
}

bool asks_for_key(const Node& node, const Step& step) {
    if (is_conjunction(node)) {
        const Node& parts = child(inside(node), "args");
        return std::any_of(parts.begin(), parts.end(),
                           [&](const Node& each) { return asks_for_key(each, step); });
    }
    const Comparison it = comparison_of(node);
    return it.op == "=" && !it.column.empty() && is_selective(step, it.column);
}

bool is_bounded(const Node& node, const Step& step, std::map<std::string, Range>& ranges) {
    if (is_conjunction(node)) {
        bool any = false;
        for (const Node& item : child(inside(node), "args")) any = is_bounded(item, step, ranges) || any;
        return any;
    }
    if (kind_of(node) == "CurrentOfExpr" || asks_for_key(node, step)) return true;
    const Comparison it = comparison_of(node);
    if (it.column.empty()) return false;
    if (text_of(inside(node), "kind") == "AEXPR_BETWEEN") return true;
    Range& range = ranges[it.column];
    range.lower = range.lower || it.op.starts_with('>');
    range.upper = range.upper || (it.op.starts_with('<') && it.op != "<>");
    return range.lower && range.upper;
}

/// A sub-query with LIMIT anywhere: a batch is chosen.
bool has_limit(const Node& node) {
    if (node.is_array()) return std::any_of(node.begin(), node.end(), has_limit);
    if (!node.is_object()) return false;
    for (const auto& [key, value] : node.items())
        if ((key == "limitCount" && !value.is_null()) || has_limit(value)) return true;
    return false;
}

bool is_unbatched(const Look& look) {
    if (has_limit(*look.step.node)) return false;
    std::map<std::string, Range> ranges;
    return !is_bounded(child(*look.step.node, "whereClause"), look.step, ranges);
}

}  // namespace

bool finds_rows_by_key(const Step& step) { return asks_for_key(child(*step.node, "whereClause"), step); }

const Rule rule_unbatched_backfill = {
    "unbatched-backfill",
    codes::unbatched_backfill,
    Severity::warning,
    About::standing,
    {"UPDATE", "DELETE"},
    is_unbatched,
    "all rows of {table} that match are changed in one transaction: long row locks, bloat, much WAL",
    "batches by ranges of the key, each in a transaction of its own"};

}  // namespace changelog::hazards
