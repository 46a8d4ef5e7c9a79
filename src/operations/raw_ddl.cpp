// Raw SQL on the catalog, statement by statement.
#include "operations/raw_ddl.hpp"

#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_text.hpp"
#include "sql/statement_reader.hpp"

#include <unordered_map>

namespace changelog::operations {

namespace {

using Follow = bool (*)(RawStatement&);

bool create_table(RawStatement& statement) { return follow_create_table(statement, statement.node); }

bool table_as(RawStatement& statement) {
    return text_of(statement.node, "objtype") == "OBJECT_MATVIEW" ? follow_view(statement)
                                                                  : follow_create_table_as(statement);
}

/// Its rows are derived; all that can change is whether it has any.
bool refresh(RawStatement& statement) {
    const ObjectName name = statement.relation(child(statement.node, "relation"));
    if (auto* view = find_in(statement.catalog().views, name))
        view->populated = !flag_of(statement.node, "skipData");
    return true;
}

/// CLUSTER ... USING also notes the index.
bool cluster(RawStatement& statement) {
    const std::string index = text_of(statement.node, "indexname");
    const sql::Node& relation = child(statement.node, "relation");
    if (relation.is_null() || index.empty()) return true;
    const ObjectName name = statement.relation(relation);
    catalog::Table* table = statement.catalog().table(name);
    if (table == nullptr) return statement.fail_unknown(ObjectKind::table, name);
    for (catalog::Index& each : table->indexes) each.clustered = each.name == index;
    for (catalog::Constraint& each : table->constraints) each.clustered = each.name == index;
    return true;
}

bool not_kept(RawStatement& statement) {
    statement.not_kept = true;
    statement.why = "what it changes is not part of the schema";
    return true;
}

/// A type that is made anew would need its casts, which the model does not know.
bool create_cast(RawStatement& statement) {
    for (const char* side : {"sourcetype", "targettype"})
        forget(
            {ObjectKind::type, statement.name(strings_of(child(child(statement.node, side), "names"))), {}},
            statement.catalog());
    return statement.fail("casts are not part of the schema model");
}

/// What is made later has privileges that the statement which makes it does not tell.
bool default_privileges(RawStatement& statement) {
    mark_uncertain(statement.catalog(), "SQL changes the privileges of what is made later");
    return not_kept(statement);
}

Follow follower_of(const std::string& kind) {
    static const std::unordered_map<std::string, Follow> followers = {
        {"CreateStmt", create_table},
        {"CreateTableAsStmt", table_as},
        {"AlterTableStmt", follow_alter_table},
        {"IndexStmt", follow_index},
        {"ViewStmt", follow_view},
        {"RefreshMatViewStmt", refresh},
        {"ClusterStmt", cluster},
        {"CreateTrigStmt", follow_trigger},
        {"CreatePolicyStmt", follow_policy},
        {"AlterPolicyStmt", follow_alter_policy},
        {"CreateFunctionStmt", follow_function},
        {"CreateSeqStmt", follow_sequence},
        {"AlterSeqStmt", follow_sequence},
        {"CreateEnumStmt", follow_enum},
        {"AlterEnumStmt", follow_alter_enum},
        {"CompositeTypeStmt", follow_composite},
        {"CreateRangeStmt", follow_range},
        {"CreateDomainStmt", follow_domain},
        {"AlterDomainStmt", follow_alter_domain},
        {"CreateExtensionStmt", follow_extension},
        {"CreateSchemaStmt", follow_schema},
        {"RenameStmt", follow_rename},
        {"AlterObjectSchemaStmt", follow_set_schema},
        {"AlterOwnerStmt", follow_owner},
        {"DropStmt", follow_drop},
        {"CreateCastStmt", create_cast},
        {"CommentStmt", follow_comment},
        {"GrantStmt", follow_grant},
        {"CreateRoleStmt", not_kept},
        {"AlterRoleStmt", not_kept},
        {"AlterRoleSetStmt", not_kept},
        {"DropRoleStmt", not_kept},
        {"GrantRoleStmt", not_kept},
        {"SecLabelStmt", not_kept},
        {"AlterDatabaseStmt", not_kept},
        {"AlterDatabaseSetStmt", not_kept},
        {"AlterSystemStmt", not_kept},
        {"AlterDefaultPrivilegesStmt", default_privileges}};
    const auto found = followers.find(kind);
    return found == followers.end() ? nullptr : found->second;
}

/// "INSERT", "DO": the words that a statement begins with, for messages.
std::string verb_of(const RawStatement& statement) { return upper(statement.text[statement.span.begin]); }

/// "DO runs a DO block" of "it runs a DO block".
std::string said_of(const std::string& verb, const std::string& reason) {
    return reason.starts_with("it ") ? verb + reason.substr(2) : verb + ": " + reason;
}

Footprint footprint_of(const sql::Node& parsed, const RawScope& scope) {
    Footprint out;
    sql::StatementReader reader(scope.default_schema, out);
    for (const std::string& table : scope.temporary) reader.remember_temporary(table);
    reader.statement(parsed);
    return out;
}

void note(const ObjectRef& object, std::string_view verb, catalog::Catalog& catalog) {
    mark_uncertain(catalog, one_line(fmt::format("SQL {} {}", verb, to_string(object))));
}

/// Takes out of the catalog what a statement touches that could not be followed.
void forget_touched(const Footprint& footprint, const std::string& kind, catalog::Catalog& catalog) {
    if (kind == "CommentStmt") return;
    for (const Touch& touch : footprint.touches) {
        const ObjectRef& object = touch.object;
        if (object.kind == ObjectKind::rows) continue;
        const bool grants = kind == "GrantStmt" && object.kind != ObjectKind::schema;
        const bool indexes = kind == "IndexStmt" && object.kind == ObjectKind::table;
        if (touch.access == Access::require && !grants && !indexes) continue;
        if (kind == "GrantStmt" && object.kind == ObjectKind::schema) continue;
        forget(object, catalog);
        const bool makes = touch.access == Access::create && object.part.empty();
        if (touch.access != Access::drop) note(object, makes ? "makes" : "alters", catalog);
    }
}

void found(FollowResult& result, bool FollowResult::*what, const std::string& why) {
    result.exact = false;
    if (what != nullptr) result.*what = true;
    if (result.why.empty()) result.why = one_line(why);
}

/// Statements that are no DDL: they change rows, run code, or leave everything as it is.
void see_effects(const RawStatement& statement, const Footprint& footprint, FollowResult& result) {
    if (footprint.barrier) {
        mark_uncertain(statement.catalog(), footprint.barrier_reason);
        found(result, &FollowResult::opaque, said_of(verb_of(statement), footprint.barrier_reason));
    }
    for (const Touch& touch : footprint.touches) {
        if (touch.access == Access::require) continue;
        if (touch.object.kind == ObjectKind::rows)
            return found(
                result, &FollowResult::data,
                fmt::format("{} changes rows of {}", verb_of(statement), to_text(touch.object.name)));
        if (touch.object.kind == ObjectKind::sequence && statement.kind == "SelectStmt")
            return found(result, &FollowResult::data,
                         fmt::format("{} changes the value of sequence {}", verb_of(statement),
                                     to_text(touch.object.name)));
    }
}

bool rolls_back(const RawStatement& statement) {
    const std::string kind = text_of(statement.node, "kind");
    return statement.kind == "TransactionStmt" &&
           (kind == "TRANS_STMT_ROLLBACK" || kind == "TRANS_STMT_ROLLBACK_TO");
}

/// The kinds whose footprint says all that can be said: they are not DDL that the model has.
bool is_data_or_session(const std::string& kind) {
    static const std::set<std::string> kinds = {
        "SelectStmt",      "InsertStmt",  "UpdateStmt",   "DeleteStmt",       "MergeStmt",
        "TruncateStmt",    "CopyStmt",    "ExplainStmt",  "TransactionStmt",  "CheckPointStmt",
        "NotifyStmt",      "ListenStmt",  "UnlistenStmt", "VariableShowStmt", "ConstraintsSetStmt",
        "VariableSetStmt", "LockStmt",    "VacuumStmt",   "ReindexStmt",      "DoStmt",
        "CallStmt",        "ExecuteStmt", "PrepareStmt",  "DeallocateStmt",   "DiscardStmt",
        "LoadStmt"};
    return kinds.contains(kind);
}

}  // namespace

RawText::RawText(const std::string& sql) : sql_(sql), tree_(sql::parse_tree(sql_)), text_(sql_) {}

void RawText::follow_statement(std::size_t index, RawScope& scope, FollowResult& result) const {
    const sql::Node& parsed = tree_.statements[index];
    const Span span{text_.at(tree_.extents[index].begin), text_.at(tree_.extents[index].end)};
    RawStatement statement(parsed, text_, span, scope);
    const bool setting = follow_setting(statement.kind, statement.node, scope);
    if (setting) return mark_uncertain(scope.catalog, "SQL sets search_path, so names cannot be resolved");
    const bool into = statement.kind == "SelectStmt" && !child(statement.node, "intoClause").is_null();
    const Follow follower = into ? follow_create_table_as : follower_of(statement.kind);
    if (into || statement.kind == "CreateTableAsStmt" || is_data_or_session(statement.kind))
        see_effects(statement, footprint_of(parsed, scope), result);
    if (rolls_back(statement)) {
        mark_uncertain(scope.catalog, "SQL rolls back what it did");
        return found(result, &FollowResult::opaque, "ROLLBACK undoes a part of it");
    }
    if (follower == nullptr && is_data_or_session(statement.kind)) return;
    const std::size_t doubts = scope.catalog.uncertain.size();
    if (follower != nullptr && follower(statement)) {
        // A text that could not follow a rename has been taken out, with the reason.
        const bool doubtful = scope.catalog.uncertain.size() > doubts && !statement.tentative;
        if (doubtful) found(result, nullptr, verb_of(statement) + ": " + scope.catalog.uncertain.back());
        if (statement.not_kept)
            found(result, &FollowResult::not_kept, verb_of(statement) + ": " + statement.why);
        if (statement.tentative) found(result, nullptr, verb_of(statement) + ": " + statement.why);
        return;
    }
    const Footprint footprint = footprint_of(parsed, scope);
    if (footprint.barrier) mark_uncertain(scope.catalog, footprint.barrier_reason);
    if (footprint.barrier && statement.why.empty()) statement.why = footprint.barrier_reason;
    forget_touched(footprint, statement.kind, scope.catalog);
    if (statement.why.empty()) statement.why = "what it does is not part of the schema model";
    found(result, nullptr, verb_of(statement) + ": " + statement.why);
}

void RawText::follow(RawScope& scope, FollowResult& result) const {
    if (tree_.error || tree_.too_deep) {
        const std::string why = tree_.error ? "SQL that could not be parsed: " + tree_.error->message
                                            : "SQL that is nested too deeply to be read";
        mark_uncertain(scope.catalog, why);
        return found(result, &FollowResult::opaque, why);
    }
    for (std::size_t i = 0; i < tree_.statements.size(); ++i) follow_statement(i, scope, result);
}

void RawText::find_effects(RawScope& scope, FollowResult& result) const {
    if (tree_.error || tree_.too_deep) return follow(scope, result);
    for (std::size_t i = 0; i < tree_.statements.size(); ++i) {
        const sql::Node& parsed = tree_.statements[i];
        const Span span{text_.at(tree_.extents[i].begin), text_.at(tree_.extents[i].end)};
        RawStatement statement(parsed, text_, span, scope);
        if (follow_setting(statement.kind, statement.node, scope)) continue;
        if (text_of(child(statement.node, "relation"), "relpersistence") == "t")
            scope.temporary.insert(text_of(child(statement.node, "relation"), "relname"));
        if (is_data_or_session(statement.kind)) see_effects(statement, footprint_of(parsed, scope), result);
    }
}

void RawText::add_objects(RawScope& scope, std::vector<ObjectRef>& objects) const {
    for (const sql::Node& parsed : tree_.statements) {
        if (follow_setting(kind_of(parsed), inside(parsed), scope)) continue;
        for (Touch& touch : footprint_of(parsed, scope).touches)
            if (touch.object.kind != ObjectKind::rows) objects.push_back(std::move(touch.object));
    }
}

std::vector<std::unique_ptr<RawText>> read_pieces(const std::vector<std::string>& pieces) {
    std::vector<std::unique_ptr<RawText>> out;
    out.reserve(pieces.size());
    for (const std::string& piece : pieces) out.push_back(std::make_unique<RawText>(piece));
    return out;
}

FollowResult follow_sql(const std::string& sql, const std::string& default_schema, catalog::Catalog& catalog,
                        int server_version) {
    return follow_sql(std::vector<std::string>{sql}, default_schema, catalog, server_version);
}

FollowResult follow_sql(const std::vector<std::string>& pieces, const std::string& default_schema,
                        catalog::Catalog& catalog, int server_version) {
    FollowResult result;
    RawScope scope{catalog, default_schema, default_schema};
    scope.server_version = server_version;
    for (const std::string& piece : pieces) RawText(piece).follow(scope, result);
    return result;
}

}  // namespace changelog::operations
