// Files of the source tree for tests that read real changelogs.
#pragma once

#include "changelog/changelog.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace changelog::tests {

class DiskFiles final : public FileSource {
  public:
    explicit DiskFiles(std::filesystem::path root) : root_(std::move(root)) {}

    std::optional<std::string> read(const std::string& path) override {
        if (!std::filesystem::is_regular_file(root_ / path)) return std::nullopt;
        std::ifstream in(root_ / path, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }

    std::optional<std::vector<std::string>> list(const std::string& folder) override {
        if (!std::filesystem::is_directory(root_ / folder)) return std::nullopt;
        std::vector<std::string> out;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / folder))
            if (entry.is_regular_file())
                out.push_back(std::filesystem::relative(entry.path(), root_).generic_string());
        return out;
    }

  private:
    std::filesystem::path root_;
};

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline std::string errors_of(const Diagnostics& diagnostics) {
    std::string out;
    for (const Diagnostic& item : diagnostics.items())
        if (item.severity == Severity::error) out += to_text(item);
    return out;
}

}  // namespace changelog::tests
