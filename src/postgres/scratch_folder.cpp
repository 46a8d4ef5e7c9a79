#include "postgres/scratch_folder.hpp"

#include "core/text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <system_error>
#include <thread>
#include <vector>

namespace changelog::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "changelog-scratch-";
constexpr std::size_t longest_folder =
    107 - sizeof "/.s.PGSQL.5432";  // sun_path of unix(7) with its final NUL

[[noreturn]] void fail(const fs::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

/// Whether a user who is not root can go through the folder and all above it.
bool open_to_others(const fs::path& path) {
    struct stat facts {};
    for (fs::path at = path; stat(at.c_str(), &facts) == 0; at = at.parent_path()) {
        if ((facts.st_mode & S_IXOTH) == 0) return false;
        if (at == at.parent_path()) return true;
    }
    return false;
}

fs::path base_folder(const ServerUser& user) {
    const char* given = std::getenv("TMPDIR");
    const fs::path base = given && *given == '/' ? given : "/tmp";
    const bool short_enough = base.string().size() + prefix.size() + 7 <= longest_folder;
    const bool usable = access(base.c_str(), W_OK | X_OK) == 0 && (!user.drop || open_to_others(base));
    return short_enough && usable ? base : fs::path("/tmp");
}

/// The lock appears under its name only once it is held, so that nobody sweeps a folder that is just being
/// made.
int take_lock(const fs::path& folder) {
    const fs::path early = folder / "lock.new";
    const int lock = open(early.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (lock < 0) fail(early);
    if (flock(lock, LOCK_EX | LOCK_NB) == 0 && rename(early.c_str(), (folder / "lock").c_str()) == 0)
        return lock;
    close(lock);
    fail(early);
}

std::vector<std::string> lines_of(const fs::path& path) {
    std::vector<std::string> out;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}

/// A running process of `user` whose current folder is `data`: postmasters go into theirs, so that a number
/// that was given to another process since is not taken for the server.
bool runs_in(pid_t pid, const fs::path& data, const ServerUser& user) {
    const fs::path process = "/proc/" + std::to_string(pid);
    struct stat facts {};
    std::error_code error;
    if (stat(process.c_str(), &facts) != 0 || facts.st_uid != user.uid) return false;
    return fs::read_symlink(process / "cwd", error) == data && !error;
}

void end_server(const fs::path& data, const ServerUser& user) {
    for (int attempt = 0; attempt < 500; ++attempt) {
        const auto pid = running_server(data, user);
        if (!pid) return;
        if (attempt == 0) kill(*pid, SIGQUIT);
        if (attempt == 400) kill(*pid, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

/// What a run left that was killed before it had its lock. One that is being made has one within a moment.
void sweep_without_lock(const fs::path& folder, const struct stat& facts, const ServerUser& user) {
    std::error_code error;
    const bool fresh = std::time(nullptr) - facts.st_mtime < 60;
    const bool ours = folder.filename().string().size() == prefix.size() + 6;
    if (fresh || !ours || fs::exists(folder / "keep", error) || error) return;
    if (running_server(folder / "data", user)) return;
    fs::remove_all(folder, error);
}

void sweep(const fs::path& folder, const ServerUser& user) {
    struct stat facts {};
    if (lstat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_uid != user.uid) return;
    const int lock = open((folder / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0 && errno == ENOENT) sweep_without_lock(folder, facts, user);
    if (lock < 0) return;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
        end_server(folder / "data", user);
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    close(lock);
}

}  // namespace

ScratchFolder::ScratchFolder(const ServerUser& user, bool keep) {
    std::string path = base_folder(user) / (std::string(prefix) + "XXXXXX");
    if (!mkdtemp(path.data())) fail(path);
    path_ = path;
    if (keep) std::ofstream(path_ / "keep");  // before it can be taken for one of a killed run
    if (user.drop && chown(path.c_str(), user.uid, user.gid) != 0) fail(path);
    if (!keep) lock_ = take_lock(path_);
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (remove_) fs::remove_all(path_, ignored);
    if (lock_ >= 0) close(lock_);
}

void sweep_scratch_folders(const ServerUser& user) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(base_folder(user), error))
        if (entry.path().filename().string().starts_with(prefix)) sweep(entry.path(), user);
}

std::optional<pid_t> running_server(const fs::path& data, const ServerUser& user) {
    const auto lines = lines_of(data / "postmaster.pid");
    const pid_t pid = lines.empty() ? 0 : std::atoi(lines[0].c_str());
    if (pid <= 1 || !runs_in(pid, data, user)) return std::nullopt;
    return pid;
}

bool server_is_ready(const fs::path& data) {
    // miscadmin.h, LOCK_FILE_LINE_PM_STATUS: the eighth line is the state, padded with blanks.
    const auto lines = lines_of(data / "postmaster.pid");
    return lines.size() >= 8 && trim(lines[7]) == "ready";
}

}  // namespace changelog::postgres
