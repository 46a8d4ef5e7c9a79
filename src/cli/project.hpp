// The changelog of a run: read and put in order. Needs no database.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include "cli/os_files.hpp"
#include "cli/settings.hpp"

#include <memory>

namespace changelog::cli {

struct Project {
    std::unique_ptr<OsFiles> files;  ///< large files are read again while the changelog runs
    Changelog changelog;
    Graph graph;

    std::size_t file_count() const { return changelog.sources ? changelog.sources->files().size() : 0; }
};

/// With errors in the diagnostics it must not be run.
Project load_project(const Settings& settings, Diagnostics& diagnostics);

/// What rendering without a database is done for.
RenderContext offline_context(const Settings& settings);

}  // namespace changelog::cli
