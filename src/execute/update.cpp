#include "execute/update.hpp"

#include "changelog/codes.hpp"

#include "execute/commands.hpp"
#include "execute/outbox.hpp"
#include "execute/owners.hpp"
#include "execute/rows.hpp"
#include "execute/session_settings.hpp"
#include "execute/standing_objects.hpp"
#include "execute/transactions.hpp"
#include "postgres/preconditions.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Updater::Updater(Engine& engine, const Changelog& changelog, const Graph& graph, UpdateOptions options)
    : engine_(engine),
      connection_(engine.connection_),
      changelog_(changelog),
      graph_(graph),
      options_(std::move(options)) {
    options_.select.stored_definition = [this](const ChangeSetKey& key) {
        return engine_.ledger_.definition_of(key);
    };
    report_.deployment = new_deployment_id();
}

RunReport Updater::run() {
    const Clock::time_point start = Clock::now();
    try {
        run_in_order(start);
    } catch (
        const postgres::DatabaseError& error) {  // between changesets; theirs are reported with their places
        report_server_error(error.error, {}, "", engine_.diagnostics_);
        failed_ = true;
        settle_outcome();
    }
    engine_.cancellation_.watch(nullptr);
    report_.seconds = seconds_since(start);
    return report_;
}

void Updater::run_in_order(Clock::time_point start) {
    if (!select()) return;
    if (selection_.pending.empty()) {  // nothing to run needs no lock and writes nothing
        report_.skipped = selection_.skipped.size();
        return;
    }
    if (!demands_are_met()) {
        report_.outcome = Outcome::refused;
        return;
    }
    if (!take_lock()) return;
    if (!engine_.ledger_.ensure(engine_.diagnostics_)) {
        report_.outcome = Outcome::refused;
        return;
    }
    if (!select()) return;  // another runner may have been faster
    report_.skipped = selection_.skipped.size();
    if (root_preconditions_hold()) run_pending();
    report_.pending_left =
        selection_.pending.size() - std::min(selection_.pending.size(), report_.applied + report_.marked_ran);
    engine_.tell({.kind = Event::Kind::run_finished,
                  .changeset = {},
                  .text = {},
                  .position = position_,
                  .total = selection_.pending.size(),
                  .seconds = seconds_since(start)});
}

bool Updater::select() {
    Diagnostics& diagnostics = engine_.diagnostics_;
    const std::size_t errors_before = diagnostics.count(Severity::error);
    if (engine_.ledger_.exists()) {
        if (!engine_.ledger_.check_shape(diagnostics)) {
            report_.outcome = Outcome::history_mismatch;
            return false;
        }
        applied_ = engine_.ledger_.applied();
    }
    selection_ = select_pending(changelog_, graph_, applied_, options_.select, diagnostics);
    if (diagnostics.count(Severity::error) == errors_before) return true;
    report_.outcome = Outcome::history_mismatch;
    for (std::size_t i = errors_before; i < diagnostics.items().size(); ++i)
        if (diagnostics.items()[i].code == codes::unknown_changeset ||
            diagnostics.items()[i].code == codes::unknown_tag ||
            diagnostics.items()[i].code == codes::ambiguous_dependency)
            report_.outcome = Outcome::refused;
    return false;
}

bool Updater::demands_are_met() {
    const std::size_t errors_before = engine_.diagnostics_.count(Severity::error);
    check_undo(changelog_, graph_, engine_.render_context(), selection_, options_.demands,
               engine_.diagnostics_);
    return engine_.diagnostics_.count(Severity::error) == errors_before;
}

bool Updater::take_lock() {
    const auto waiting = [this](const std::string& who) {
        engine_.tell({.kind = Event::Kind::waiting_for_lock, .changeset = {}, .text = who});
    };
    lock_ = std::make_unique<postgres::RunnerLock>(
        connection_, engine_.ledger_.qualified_table(), engine_.options_.lock_patience, waiting,
        engine_.diagnostics_, [this] { return engine_.cancellation_.requested(); });
    if (!lock_->held())
        report_.outcome = engine_.cancellation_.requested() ? Outcome::cancelled : Outcome::lock_not_obtained;
    return lock_->held();
}

