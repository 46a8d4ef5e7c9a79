#include "postgres/server_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace changelog::postgres {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// PG* variables of ours must not reach the server's programs; they would change where they look for things.
std::vector<std::string> environment() {
    std::vector<std::string> out = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"};
    if (const char* libraries = std::getenv("LD_LIBRARY_PATH"))
        out.push_back(std::string("LD_LIBRARY_PATH=") + libraries);
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

int open_output(const std::string& path, const ServerUser& user) {
    const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) fail(path);
    if (user.drop && fchown(descriptor, user.uid, user.gid) != 0) {
        close(descriptor);
        fail(path);
    }
    return descriptor;
}

/// Between fork and exec only calls that are safe in a copy of a threaded process. Never returns.
[[noreturn]] void become(const ServerUser& user, Lifetime lifetime, pid_t parent, int output,
                         char* const* arguments, char* const* variables) {
    setsid();
    if (user.drop && (setgroups(user.groups.size(), user.groups.data()) != 0 || setgid(user.gid) != 0 ||
                      setuid(user.uid) != 0))
        _exit(126);
    // After setuid, which clears it. We may have died before it was set.
    if (lifetime == Lifetime::ours && (prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0 || getppid() != parent))
        _exit(125);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2})
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (chdir("/") == 0) execve(arguments[0], arguments, variables);
    _exit(127);
}

}  // namespace

std::optional<ServerUser> server_user() {
    const bool root = geteuid() == 0;
    const passwd* entry = root ? getpwnam("postgres") : getpwuid(geteuid());
    if (!entry && root) return std::nullopt;
    ServerUser user;
    user.name = entry ? entry->pw_name : std::to_string(geteuid());
    user.uid = entry ? entry->pw_uid : geteuid();
    user.gid = entry ? entry->pw_gid : getegid();
    user.drop = root;
    int count = 64;
    user.groups.resize(64);
    if (getgrouplist(user.name.c_str(), user.gid, user.groups.data(), &count) < 0) count = 0;
    user.groups.resize(static_cast<std::size_t>(count));
    return user;
}

pid_t start_program(const Program& program, const ServerUser& user) {
    std::vector<std::string> arguments = program.arguments;
    std::vector<std::string> variables = environment();
    const std::vector<char*> argument_pointers = pointers(arguments), variable_pointers = pointers(variables);
    const int output = open_output(program.output, user);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0)
        become(user, program.lifetime, parent, output, argument_pointers.data(), variable_pointers.data());
    const int error = errno;
    close(output);
    errno = error;
    if (child < 0) fail("fork");
    return child;
}

bool run_program(const Program& program, const ServerUser& user) {
    const pid_t child = start_program(program, user);
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) fail("waitpid");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace changelog::postgres
