// Changelogs in SQL files: LIQUIBASE.md 1.8, "Formatted SQL". They become the tree that the same changelog in
// YAML gives.
#pragma once

#include "changelog/diagnostics.hpp"

#include "yaml/node.hpp"

#include <optional>
#include <string_view>

namespace changelog {

/// Whether the first line that is not empty says `--liquibase formatted sql`.
bool is_formatted_sql(std::string_view text);

std::optional<yaml::Node> read_formatted_sql(const SourceFile& file, Diagnostics& diagnostics);

/// A file without that line: one changeset `raw` of `includeAll`, run as a whole.
std::optional<yaml::Node> read_plain_sql(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace changelog
