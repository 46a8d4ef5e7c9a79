// The files of one commit, by their paths in the repository.
#pragma once

#include "cli/git_process.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::cli {

/// Links within the repository are followed, submodules are read at the commit that is pinned, Git LFS
/// pointers are resolved, and what is the same in the working tree is read from there, which is faster.
class GitTree {
  public:
    /// `root` is the working tree's folder. Throws UsageError with CL0015 if git cannot list the commit.
    GitTree(std::string root, std::string commit, std::size_t max_file_bytes);

    /// Nothing if the commit has no such file. Throws std::system_error if it cannot be read.
    std::optional<std::string> read(const std::string& path);
    /// As FileSource::stream: whole, however large it is.
    bool stream(const std::string& path, const std::function<bool(std::string_view)>& take);
    /// The files below a folder ("" is all), relative to it; nothing if there is no such folder.
    std::optional<std::vector<std::string>> list(const std::string& folder);

  private:
    enum class Kind : std::uint8_t { file, link, submodule };
    struct Entry {
        Kind kind = Kind::file;
        std::string id;
    };
    using Entries = std::map<std::string, Entry, std::less<>>;

    /// Where a path leads: in this tree, in that of a submodule, or out of the repository.
    struct Place {
        std::string path;
        GitTree* tree = nullptr;  ///< null: `path` is one of the file system
    };

    void list_entries();
    void find_changed();
    Place follow(std::string path, int depth = 0);
    GitTree& submodule(const std::string& path, const std::string& commit);
    bool is_as_checked_out(const std::string& path, const Entry& entry) const;
    std::string blob(const std::string& path, const Entry& entry);
    std::string content(const std::string& path, const Entry& entry);
    /// Null if there is none; throws std::system_error for a folder.
    const Entry* file_at(const Place& place) const;
    std::string resolve_pointer(const std::string& path, const std::string& id, std::string pointer) const;
    bool is_folder(const std::string& path) const;
    void collect(const std::string& folder, const std::string& prefix, int depth,
                 std::vector<std::string>& out);

    std::string root_, commit_;
    std::size_t max_file_bytes_;
    Entries entries_;
    bool only_files_ = true;
    std::set<std::string, std::less<>> changed_;  ///< differ in the working tree
    bool working_tree_known_ = false;
    GitObjects objects_;
    std::map<std::string, std::unique_ptr<GitTree>> submodules_;
};

}  // namespace changelog::cli
