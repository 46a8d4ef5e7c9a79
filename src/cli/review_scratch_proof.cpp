#include "cli/review_scratch_proof.hpp"

#include "execute/verify_state.hpp"
#include "execute/verify_steps.hpp"
#include "review/diagnose_masking.hpp"
#include "review/measured_locks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace changelog::cli {

namespace {

std::set<std::size_t> planned(const review::Review& review) {
    std::set<std::size_t> out;
    for (const execute::PlannedChangeSet& each : review.plan.changesets) out.insert(each.index);
    return out;
}

void add_relations(const catalog::Catalog& catalog, std::set<ObjectName>& out) {
    for (const auto& [name, table] : catalog.tables) out.insert(name);
    for (const auto& [name, view] : catalog.views) out.insert(name);
}

}  // namespace

ScratchProof::ScratchProof(const ScratchTask& task, std::string url) : task_(task), url_(std::move(url)) {
    for (execute::VerifyServer* server : {&first_, &copies_}) {
        server->url = url_;
        server->engine = task.engine;
        server->listener = task.listener;
    }
    first_.setup = task.setup;
}

void ScratchProof::stop() noexcept {
    stopped_ = true;
    first_.stop();
    copies_.stop();
    const std::lock_guard guard(mutex_);
    if (verifier_ != nullptr) verifier_->stop();
}

review::Proof ScratchProof::run(review::Review& review) {
    review::Proof out;
    try {
        const bool made = apply_base() && (schema_.same_database || apply_unchanged(review));
        out.not_possible = not_possible_;
        if (!made || stopped_) return out;
        base_->let_go();
        copies_.from = base_->name();
        verify(review, out);
        if (!stopped_ && out.not_possible.empty()) trace(review, out);
        if (!stopped_ && !schema_.known && out.holds()) look_at_the_end(out);
        base_.reset();
    } catch (const postgres::DatabaseError&) {
        if (!stopped_) throw;  // otherwise what was under way was cancelled
    }
    return out;
}

/// What the base has, in a new database.
bool ScratchProof::apply_base() {
    base_ = std::make_unique<Database>(first_, diagnostics_);
    if (!update(*base_, task_.input.base)) {
        not_possible_ =
            "what the base has cannot be applied to an empty database: " + last_error(diagnostics_);
        return false;
    }
    schema_.before = schema_of(*base_);
    schema_.same_database = head_goes_on();
    return true;
}

/// Whether an update by the files of head would be refused there, since they changed what is applied.
bool ScratchProof::head_goes_on() {
    SelectOptions select;
    select.selection = task_.input.selection;
    const std::size_t before = diagnostics_.count(Severity::error);
    base_->engine().status(task_.input.head.changelog, task_.input.head.graph, select);
    return diagnostics_.count(Severity::error) == before;
}

/// Everything in head but what is to be run, by head's own files.
bool ScratchProof::apply_unchanged(const review::Review& review) {
    const std::set<std::size_t> later = planned(review);
    SelectOptions select;
    select.selection = task_.input.selection;
    base_.reset();
    diagnostics_ = {};
    base_ = std::make_unique<Database>(first_, diagnostics_);
    const execute::RoleWatch roles(first_, base_->connection());
    execute::Stepper stepper(base_->engine(), diagnostics_, task_.input.head.changelog,
                             task_.input.head.graph, select);
    bool good = stepper.begin();
    for (const Pending each : good ? stepper.pending() : std::vector<Pending>()) {
        if (later.contains(each.index) || !good || stopped_) continue;
        good = stepper.apply(each) != execute::Stepper::Done::failed;
    }
    if (!good)
        not_possible_ =
            "what is unchanged cannot be applied to an empty database: " + last_error(diagnostics_);
    return good;
}

bool ScratchProof::update(Database& database, const review::Side& side) {
    execute::UpdateOptions options;
    options.transactions = task_.input.transactions;
    options.select.selection = task_.input.selection;
    const execute::RoleWatch roles(first_, database.connection());
    const execute::RunReport report = database.engine().update(side.changelog, side.graph, options);
    database.engine().cancellation().watch(&database.connection());
    return report.outcome == execute::Outcome::done;
}

catalog::Catalog ScratchProof::schema_of(Database& database) const {
    execute::Engine& engine = database.engine();
    return execute::look_at_schema(database.connection(), engine.ledger().options(),
                                   engine.render_context().attic, execute::whole_database());
}

/// While it lives, stop() reaches the verifier.
class ScratchProof::Running {
  public:
    Running(ScratchProof& proof, execute::Verifier& verifier) : proof_(proof) {
        const std::lock_guard guard(proof_.mutex_);
        proof_.verifier_ = &verifier;
        if (proof_.stopped_) verifier.stop();
    }
    ~Running() {
        const std::lock_guard guard(proof_.mutex_);
        proof_.verifier_ = nullptr;
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

  private:
    ScratchProof& proof_;
};

void ScratchProof::verify(const review::Review& review, review::Proof& out) {
    execute::VerifyOptions options;
    options.engine = task_.engine;
    options.selection = task_.input.selection;
    options.transactions = task_.input.transactions;
    options.from = base_->name();
    for (const std::size_t index : planned(review))
        options.only.push_back(to_string(task_.input.head.changelog.changesets[index].key));
    Diagnostics found;
    execute::Verifier verifier(url_, options, task_.listener, found);
    const Running running(*this, verifier);
    out.verified = verifier.run(task_.input.head.changelog, task_.input.head.graph);
    if (out.verified.refused) out.not_possible = "the changelog cannot be run: " + last_error(found);
}

void ScratchProof::trace(review::Review& review, review::Proof& out) {
    Diagnostics found;
    copies_.take_over = true;  // a copy would take longer than all the rest
    Database database(copies_, found);
    const execute::RoleWatch roles(copies_, database.connection());
    execute::TraceOptions options;
    options.select.selection = task_.input.selection;
    options.only = planned(review);
    options.goes_on = true;
    const auto traced =
        execute::trace_update(database.engine(), database.connection(), task_.input.head.changelog,
                              task_.input.head.graph, options, found);
    if (stopped_) return;
    if (!found.has_errors()) {
        schema_.after = schema_of(database);
        schema_.known = true;
    }
    const int version = database.connection().target().server_version;
    const execute::Plan stated = review::plan_on(version, task_.input, review.history);
    review::Measured measured{task_.input.head.changelog, stated, traced, {}};
    add_relations(schema_.before, measured.relations);
    add_relations(schema_.after, measured.relations);
    compare_locks(measured, review, out);
}

/// Where something cannot be run statement by statement: once more as an update does it.
void ScratchProof::look_at_the_end(review::Proof& out) {
    Diagnostics found;
    Database database(first_, found);
    schema_.known =
        (!schema_.same_database || update(database, task_.input.base)) && update(database, task_.input.head);
    schema_.same_database = false;
    if (schema_.known) schema_.after = schema_of(database);
    if (!schema_.known) out.unmeasured.push_back("the schema: " + last_error(found));
}

std::string ScratchProof::last_error(const Diagnostics& found) const {
    std::string out = "no reason is known";
    for (const Diagnostic& each : found.items()) {
        if (each.severity != Severity::error) continue;
        out = each.changeset.empty() ? "" : each.changeset + ": ";
        if (each.server && !each.server->sqlstate.empty()) out += each.server->sqlstate + ' ';
        return out + review::masked(each.title);
    }
    return out;
}

}  // namespace changelog::cli
