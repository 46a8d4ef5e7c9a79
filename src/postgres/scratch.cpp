#include "postgres/scratch.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "postgres/connection_string.hpp"
#include "postgres/scratch_binaries.hpp"
#include "postgres/scratch_folder.hpp"
#include "postgres/scratch_template.hpp"
#include "postgres/server_process.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace changelog::postgres {
namespace {

using namespace std::chrono_literals;

/// Nothing that it holds is worth a flush to disk; what a proof measures must not depend on background work.
std::vector<std::string> settings(const std::string& folder) {
    return {"listen_addresses=",
            "unix_socket_directories=" + folder,
            "port=5432",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=4GB",
            "checkpoint_timeout=1d",
            "shared_buffers=128MB",
            "dynamic_shared_memory_type=mmap",  // lies in the data directory, so nothing is left after a kill
            "max_connections=50",
            "max_locks_per_transaction=1024",
            "autovacuum=off",
            "jit=off",
            "timezone=UTC",
            "log_timezone=UTC"};
}

Program server_program(const ServerBinaries& binaries, const ScratchFolder& folder, bool keep) {
    Program program;
    program.arguments = {binaries.folder + "/postgres", "-D", folder.data()};
    for (const std::string& setting : settings(folder.path())) {
        program.arguments.emplace_back("-c");
        program.arguments.push_back(setting);
    }
    program.output = folder.log();
    program.lifetime = keep ? Lifetime::detached : Lifetime::ours;
    return program;
}

std::string last_lines(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    const std::string all = trim(text.str());
    return all.size() > 2000 ? all.substr(all.size() - 2000) : all;
}

bool has_ended(pid_t child) {
    int status = 0;
    const pid_t got = waitpid(child, &status, WNOHANG);
    return got == child || (got < 0 && errno == ECHILD);
}

/// True once the child is gone.
bool wait_for_end(pid_t child, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!has_ended(child)) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

/// SIGQUIT is PostgreSQL's immediate shutdown: nothing is written, all backends end.
void stop(pid_t child) {
    kill(child, SIGQUIT);
    if (wait_for_end(child, 10s)) return;
    kill(child, SIGKILL);
    wait_for_end(child, 5s);
}

std::optional<ServerBinaries> choose(const std::vector<ServerBinaries>& found, std::optional<int> version) {
    for (const ServerBinaries& binaries : found)
        if (!version || binaries.version == *version) return binaries;
    return std::nullopt;
}

void report_no_binaries(const std::vector<ServerBinaries>& found, std::optional<int> version,
                        Diagnostics& diagnostics) {
    Diagnostic& problem =
        diagnostics.error(codes::no_server_binaries, {},
                          version ? fmt::format("PostgreSQL {} is not installed here", *version)
                                  : "no PostgreSQL server is installed here");
    problem.why = "scratch: starts a throw-away server from local programs (initdb, postgres).";
    for (const ServerBinaries& binaries : found)
        problem.expected.push_back(fmt::format("scratch:{}", binaries.version));
    problem.next = {version ? fmt::format("apt install postgresql-{}", *version) : "apt install postgresql",
                    "or name the folder of initdb and postgres in CHANGELOG_PG_BIN"};
}

void report_failure(const std::string& why, Diagnostics& diagnostics) {
    diagnostics.error(codes::scratch_failed, {}, "the scratch server did not start").why = why;
}

}  // namespace

struct ScratchServer::State {
    ServerBinaries binaries;
    std::unique_ptr<ScratchFolder> folder;
    pid_t child = -1;
    pid_t owner = getpid();
    bool keep = false;

    /// Empty, or why it did not come up.
    std::string wait_until_ready() {
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (!server_is_ready(folder->data())) {
            if (has_ended(child)) {
                child = -1;  // its number may be another process's from now on
                return last_lines(folder->log());
            }
            if (std::chrono::steady_clock::now() > deadline)
                return "not ready within 60 s: " + last_lines(folder->log());
            std::this_thread::sleep_for(1ms);
        }
        return "";
    }
};

ScratchServer::ScratchServer() : state_(std::make_unique<State>()) {}

ScratchServer::~ScratchServer() {
    const bool forked_copy = state_->owner != getpid();
    if (state_->folder && (state_->keep || forked_copy)) state_->folder->leave();
    if (state_->child > 0 && !state_->keep && !forked_copy) stop(state_->child);
}

std::unique_ptr<ScratchServer> ScratchServer::start(const ScratchOptions& options, Diagnostics& diagnostics) {
    const auto found = find_server_binaries();
    const auto binaries = choose(found, options.version);
    if (!binaries) {
        report_no_binaries(found, options.version, diagnostics);
        return nullptr;
    }
    const auto user = server_user();
    if (!user) {
        report_failure("PostgreSQL does not run as root, and there is no user 'postgres' to change to.",
                       diagnostics);
        return nullptr;
    }
    std::unique_ptr<ScratchServer> server(new ScratchServer);
    State& state = *server->state_;
    try {
        sweep_scratch_folders(*user);
        state.binaries = *binaries;
        const std::filesystem::path fresh = scratch_template(*binaries, *user);
        state.folder = std::make_unique<ScratchFolder>(*user, options.keep);
        clone_tree(fresh, state.folder->data(), *user);
        state.child = start_program(server_program(*binaries, *state.folder, options.keep), *user);
        if (const std::string why = state.wait_until_ready(); !why.empty()) {
            report_failure(why, diagnostics);
            return nullptr;
        }
    } catch (const std::runtime_error& failure) {  // the file system, fork, initdb
        report_failure(failure.what(), diagnostics);
        return nullptr;
    }
    state.keep = options.keep;
    return server;
}

std::string ScratchServer::url(const std::string& database) const {
    return fmt::format("postgresql:///{}?host={}&port=5432&user=postgres", percent_encode(database),
                       percent_encode(state_->folder->path()));
}

int ScratchServer::version() const { return state_->binaries.version; }

std::optional<ScratchOptions> parse_scratch_url(const std::string& url) {
    static constexpr std::string_view scheme = "scratch:";
    if (!url.starts_with(scheme)) return std::nullopt;
    const std::string version = url.substr(scheme.size());
    ScratchOptions options;
    if (version.empty()) return options;
    if (version.size() > 2 || version.find_first_not_of("0123456789") != version.npos) return std::nullopt;
    options.version = std::stoi(version);
    return options;
}

}  // namespace changelog::postgres
