#include "hazards/proofs.hpp"

#include "sql/identifier.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace changelog::hazards {

namespace {

/// `column op value`
struct Comparison {
    std::string column, op, value;
};

std::string column_of(const Node& node) {
    if (kind_of(node) != "ColumnRef") return {};
    const auto names = strings_of(child(inside(node), "fields"));
    return names.empty() ? std::string() : names.back();
}

std::optional<std::string> value_of(const Node& node) {
    if (kind_of(node) == "TypeCast") return value_of(child(inside(node), "arg"));
    if (kind_of(node) != "A_Const") return std::nullopt;
    const Node& constant = inside(node);
    if (const Node& text = child(constant, "sval"); !text.is_null()) return text_of(text, "sval");
    if (const Node& real = child(constant, "fval"); !real.is_null()) return text_of(real, "fval");
    if (const Node& number = child(constant, "ival"); !number.is_null()) {
        const Node& value = child(number, "ival");
        return std::to_string(value.is_number_integer() ? value.get<long long>() : 0);
    }
    return std::nullopt;
}

bool is_number(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isdigit(c) != 0 || c == '.' || c == '-';
    }) && text.find('-', 1) == std::string::npos;
}

/// Numbers as numbers; dates in ISO form sort as text.
int compare(const std::string& one, const std::string& other) {
    if (is_number(one) && is_number(other)) {
        const double a = std::stod(one), b = std::stod(other);
        return a < b ? -1 : a > b ? 1 : 0;
    }
    return one.compare(other);
}

std::string mirrored(const std::string& op) {
    if (op == "<") return ">";
    if (op == "<=") return ">=";
    if (op == ">") return "<";
    return op == ">=" ? "<=" : op;
}

/// The parts of a condition that all hold.
std::vector<Node> conjuncts(const Node& node) {
    const Node& inner = inside(node);
    if (kind_of(node) != "BoolExpr" || text_of(inner, "boolop") != "AND_EXPR") return {node};
    std::vector<Node> out;
    for (const Node& item : child(inner, "args"))
        for (Node& each : conjuncts(item)) out.push_back(std::move(each));
    return out;
}

std::vector<Comparison> comparisons_of(const Node& node) {
    if (kind_of(node) != "A_Expr") return {};
    const Node& expression = inside(node);
    const std::string kind = text_of(expression, "kind");
    const auto names = strings_of(child(expression, "name"));
    const Node &left = child(expression, "lexpr"), &right = child(expression, "rexpr");
    if (kind == "AEXPR_BETWEEN") {
        const Node& limits = child(inside(right), "items");
        const auto low = limits.size() == 2 ? value_of(limits[0]) : std::nullopt;
        const auto high = limits.size() == 2 ? value_of(limits[1]) : std::nullopt;
        if (!low || !high) return {};
        return {{column_of(left), ">=", *low}, {column_of(left), "<=", *high}};
    }
    if (kind != "AEXPR_OP" || names.size() != 1) return {};
    if (const auto value = value_of(right); value && !column_of(left).empty())
        return {{column_of(left), names.front(), *value}};
    if (const auto value = value_of(left); value && !column_of(right).empty())
        return {{column_of(right), mirrored(names.front()), *value}};
    return {};
}

/// Every condition that holds for all rows of the table.
std::vector<Node> conditions_of(const catalog::Table& table, const std::vector<std::string>& but_not) {
    std::vector<Node> out;
    for (const catalog::Constraint& constraint : table.constraints) {
        if (constraint.kind != catalog::ConstraintKind::check || !constraint.validated ||
            !constraint.enforced)
            continue;
        if (std::find(but_not.begin(), but_not.end(), constraint.name) != but_not.end()) continue;
        for (Node& each : conjuncts(expression_tree(constraint.expression))) out.push_back(std::move(each));
    }
    return out;
}

struct Bounds {
    std::string column;
    std::optional<std::string> lower, upper;  // [lower, upper)
    std::vector<std::string> list;
    bool known = false;
};

Bounds bounds_of(const catalog::Table& parent, const Node& bound) {
    Bounds out;
    const auto columns = partition_columns(parent.partition_by);
    if (columns.size() != 1 || columns.front().empty() || flag_of(bound, "is_default")) return out;
    out.column = columns.front();
    const Node &lower = child(bound, "lowerdatums"), &upper = child(bound, "upperdatums");
    if (!lower.empty()) out.lower = value_of(lower.front());
    if (!upper.empty()) out.upper = value_of(upper.front());
    for (const Node& item : child(bound, "listdatums"))
        if (const auto value = value_of(item)) out.list.push_back(*value);
    out.known = text_of(bound, "strategy") == "r" || out.list.size() == child(bound, "listdatums").size();
    if (text_of(bound, "strategy") == "h") out.known = false;
    return out;
}

bool implies_lower(const std::vector<Comparison>& known, const std::string& lower) {
    return std::any_of(known.begin(), known.end(), [&](const Comparison& each) {
        return (each.op == ">=" || each.op == ">" || each.op == "=") && compare(each.value, lower) >= 0;
    });
}

bool implies_upper(const std::vector<Comparison>& known, const std::string& upper) {
    return std::any_of(known.begin(), known.end(), [&](const Comparison& each) {
        if (each.op == "<") return compare(each.value, upper) <= 0;
        return (each.op == "<=" || each.op == "=") && compare(each.value, upper) < 0;
    });
}