bool Updater::root_preconditions_hold() {
    for (const Preconditions& preconditions : changelog_.preconditions) {
        postgres::PreconditionContext context;
        context.default_schema = engine_.default_schema_;
        context.properties = engine_.options_.parameters;
        const postgres::Verdict verdict =
            postgres::check(preconditions, connection_, engine_.ledger_, context);
        if (verdict.kind == postgres::Verdict::Kind::holds) continue;
        const bool is_error = verdict.kind == postgres::Verdict::Kind::error;
        const OnFail reaction = is_error ? preconditions.on_error : preconditions.on_fail;
        const std::string& message =
            is_error ? preconditions.on_error_message : preconditions.on_fail_message;
        const std::string text = message.empty() ? verdict.reason : message + " (" + verdict.reason + ")";
        if (reaction == OnFail::warn) {
            engine_.tell({.kind = Event::Kind::warning,
                          .changeset = {},
                          .text = "precondition of the changelog: " + text});
            continue;
        }
        engine_.diagnostics_.error(is_error ? codes::precondition_error : codes::precondition_failed,
                                   preconditions.at, "precondition of the changelog: " + text);
        report_.outcome = Outcome::failed_unchanged;
        return false;
    }
    return true;
}

void Updater::run_pending() {
    RenderContext context = engine_.render_context();
    context.complete = true;  // what the model lacks is looked up before it matters
    renderer_ = std::make_unique<Renderer>(changelog_, graph_, std::move(context));
    for (const std::size_t index : selection_.applied) renderer_->fold(index);
    Renderer::State state = renderer_->state();
    take_owners(state.catalog, connection_);
    grantors_ = grantors_of(connection_);
    renderer_->restore(std::move(state));
    restoring_sql_ = restoring_sql(connection_);
    engine_.tell({.kind = Event::Kind::run_started,
                  .changeset = {},
                  .text = {},
                  .position = 0,
                  .total = selection_.pending.size()});
    engine_.cancellation_.watch(&connection_);
    for (const Pending pending : selection_.pending) {
        if (engine_.cancellation_.requested()) {
            failed_ = true;
            engine_.diagnostics_.add(Severity::error, codes::cancelled, {}, "cancelled");
            break;
        }
        if (run_one(pending) == Next::stop) break;
    }
    if (!failed_ || !all_in_one()) commit_batch();
    if (failed_) roll_back(connection_);
    settle_outcome();
}

void Updater::settle_outcome() {
    if (!failed_) return;
    report_.outcome = engine_.cancellation_.requested()           ? Outcome::cancelled
                      : report_.applied + report_.marked_ran > 0  ? Outcome::failed_partly
                      : report_.outcome == Outcome::failed_partly ? Outcome::failed_partly
                                                                  : Outcome::failed_unchanged;
}

Updater::Next Updater::run_one(Pending pending) {
    const ChangeSet& changeset = changelog_.changesets[pending.index];
    ++position_;
    engine_.tell({.kind = Event::Kind::changeset_started,
                  .changeset = to_string(changeset.key),
                  .text = {},
                  .position = position_,
                  .total = selection_.pending.size()});
    bool wanted = true;
    if (changeset.preconditions && check_preconditions(pending, wanted) == Next::stop) return Next::stop;
    if (!wanted) return Next::go_on;
    const std::string_view no_run = changeset.invalid ? "is not valid"
                                    : changes_missing_tracking_table(pending.index)
                                        ? "changes Liquibase's own table, which is not here"
                                        : "";
    if (!no_run.empty()) {
        engine_.tell({.kind = Event::Kind::warning,
                      .changeset = to_string(changeset.key),
                      .text = fmt::format("{}: marked as run", no_run)});
        return mark_ran(pending);
    }
    for (const auto& change : changeset.changes) {
        const auto message = change->stop_message();
        if (!message) continue;
        engine_.diagnostics_.error(codes::stopped, change->at, *message).changeset = to_string(changeset.key);
        return fail_softly_or_stop(changeset);
    }
    bool standing = false;
    if (learn_what_is_unsure(pending, standing) == Next::stop) return Next::stop;
    // A changeset that may fail without ending the run must not leave its traces in the schema model.
    std::optional<Renderer::State> before;
    if (!changeset.fail_on_error) before = renderer_->state();
    Member member{renderer_->render(pending, standing),
                  pending.action == Action::rerun ? "reran" : "applied"};
    if (pending.action == Action::rerun) look_at_rerun(member.rendered);
    look_at_rights(member.rendered);
    failed_softly_ = false;
    const Next next = join_batch(std::move(member));
    if (before && failed_softly_) renderer_->restore(std::move(*before));
    return next;
}

