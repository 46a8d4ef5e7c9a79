#include "changelog/paths.hpp"

#include "core/text.hpp"

namespace changelog {

namespace {

constexpr std::string_view kClasspath = "classpath:";

std::string_view without_classpath(std::string_view path) {
    if (starts_with_ignoring_case(path, kClasspath)) path.remove_prefix(kClasspath.size());
    if (path.starts_with("*:")) path.remove_prefix(1);  // Spring's classpath*:
    return path;
}

bool has_drive(std::string_view path) {
    return path.size() > 1 && path[1] == ':' && ((path[0] | 0x20) >= 'a' && (path[0] | 0x20) <= 'z');
}

}  // namespace

std::string normal_path(std::string_view path) {
    std::string slashes(path);
    std::replace(slashes.begin(), slashes.end(), '\\', '/');
    const bool absolute = slashes.starts_with('/');
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= slashes.size();) {
        const std::size_t end = std::min(slashes.find('/', begin), slashes.size());
        const std::string_view part = std::string_view(slashes).substr(begin, end - begin);
        begin = end + 1;
        if (part.empty() || part == ".") continue;
        if (part == ".." && !parts.empty() && parts.back() != "..")
            parts.pop_back();
        else if (part != ".." || !absolute)
            parts.push_back(part);
    }
    std::string out = absolute ? "/" : "";
    for (const std::string_view part : parts) {
        if (!out.empty() && out.back() != '/') out += '/';
        out += part;
    }
    return out;
}

std::string search_path(std::string_view path) {
    std::string out = normal_path(without_classpath(path));
    if (out.starts_with('/')) out.erase(0, 1);
    return out;
}

std::string identity_path(std::string_view path) {
    path = without_classpath(path);
    if (has_drive(path)) path.remove_prefix(2);
    return search_path(path);
}

std::string folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string joined(std::string_view folder, std::string_view path) {
    if (folder.empty()) return normal_path(path);
    return normal_path(std::string(folder) + "/" + std::string(path));
}

std::string extension_of(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    const std::size_t slash = path.rfind('/');
    if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
    return lower(path.substr(dot + 1));
}

}  // namespace changelog
