// changelog.config.yaml: what a project always wants said. docs/cli.md lists the keys.
#pragma once

#include "changelog/diagnostics.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace changelog::cli {

/// Absent means that the file does not say.
struct Config {
    std::optional<std::string> url, changelog_file, labels, default_schema, history_schema, history_table,
        transaction, retain;
    std::optional<std::vector<std::string>> contexts, search_path;
    std::optional<bool> lenient, environment_properties;
    std::vector<std::string> lenient_paths;
    std::map<std::string, std::string> parameters;
    std::optional<std::size_t> lock_wait, max_file_size;
    bool url_of_environment = false;  ///< the URL is that of the environment that was asked for by name

    std::string folder;  ///< of the file; its paths are relative to it. Empty: no file
};

/// The path of the configuration: as given, else the nearest changelog.config.yaml from the working directory
/// up to the repository's root (the folder with .git; outside a repository only the working directory
/// counts).
std::optional<std::string> find_config(const std::optional<std::string>& given);

/// Reads it; with an environment, that one's values over the general ones. Reports CL0002.
Config read_config(const std::string& path, const std::optional<std::string>& environment,
                   Diagnostics& diagnostics);

/// The names of its environments; none for a file that cannot be read.
std::vector<std::string> environment_names(const std::string& path);

}  // namespace changelog::cli
