// The temporary folder of one scratch server, and how those of killed runs are found and removed.
#pragma once

#include "postgres/server_process.hpp"

#include <filesystem>
#include <string>

namespace changelog::postgres {

/// A folder changelog-scratch-XXXXXX, for its owner only. The file `lock` in it is locked for as long as our
/// process lives; a folder whose `lock` can be locked belonged to a run that was killed. One that is kept has
/// a file `keep` instead.
class ScratchFolder {
  public:
    /// Throws std::system_error.
    ScratchFolder(const ServerUser& user, bool keep);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path data() const { return path_ / "data"; }
    std::filesystem::path log() const { return path_ / "log"; }
    /// From now on the destructor leaves it.
    void leave() { remove_ = false; }

  private:
    std::filesystem::path path_;
    int lock_ = -1;
    bool remove_ = true;
};

/// Ends the servers of killed runs and removes their folders. Touches only folders of `user` with a free
/// `lock`, or with neither `lock` nor `keep` nor a server and older than a minute.
void sweep_scratch_folders(const ServerUser& user);

/// The process id in a data directory's postmaster.pid, if a server of `user` runs there.
std::optional<pid_t> running_server(const std::filesystem::path& data, const ServerUser& user);

/// Whether the server says in postmaster.pid that it takes connections.
bool server_is_ready(const std::filesystem::path& data);

}  // namespace changelog::postgres
