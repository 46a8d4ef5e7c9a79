#include "execute/planner.hpp"

#include "changelog/codes.hpp"

#include "catalog/difference.hpp"
#include "core/text.hpp"
#include "execute/commands.hpp"
#include "execute/outbox.hpp"
#include "execute/planner_measure.hpp"
#include "execute/planner_schema.hpp"
#include "execute/rows.hpp"
#include "execute/standing_objects.hpp"
#include "execute/transactions.hpp"
#include "hazards/kept.hpp"
#include "hazards/pieces.hpp"
#include "plan/objects.hpp"
#include "postgres/introspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace changelog::execute {

namespace {

/// A transaction that can write nothing, and whose end leaves nothing.
class ReadOnly {
  public:
    explicit ReadOnly(postgres::Connection& connection) : connection_(connection) {
        connection_.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }
    ~ReadOnly() { roll_back(connection_); }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

  private:
    postgres::Connection& connection_;
};

/// What is looked at when it is applied may turn out better or worse, but losses that are known now stay.
PlannedUndo undo_of(const Undo& undo, bool written) {
    const bool open = undo.observe && (undo.impossible || undo.losses.empty());
    PlannedUndo out;
    out.grade = written ? "written by hand" : open ? "found out when applied" : to_string(undo.grade());
    out.observed = undo.observe && !written;
    out.losses = undo.losses;
    out.since = undo.since;
    out.reason = undo.impossible.value_or("");
    return out;
}

bool changes_rows(const std::string& sql) {
    static constexpr std::string_view kWords[] = {"update", "delete", "merge", "with"};
    return std::find(std::begin(kWords), std::end(kWords), lower(first_word(sql))) != std::end(kWords);
}

/// What is there now, for those who ask.
struct Live {
    postgres::Connection* connection = nullptr;  ///< null: an empty database
    catalog::Catalog catalog = {};
    std::vector<postgres::HistoryRow> interrupted = {};
};

class Planner {
  public:
    Planner(const Changelog& changelog, const Graph& graph, const UpdateOptions& options,
            const RenderContext& context, Live live)
        : changelog_(changelog),
          graph_(graph),
          options_(options),
          live_(std::move(live)),
          context_(context),
          renderer_(changelog, graph, context),
          transactions_(options.transactions) {}

    /// What folding all that is applied left, instead of folding it again.
    void start_from(Renderer::State folded) {
        renderer_.restore(std::move(folded));
        folded_ = true;
    }

    Plan take(const PendingSet& selection, const SizeLookup& sizes, const PlanObserver& observer = nullptr) {
        observer_ = observer;
        if (!folded_)
            for (const std::size_t index : selection.applied) renderer_.fold(index);
        schema_.emplace(there(), context_.default_schema, context_.server_version);
        for (const Pending pending : selection.pending)
            if (!changeset(pending)) break;
        plan_.skipped = selection.skipped.size();
        plan_.transactions = transactions_.count();
        measure(plan_, sizes);
        return std::move(plan_);
    }

  private:
    const catalog::Catalog& there() const {
        return live_.connection == nullptr ? renderer_.catalog() : live_.catalog;
    }

    /// False if the run ends here.
    bool changeset(Pending pending) {
        const ChangeSet& changeset = changelog_.changesets[pending.index];
        PlannedChangeSet& planned = plan_.changesets.emplace_back();
        planned.index = pending.index;
        planned.action = pending.action;
        planned.preconditions = changeset.preconditions.has_value();
        if (planned.preconditions) transactions_.look();
        if (const std::string_view why = not_run(pending.index); !why.empty()) {
            planned.notes.push_back(fmt::format("is marked as run: it {}", why));
            if (pending.action == Action::apply) join_marked(planned);
            return true;
        }
        for (const auto& change : changeset.changes)
            if (const auto message = change->stop_message()) {
                planned.notes.push_back("stops the run: " + *message);
                return !changeset.fail_on_error;
            }
        const bool standing = learn(pending.index);
        const RenderedChangeSet rendered = renderer_.render(pending, standing);
        touched(pending.index);
        planned.transaction =
            transactions_.join(rendered, is_watched(changeset, graph_.footprints[pending.index], rendered));
        if (!rendered.transactional && options_.transactions == TransactionMode::all) {
            planned.notes.emplace_back("stops the run: it cannot run inside a transaction");
            return false;
        }
        planned.undo = undo_of(rendered.undo, changeset.rollback.has_value());
        statements(changeset, rendered, planned);
        if (observer_) observer_(planned, rendered);
        return true;
    }

