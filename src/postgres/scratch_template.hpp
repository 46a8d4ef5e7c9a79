// A fresh data directory, made once by initdb and kept between runs; a scratch server starts on a copy of it.
#pragma once

#include "postgres/scratch_binaries.hpp"
#include "postgres/server_process.hpp"

#include <filesystem>
#include <string>

namespace changelog::postgres {

/// The template's data directory, made now if there is none. Throws std::runtime_error with initdb's output.
///
/// It lies in ${XDG_CACHE_HOME:-~/.cache}/changelog/scratch, or, as root, in /var/cache/changelog/scratch,
/// which belongs to the user postgres; where that cannot be written, in /tmp/changelog-cache-<uid>.
std::filesystem::path scratch_template(const ServerBinaries& binaries, const ServerUser& user);

/// Copies a folder with all that is below it, sharing the blocks where the file system can, owned by `user`.
void clone_tree(const std::filesystem::path& from, const std::filesystem::path& to, const ServerUser& user);

}  // namespace changelog::postgres
