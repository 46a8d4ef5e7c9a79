#include "cli/git_files.hpp"

#include <filesystem>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

/// git names the repository without links, so what is compared with it must be.
std::vector<std::string> real_paths(const std::vector<std::string>& roots) {
    std::vector<std::string> out;
    for (const std::string& root : roots) {
        std::error_code error;
        const fs::path absolute = fs::absolute(root, error);
        const fs::path real = fs::weakly_canonical(absolute, error);
        out.push_back((error ? absolute.lexically_normal() : real).string());
    }
    if (out.empty()) out.push_back(fs::current_path().string());
    return out;
}

}  // namespace

GitFiles::GitFiles(std::string repository, const std::string& commit, const std::vector<std::string>& roots,
                   std::size_t max_file_bytes)
    : repository_(std::move(repository)),
      roots_(real_paths(roots)),
      tree_(repository_, commit, max_file_bytes),
      max_file_bytes_(max_file_bytes) {}

std::optional<std::string> GitFiles::inside(const std::string& root, const std::string& path) const {
    const std::string place = (fs::path(root) / path).lexically_normal().generic_string();
    if (place == repository_ || place == repository_ + '/') return "";
    if (!place.starts_with(repository_ + '/')) return std::nullopt;
    return place.substr(repository_.size() + 1);
}

std::optional<std::string> GitFiles::read(const std::string& path) {
    for (const std::string& root : roots_) {
        const auto tracked = inside(root, path);
        auto text = tracked ? tree_.read(*tracked) : OsFiles({root}, max_file_bytes_).read(path);
        if (text) return text;
    }
    return std::nullopt;
}

bool GitFiles::stream(const std::string& path, const std::function<bool(std::string_view)>& take) {
    for (const std::string& root : roots_) {
        const auto tracked = inside(root, path);
        if (tracked ? tree_.stream(*tracked, take) : OsFiles({root}).stream(path, take)) return true;
    }
    return false;
}

std::optional<std::vector<std::string>> GitFiles::list(const std::string& folder) {
    std::string prefix = folder;
    while (prefix.ends_with('/')) prefix.pop_back();
    if (!prefix.empty()) prefix += '/';
    for (const std::string& root : roots_) {
        const auto tracked = inside(root, folder);
        if (!tracked) {
            if (auto found = OsFiles({root}, max_file_bytes_).list(folder)) return found;
            continue;
        }
        auto found = tree_.list(*tracked);
        if (!found) continue;
        for (std::string& name : *found) name.insert(0, prefix);
        return found;
    }
    return std::nullopt;
}

}  // namespace changelog::cli
