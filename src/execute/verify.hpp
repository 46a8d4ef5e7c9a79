// Proof that every changeset can be undone: applied, rolled back and applied again on databases of its own,
// and what the database holds compared each time.
#pragma once

#include "execute/engine.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace changelog::execute {

/// What became of one changeset.
enum class VerifyGrade : std::uint8_t {
    exact,       ///< rolled back, everything was as before
    lossy,       ///< as before but for data whose loss its undo announces
    impossible,  ///< its undo says that there is none; it stays applied
    failed,      ///< an error, or a difference
    not_run,     ///< skipped by a precondition, or behind one that could not be applied
};

std::string_view to_string(VerifyGrade grade);

struct VerifiedChangeSet {
    std::size_t index = 0;  ///< in the changelog
    VerifyGrade grade = VerifyGrade::not_run;
    std::vector<std::string> losses, since;  ///< as its stored undo says
    std::vector<std::string> differences;    ///< what the rollback did not bring back
    std::vector<std::string> notes;          ///< differences that are no failure
    std::string reason;                      ///< why it is impossible or was not run
    std::string error;                       ///< "42P01 relation ... does not exist", with what was tried
    bool written = false;                    ///< rolled back by a rollback block, not by a generated undo
    double seconds = 0;
};

/// A step that is taken with the changelog as a whole.
struct WholeStep {
    bool tried = false;
    std::size_t changesets = 0;
    std::string stopped_by;  ///< the changeset behind which it could not go
    std::vector<std::string> differences;
    std::string error;
    std::string note = {};  ///< what it is good without

    bool good() const { return differences.empty() && error.empty(); }
};

struct VerifyTimings {
    double apply = 0, rollback = 0, introspect = 0, compare = 0, rows = 0, whole = 0, total = 0;
};

struct VerifyReport {
    std::vector<VerifiedChangeSet> changesets;  ///< in the order in which they ran
    WholeStep rollback;                         ///< of everything
    WholeStep update;                           ///< of everything once more, in one go
    std::vector<std::string> unfilled;          ///< tables that got no rows, and why
    std::size_t skipped = 0;                    ///< by contexts and labels
    VerifyTimings timings;
    bool cancelled = false;
    bool refused = false;     ///< the changelog cannot be run at all: the diagnostics say why
    bool incomplete = false;  ///< one that was asked for has no verdict, or an error has no place in here

    std::size_t count(VerifyGrade grade) const;
    bool good() const {
        return count(VerifyGrade::failed) == 0 && !incomplete && rollback.good() && update.good();
    }
};

struct VerifyOptions {
    EngineOptions engine;
    Selection selection;
    TransactionMode transactions = TransactionMode::automatic;  ///< of the update in one go
    std::vector<std::string> only;  ///< changesets by "id" or "path::id::author"; empty: all
    bool data = false;              ///< fill tables with rows
    std::string setup;              ///< SQL that makes what the changelog expects to find
    std::string from;  ///< a database with a history: each new one is a copy of it, and `setup` is not run
    std::size_t look_every = 100;  ///< changesets between two looks at the whole database
};

/// Runs the proof. `server` is a URL at which databases can be made; they are dropped in the end. `on_start`
/// gets what stop() needs. Errors of statements go to the diagnostics with their places, as in an update.
/// Throws DatabaseError if the server cannot be used.
class Verifier {
  public:
    Verifier(std::string server, VerifyOptions options, Listener listener, Diagnostics& diagnostics);
    ~Verifier();
    Verifier(const Verifier&) = delete;
    Verifier& operator=(const Verifier&) = delete;

    VerifyReport run(const Changelog& changelog, const Graph& graph);
    /// Asks the run to end; may be called from another thread.
    void stop() noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace changelog::execute
