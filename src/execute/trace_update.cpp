#include "execute/trace_update.hpp"

#include "core/text.hpp"
#include "execute/commands.hpp"
#include "execute/seed.hpp"
#include "execute/update.hpp"
#include "execute/verify_steps.hpp"
#include "hazards/pieces.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

namespace changelog::execute {

std::vector<hazards::RelationFacts> TracedChangeSet::relations() const {
    std::map<ObjectName, hazards::RelationFacts> sums;
    for (const TracedStatement& statement : statements)
        for (const hazards::RelationFacts& each : statement.relations) {
            hazards::RelationFacts& sum = sums[each.name];
            sum.name = each.name;
            sum.lock = std::max(sum.lock, each.lock);
            sum.work = std::max(sum.work, each.work);
        }
    std::vector<hazards::RelationFacts> out;
    for (const auto& [name, sum] : sums) out.push_back(sum);
    return out;
}

namespace {

/// What is set for the transaction is meant for the statements behind it, which get transactions of their
/// own; the changeset's end brings all settings back.
std::string for_the_session(const std::string& sql) {
    const std::string words = lower(sql.substr(0, sql.find_first_of("=(")));
    const std::size_t local = words.find("local");
    const bool is_set =
        words.starts_with("set") && local != words.npos && trim(words.substr(3, local - 3)).empty();
    return is_set ? "SET SESSION" + sql.substr(local + std::string_view("local").size()) : sql;
}

}  // namespace

void StatementTracer::run(const Statement& text) {
    for (const auto& piece : hazards::single_statements({text.sql, 0})) {
        Statement one = text;
        one.sql = for_the_session(piece.sql);
        TracedStatement traced = trace.run(one);
        if (traced.error && remove_rows && remove_rows()) {
            const ServerError error = *traced.error;
            traced = trace.run(one);
            if (!traced.error)
                into->notes.push_back(fmt::format("only without made-up rows: {} ({} {})", one.sql,
                                                  error.sqlstate, error.message));
        }
        into->statements.push_back(traced);
        if (traced.error) throw postgres::DatabaseError(*traced.error);
    }
}

/// As run_alone(), but for the transactions.
Updater::Next Updater::run_traced(const Member& member) {
    const auto start = std::chrono::steady_clock::now();
    const auto& statements = member.rendered.statements;
    try {
        for (current_statement_ = 0; current_statement_ < statements.size(); ++current_statement_)
            tracer_->run(statements[current_statement_]);
        run_change_actions(member, 0, changeset_of(member).changes.size());
        if (touches_settings(member)) connection_.execute(restoring_sql_);
        connection_.execute(engine_.ledger_.insert_sql({row_of(member, 1)}));
    } catch (const postgres::DatabaseError& error) {
        return fail(member, error.error);
    } catch (const CommandError& error) {
        ServerError details;
        details.message = error.what();
        return fail(member, details);
    }
    done(member, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return Next::go_on;
}

namespace {

class Tracing {
  public:
    Tracing(Engine& engine, postgres::Connection& connection, const Changelog& changelog, const Graph& graph,
            const TraceOptions& options, Diagnostics& diagnostics)
        : engine_(engine),
          connection_(connection),
          changelog_(changelog),
          graph_(graph),
          options_(options),
          trace_(connection),
          stepper_(engine, diagnostics, changelog, graph, options.select),
          seeder_(connection) {
        trace_.leave_out_new(true);
        tracer_.remove_rows = [this] { return seeder_.empty_filled_tables(); };
    }

    std::vector<TracedChangeSet> run() {
        std::vector<TracedChangeSet> out;
        if (!stepper_.begin()) return out;
        for (const Pending pending : stepper_.pending()) {
            const bool wanted = options_.only.empty() || options_.only.contains(pending.index);
            if (wanted) {
                out.emplace_back().index = pending.index;
                if (options_.rows) fill(pending.index);
                tracer_.into = &out.back();
            }
            stepper_.trace(wanted ? &tracer_ : nullptr);
            const Stepper::Done done = stepper_.apply(pending);
            if (wanted) out.back().applied = done == Stepper::Done::applied;
            if (done == Stepper::Done::failed) break;
        }
        return out;
    }

  private:
    /// The tables that the changeset touches, where they are there.
    void fill(std::size_t index) {
        const VerifyScope scope = scope_of(changelog_.changesets[index], graph_.footprints[index]);
        if (scope.empty()) return;
        seeder_.fill(look_at_rows(connection_, look_at_schema(connection_, engine_.ledger().options(),
                                                              engine_.render_context().attic, scope)));
    }

    Engine& engine_;
    postgres::Connection& connection_;
    const Changelog& changelog_;
    const Graph& graph_;
    const TraceOptions& options_;
    LockTrace trace_;
    Stepper stepper_;
    Seeder seeder_;
    StatementTracer tracer_{trace_};
};

}  // namespace

std::vector<TracedChangeSet> trace_update(Engine& engine, postgres::Connection& connection,
                                          const Changelog& changelog, const Graph& graph,
                                          const TraceOptions& options, Diagnostics& diagnostics) {
    if (!options.goes_on && engine.ledger().exists())
        throw std::logic_error("locks are traced in a database without a history only");
    return Tracing(engine, connection, changelog, graph, options, diagnostics).run();
}

}  // namespace changelog::execute