/// A changeset that runs again meets what its earlier run made, in the form that it had then: the model,
/// which has only the files, does not know that. What is kept in the attic comes back as it was kept.
void Updater::look_at_rerun(RenderedChangeSet& rendered) {
    for (RenderedChange& change : rendered.changes) {
        const auto& statements = change.undo.statements;
        const bool knows = change.undo.impossible ||
                           std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
                               return !statement.transactional || statement.sql.starts_with("DO $attic");
                           });
        change.undo.observe = change.undo.observe || !knows;
    }
}

/// What a GRANT really gives, and a REVOKE really takes.
void Updater::look_at_rights(RenderedChangeSet& rendered) const {
    for (std::size_t i = 0; i < rendered.statements.size(); ++i) {
        if (!grantors_.may_surprise(rendered.statements[i].sql, rendered.only_new_objects)) continue;
        for (RenderedChange& change : rendered.changes) {
            if (change.change != rendered.change_of[i] || change.undo.observe) continue;
            change.undo.observe = true;
            change.footprint = graph_.footprints[rendered.index];
        }
    }
}

/// Asks the database about objects whose history the schema model does not know, so that the undo is exact
/// (SAFETY: computed at apply time from the live catalog).
/// `standing`: something that it would make is there already.
Updater::Next Updater::learn_what_is_unsure(Pending pending, bool& standing) {
    const auto there = standing_objects(graph_.footprints[pending.index], renderer_->catalog(), connection_);
    standing = !there.empty();
    std::vector<ObjectRef> objects = renderer_->unsure_of(pending.index);
    objects.insert(objects.end(), there.begin(), there.end());
    if (objects.empty()) return Next::go_on;
    if (send_what_is_collected() == Next::stop) return Next::stop;
    postgres::IntrospectOptions options = introspection();
    options.only = objects;
    renderer_->learn(postgres::introspect(connection_, options), objects);
    return Next::go_on;
}

postgres::IntrospectOptions Updater::introspection() const {
    const postgres::LedgerOptions& ledger = engine_.ledger_.options();
    postgres::IntrospectOptions options;
    options.except_schemas = {engine_.options_.attic};
    options.except_relations = {{ledger.schema, ledger.table}, {ledger.schema, ledger.view}};
    return options;
}

/// What comes next asks the database, which must have seen all that came before.
Updater::Next Updater::send_what_is_collected() {
    if (!all_in_one()) return commit_batch();
    try {
        send_batch(batch_);
    } catch (const postgres::DatabaseError& error) {
        return fail(batch_.at(std::min(sent_, batch_.size() - 1)), error.error);
    }
    return Next::go_on;
}

/// Records the changeset without running it. One that is in the history already stays as it is there.
Updater::Next Updater::mark_ran(Pending pending) {
    if (pending.action == Action::rerun) {
        ++report_.skipped;
        return Next::go_on;
    }
    Member member;
    member.rendered.index = pending.index;
    member.rendered.only_new_objects = true;
    member.event = "marked_ran";
    return join_batch(std::move(member));
}

/// Changelogs that were written for Liquibase may change its tracking tables, which exist before any of its
/// changesets.
bool Updater::changes_missing_tracking_table(std::size_t index) {
    for (const Touch& touch : graph_.footprints[index].touches) {
        const ObjectName& name = touch.object.name;
        if (name.name != "databasechangelog" && name.name != "databasechangeloglock") continue;
        if (touch.object.kind == ObjectKind::table && touch.access == Access::create) return false;
        const postgres::Rows found =
            connection_.query("SELECT pg_catalog.to_regclass($1) IS NULL", {sql::qualified(name)});
        return found.text(0, 0) == "t";
    }
    return false;
}

