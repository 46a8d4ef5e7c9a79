// Changelog files as they are at a commit.
#pragma once

#include "changelog/changelog.hpp"

#include "cli/git_tree.hpp"
#include "cli/os_files.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace changelog::cli {

class GitFiles final : public FileSource {
  public:
    /// `repository` is the working tree's folder, `roots` the search path, relative to the working directory.
    /// What lies outside of the repository has no history and is read as it is.
    GitFiles(std::string repository, const std::string& commit, const std::vector<std::string>& roots,
             std::size_t max_file_bytes);

    std::optional<std::string> read(const std::string& path) override;
    std::optional<std::vector<std::string>> list(const std::string& folder) override;
    bool stream(const std::string& path, const std::function<bool(std::string_view)>& take) override;

  private:
    /// The path within the repository; nothing if it is outside.
    std::optional<std::string> inside(const std::string& root, const std::string& path) const;

    std::string repository_;
    std::vector<std::string> roots_;  ///< absolute
    GitTree tree_;
    std::size_t max_file_bytes_;
};

}  // namespace changelog::cli
