#include "execute/verify.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/verify_proof.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::execute {

namespace {

/// The statement on one line, cut where it is long: the error itself is reported with more of it.
std::string first_lines(const std::string& statement) {
    constexpr std::size_t kMostLines = 3, kMostBytes = 200;
    const std::vector<std::string> lines = split(statement, '\n');
    std::vector<std::string> shown(
        lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(std::min(kMostLines, lines.size())));
    std::string out = join(shown, " ");
    if (out.size() > kMostBytes) out = clip_utf8(out, kMostBytes) + " ...";
    if (lines.size() > kMostLines) out += fmt::format(" ... {} more lines", lines.size() - kMostLines);
    return out;
}

}  // namespace

std::string_view to_string(VerifyGrade grade) {
    switch (grade) {
        case VerifyGrade::exact:
            return "exact";
        case VerifyGrade::lossy:
            return "lossy";
        case VerifyGrade::impossible:
            return "impossible";
        case VerifyGrade::failed:
            return "failed";
        case VerifyGrade::not_run:
            return "not_run";
    }
    return "failed";
}

std::size_t VerifyReport::count(VerifyGrade grade) const {
    return static_cast<std::size_t>(std::count_if(changesets.begin(), changesets.end(),
                                                  [&](const auto& item) { return item.grade == grade; }));
}

struct Verifier::State {
    VerifyServer server;
    VerifyOptions options;
    Diagnostics& diagnostics;

    State(VerifyOptions given, Diagnostics& found) : options(std::move(given)), diagnostics(found) {}
};

Verifier::Verifier(std::string server, VerifyOptions options, Listener listener, Diagnostics& diagnostics)
    : state_(std::make_unique<State>(std::move(options), diagnostics)) {
    state_->server.url = std::move(server);
    state_->server.setup = state_->options.setup;
    state_->server.from = state_->options.from;
    state_->server.engine = state_->options.engine;
    state_->server.listener = std::move(listener);
}

Verifier::~Verifier() = default;

void Verifier::stop() noexcept { state_->server.stop(); }

VerifyReport Verifier::run(const Changelog& changelog, const Graph& graph) {
    return Proof(state_->server, state_->options, state_->diagnostics, changelog, graph).run();
}

Proof::Proof(VerifyServer& server, const VerifyOptions& options, Diagnostics& diagnostics,
             const Changelog& changelog, const Graph& graph)
    : server_(server), options_(options), diagnostics_(diagnostics), changelog_(changelog), graph_(graph) {}

VerifyReport Proof::run() {
    try {
        const Stopwatch watch(report_.timings.total);
        remove_left_databases(server_.url);
        if (!choose() || !open())
            report_.refused = true;
        else
            prove();
        stepper_.reset();
        database_.reset();
    } catch (const postgres::DatabaseError&) {
        if (!server_.stopped()) throw;  // otherwise a look that was cancelled
    }
    report_.cancelled = server_.stopped();
    if (report_.cancelled) forget_cancellation();
    report_.incomplete = report_.incomplete || diagnostics_.has_errors();
    return std::move(report_);
}

void Proof::prove() {
    prove_each();
    if (server_.stopped()) return;
    add_missing();
    if (options_.data) report_.unfilled = seeder_->unfilled();
    if (wanted_.empty()) roll_everything_back();
    if (wanted_.empty() && complete_ && !server_.stopped() &&
        (report_.rollback.changesets != 0 || !report_.rollback.good()))
        update_again();
    trace_left_over();
}

/// Those that were asked for and that the run did not come to.
void Proof::add_missing() {
    for (const std::size_t index : wanted_) {
        const auto found = std::find_if(report_.changesets.begin(), report_.changesets.end(),
                                        [&](const VerifiedChangeSet& item) { return item.index == index; });
        if (found != report_.changesets.end()) {
            report_.incomplete = report_.incomplete || found->grade == VerifyGrade::not_run;
            continue;
        }
        VerifiedChangeSet& item = report_.changesets.emplace_back();
        item.index = index;
        item.reason = "not chosen: its contexts, labels or dbms leave it out";
        report_.incomplete = true;
    }
}

/// What the server says of a statement that was cancelled is no finding.
void Proof::forget_cancellation() {
    std::erase_if(diagnostics_.items(), [](const Diagnostic& item) {
        return item.code == codes::cancelled || (item.server && item.server->sqlstate == "57014");
    });
    for (VerifiedChangeSet& item : report_.changesets) {
        if (item.error.find("57014 ") == std::string::npos &&
            item.error.find("cancelled") == std::string::npos)
            continue;
        item.grade = VerifyGrade::not_run;
        item.error.clear();
        item.reason = "cancelled";
    }
}

SelectOptions Proof::select() const {
    SelectOptions options;
    options.selection = options_.selection;
    return options;
}

/// The changesets that are asked for, by index.
bool Proof::choose() {
    for (const std::string& name : options_.only) {
        const auto index = find_changeset(changelog_, name, diagnostics_);
        if (!index) return false;
        wanted_.insert(*index);
    }
    return true;
}

/// A new database with the updater on it. Everything is pending there.
bool Proof::open() {
    stepper_.reset();
    database_.reset();
    database_ = std::make_unique<VerifyDatabase>(server_, diagnostics_);
    seeder_ = std::make_unique<Seeder>(database_->connection());
    stepper_ = std::make_unique<Stepper>(database_->engine(), diagnostics_, changelog_, graph_, select());
    if (!stepper_->begin()) return false;
    if (!pending_.empty()) return true;
    pending_ = stepper_->pending();
    report_.skipped = stepper_->skipped();
    if (wanted_.empty()) return true;
    std::set<std::size_t> needed;
    for (const std::size_t index : wanted_)
        for (const std::size_t ancestor : ancestors_of(graph_, index)) needed.insert(ancestor);
    std::erase_if(pending_, [&](const Pending& item) { return !needed.contains(item.index); });
    return true;
}

DatabaseState Proof::look(const VerifyScope& scope, bool with_rows) {
    DatabaseState state;
    {
        const Stopwatch watch(report_.timings.introspect);
        const Engine& engine = database_->engine();
        state.catalog = look_at_schema(database_->connection(), database_->engine().ledger().options(),
                                       engine.render_context().attic, scope);
    }
    if (with_rows) {
        const Stopwatch watch(report_.timings.rows);
        state.rows = look_at_rows(database_->connection(), state.catalog);
    }
    return state;
}

SchemaDifferences Proof::compare(const catalog::Catalog& before, const catalog::Catalog& after) {
    const Stopwatch watch(report_.timings.compare);
    return compare_schemas(before, after);
}

Proof::Done Proof::apply(std::size_t position) {
    const Stopwatch watch(report_.timings.apply);
    const RoleWatch roles(server_, database_->connection());
    return stepper_->apply(pending_[position]);
}

bool Proof::undo() {
    const Stopwatch watch(report_.timings.rollback);
    return stepper_->undo();
}

std::string Proof::last_error(std::size_t mark) const {
    const auto& items = diagnostics_.items();
    for (std::size_t i = items.size(); i-- > mark;) {
        const Diagnostic& item = items[i];
        std::string out = item.title;
        if (!item.server) return out;
        if (!item.server->sqlstate.empty()) out = item.server->sqlstate + " " + out;
        if (!item.server->statement.empty()) out += "; in: " + first_lines(item.server->statement);
        return out;
    }
    return "no reason is known";
}

void Proof::forget_since(std::size_t mark) {
    auto& items = diagnostics_.items();
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(std::min(mark, items.size())), items.end());
}

}  // namespace changelog::execute
