#include "review/changed_aspects.hpp"

#include "review/row_changes.hpp"
#include "sql/parse_tree.hpp"

#include <algorithm>
#include <array>

namespace changelog::review {

namespace {

/// Of an ALTER TABLE: "options" for SET (...), as long as only others of that kind see a difference.
std::string setting_of(const std::string& command) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kSettings = {{
        {"AT_SetRelOptions", "options"},
        {"AT_ResetRelOptions", "options"},
        {"AT_EnableRowSecurity", "row security"},
        {"AT_DisableRowSecurity", "row security"},
        {"AT_ChangeOwner", "owner"},
        {"AT_ClusterOn", "cluster"},
        {"AT_DropCluster", "cluster"},
        {"AT_SetTableSpace", "tablespace"},
        {"AT_SetLogged", "logged"},
        {"AT_SetUnLogged", "logged"},
    }};
    const auto found = std::find_if(kSettings.begin(), kSettings.end(),
                                    [&](const auto& each) { return each.first == command; });
    return found == kSettings.end() ? std::string() : std::string(found->second);
}

class Reader {
  public:
    ChangedAspects run(const ChangeSet& changeset) {
        const RenderContext context = context_of(changeset);
        for (const auto& operation : changeset.changes) {
            if (operation->type().name == "loadData" || operation->type().name == "loadUpdateData") {
                kinds_.insert("other");
                continue;
            }
            for (const Statement& statement : operation->statements(context)) read(statement.sql);
        }
        if (!changeset.sql_edits.empty()) kinds_.insert("other");
        const bool one = kinds_.size() == 1;
        result_.defaults = one && kinds_.contains("default");
        result_.not_nulls = one && kinds_.contains("not null");
        result_.comments = one && kinds_.contains("comment");
        result_.rights = one && kinds_.contains("rights");
        if (!one || !kinds_.contains("setting")) result_.settings.clear();
        return std::move(result_);
    }

  private:
    void read(const std::string& text) {
        const sql::ParseTree tree = sql::parse_tree(text);
        if (tree.error || tree.too_deep || tree.statements.empty()) kinds_.insert("other");
        for (const sql::Node& statement : tree.statements) {
            const std::string kind = sql::kind_of(statement);
            const sql::Node& node = sql::inside(statement);
            if (kind == "AlterTableStmt")
                alter(node);
            else if (kind == "GrantStmt")
                rights(node);
            else
                kinds_.insert(kind == "CommentStmt" ? "comment" : "other");
            result_.shapes |= kind == "IndexStmt" || kind == "CreateStatsStmt";
            if (kind == "CreateStmt")
                for (const sql::Node& element : sql::child(node, "tableElts"))
                    result_.copies |= sql::kind_of(element) == "TableLikeClause";
        }
    }

    void alter(const sql::Node& node) {
        for (const sql::Node& each : sql::child(node, "cmds")) {
            const std::string command = sql::text_of(sql::inside(each), "subtype");
            const std::string setting = setting_of(command);
            if (!setting.empty()) result_.settings.insert(setting);
            const bool other = setting.empty() && command != "AT_ColumnDefault" &&
                               command != "AT_SetNotNull" && command != "AT_DropNotNull";
            result_.shapes |= other;
            kinds_.insert(other                           ? "other"
                          : !setting.empty()              ? "setting"
                          : command == "AT_ColumnDefault" ? "default"
                                                          : "not null");
        }
    }

    void rights(const sql::Node& node) {
        kinds_.insert("rights");
        result_.takes_rights |= !sql::flag_of(node, "is_grant");
        for (const sql::Node& role : sql::child(node, "grantees"))
            result_.roles.insert(sql::text_of(sql::inside(role), "rolename"));
    }

    std::set<std::string> kinds_;
    ChangedAspects result_;
};

}  // namespace

ChangedAspects changed_aspects(const ChangeSet& changeset) { return Reader().run(changeset); }

}  // namespace changelog::review
