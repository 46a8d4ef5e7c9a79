#include "cli/project.hpp"

namespace changelog::cli {

RenderContext offline_context(const Settings& settings) {
    static const catalog::Catalog empty;
    RenderContext context;
    context.before = &empty;
    context.default_schema = settings.default_schema;
    return context;
}

Project load_project(const Settings& settings, Diagnostics& diagnostics) {
    Project project;
    project.files = std::make_unique<OsFiles>(settings.search_path, settings.load.max_file_bytes);
    project.changelog = load_changelog(settings.changelog_file, *project.files, settings.load, diagnostics);
    if (!diagnostics.has_errors())
        project.graph = resolve(project.changelog, offline_context(settings), diagnostics);
    return project;
}

}  // namespace changelog::cli
