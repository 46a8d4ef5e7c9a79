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

bool is_bounded(const Node& node, const Step& step, std::map<std::string, Range>& ranges) {
    const Node& inner = inside(node);
    const std::string kind = kind_of(node);
    if (kind == "BoolExpr" && text_of(inner, "boolop") == "AND_EXPR") {
        bool any = false;
        for (const Node& item : child(inner, "args")) any = is_bounded(item, step, ranges) || any;
        return any;
    }
    if (kind == "CurrentOfExpr") return true;
    if (kind != "A_Expr") return false;
    const std::string column = column_of(child(inner, "lexpr")), form = text_of(inner, "kind");
    if (column.empty()) return false;
    if (form == "AEXPR_BETWEEN") return true;
    const auto names = strings_of(child(inner, "name"));
    const std::string op = names.empty() ? std::string() : names.front();
    if (op == "=" || form == "AEXPR_IN")
        return op == "=" && kind_of(child(inner, "rexpr")) != "ColumnRef" && is_selective(step, column);
    Range& range = ranges[column];
    range.lower = range.lower || op.starts_with('>');
    range.upper = range.upper || (op.starts_with('<') && op != "<>");
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
