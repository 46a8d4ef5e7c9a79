// Runs git's own program: without a shell, with plain messages, and never asking anybody anything.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace changelog::cli {

struct GitResult {
    int code = 0;  ///< 128 + N if signal N ended it
    std::string out, err;

    bool good() const { return code == 0; }
};

/// `git -C FOLDER ARGUMENTS`. Throws UsageError with CL0015 if git is not there.
GitResult run_git(const std::string& folder, const std::vector<std::string>& arguments);

/// A `git cat-file --batch` that stays: objects by their ids, one after the other.
class GitObjects {
  public:
    explicit GitObjects(std::string folder);
    ~GitObjects();
    GitObjects(const GitObjects&) = delete;
    GitObjects& operator=(const GitObjects&) = delete;

    /// The content of a blob; nothing if the repository does not have it. Throws UsageError with CL0015 if
    /// git breaks off.
    std::optional<std::string> read(const std::string& id);

  private:
    void start();
    void fill(std::size_t wanted);
    std::string line();
    [[noreturn]] static void broke_off();

    std::string folder_;
    pid_t process_ = -1;
    int to_ = -1, from_ = -1;
    std::string buffer_;  ///< read, and not taken yet
};

}  // namespace changelog::cli
