// Statements that run code, set the session up or look after storage.
#include "sql/statement_reader.hpp"

namespace changelog::sql {

namespace {

using enum Access;

void read_set(StatementReader& reader, const Node& node) {
    const bool resets_all = text_of(node, "kind") == "VAR_RESET_ALL";
    if (resets_all || text_of(node, "name") == "search_path")
        reader.block("it sets search_path, so names cannot be resolved");
}

void require_relations(StatementReader& reader, const Node& list) {
    for (const Node& item : list) {
        const Node& relation =
            kind_of(item) == "VacuumRelation" ? child(inside(item), "relation") : inside(item);
        reader.touch(require, ObjectKind::table, reader.name_of(relation));
    }
}

/// Why nothing can be known of a statement of this kind; nothing if it is none of these.
std::optional<std::string> why_opaque(const std::string& kind, const Node& node) {
    static const std::unordered_map<std::string, std::string> reasons = {
        {"DoStmt", "it runs a DO block"},
        {"ExecuteStmt", "it runs a prepared statement"},
        {"PrepareStmt", "it prepares a statement"},
        {"DeallocateStmt", "it deals with prepared statements"},
        {"DiscardStmt", "it resets the session"},
        {"LoadStmt", "it loads a library"},
        {"CreateRoleStmt", "it makes a role"},
        {"AlterRoleStmt", "it changes a role"},
        {"AlterRoleSetStmt", "it changes a role"},
        {"DropRoleStmt", "it drops a role"},
        {"GrantRoleStmt", "it changes the members of a role"},
        {"DropOwnedStmt", "it drops all that a role owns"},
        {"ReassignOwnedStmt", "it changes the owner of all that a role owns"}};
    if (kind == "CallStmt") {
        const std::vector<std::string> name = strings_of(child(child(node, "funccall"), "funcname"));
        return "it calls procedure " + (name.empty() ? std::string() : name.back());
    }
    const auto found = reasons.find(kind);
    return found == reasons.end() ? std::nullopt : std::optional(found->second);
}

bool touches_nothing(const std::string& kind) {
    static const std::set<std::string> kinds = {"TransactionStmt", "CheckPointStmt",     "NotifyStmt",
                                                "ListenStmt",      "UnlistenStmt",       "VariableShowStmt",
                                                "SecLabelStmt",    "ConstraintsSetStmt", "ReindexStmt"};
    return kinds.contains(kind);
}

}  // namespace

bool read_session_statement(StatementReader& reader, const std::string& kind, const Node& node) {
    if (touches_nothing(kind)) return true;
    if (const auto reason = why_opaque(kind, node)) {
        reader.block(*reason);
    } else if (kind == "VariableSetStmt") {
        read_set(reader, node);
    } else if (kind == "LockStmt") {
        require_relations(reader, child(node, "relations"));
    } else if (kind == "VacuumStmt") {
        require_relations(reader, child(node, "rels"));
    } else if (kind == "ClusterStmt") {
        reader.touch(require, ObjectKind::table, reader.name_of(child(node, "relation")));
    } else if (kind == "RefreshMatViewStmt") {
        const ObjectName view = reader.name_of(child(node, "relation"));
        reader.touch(require, ObjectKind::table, view);
        reader.touch(alter, ObjectKind::rows, view);
    } else {
        return false;
    }
    return true;
}

}  // namespace changelog::sql