bool implies_list(const std::vector<Node>& conditions, const Bounds& bounds) {
    const auto listed = [&](const std::string& value) {
        return std::find(bounds.list.begin(), bounds.list.end(), value) != bounds.list.end();
    };
    for (const Node& condition : conditions) {
        const Node& expression = inside(condition);
        if (text_of(expression, "kind") == "AEXPR_IN" &&
            column_of(child(expression, "lexpr")) == bounds.column) {
            const Node& items = child(inside(child(expression, "rexpr")), "items");
            if (std::all_of(items.begin(), items.end(), [&](const Node& item) {
                    const auto value = value_of(item);
                    return value && listed(*value);
                }))
                return true;
        }
        for (const Comparison& each : comparisons_of(condition))
            if (each.column == bounds.column && each.op == "=" && listed(each.value)) return true;
    }
    return false;
}

std::vector<Comparison> about(const std::vector<Node>& conditions, const std::string& column) {
    std::vector<Comparison> out;
    for (const Node& condition : conditions)
        for (Comparison& each : comparisons_of(condition))
            if (each.column == column) out.push_back(std::move(each));
    return out;
}

/// Whether all of [lower, upper) is what these comparisons allow, so that their negation excludes it.
bool cover(const std::vector<Comparison>& allowed, const Bounds& bounds) {
    if (!bounds.lower || !bounds.upper) return false;
    return !allowed.empty() && std::all_of(allowed.begin(), allowed.end(), [&](const Comparison& each) {
        if (each.column != bounds.column) return false;
        if (each.op == ">=") return compare(each.value, *bounds.lower) <= 0;
        if (each.op == ">") return compare(each.value, *bounds.lower) < 0;
        return (each.op == "<" || each.op == "<=") && compare(each.value, *bounds.upper) >= 0;
    });
}

std::string negated(const std::string& op) {
    if (op == "<") return ">=";
    if (op == "<=") return ">";
    if (op == ">") return "<=";
    return op == ">=" ? "<" : "";
}

void collect_columns(const Node& node, std::vector<std::string>& out) {
    if (node.is_array()) {
        for (const Node& item : node) collect_columns(item, out);
    } else if (node.is_object()) {
        for (const auto& [key, value] : node.items()) {
            if (key == "ColumnRef")
                if (const auto names = strings_of(child(value, "fields")); !names.empty())
                    out.push_back(names.back());
            collect_columns(value, out);
        }
    }
}

}  // namespace

std::vector<std::string> columns_in(const Node& expression) {
    std::vector<std::string> out;
    collect_columns(expression, out);
    return out;
}

bool proves_not_null(const catalog::Table& table, const std::string& column,
                     const std::vector<std::string>& but_not) {
    const auto conditions = conditions_of(table, but_not);
    return std::any_of(conditions.begin(), conditions.end(), [&](const Node& condition) {
        const bool negated = text_of(inside(condition), "boolop") == "NOT_EXPR";
        const Node& wrapped = negated ? child(inside(condition), "args").front() : condition;
        const Node& test = inside(wrapped);
        return kind_of(wrapped) == "NullTest" && column_of(child(test, "arg")) == column &&
               text_of(test, "nulltesttype") == (negated ? "IS_NULL" : "IS_NOT_NULL");
    });
}

std::vector<std::string> partition_columns(const std::string& partition_by) {
    const sql::DdlText text(partition_by);
    const std::size_t open = text.find("(", 0, text.size());
    std::vector<std::string> out;
    for (const auto& [begin, end] : text.items(open + 1, text.close(open)))
        out.push_back(end == begin + 1 ? sql::from_sql(text[begin]) : std::string());
    return out;
}

bool implies_bound(const catalog::Table& table, const catalog::Table& parent, const Node& bound) {
    const Bounds bounds = bounds_of(parent, bound);
    if (!bounds.known) return false;
    const catalog::Column* column = table.column(bounds.column);
    const bool never_null = (column != nullptr && column->not_null) || proves_not_null(table, bounds.column);
    const auto conditions = conditions_of(table, {});
    if (!bounds.list.empty()) return never_null && implies_list(conditions, bounds);
    const auto known = about(conditions, bounds.column);
    return never_null && (!bounds.lower || implies_lower(known, *bounds.lower)) &&
           (!bounds.upper || implies_upper(known, *bounds.upper));
}

bool excludes_bound(const catalog::Table& default_partition, const catalog::Table& parent,
                    const Node& bound) {
    const Bounds bounds = bounds_of(parent, bound);
    if (!bounds.known) return false;
    for (const Node& condition : conditions_of(default_partition, {})) {
        const Node& expression = inside(condition);
        const std::string op = text_of(expression, "boolop");
        if (op == "NOT_EXPR") {
            std::vector<Comparison> excluded;
            for (const Node& each : conjuncts(child(expression, "args").front()))
                for (Comparison& one : comparisons_of(each)) excluded.push_back(std::move(one));
            if (cover(excluded, bounds)) return true;
        } else if (op == "OR_EXPR") {
            std::vector<Comparison> excluded;
            for (const Node& each : child(expression, "args"))
                for (Comparison& one : comparisons_of(each)) {
                    one.op = negated(one.op);
                    excluded.push_back(std::move(one));
                }
            if (excluded.size() == child(expression, "args").size() && cover(excluded, bounds)) return true;
        } else {
            // A plain limit beside the bound: rows below it, or from its end on.
            for (const Comparison& one : comparisons_of(condition))
                if (cover({{one.column, negated(one.op), one.value}}, bounds)) return true;
        }
    }
    return false;
}

}  // namespace changelog::hazards
