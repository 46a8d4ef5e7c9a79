#include "cli/git_process.hpp"

#include "changelog/codes.hpp"

#include "cli/arguments.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

namespace changelog::cli {

namespace {

/// What would change the answers, run something else, or ask at a terminal. Where the repository is, is the
/// caller's to say; but hooks get a GIT_DIR of git's own, which makes any folder the root of the repository.
bool is_kept(std::string_view variable) {
    static constexpr std::array<std::string_view, 13> dropped = {
        "GIT_EXTERNAL_DIFF=",
        "GIT_DIFF_OPTS=",
        "GIT_PAGER=",
        "GIT_LITERAL_PATHSPECS=",
        "GIT_GLOB_PATHSPECS=",
        "GIT_NOGLOB_PATHSPECS=",
        "GIT_ICASE_PATHSPECS=",
        "GIT_TRACE",
        "GIT_TERMINAL_PROMPT=",
        "GIT_OPTIONAL_LOCKS=",
        "GIT_PREFIX=",
        "LC_ALL=",
        "LANGUAGE=",
    };
    static constexpr std::array<std::string_view, 3> of_hooks = {
        "GIT_DIR=", "GIT_INDEX_FILE=", "GIT_COMMON_DIR="};
    const auto begins = [&](std::string_view name) { return variable.starts_with(name); };
    if (std::getenv("GIT_WORK_TREE") == nullptr && std::any_of(of_hooks.begin(), of_hooks.end(), begins))
        return false;
    return std::none_of(dropped.begin(), dropped.end(), begins);
}

std::vector<std::string> environment() {
    std::vector<std::string> out;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
        if (is_kept(*entry)) out.emplace_back(*entry);
    out.insert(out.end(), {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0"});
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

struct Pipe {
    int read = -1, write = -1;

    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        read = ends[0];
        write = ends[1];
    }
    ~Pipe() {
        close(read);
        close(write);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    static void close(int& end) {
        if (end >= 0) ::close(std::exchange(end, -1));
    }
};

class SpawnSetup {
  public:
    SpawnSetup() {
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
        sigset_t defaults;
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);  // which this program ignores
        posix_spawnattr_setsigdefault(&attributes, &defaults);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnSetup() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;

    /// Below 0 is /dev/null.
    void put(int descriptor, int as, int mode) {
        if (descriptor < 0)
            posix_spawn_file_actions_addopen(&files, as, "/dev/null", mode, 0);
        else
            posix_spawn_file_actions_adddup2(&files, descriptor, as);
    }

    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
};

[[noreturn]] void cannot_run(int error) {
    Diagnostics diagnostics;
    Diagnostic& item =
        diagnostics.add(Severity::error, codes::no_git, {},
                        error == ENOENT ? "git is not installed, or not on the PATH"
                                        : "git cannot be run: " + std::generic_category().message(error));
    item.why = "The base of a branch is read with git's own program.";
    item.next = {"install git, on Debian: apt-get install git"};
    throw UsageError(std::move(diagnostics));
}

/// Hooks and monitors of the repository are not run: whoever reviews a branch may not trust it.
std::vector<std::string> command_line(const std::string& folder, const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {
        "git", "-C", folder, "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

pid_t spawn(const std::string& folder, const std::vector<std::string>& arguments, int in, int out, int err) {
    std::vector<std::string> words = command_line(folder, arguments), variables = environment();
    const std::vector<char*> argv = pointers(words), envp = pointers(variables);
    SpawnSetup setup;
    setup.put(in, STDIN_FILENO, O_RDONLY);
    setup.put(out, STDOUT_FILENO, O_WRONLY);
    setup.put(err, STDERR_FILENO, O_WRONLY);
    pid_t process = -1;
    const int error =
        ::posix_spawnp(&process, argv[0], &setup.files, &setup.attributes, argv.data(), envp.data());
    if (error != 0) cannot_run(error);
    return process;
}

int wait_for(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0)
        if (errno != EINTR) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// False at the end.
bool read_some(int descriptor, std::string& out) {
    std::array<char, std::size_t{1} << 16> piece{};
    for (;;) {
        const ssize_t count = ::read(descriptor, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        out.append(piece.data(), static_cast<std::size_t>(count));
        return true;
    }
}

}  // namespace

GitResult run_git(const std::string& folder, const std::vector<std::string>& arguments) {
    Pipe out, err;
    const pid_t process = spawn(folder, arguments, -1, out.write, err.write);
    Pipe::close(out.write);
    Pipe::close(err.write);
    GitResult result;
    while (out.read >= 0 || err.read >= 0) {
        std::array<pollfd, 2> open = {{{out.read, POLLIN, 0}, {err.read, POLLIN, 0}}};
        if (::poll(open.data(), open.size(), -1) < 0 && errno != EINTR) break;
        if (open[0].revents != 0 && !read_some(out.read, result.out)) Pipe::close(out.read);
        if (open[1].revents != 0 && !read_some(err.read, result.err)) Pipe::close(err.read);
    }
    result.code = wait_for(process);
    return result;
}

GitObjects::GitObjects(std::string folder) : folder_(std::move(folder)) {}

GitObjects::~GitObjects() {
    if (to_ >= 0) ::close(to_);
    if (from_ >= 0) ::close(from_);
    if (process_ > 0) wait_for(process_);
}

void GitObjects::start() {
    Pipe in, out;
    process_ = spawn(folder_, {"cat-file", "--batch"}, in.read, out.write, -1);
    to_ = std::exchange(in.write, -1);
    from_ = std::exchange(out.read, -1);
}

void GitObjects::broke_off() {
    Diagnostics diagnostics;
    diagnostics.add(Severity::error, codes::no_git, {}, "git cat-file broke off");
    throw UsageError(std::move(diagnostics));
}

void GitObjects::fill(std::size_t wanted) {
    while (buffer_.size() < wanted)
        if (!read_some(from_, buffer_)) broke_off();
}

std::string GitObjects::line() {
    std::size_t end = buffer_.find('\n');
    while (end == std::string::npos) {
        fill(buffer_.size() + 1);
        end = buffer_.find('\n');
    }
    std::string out = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return out;
}

std::optional<std::string> GitObjects::read(const std::string& id) {
    if (process_ < 0) start();
    const std::string request = id + '\n';
    if (::write(to_, request.data(), request.size()) != static_cast<ssize_t>(request.size())) broke_off();
    const std::string header = line();  // "<id> blob <size>", or "<id> missing"
    const std::size_t space = header.rfind(' ');
    std::size_t size = 0;
    if (space == std::string::npos) broke_off();
    const char* const digits = header.data() + space + 1;
    const char* const end = header.data() + header.size();
    if (std::from_chars(digits, end, size).ptr != end) return std::nullopt;
    fill(size + 1);
    std::string content = buffer_.substr(0, size);
    buffer_.erase(0, size + 1);
    return content;
}

}  // namespace changelog::cli
