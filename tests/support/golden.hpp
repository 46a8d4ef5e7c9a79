// Golden cases: tests/golden/<operation>/<case>.yaml is a changelog whose last changeset is under test;
// <case>.sql is what it renders to and how it is undone. CHANGELOG_ACCEPT=1 writes the expected files anew.
#pragma once

#include "support/disk_files.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace changelog::tests {

inline std::filesystem::path golden_root() { return std::filesystem::path(SOURCE_DIR) / "tests" / "golden"; }

/// "createTable/plain.yaml", sorted.
inline std::vector<std::string> golden_cases() {
    std::vector<std::string> out;
    for (const auto& folder : std::filesystem::directory_iterator(golden_root()))
        for (const auto& file : std::filesystem::directory_iterator(folder))
            if (file.path().extension() == ".yaml")
                out.push_back(std::filesystem::relative(file.path(), golden_root()).generic_string());
    std::sort(out.begin(), out.end());
    return out;
}

/// A case may be about something that old servers have no syntax for.
inline bool is_newer_than(int server_version, const std::string& errors) {
    constexpr int kHasAll = 150000;
    return server_version < kHasAll && errors.find("SQLSTATE: 42601") != std::string::npos;
}

inline bool accepts_golden() {
    const char* accept = std::getenv("CHANGELOG_ACCEPT");
    return accept != nullptr && std::string(accept) == "1";
}

/// Compares with the file, or writes it in accept mode. Returns what the file holds.
inline std::string expected_text(const std::filesystem::path& path, const std::string& actual) {
    if (accepts_golden()) std::ofstream(path, std::ios::binary) << actual;
    return read_text(path);
}

}  // namespace changelog::tests
