// Files in memory, for tests that load changelogs.
#pragma once

#include "changelog/changelog.hpp"

#include <map>
#include <string>

namespace changelog::tests {

class MemoryFiles final : public FileSource {
  public:
    MemoryFiles() = default;
    MemoryFiles(std::initializer_list<std::pair<const std::string, std::string>> files) : files_(files) {}

    void add(std::string path, std::string text) { files_[std::move(path)] = std::move(text); }

    std::optional<std::string> read(const std::string& path) override {
        const auto found = files_.find(path);
        return found == files_.end() ? std::nullopt : std::optional(found->second);
    }

    std::optional<std::vector<std::string>> list(const std::string& folder) override {
        const std::string prefix = folder.empty() || folder.ends_with('/') ? folder : folder + "/";
        std::vector<std::string> out;
        for (const auto& [path, text] : files_)
            if (path.starts_with(prefix)) out.push_back(path);
        return out.empty() ? std::nullopt : std::optional(out);
    }

  private:
    std::map<std::string, std::string> files_;
};

/// A changelog of one file `db.yaml` with what was reported about it.
struct Loaded {
    MemoryFiles files;
    Diagnostics diagnostics;
    Changelog changelog;

    explicit Loaded(std::string text, const LoadOptions& options = {}, MemoryFiles others = {})
        : files(std::move(others)) {
        files.add("db.yaml", std::move(text));
        changelog = load_changelog("db.yaml", files, options, diagnostics);
    }

    std::string report() const {
        std::string out;
        for (const Diagnostic& item : diagnostics.items()) out += to_text(item);
        return out;
    }

    std::string codes() const {
        std::string out;
        for (const Diagnostic& item : diagnostics.items()) out += (out.empty() ? "" : " ") + item.code;
        return out;
    }
};

}  // namespace changelog::tests
