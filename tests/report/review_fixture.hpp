// A review made by hand: a small one that has something in every section, and names that are out for harm.
#pragma once

#include "report/review.hpp"
#include "support/catch.hpp"
#include "support/memory_files.hpp"

#include <string>

namespace changelog::tests {

/// Ends code, tables, comments, markup, diagrams and lines of every form, wherever it stands.
inline const std::string kHostile =
    "a`b``` | </details>--> ]]> <script>alert(1)</script> @everyone #1 [x](http://evil.example) $x$\n"
    "## no\r\x1b[31m\u202e\"'};%% end\xFF";

class ReviewFixture {
  public:
    /// `id` is what the changeset of the index, its table, its author and texts about it are called.
    explicit ReviewFixture(const std::string& id = "orders-user-index")
        : head(
              "databaseChangeLog:\n- changeSet:\n    id: create-orders\n    author: ann\n    changes:\n"
              "    - empty: {}\n- changeSet:\n    id: orders-user-index\n    author: bob\n    changes:\n"
              "    - createIndex:\n        tableName: orders\n        columns: [{column: {name: user_id}}]\n"
              "        indexName: orders_user\n"),
          base(
              "databaseChangeLog:\n- changeSet:\n    id: create-orders\n    author: ann\n    changes:\n"
              "    - empty: {}\n") {
        REQUIRE(head.report() == "");
        head.changelog.changesets[1].key.id = id;
        name_ = id;
        fill();
    }

    report::ReviewView view() const {
        report::ReviewView out{review, head.changelog, base.changelog};
        out.theirs = &base.changelog;
        out.diagnostics = &diagnostics;
        out.project = "shop";
        return out;
    }

    /// A changeset of `count` statements more in the plan.
    void add_statements(std::size_t count) {
        execute::PlannedChangeSet planned = review.plan.changesets.front();
        planned.statements.resize(count, planned.statements.front());
        review::ReviewedChangeSet reviewed = review.changesets.front();
        reviewed.planned = review.plan.changesets.size();
        reviewed.forward.assign(count, reviewed.forward.front());
        for (auto& statement : planned.statements) statement.number = ++review.plan.statements;
        review.plan.changesets.push_back(std::move(planned));
        review.changesets.push_back(std::move(reviewed));
    }

    Loaded head, base;
    Diagnostics diagnostics;
    review::Review review;

  private:
    void fill() {
        review.changelog_file = "db/changelog.yaml";
        review.base = {"origin/main", "9f8e7d6"};
        review.head = {"HEAD", "a1b2c3d"};
        review.now = "2026-11-22T12:00:00Z";
        review.version = "1.0.0";
        review.command = "changelog review --base 9f8e7d6 --url postgresql://bob:secret@db/shop";
        review::Statistics statistics;
        statistics.environment = "production";
        statistics.taken = "2026-11-19T12:00:00Z";
        review.statistics.push_back(statistics);
        fill_history();
        fill_plan();
        fill_finding();
        fill_schema();
        review.conflicts.push_back(
            {1, 0, {{ObjectKind::table, {"public", name_}, {}}}, "both alter " + name_});
        review::ReviewedEnvironment environment;
        environment.name = name_ == "orders-user-index" ? "production" : name_;
        environment.server_version = 150004;
        environment.pending = 3;
        environment.earlier = 2;
        environment.blocked = {41, 70, execute::Basis::statistics};
        review.environments.push_back(environment);
    }

    void fill_history() {
        review::ChangedChangeSet added;
        added.head = 1;
        added.runs = true;
        review.history.changesets.push_back(added);
        review::ChangedChangeSet edited;
        edited.kind = review::ChangeKind::edited;
        edited.head = edited.base = 0;
        edited.differences = {"createTable " + name_ + ": type: int -> bigint"};
        edited.applied_in = {"production"};
        edited.breaks_history = true;
        review.history.changesets.push_back(edited);
        review.history.notes = {name_ + " now comes first"};
        review.graph.added = {1};
        Edge edge;
        edge.to = 1;
        edge.object = {ObjectKind::table, {"public", name_}, {}};
        edge.reason = EdgeReason::use_after_create;
        review.graph.edges = {edge};
    }

