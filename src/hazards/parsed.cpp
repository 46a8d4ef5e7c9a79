#include "hazards/parsed.hpp"

namespace changelog::hazards {

namespace {

OlderText readable_text(const std::string& sql) {
    const sql::ParseTree tree = sql::parse_tree(sql);
    if (!tree.error) return {sql, {}};
    return in_older_syntax(sql);
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> command_tokens(const sql::DdlText& text) {
    if (!text.is(0, "ALTER")) return {};
    std::size_t at = text.is(1, "MATERIALIZED") || text.is(1, "FOREIGN") ? 3 : 2;
    if (!text.is(at - 1, "TABLE") && !text.is(at - 1, "INDEX") && !text.is(at - 1, "VIEW")) return {};
    if (text.is(at, "IF")) at += 2;
    if (text.is(at, "ONLY")) ++at;
    at = text.after_name(at);
    if (text.is(at, "*")) ++at;
    std::size_t end = text.size();
    while (end > at && text.is(end - 1, ";")) --end;
    return text.items(at, end);
}

Parsed::Parsed(const std::string& sql)
    : older_(readable_text(sql)), text_(older_.sql), tree_(sql::parse_tree(older_.sql)) {
    const sql::DdlText original(sql);
    for (const auto& [begin, end] : command_tokens(original)) offsets_.push_back(original.offset(begin));
}

const Node& Parsed::node() const {
    static const Node nothing;
    return readable() ? inside(tree_.statements.front()) : nothing;
}

bool Parsed::stands_for(std::size_t command, Newer what) const {
    const auto found = older_.commands.find(command);
    return found != older_.commands.end() && found->second == what;
}

std::size_t Parsed::offset_of(std::size_t command) const {
    return command < offsets_.size() ? offsets_[command] : 0;
}

Node expression_tree(const std::string& text) {
    const sql::ParseTree tree = sql::parse_tree("SELECT " + text);
    if (tree.statements.empty()) return {};
    const Node& targets = child(inside(tree.statements.front()), "targetList");
    if (!targets.is_array() || targets.empty()) return {};
    return child(inside(targets.front()), "val");
}

}  // namespace changelog::hazards
