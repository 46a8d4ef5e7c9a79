// One run of `update`: preconditions, transactions, ledger rows, and what is done when something fails.
#pragma once

#include "execute/engine.hpp"
#include "execute/owners.hpp"
#include "postgres/introspect.hpp"
#include "postgres/runner_lock.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace changelog::execute {

class Observer;
struct StatementTracer;

class Updater {
  public:
    Updater(Engine& engine, const Changelog& changelog, const Graph& graph, UpdateOptions options);

    RunReport run();
    std::string script();

  private:
    friend class Stepper;  ///< runs it changeset by changeset, for `verify`

    struct Member {
        RenderedChangeSet rendered;
        std::string event;  ///< of its ledger row
    };
    enum class Next : std::uint8_t { go_on, stop };

    void run_in_order(std::chrono::steady_clock::time_point start);
    void settle_outcome();
    bool select();
    bool demands_are_met();
    bool take_lock();
    bool root_preconditions_hold();
    void run_pending();
    Next run_one(Pending pending);
    bool changes_missing_tracking_table(std::size_t index);
    Next mark_ran(Pending pending);
    Next check_preconditions(Pending pending, bool& wanted);
    Next learn_what_is_unsure(Pending pending, bool& standing);
    Next send_what_is_collected();
    postgres::IntrospectOptions introspection() const;
    static void look_at_rerun(RenderedChangeSet& rendered);
    void look_at_rights(RenderedChangeSet& rendered) const;
    static RenderedChange* observed_change(Member& member, std::size_t change);
    Next join_batch(Member member);
    Next join_open_transaction(Member member);

    Next commit_batch();
    void send_batch(const std::vector<Member>& members);
    Next find_culprit(std::vector<Member>& members, const ServerError& error);
    Next run_alone(Member& member);
    void send_alone(Member& member);
    void send_change(Member& member, std::size_t change);
    void send(const Statement& statement);
    void send_watched(const Statement& statement, Observer& observer);
    Next run_without_transaction(Member& member);
    Next run_traced(const Member& member);
    void run_change_actions(const Member& member, std::size_t from_change, std::size_t to_change);
    void fire_deferred_triggers();
    void watch_deferred_triggers(Member& member);

    // Outside a transaction (update_steps.cpp).
    void run_step(Member& member, std::size_t step);
    void run_within(Member& member, std::size_t step, RenderedChange* observed);
    std::string record_of(Member& member, std::size_t step);
    std::optional<std::size_t> resume_point(Member& member);
    bool touches_settings(const Member& member) const;

    postgres::LedgerRow row_of(const Member& member, int share) const;
    const ChangeSet& changeset_of(const Member& member) const {
        return changelog_.changesets[member.rendered.index];
    }
    Next fail(const Member& member, const ServerError& error);
    void report_failure(const Member& member, const ServerError& error);
    Next fail_softly_or_stop(const ChangeSet& changeset);
    void done(const Member& member, double seconds);
    bool all_in_one() const { return options_.transactions == TransactionMode::all; }

    Engine& engine_;
    postgres::Connection& connection_;
    const Changelog& changelog_;
    const Graph& graph_;
    UpdateOptions options_;
    std::vector<AppliedChangeSet> applied_;
    PendingSet selection_;
    std::unique_ptr<postgres::RunnerLock> lock_;
    std::unique_ptr<Renderer> renderer_;
    std::vector<Member> batch_;
    bool batch_is_open_ =
        false;  ///< its transaction has begun and its statements are sent (transaction mode `all`)
    std::size_t sent_ = 0;  ///< members of the batch that are sent
    std::size_t current_statement_ = 0;
    Grantors grantors_;
    std::string restoring_sql_;                 ///< brings the session's settings back
    std::optional<std::size_t> recorded_step_;  ///< the step that the history already says is begun
    std::optional<std::size_t> resumed_step_;   ///< the step at which an earlier run was interrupted
    RunReport report_;
    bool failed_ = false;
    bool failed_softly_ = false;  ///< the last changeset failed, and the run goes on
    bool replaying_ = false;      ///< statements are sent again only to see which one fails
    std::size_t position_ = 0;
    StatementTracer* tracer_ = nullptr;  ///< of a scratch database: statements go through it, one by one
};

}  // namespace changelog::execute