    void fill_plan() {
        review.plan.transactions = 1;
        auto& planned = review.plan.changesets.emplace_back();
        planned.index = 1;
        planned.transaction = 1;
        auto& statement = planned.statements.emplace_back();
        statement.number = review.plan.statements = 1;
        statement.summary = "CREATE INDEX " + name_ + "(user_id)";
        statement.sql = "CREATE INDEX orders_user ON orders (user_id)";
        statement.transaction = 1;
        statement.begins = statement.ends = true;
        statement.work = hazards::Work::build;
        const postgres::RelationSize size{'r', 52'000'000, 15LL << 30, 15LL << 30, 3LL << 30, 2};
        const ObjectName orders{"public", name_ == "orders-user-index" ? "orders" : name_};
        statement.locks.push_back({orders, orders, hazards::Lock::share, hazards::Work::build, size});
        statement.hold = {41, 70, execute::Basis::statistics};
        review::ReviewedChangeSet reviewed;
        reviewed.index = 1;
        reviewed.forward = {"CREATE INDEX \"" + name_ + "\" ON orders (user_id)"};
        reviewed.backward = {"DROP INDEX \"" + name_ + "\""};
        reviewed.undo.grade = "lossy";
        reviewed.undo.losses = {"values of " + name_ + ".note"};
        review.changesets.push_back(reviewed);
    }

    void fill_finding() {
        review::LocatedFinding finding;
        finding.rule = "create-index-blocking";
        finding.ordinal = 1;
        Diagnostic& item = finding.item;
        item.code = "CL2161";
        item.severity = Severity::error;
        item.title = "CREATE INDEX on " + name_ + " holds SHARE; it has 52,000,000 rows";
        item.why = "SHARE on " + name_ + ": writes wait while an index is built.";
        item.changeset = name_;
        item.where = {"db.yaml", 11, 7, 11, "    - createIndex:"};
        item.fixes.push_back(
            {"build it concurrently", true, {{"db.yaml", 11, 19, 11, 19, "\n        concurrently: true"}}});
        review.findings.push_back(finding);
        finding.item.severity = Severity::warning;
        finding.item.fixes.clear();
        finding.item.next = {"name " + name_ + " in a comment"};
        review.findings.push_back(finding);
        finding.allowed = "nobody reads " + name_;
        finding.allowed_until = "2026-12-31";
        review.suppressed.push_back(finding);
    }

    void fill_schema() {
        catalog::Table orders;
        orders.name = {"public", name_ == "orders-user-index" ? "orders" : name_};
        orders.columns.resize(2);
        orders.columns[0].name = "id";
        orders.columns[0].type = "bigint";
        orders.columns[0].not_null = true;
        orders.columns[1].name = name_;
        orders.columns[1].type = "character varying(50)";
        catalog::Table users;
        users.name = {"public", "users"};
        users.columns.resize(1);
        users.columns[0].name = "id";
        users.columns[0].type = "bigint";
        review.before.tables.emplace(orders.name, orders);
        review.before.tables.emplace(users.name, users);
        catalog::Constraint key;
        key.name = "fk_" + name_;
        key.kind = catalog::ConstraintKind::foreign_key;
        key.columns = {"id"};
        key.referenced_table = users.name;
        orders.constraints.push_back(key);
        orders.columns[1].type = "text";
        orders.row_security = true;
        review.after.tables.emplace(orders.name, orders);
        review.after.tables.emplace(users.name, users);
        review.schema = review::schema_changes(review.before, review.after);
    }

    std::string name_;
};

}  // namespace changelog::tests
