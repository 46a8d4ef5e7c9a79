#include "cli/project.hpp"

#include "cli/document_cache.hpp"

#include <cstdlib>
#include <filesystem>

namespace changelog::cli {

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

std::unique_ptr<DocumentCache> open_cache(const Settings& settings) {
    std::string folder = variable("XDG_CACHE_HOME");
    if (folder.empty() && !variable("HOME").empty()) folder = variable("HOME") + "/.cache";
    if (folder.empty() || folder.front() != '/' || variable("CHANGELOG_CACHE") == "off") return nullptr;
    std::error_code error;
    const auto root =
        std::filesystem::absolute(settings.search_path.front(), error) / settings.changelog_file;
    return std::make_unique<DiskDocumentCache>(folder + "/changelog", root.lexically_normal().string());
}

SelectOptions select_options(const Arguments& arguments, const Settings& settings) {
    SelectOptions select;
    select.selection = settings.selection;
    select.count = arguments.number("--count", 1);
    select.to_tag = arguments.value("--to");
    select.changeset = arguments.value("--changeset");
    select.ignore_missing = arguments.has("--ignore-missing");
    if ((select.count ? 1 : 0) + (select.to_tag ? 1 : 0) + (select.changeset ? 1 : 0) > 1)
        throw UsageError("give one of --count, --to and --changeset");
    return select;
}

bool is_offline(const Settings& settings) {
    return !settings.url_known || settings.url.starts_with("offline:");
}

RenderContext offline_context(const Settings& settings) {
    static const catalog::Catalog empty;
    RenderContext context;
    context.before = &empty;
    context.default_schema = settings.default_schema;
    context.retain = settings.retain;
    return context;
}

Project load_project(const Settings& settings, std::unique_ptr<FileSource> files, DocumentCache* cache,
                     Diagnostics& diagnostics) {
    Project project;
    project.files = std::move(files);
    LoadOptions options = settings.load;
    options.cache = cache;
    project.changelog = load_changelog(settings.changelog_file, *project.files, options, diagnostics);
    if (!diagnostics.has_errors())
        project.graph = resolve(project.changelog, offline_context(settings), diagnostics);
    return project;
}

Project load_project(const Settings& settings, Diagnostics& diagnostics) {
    const auto cache = open_cache(settings);
    return load_project(settings,
                        std::make_unique<OsFiles>(settings.search_path, settings.load.max_file_bytes),
                        cache.get(), diagnostics);
}

}  // namespace changelog::cli
