// Runs plans against a database: update, rollback, tag, status. The commands of the command line are thin
// shells around an Engine; a program that embeds the library uses it the same way.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"
#include "changelog/plan.hpp"

#include "postgres/connection.hpp"
#include "postgres/ledger.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace changelog::execute {

/// How a run ended; the command line turns it into an exit code.
enum class Outcome : std::uint8_t {
    done,              ///< something was run, or nothing had to be
    history_mismatch,  ///< the ledger and the files disagree; nothing was run
    failed_unchanged,  ///< nothing of this run is in the database
    failed_partly,     ///< earlier changesets of this run are applied
    lock_not_obtained,
    cancelled,
    refused,  ///< wrong input or missing rights; nothing was run
};

/// What happens during a run, for whoever shows it.
struct Event {
    enum class Kind : std::uint8_t {
        run_started,       ///< `total` changesets are to be run
        waiting_for_lock,  ///< `text`: who holds it
        changeset_started,
        changeset_done,     ///< `seconds`; `text`: "applied", "reran", "marked as run", "rolled back"
        changeset_skipped,  ///< `text`: why
        message,            ///< `text` of an output change, or a notice of the server
        warning,
        run_finished,
    };
    Kind kind = Kind::message;
    std::string changeset;  ///< to_string(key), or ""
    std::string text;
    std::size_t position = 0, total = 0;
    double seconds = 0;
    bool to_stdout = false;  ///< an `output` change with target STDOUT
};

using Listener = std::function<void(const Event&)>;

/// Asks a run to stop. request() may be called from another thread: it cancels the running statement.
class Cancellation {
  public:
    void request() noexcept;
    bool requested() const noexcept { return requested_; }
    void watch(postgres::Connection* connection);

  private:
    std::atomic<bool> requested_ = false;
    std::mutex mutex_;
    postgres::Connection* connection_ = nullptr;
};

struct EngineOptions {
    postgres::LedgerOptions ledger;
    std::string default_schema;  ///< of unqualified names; empty: the session's current_schema()
    std::chrono::milliseconds lock_patience{std::chrono::minutes(5)};
    bool allow_commands = false;                    ///< executeCommand may run programs
    std::map<std::string, std::string> parameters;  ///< for changeLogPropertyDefined
    std::string attic = "changelog_attic";          ///< the schema where `retain` keeps what is dropped
    std::string retain;                             ///< the default of `retain`: "", "true", "30 days"
};

struct UpdateOptions {
    SelectOptions select;
    TransactionMode transactions = TransactionMode::automatic;
    UndoDemands demands;
};

struct RunReport {
    Outcome outcome = Outcome::done;
    std::string deployment;
    std::size_t applied = 0, marked_ran = 0, skipped = 0, rolled_back = 0;
    std::size_t pending_left = 0;
    double seconds = 0;
};

/// Which undo of a changeset is run where there are two.
enum class UndoSource : std::uint8_t {
    automatic,  ///< the author's rollback block; where one of them fails, the generated ones instead
    written,    ///< the author's, as it is
    generated,  ///< what was made from the changes; the author's where that is impossible
};

struct RollbackOptions {
    UndoSource source = UndoSource::automatic;
    std::optional<std::size_t> count;
    std::optional<std::string> to_tag;
    std::optional<std::string> to_date;     ///< ISO date or timestamp, read by the server; what is newer goes
    std::optional<std::string> deployment;  ///< everything of that run
    std::optional<std::string> changeset;   ///< one changeset: "id" or "path::id::author"
    bool cascade = false;                   ///< with `changeset`: what depends on it goes too
    bool lossless = false;                  ///< refuse what loses data: CL5011
};

struct StatusReport {
    std::vector<AppliedChangeSet> applied;
    PendingSet selection;
    bool ledger_exists = false;
};

class Engine {
  public:
    Engine(postgres::Connection& connection, EngineOptions options, Listener listener,
           Diagnostics& diagnostics);

    /// The schema of unqualified names on this connection.
    const std::string& default_schema() const { return default_schema_; }
    Cancellation& cancellation() { return cancellation_; }
    postgres::Ledger& ledger() { return ledger_; }
    /// What rendering needs to know of this connection.
    RenderContext render_context() const;

    /// Applies what is pending. Everything that goes wrong is reported in the diagnostics.
    RunReport update(const Changelog& changelog, const Graph& graph, UpdateOptions options);
    /// The SQL that update() would run, with a comment line per changeset; the database is only read.
    std::string update_script(const Changelog& changelog, const Graph& graph, const UpdateOptions& options);

    /// Undoes by what the ledger keeps; the files are needed only to see what depends on a single changeset.
    RunReport rollback(const RollbackOptions& options, const Changelog* changelog = nullptr,
                       const Graph* graph = nullptr);
    std::string rollback_script(const RollbackOptions& options, const Changelog* changelog = nullptr,
                                const Graph* graph = nullptr);

    /// Data that a rollback would destroy and that is there now: rows of tables and values of columns that
    /// its statements drop. An object that cannot be looked at (it has another name until the rollback
    /// begins) counts.
    std::vector<std::string> rollback_risks(const RollbackOptions& options,
                                            const Changelog* changelog = nullptr,
                                            const Graph* graph = nullptr);

    StatusReport status(const Changelog& changelog, const Graph& graph, SelectOptions options);
    RunReport tag(const std::string& name);
    /// Takes the file's meaning of an applied changeset as the applied one.
    RunReport accept(const Changelog& changelog, const std::string& changeset, const std::string& reason);

  private:
    friend class Updater;
    friend class Undoer;

    void tell(Event event) const {
        if (listener_) listener_(event);
    }

    postgres::Connection& connection_;
    EngineOptions options_;
    Listener listener_;
    Diagnostics& diagnostics_;
    postgres::Ledger ledger_;
    Cancellation cancellation_;
    std::string default_schema_;
};

/// The SQL of pending changesets in the order in which they run, with a comment line per changeset. Needs no
/// database.
std::string update_script(const Changelog& changelog, const Graph& graph, const PendingSet& selection,
                          RenderContext context);

/// SQL text of statements for people and psql, each ended by a semicolon on its line; COPY data included.
std::string script_of(const std::vector<Statement>& statements);

/// The server's error as a diagnostic, placed at a change of a changeset.
/// `cancelled`: the statement was cancelled because the run was asked to stop.
Diagnostic& report_server_error(const ServerError& error, Position at, const std::string& changeset,
                                Diagnostics& diagnostics, bool cancelled = false);

}  // namespace changelog::execute