    std::string_view not_run(std::size_t index) const {
        if (changelog_.changesets[index].invalid) return "is not valid";
        for (const Touch& touch : graph_.footprints[index].touches) {
            const ObjectName& name = touch.object.name;
            if (name.name != "databasechangelog" && name.name != "databasechangeloglock") continue;
            const bool known = there().tables.contains(name) || touched_.contains(owner_of(touch.object));
            if (known || (touch.object.kind == ObjectKind::table && touch.access == Access::create))
                return {};
            return "changes Liquibase's own table, which is not here";
        }
        return {};
    }

    void join_marked(PlannedChangeSet& planned) {
        RenderedChangeSet nothing;
        nothing.only_new_objects = true;
        planned.transaction = transactions_.join(nothing, false);
    }

    /// As Updater::learn_what_is_unsure, but what earlier changesets of the plan touch is not in the database
    /// as it will be then, so the model knows better. True if something that is to be made is there already.
    bool learn(std::size_t index) {
        if (live_.connection == nullptr) return false;
        std::vector<ObjectRef> there =
            standing_objects(graph_.footprints[index], renderer_.catalog(), *live_.connection);
        std::vector<ObjectRef> objects = renderer_.unsure_of(index);
        std::erase_if(there, [this](const ObjectRef& each) { return touched_.contains(owner_of(each)); });
        const bool standing = !there.empty();
        objects.insert(objects.end(), there.begin(), there.end());
        if (objects.empty()) return false;
        transactions_.look();
        std::erase_if(objects, [this](const ObjectRef& each) { return touched_.contains(owner_of(each)); });
        if (objects.empty()) return standing;
        catalog::Catalog found = catalog::excerpt(live_.catalog, objects);
        const catalog::Catalog& model = renderer_.catalog();
        for (const ObjectRef& each : touched_) {
            found.tables.erase(each.name);
            found.views.erase(each.name);
            found.sequences.erase(each.name);
            found.types.erase(each.name);
            found.functions.erase(each.name);
            // These two are taken over whole.
            const std::string& name = each.name.name;
            if (each.kind == ObjectKind::schema) take_over(name, model.schemas, found.schemas);
            if (each.kind == ObjectKind::extension) take_over(name, model.extensions, found.extensions);
        }
        renderer_.learn(found, objects);
        return standing;
    }

    template <typename Map>
    static void take_over(const std::string& name, const Map& from, Map& to) {
        to.erase(name);
        if (const auto known = from.find(name); known != from.end()) to.insert(*known);
    }

    void touched(std::size_t index) {
        for (const Touch& touch : graph_.footprints[index].touches)
            if (touch.access != Access::require && touch.object.kind != ObjectKind::rows)
                touched_.insert(owner_of(touch.object));
    }

    void statements(const ChangeSet& changeset, const RenderedChangeSet& rendered,
                    PlannedChangeSet& planned) {
        const std::size_t done = done_before(changeset);
        if (done > 0)
            planned.notes.push_back(fmt::format("was interrupted: the first {} statements are done", done));
        if (planned.transaction != last_transaction_ || planned.transaction == 0) schema_->end_transaction();
        last_transaction_ = planned.transaction;
        for (std::size_t i = 0; i < rendered.statements.size(); ++i) {
            const Statement& statement = rendered.statements[i];
            for (const auto& piece : hazards::single_statements({statement.sql, 0})) {
                PlannedStatement next = one(piece.sql, planned.transaction);
                if (i < done) continue;
                next.loads = statement.rows != nullptr || !statement.stdin_data.empty();
                next.undo = planned.undo;
                if (!changeset.rollback) next.undo = undo_of_change(rendered, rendered.change_of[i]);
                next.number = ++plan_.statements;
                if (next.transaction == 0) ++plan_.outside;
                planned.statements.push_back(std::move(next));
            }
        }
    }

