// Changelog files from the file system, relative to the search path.
#pragma once

#include "changelog/changelog.hpp"

#include <string>
#include <vector>

namespace changelog::cli {

class OsFiles final : public FileSource {
  public:
    /// `roots` are tried in order; none means the working directory. Files larger than the limit are read
    /// only as far as is needed to tell that they are.
    explicit OsFiles(std::vector<std::string> roots, std::size_t max_file_bytes = std::size_t{32} << 20);

    std::optional<std::string> read(const std::string& path) override;
    std::optional<std::vector<std::string>> list(const std::string& folder) override;
    /// Not held by the limit: rows of a CSV file go by.
    bool stream(const std::string& path, const std::function<bool(std::string_view)>& take) override;

  private:
    std::vector<std::string> roots_;
    std::size_t max_file_bytes_;
};

}  // namespace changelog::cli
