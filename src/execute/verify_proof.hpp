// One run of `verify`.
#pragma once

#include "execute/seed.hpp"
#include "execute/verify.hpp"
#include "execute/verify_database.hpp"
#include "execute/verify_state.hpp"
#include "execute/verify_steps.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog::execute {

/// Adds the time of its life to a sum.
class Stopwatch {
  public:
    explicit Stopwatch(double& sum) : sum_(sum) {}
    ~Stopwatch() { sum_ += std::chrono::duration<double>(Clock::now() - start_).count(); }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

  private:
    using Clock = std::chrono::steady_clock;
    double& sum_;
    Clock::time_point start_ = Clock::now();
};

class Proof {
  public:
    Proof(VerifyServer& server, const VerifyOptions& options, Diagnostics& diagnostics,
          const Changelog& changelog, const Graph& graph);

    VerifyReport run();

  private:
    enum class Next : std::uint8_t { go_on, stop };
    using Done = Stepper::Done;

    /// The whole schema when so many changesets were applied.
    struct Look {
        std::size_t applied = 0;
        catalog::Catalog catalog;
    };

    /// A part of the schema, as it was seen last.
    struct PartialLook {
        VerifyScope scope;
        catalog::Catalog catalog;
    };

    /// Positions in `pending_` between which something is left over, or lost.
    struct Suspect {
        std::size_t first = 0, last = 0;
        std::vector<std::string> lines;
    };

    void prove();
    bool open();
    bool choose();
    void add_missing();
    void forget_cancellation();
    SelectOptions select() const;

    // Changeset by changeset (verify_each.cpp).
    void prove_each();
    Next prove_one(std::size_t position);
    VerifyScope scope_at(std::size_t position) const;
    VerifyScope scope_from(std::size_t position) const;
    Next apply_first(std::size_t position, const VerifyScope& scope, DatabaseState& before);
    Next prove_undo(std::size_t position, const VerifyScope& scope, const DatabaseState& before,
                    const Undo& undo);
    Next undo_failed(std::size_t position, const VerifyScope& scope, const catalog::Catalog& after);
    Next apply_again(std::size_t position, const VerifyScope& scope, const catalog::Catalog& after);
    void judge(VerifiedChangeSet& item, const DatabaseState& before, const DatabaseState& after,
               const DatabaseState& now, const Undo& undo);
    void fill(std::size_t index, const VerifyScope& scope);
    bool recover(std::size_t position);
    void give_up_behind(std::size_t position, const std::string& why);
    bool build(std::size_t positions);
    Next prove_without_rows(std::size_t position);
    bool empty_filled_tables();

    // The changelog as a whole (verify_whole.cpp).
    void roll_everything_back();
    void roll_all_back();
    bool roll_back_to(const Look& look, std::size_t from);
    void report_left_over(const Look& look, std::size_t from, std::vector<std::string> lines);
    void trace_left_over();
    void find_culprit(const Suspect& suspect);
    bool is_culprit(std::size_t position, const std::vector<std::string>& differences,
                    const Suspect& suspect);
    void update_again();

    DatabaseState look(const VerifyScope& scope, bool with_rows);
    catalog::Catalog look_at_all() { return look(whole_database(), false).catalog; }
    SchemaDifferences compare(const catalog::Catalog& before, const catalog::Catalog& after);
    Done apply(std::size_t position);
    bool undo();
    std::string name_of(std::size_t index) const { return to_string(changelog_.changesets[index].key); }

    /// What was reported last, as one line; the mark is what diagnostics_.items().size() was.
    std::string last_error(std::size_t mark) const;
    void forget_since(std::size_t mark);

    VerifyServer& server_;
    const VerifyOptions& options_;
    Diagnostics& diagnostics_;
    const Changelog& changelog_;
    const Graph& graph_;
    VerifyReport report_;
    std::unique_ptr<VerifyDatabase> database_;
    std::unique_ptr<Stepper> stepper_;
    std::unique_ptr<Seeder> seeder_;
    std::vector<Pending> pending_;
    std::set<std::size_t> wanted_;          ///< indexes that are to be proved; empty: all
    std::vector<std::size_t> applied_;      ///< positions in `pending_` that the history has
    std::vector<Look> looks_;               ///< oldest first
    std::optional<catalog::Catalog> end_;   ///< the schema when all was applied
    std::optional<PartialLook> last_look_;  ///< behind the last changeset, at what the next one touches too
    std::optional<std::size_t> barrier_;    ///< how many applied ones no rollback gets behind
    std::map<ObjectName, long long> rows_added_;  ///< by the change that was proved last
    bool look_is_due_ = false;                    ///< behind such a one
    std::size_t since_look_ = 0;
    std::vector<Suspect> suspects_;
    bool complete_ = true;  ///< all of `pending_` could be run
    std::string broken_;    ///< why the database at hand is not what the run thinks
};

}  // namespace changelog::execute
