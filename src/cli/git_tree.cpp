#include "cli/git_tree.hpp"

#include "changelog/codes.hpp"

#include "cli/arguments.hpp"
#include "cli/os_files.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel has it
constexpr std::string_view kPointer = "version https://git-lfs.github.com/spec/";

[[noreturn]] void failed(std::string_view what, const GitResult& result) {
    Diagnostics diagnostics;
    diagnostics.add(Severity::error, codes::no_git, {}, fmt::format("git {} failed", what)).why = result.err;
    throw UsageError(std::move(diagnostics));
}

class UnreadableCategory final : public std::error_category {
  public:
    const char* name() const noexcept override { return "git"; }
    std::string message(int which) const override {
        switch (which) {
            case 1:
                return "it is in a submodule that is not checked out: git submodule update --init";
            case 2:
                return "git has but a pointer to it: git lfs pull";
            default:
                return "git does not have its content";
        }
    }
};

[[noreturn]] void unreadable(int which, const std::string& path) {
    static const UnreadableCategory category;
    throw std::system_error(which, category, path);
}

/// Calls with each of the texts that end with a zero byte.
template <typename Act>
void each_record(std::string_view text, const Act& act) {
    while (!text.empty()) {
        const std::size_t end = text.find('\0');
        act(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

std::string clean(const std::string& path) {
    std::string out = fs::path(path).lexically_normal().generic_string();
    while (out.ends_with('/')) out.pop_back();
    return out == "." ? "" : out;
}

}  // namespace

GitTree::GitTree(std::string root, std::string commit, std::size_t max_file_bytes)
    : root_(std::move(root)), commit_(std::move(commit)), max_file_bytes_(max_file_bytes), objects_(root_) {
    list_entries();
    find_changed();
}

/// "100644 blob <id>\t<path>": other modes are 100755, 120000 (link) and 160000 (submodule).
void GitTree::list_entries() {
    const GitResult result = run_git(root_, {"ls-tree", "-r", "-z", "--full-tree", commit_});
    if (!result.good()) failed("ls-tree", result);
    each_record(result.out, [this](std::string_view line) {
        const std::size_t tab = line.find('\t');
        const std::size_t id = line.find(' ', 7);
        if (tab == std::string_view::npos || id == std::string_view::npos || id > tab) return;
        Entry entry;
        entry.kind = line.starts_with("120000")   ? Kind::link
                     : line.starts_with("160000") ? Kind::submodule
                                                  : Kind::file;
        entry.id = line.substr(id + 1, tab - id - 1);
        only_files_ = only_files_ && entry.kind == Kind::file;
        entries_.emplace_hint(entries_.end(), line.substr(tab + 1), std::move(entry));
    });
}

/// Without an answer everything is read from git, which is only slower.
void GitTree::find_changed() {
    const GitResult result = run_git(root_, {"diff", "--name-only", "-z", "--no-renames", "--no-ext-diff",
                                             "--no-textconv", "--ignore-submodules=all", commit_, "--"});
    working_tree_known_ = result.good();
    each_record(result.out, [this](std::string_view path) { changed_.emplace(path); });
}

/// Replaces links on the way, the last part included.
GitTree::Place GitTree::follow(std::string path, int depth) {
    path = clean(path);
    if (path == ".." || path.starts_with("../")) return {clean(root_ + '/' + path), nullptr};
    if (only_files_) return {std::move(path), this};
    for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        const std::string rest = end == std::string::npos ? "" : path.substr(end + 1);
        const auto found = entries_.find(part);
        if (found != entries_.end() && found->second.kind == Kind::submodule)
            return submodule(part, found->second.id).follow(rest, depth + 1);
        if (found != entries_.end() && found->second.kind == Kind::link) {
            if (depth > kMostLinks) throw std::system_error(ELOOP, std::generic_category(), path);
            const std::string target = content(part, found->second);
            if (target.starts_with('/')) return {clean(target + '/' + rest), nullptr};
            const std::size_t folder = part.rfind('/');
            const std::string beside = folder == std::string::npos ? "" : part.substr(0, folder + 1);
            return follow(beside + target + '/' + rest, depth + 1);
        }
        if (end == std::string::npos) return {std::move(path), this};
    }
}

GitTree& GitTree::submodule(const std::string& path, const std::string& commit) {
    std::unique_ptr<GitTree>& tree = submodules_[path];
    if (tree) return *tree;
    const std::string folder = root_ + '/' + path;
    std::error_code error;
    if (!fs::exists(folder + "/.git", error)) unreadable(1, path);
    if (!run_git(folder, {"cat-file", "-e", commit + "^{commit}"}).good()) unreadable(1, path);
    tree = std::make_unique<GitTree>(folder, commit, max_file_bytes_);
    return *tree;
}

bool GitTree::is_as_checked_out(const std::string& path, const Entry& entry) const {
    return entry.kind == Kind::file && working_tree_known_ && !changed_.contains(path);
}

std::string GitTree::blob(const std::string& path, const Entry& entry) {
    auto text = objects_.read(entry.id);
    if (!text) unreadable(3, path);
    if (entry.kind == Kind::file && text->starts_with(kPointer))
        return resolve_pointer(path, entry.id, std::move(*text));
    return std::move(*text);
}

std::string GitTree::content(const std::string& path, const Entry& entry) {
    if (is_as_checked_out(path, entry))
        if (auto text = OsFiles({root_}, max_file_bytes_).read(path))
            return std::move(*text);  // else: sparse
    std::string text = blob(path, entry);
    if (text.size() > max_file_bytes_) text.resize(max_file_bytes_ + 1);
    return text;
}

std::string GitTree::resolve_pointer(const std::string& path, const std::string& id,
                                     std::string pointer) const {
    GitResult result = run_git(root_, {"cat-file", "--filters", "--path=" + path, id});
    if (!result.good() || result.out == pointer || result.out.starts_with(kPointer)) unreadable(2, path);
    return std::move(result.out);
}

const GitTree::Entry* GitTree::file_at(const Place& place) const {
    const auto found = place.tree->entries_.find(place.path);
    if (found != place.tree->entries_.end()) return &found->second;
    if (place.tree->is_folder(place.path))
        throw std::system_error(EISDIR, std::generic_category(), place.path);
    return nullptr;
}

std::optional<std::string> GitTree::read(const std::string& path) {
    const Place place = follow(path);
    if (place.tree == nullptr) return OsFiles({"/"}, max_file_bytes_).read(place.path);
    const Entry* entry = file_at(place);
    if (entry == nullptr) return std::nullopt;
    return place.tree->content(place.path, *entry);
}

bool GitTree::stream(const std::string& path, const std::function<bool(std::string_view)>& take) {
    const Place place = follow(path);
    if (place.tree == nullptr) return OsFiles({"/"}).stream(place.path, take);
    const Entry* entry = file_at(place);
    if (entry == nullptr) return false;
    if (place.tree->is_as_checked_out(place.path, *entry) &&
        OsFiles({place.tree->root_}).stream(place.path, take))
        return true;
    take(place.tree->blob(place.path, *entry));
    return true;
}

bool GitTree::is_folder(const std::string& path) const {
    if (path.empty()) return true;
    const auto first = entries_.lower_bound(path + '/');
    return first != entries_.end() && first->first.starts_with(path + '/');
}

std::optional<std::vector<std::string>> GitTree::list(const std::string& folder) {
    const Place place = follow(folder);
    if (place.tree == nullptr) return OsFiles({place.path}).list("");
    if (!place.tree->is_folder(place.path)) return std::nullopt;
    std::vector<std::string> out;
    place.tree->collect(place.path, "", 0, out);
    return out;
}

/// Links and submodules below the folder are gone into.
void GitTree::collect(const std::string& folder, const std::string& prefix, int depth,
                      std::vector<std::string>& out) {
    const std::string start = folder.empty() ? "" : folder + '/';
    for (auto entry = entries_.lower_bound(start); entry != entries_.end() && entry->first.starts_with(start);
         ++entry) {
        const std::string name = prefix + entry->first.substr(start.size());
        if (entry->second.kind == Kind::file) {
            out.push_back(name);
            continue;
        }
        const Place place = follow(entry->first);
        if (place.tree == nullptr) {
            std::error_code error;
            if (fs::is_regular_file(place.path, error)) out.push_back(name);
        } else if (place.tree->entries_.contains(place.path)) {
            out.push_back(name);
        } else if (depth < kMostLinks && place.tree->is_folder(place.path)) {
            const bool leads_back = place.tree == this && (start.starts_with(place.path + '/') ||
                                                           place.path.empty() || place.path + '/' == start);
            if (!leads_back) place.tree->collect(place.path, name + '/', depth + 1, out);
        }
    }
}

}  // namespace changelog::cli
