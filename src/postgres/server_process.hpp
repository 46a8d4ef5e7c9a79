// Child processes of a scratch server: run as a user that PostgreSQL accepts, and never outlive us by
// accident.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace changelog::postgres {

/// Who owns a scratch server's files and runs its programs: ourselves, or "postgres" if we are root.
struct ServerUser {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    bool drop = false;  ///< we are root: children change to it before they start a program
};

/// Nothing if we are root and there is no user "postgres".
std::optional<ServerUser> server_user();

enum class Lifetime : std::uint8_t {
    ours,      ///< gets SIGQUIT when the thread that started it ends, even by kill -9 of the process
    detached,  ///< goes on after us
};

struct Program {
    std::vector<std::string> arguments;  ///< the first is the program's path
    std::string output;                  ///< file that stdout and stderr are appended to
    Lifetime lifetime = Lifetime::ours;
};

/// Starts it in a session of its own (Ctrl-C on our terminal does not reach it). Throws std::system_error.
pid_t start_program(const Program& program, const ServerUser& user);

/// Starts it and waits. True if it exited with 0.
bool run_program(const Program& program, const ServerUser& user);

}  // namespace changelog::postgres
