// What a statement does, in a few words for people: "ADD COLUMN orders.note", "CREATE INDEX orders(user_id)".
#include "core/text.hpp"
#include "hazards/step.hpp"

#include <algorithm>
#include <string_view>

namespace changelog::hazards {

namespace {

std::string index_keys(const Step& step) {
    std::string out;
    for (const Node& item : child(*step.node, "indexParams")) {
        const std::string column = text_of(inside(item), "name");
        out += (out.empty() ? "" : ", ") + (column.empty() ? "..." : column);
    }
    return out;
}

/// TRANS_STMT_ROLLBACK_TO
std::string transaction_words(const Step& step) {
    constexpr std::string_view kBefore = "TRANS_STMT_";
    std::string out = text_of(*step.node, "kind");
    if (!out.starts_with(kBefore)) return step.kind;
    out.erase(0, kBefore.size());
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

std::string one(const Step& step) {
    std::string out = step.kind == "TRANSACTION" ? transaction_words(step) : step.kind;
    if (step.relation.name.empty()) {
        return step.relation.schema.empty() ? out : out + ' ' + step.relation.schema;
    }
    out += ' ' + shown(step.relation, step.context);
    if (step.kind == "CREATE INDEX") return out + '(' + index_keys(step) + ')';
    return step.name.empty() ? out : out + '.' + step.name;
}

}  // namespace

std::string summary_of(const std::vector<Step>& steps) {
    std::string out;
    for (const Step& step : steps) {
        if (step.kind.starts_with("COLUMN ") || step.kind == "TABLE REFERENCES" || step.kind == "LIKE")
            continue;
        out += (out.empty() ? "" : ", ") + one(step);
    }
    return out;
}

}  // namespace changelog::hazards