    std::size_t done_before(const ChangeSet& changeset) const {
        for (const postgres::HistoryRow& row : live_.interrupted)
            if (row.key == changeset.key && row.step.value_or(-1) > 0)
                return static_cast<std::size_t>(*row.step);
        return 0;
    }

    static PlannedUndo undo_of_change(const RenderedChangeSet& rendered, std::size_t change) {
        for (const RenderedChange& each : rendered.changes)
            if (each.change == change) return undo_of(each.undo, false);
        return {};
    }

    PlannedStatement one(const std::string& sql, std::size_t transaction) {
        PlannedStatement out;
        out.sql = sql;
        out.transaction = transaction;
        const auto kept = hazards::plain_statement(sql);
        const std::string& meant = kept ? *kept : sql;
        hazards::StatementFacts facts = schema_->read(meant, transaction != 0);
        out.summary = std::move(facts.summary);
        if (kept) out.summary += meant.starts_with("CREATE") ? " for what is kept" : " (kept)";
        out.changes_rows = changes_rows(meant) && facts.strongest() == hazards::Lock::row_exclusive;
        out.concurrently = facts.outside_transaction;
        out.failures = std::move(facts.failures);
        if (!facts.known) out.unknown = std::move(facts.unknown_reason);
        for (const hazards::RelationFacts& each : facts.relations) {
            out.locks.push_back({each.name, schema_->live_name(each.name), each.lock, each.work, {}});
            out.work = std::max(out.work, each.work);
        }
        return out;
    }

    const Changelog& changelog_;
    const Graph& graph_;
    const UpdateOptions& options_;
    Live live_;
    RenderContext context_;
    Renderer renderer_;
    std::optional<SchemaAhead> schema_;
    PlanObserver observer_;
    TransactionsAhead transactions_;
    std::set<ObjectRef> touched_;  // by changesets of the plan
    std::size_t last_transaction_ = 0;
    bool folded_ = false;
    Plan plan_;
};

postgres::IntrospectOptions all_but_ours(Engine& engine) {
    const postgres::LedgerOptions& ledger = engine.ledger().options();
    postgres::IntrospectOptions options;
    options.except_schemas = {engine.render_context().attic};
    options.except_relations = {{ledger.schema, ledger.table}, {ledger.schema, ledger.view}};
    return options;
}

}  // namespace

Plan plan_update(Engine& engine, postgres::Connection& connection, const Changelog& changelog,
                 const Graph& graph, const UpdateOptions& options, Diagnostics& diagnostics) {
    const ReadOnly transaction(connection);
    const std::size_t errors_before = diagnostics.count(Severity::error);
    const StatusReport status = engine.status(changelog, graph, options.select);
    if (diagnostics.count(Severity::error) != errors_before) return {};
    RenderContext context = engine.render_context();
    context.complete = true;  // what the model lacks is looked up before it matters
    Live live{&connection, {}, {}};
    if (!status.selection.pending.empty())
        live.catalog = postgres::introspect(connection, all_but_ours(engine));
    if (status.ledger_exists) live.interrupted = engine.ledger().interrupted();
    const SizeLookup sizes = [&](const std::set<ObjectName>& names) {
        return postgres::relation_sizes(connection, names);
    };
    Plan plan = Planner(changelog, graph, options, context, std::move(live)).take(status.selection, sizes);
    plan.target = connection.target();
    return plan;
}

Plan plan_empty(const Changelog& changelog, const Graph& graph, const UpdateOptions& options,
                const RenderContext& context, Diagnostics& diagnostics) {
    const std::size_t errors_before = diagnostics.count(Severity::error);
    const PendingSet selection = select_pending(changelog, graph, {}, options.select, diagnostics);
    if (diagnostics.count(Severity::error) != errors_before) return {};
    Plan plan = Planner(changelog, graph, options, context, {}).take(selection, nullptr);
    plan.empty_database = true;
    return plan;
}

Plan plan_over(const Changelog& changelog, const Graph& graph, const UpdateOptions& options,
               const RenderContext& context, const PendingSet& selection, Renderer::State folded,
               const SizeLookup& sizes, const PlanObserver& observer) {
    Planner planner(changelog, graph, options, context, {});
    planner.start_from(std::move(folded));
    return planner.take(selection, sizes, observer);
}

}  // namespace changelog::execute
