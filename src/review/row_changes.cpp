#include "review/row_changes.hpp"

#include "sql/parse.hpp"
#include "sql/parse_tree.hpp"

#include <algorithm>

namespace changelog::review {

namespace {

/// What stands for the schema of names that are written without one.
constexpr std::string_view kUnnamed = "public";

bool alters_rows(const Touch& touch) {
    return touch.object.kind == ObjectKind::rows && touch.access != Access::require;
}

bool disjoint(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::none_of(a.begin(), a.end(), [&](const std::string& each) { return b.contains(each); });
}

class Reader {
  public:
    Reader(const ChangeSet& changeset, const Footprint& footprint)
        : changeset_(changeset), context_(context_of(changeset)) {
        for (const Touch& touch : footprint.touches)
            if (alters_rows(touch)) result_[touch.object.name];
    }

    std::map<ObjectName, RowChange> run() {
        if (result_.empty()) return {};
        for (const auto& operation : changeset_.changes) read(*operation);
        for (auto& [table, change] : result_)
            if (!change.inserts && !change.changes) change.opaque = true;
        return std::move(result_);
    }

  private:
    void read(const Operation& operation) {
        Footprint own;
        operation.footprint(own, context_);
        if (std::none_of(own.touches.begin(), own.touches.end(), alters_rows)) return;
        const std::string_view name = operation.type().name;
        if (name == "loadData") {
            each_of(own, [](RowChange& change) {
                change.inserts = true;
                change.names_all = false;
                change.named.clear();
            });
        } else if (name == "loadUpdateData" || !changeset_.sql_edits.empty()) {
            each_of(own, [](RowChange& change) { change.opaque = true; });
        } else {
            for (const Statement& statement : operation.statements(context_)) read(statement.sql);
        }
    }

    void read(const std::string& text) {
        const std::vector<std::string> statements = sql::single_statements(text);
        for (const std::string& statement : statements) {
            Footprint own;
            sql::footprint_of(statement, std::string(kUnnamed), own);
            const auto tables = std::count_if(own.touches.begin(), own.touches.end(), alters_rows);
            if (tables == 0) continue;
            const RowChange change = tables == 1 ? change_of(statement, own) : RowChange{.opaque = true};
            each_of(own, [&](RowChange& sum) { merge(sum, change); });
        }
    }

    static RowChange change_of(const std::string& statement, const Footprint& own) {
        const sql::ParseTree tree = sql::parse_tree(statement);
        if (tree.statements.size() != 1) return {.opaque = true};
        const std::string kind = sql::kind_of(tree.statements.front());
        const sql::Node& node = sql::inside(tree.statements.front());
        if (kind == "CopyStmt") return {.inserts = true, .names_all = false};
        if (kind == "InsertStmt") {
            const std::string action = sql::text_of(sql::child(node, "onConflictClause"), "action");
            if (action == "ONCONFLICT_UPDATE") return {.opaque = true};
            RowChange change{.inserts = true};
            for (const sql::Node& column : sql::child(node, "cols"))
                change.named.insert(sql::text_of(sql::inside(column), "name"));
            change.names_all = change.named.empty() && !sql::child(node, "selectStmt").is_null();
            return change;
        }
        if (kind != "UpdateStmt" && kind != "DeleteStmt") return {.opaque = true};
        RowChange change{.changes = true};
        for (const sql::Node& target : sql::child(node, "targetList"))
            change.assigned.insert(sql::text_of(sql::inside(target), "name"));
        for (const Touch& touch : own.touches)
            if (touch.object.kind == ObjectKind::column) change.used.insert(touch.object.part);
        change.used.insert(change.assigned.begin(), change.assigned.end());
        change.opaque = change.used.contains("*") || reads_other_rows(own);
        return change;
    }

    static bool reads_other_rows(const Footprint& own) {
        const auto target = std::find_if(own.touches.begin(), own.touches.end(), alters_rows);
        return std::any_of(own.touches.begin(), own.touches.end(), [&](const Touch& touch) {
            return touch.object.kind == ObjectKind::rows && touch.object.name != target->object.name;
        });
    }

    static void merge(RowChange& sum, const RowChange& more) {
        if (more.inserts && sum.names_all)
            sum.named = more.named;
        else if (!more.names_all)
            std::erase_if(sum.named, [&](const std::string& each) { return !more.named.contains(each); });
        if (more.inserts) sum.names_all &= more.names_all;
        sum.inserts |= more.inserts;
        sum.changes |= more.changes;
        sum.opaque |= more.opaque;
        sum.assigned.insert(more.assigned.begin(), more.assigned.end());
        sum.used.insert(more.used.begin(), more.used.end());
    }

    /// The tables of the changeset that an operation or a statement means.
    template <typename Act>
    void each_of(const Footprint& own, const Act& act) {
        for (const Touch& touch : own.touches) {
            if (!alters_rows(touch)) continue;
            const ObjectName& meant = touch.object.name;
            for (auto& [table, change] : result_)
                if (table.name == meant.name && (table.schema == meant.schema || meant.schema == kUnnamed))
                    act(change);
        }
    }

    const ChangeSet& changeset_;
    RenderContext context_;
    std::map<ObjectName, RowChange> result_;
};

}  // namespace

RenderContext context_of(const ChangeSet& changeset) {
    static const catalog::Catalog empty;
    RenderContext context;
    context.before = &empty;
    context.quoting = changeset.quoting;
    context.qualify = false;
    return context;
}

std::map<ObjectName, RowChange> row_changes(const ChangeSet& changeset, const Footprint& footprint) {
    return Reader(changeset, footprint).run();
}

bool commute(const RowChange& a, const RowChange& b) {
    if (a.opaque || b.opaque) return false;
    if ((a.inserts && b.changes) || (a.changes && b.inserts)) return false;
    return disjoint(a.assigned, b.used) && disjoint(b.assigned, a.used);
}

}  // namespace changelog::review