Updater::Next Updater::check_preconditions(Pending pending, bool& wanted) {
    const ChangeSet& changeset = changelog_.changesets[pending.index];
    if (send_what_is_collected() == Next::stop) return Next::stop;
    postgres::PreconditionContext context;
    context.default_schema = engine_.default_schema_;
    context.quoting = changeset.quoting;
    context.changelog_path = changeset.key.path;
    context.properties = engine_.options_.parameters;
    const Preconditions& preconditions = *changeset.preconditions;
    const postgres::Verdict verdict = postgres::check(preconditions, connection_, engine_.ledger_, context);
    if (verdict.kind == postgres::Verdict::Kind::holds) return Next::go_on;
    const bool is_error = verdict.kind == postgres::Verdict::Kind::error;
    const std::string& message = is_error ? preconditions.on_error_message : preconditions.on_fail_message;
    const std::string text = message.empty() ? verdict.reason : message + " (" + verdict.reason + ")";
    const std::string name = to_string(changeset.key);
    switch (is_error ? preconditions.on_error : preconditions.on_fail) {
        case OnFail::warn:
            engine_.tell({.kind = Event::Kind::warning, .changeset = name, .text = "precondition: " + text});
            return Next::go_on;
        case OnFail::carry_on:
            wanted = false;
            ++report_.skipped;
            engine_.tell({.kind = Event::Kind::changeset_skipped,
                          .changeset = name,
                          .text = "precondition: " + text,
                          .position = position_,
                          .total = selection_.pending.size()});
            return Next::go_on;
        case OnFail::mark_ran:
            wanted = false;
            return mark_ran(pending);
        case OnFail::halt:
            break;
    }
    wanted = false;
    engine_.diagnostics_
        .error(is_error ? codes::precondition_error : codes::precondition_failed, preconditions.at, text)
        .changeset = name;
    return fail_softly_or_stop(changeset);
}

Updater::Next Updater::fail_softly_or_stop(const ChangeSet& changeset) {
    if (!changeset.fail_on_error) {
        Diagnostic& item = engine_.diagnostics_.items().back();
        item.severity = Severity::warning;  // the author said that the run goes on
        ++report_.skipped;
        failed_softly_ = true;
        return Next::go_on;
    }
    failed_ = true;
    return Next::stop;
}

Updater::Next Updater::join_batch(Member member) {
    if (tracer_ != nullptr && member.event != "marked_ran") return run_traced(member);
    if (all_in_one() && !member.rendered.transactional) {
        Diagnostic& item = engine_.diagnostics_.error(
            codes::conflicting_keys, changeset_of(member).at,
            fmt::format("changeset '{}' cannot run inside a transaction", changeset_of(member).key.id));
        item.why = "The run was asked for as one transaction (--transaction all).";
        failed_ = true;
        return Next::stop;
    }
    const RenderedChangeSet& next = member.rendered;
    const bool watched =
        member.event != "marked_ran" && is_watched(changeset_of(member), graph_.footprints[next.index], next);
    const Place place = place_of(options_.transactions, batch_.size(), next, watched);
    if (place.ends_before && commit_batch() == Next::stop) return Next::stop;
    if (place.outside) return run_without_transaction(member);
    if (all_in_one() && watched) return join_open_transaction(std::move(member));
    batch_.push_back(std::move(member));
    return place.ends_after ? commit_batch() : Next::go_on;
}

/// Under `--transaction all`: runs the changeset at once, statement by statement, behind a savepoint if it
/// may fail.
Updater::Next Updater::join_open_transaction(Member member) {
    const bool may_fail = !changeset_of(member).fail_on_error;
    if (send_what_is_collected() == Next::stop) return Next::stop;
    try {
        if (may_fail) connection_.execute("SAVEPOINT changelog_changeset");
        send_alone(member);
        if (touches_settings(member)) connection_.execute(restoring_sql_);
    } catch (const postgres::DatabaseError& error) {
        if (!may_fail || error.error.connection_lost || engine_.cancellation_.requested())
            return fail(member, error.error);
        connection_.execute("ROLLBACK TO SAVEPOINT changelog_changeset");
        report_failure(member, error.error);
        return fail_softly_or_stop(changeset_of(member));
    } catch (const CommandError& error) {
        ServerError details;
        details.message = error.what();
        return fail(member, details);
    }
    batch_.push_back(std::move(member));
    sent_ = batch_.size();
    return Next::go_on;
}

RunReport Engine::update(const Changelog& changelog, const Graph& graph, UpdateOptions options) {
    return Updater(*this, changelog, graph, std::move(options)).run();
}

std::string Engine::update_script(const Changelog& changelog, const Graph& graph,
                                  const UpdateOptions& options) {
    return Updater(*this, changelog, graph, options).script();
}

std::string Updater::script() {
    if (!select() || !demands_are_met()) return {};
    return update_script(changelog_, graph_, selection_, engine_.render_context());
}

}  // namespace changelog::execute
