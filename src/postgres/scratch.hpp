// A throw-away PostgreSQL server from locally installed binaries: DESIGN "Scratch PostgreSQL".
#pragma once

#include "changelog/diagnostics.hpp"

#include <memory>
#include <optional>
#include <string>

namespace changelog::postgres {

struct ScratchOptions {
    std::optional<int> version;  ///< major version; absent: the newest that is installed
    bool keep = false;           ///< leave it running at exit
};

class ScratchServer {
  public:
    /// Starts one, after sweeping what killed runs left behind. Null with CL0006 or CL0007 reported.
    static std::unique_ptr<ScratchServer> start(const ScratchOptions& options, Diagnostics& diagnostics);
    ~ScratchServer();
    ScratchServer(const ScratchServer&) = delete;
    ScratchServer& operator=(const ScratchServer&) = delete;

    std::string url(const std::string& database = "postgres") const;
    int version() const;

  private:
    ScratchServer();
    struct State;
    std::unique_ptr<State> state_;
};

/// "scratch:" or "scratch:17"; nothing if the URL is of another kind.
std::optional<ScratchOptions> parse_scratch_url(const std::string& url);

}  // namespace changelog::postgres
