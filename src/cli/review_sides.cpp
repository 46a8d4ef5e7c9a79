#include "cli/review_sides.hpp"

#include "cli/git.hpp"
#include "cli/git_files.hpp"
#include "report/diagnostics.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

namespace changelog::cli {

namespace {

/// The changelog's own repository, from wherever the program is started.
std::string folder_of(const Settings& settings) {
    std::error_code error;
    const std::string& root = settings.search_path.front();
    return std::filesystem::is_directory(root, error) ? root : ".";
}

/// One for several threads. What it gives stays where it is.
class SharedCache final : public DocumentCache {
  public:
    explicit SharedCache(std::unique_ptr<DocumentCache> cache) : cache_(std::move(cache)) {}

    std::string_view find(const std::string& digest) override {
        const std::lock_guard lock(mutex_);
        return cache_ ? cache_->find(digest) : std::string_view();
    }
    void add(const std::string& digest, std::string bytes) override {
        const std::lock_guard lock(mutex_);
        if (cache_) cache_->add(digest, std::move(bytes));
    }

  private:
    std::mutex mutex_;
    std::unique_ptr<DocumentCache> cache_;
};

class Loader {
  public:
    Loader(const Settings& settings, const GitRepository& repository)
        : settings_(settings), repository_(repository), cache_(open_cache(settings)) {}

    Project head(const std::optional<std::string>& commit, Diagnostics& diagnostics) {
        return load_project(settings_, commit ? at(*commit) : working_tree(), &cache_, diagnostics);
    }

    /// What it has of the changelog. Errors there are no fault of the branch.
    Project other(const std::string& commit, const std::string& name, Diagnostics& notices) {
        std::unique_ptr<FileSource> files = at(commit);
        if (!files->read(settings_.changelog_file)) return nothing(std::move(files), name, notices);
        Diagnostics found;
        Project project = load_project(settings_, std::move(files), &cache_, found);
        if (!found.has_errors()) return project;
        report(found, name, notices);
        Diagnostics ignored;
        project.graph = resolve(project.changelog, offline_context(settings_), ignored);
        return project;
    }

  private:
    std::unique_ptr<FileSource> working_tree() const {
        return std::make_unique<OsFiles>(settings_.search_path, settings_.load.max_file_bytes);
    }

    std::unique_ptr<FileSource> at(const std::string& commit) const {
        return std::make_unique<GitFiles>(repository_.root(), commit, settings_.search_path,
                                          settings_.load.max_file_bytes);
    }

    Project nothing(std::unique_ptr<FileSource> files, const std::string& name, Diagnostics& notices) const {
        Project project;
        project.files = std::move(files);
        project.changelog.sources = std::make_shared<Sources>();
        notices.add(Severity::note, "", {},
                    fmt::format("{} has no {}, so everything is new", name, settings_.changelog_file));
        return project;
    }

    static void report(const Diagnostics& found, const std::string& name, Diagnostics& notices) {
        for (const Diagnostic& each : found.items()) {
            if (each.severity != Severity::error) continue;
            Diagnostic& item =
                notices.add(Severity::warning, each.code, each.where,
                            fmt::format("{} has {}, and is compared as far as it can be read: {}", name,
                                        report::counted(found.count(Severity::error), "error"), each.title));
            item.got = each.got;
            return;
        }
    }

    const Settings& settings_;
    const GitRepository& repository_;
    SharedCache cache_;
};

}  // namespace

ReviewSides load_sides(const Settings& settings, const std::optional<std::string>& base,
                       const std::optional<std::string>& head) {
    const GitRepository repository(folder_of(settings));
    ReviewSides out;
    out.repository = repository.root();
    out.base.name = base ? *base : repository.default_base();
    const std::string base_commit = repository.commit(out.base.name);
    const std::string head_commit = repository.commit(head.value_or("HEAD"));
    const std::string left_at = repository.merge_base(out.base.name, base_commit, head_commit);
    out.base.id = repository.abbreviated(base_commit);
    out.merge_base = base_commit == left_at ? out.base.id : repository.abbreviated(left_at);
    out.head.name = head.value_or("working tree");
    if (head) out.head.id = repository.abbreviated(head_commit);

    Loader loader(settings, repository);
    const bool went_on = base_commit != left_at;
    const auto others = [&] {
        out.base_project = loader.other(left_at, went_on ? out.merge_base : out.base.name, out.notices);
        if (went_on) out.theirs = loader.other(base_commit, out.base.name, out.notices);
    };
    // Beside each other where there is more than one core; else what one has parsed the other finds.
    const bool beside = std::thread::hardware_concurrency() > 1;
    std::future<void> loading = beside ? std::async(std::launch::async, others) : std::future<void>();
    out.head_project = loader.head(head ? std::optional(head_commit) : std::nullopt, out.problems);
    if (beside)
        loading.get();
    else if (!out.problems.has_errors())
        others();
    return out;
}

}  // namespace changelog::cli
