// A connection to the target of a run, with the engine on it.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/settings.hpp"
#include "cli/signals.hpp"
#include "execute/engine.hpp"
#include "postgres/scratch.hpp"

#include <memory>
#include <optional>

namespace changelog::cli {

/// What an engine needs to know of the settings.
execute::EngineOptions engine_options(const Settings& settings, bool allow_commands);

/// Throws UsageError with CL0004 or CL0005.
std::unique_ptr<postgres::Connection> connect(const std::string& url);

/// `url` is scratch:[VERSION]. Throws UsageError with CL0006 or CL0007.
std::unique_ptr<postgres::ScratchServer> start_scratch(const std::string& url, bool keep, Output& output);

class Session {
  public:
    /// Connects, and says to what. Throws UsageError with CL0003, CL0004, CL0006 or CL0007. Everything that
    /// the engine finds goes to `diagnostics`, which must outlive the session.
    Session(const Settings& settings, Output& output, Diagnostics& diagnostics, bool allow_commands = false);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    execute::Engine& engine() { return *engine_; }
    postgres::Connection& connection() { return *connection_; }
    const postgres::Target& target() const { return connection_->target(); }
    bool is_scratch() const { return scratch_ != nullptr; }

    /// The exit code of a run: what the engine says, unless a signal ended it.
    ExitCode exit_code(const execute::RunReport& run, const Diagnostics& diagnostics) const;

  private:
    void listen(const execute::Event& event);

    Output& output_;
    std::unique_ptr<postgres::ScratchServer> scratch_;
    std::unique_ptr<postgres::Connection> connection_;
    std::unique_ptr<execute::Engine> engine_;
    std::optional<SignalWatch> watch_;
};

}  // namespace changelog::cli
