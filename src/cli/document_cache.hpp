// Parsed documents between runs, in the user's cache folder: a changelog is mostly history, and history is
// not edited.
#pragma once

#include "changelog/changelog.hpp"

#include <map>
#include <set>
#include <string>

namespace changelog::cli {

class DiskDocumentCache final : public DocumentCache {
  public:
    /// One file per changelog (`name` tells them apart) below `folder`, which is made if it is missing.
    DiskDocumentCache(std::string folder, const std::string& name);
    /// Writes what is new. A cache that cannot be written is no error.
    ~DiskDocumentCache() override;
    DiskDocumentCache(const DiskDocumentCache&) = delete;
    DiskDocumentCache& operator=(const DiskDocumentCache&) = delete;

    std::string_view find(const std::string& digest) override;
    void add(const std::string& digest, std::string bytes) override;

  private:
    void load();
    void save() const;

    std::string folder_, path_;
    std::string content_;
    std::map<std::string, std::string_view, std::less<>> stored_;
    std::map<std::string, std::string, std::less<>> added_;
    std::set<std::string, std::less<>> used_;
};

}  // namespace changelog::cli
