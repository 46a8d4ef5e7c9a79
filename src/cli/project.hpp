// The changelog of a run: read and put in order. Needs no database.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include "cli/os_files.hpp"
#include "cli/settings.hpp"

#include <memory>

namespace changelog::cli {

struct Project {
    std::unique_ptr<FileSource> files;  ///< large files are read again while the changelog runs
    Changelog changelog;
    Graph graph;

    std::size_t file_count() const { return changelog.sources ? changelog.sources->files().size() : 0; }
};

/// With errors in the diagnostics it must not be run.
Project load_project(const Settings& settings, Diagnostics& diagnostics);

/// The same of other files, and with a cache that several projects share (null: none).
Project load_project(const Settings& settings, std::unique_ptr<FileSource> files, DocumentCache* cache,
                     Diagnostics& diagnostics);

/// Null if there is no place for it, or with CHANGELOG_CACHE=off.
std::unique_ptr<DocumentCache> open_cache(const Settings& settings);

/// Which changesets --count, --to, --changeset, --contexts and the like choose. Throws UsageError.
SelectOptions select_options(const Arguments& arguments, const Settings& settings);

/// No database is given, or one that says so.
bool is_offline(const Settings& settings);

/// What rendering without a database is done for.
RenderContext offline_context(const Settings& settings);

}  // namespace changelog::cli
