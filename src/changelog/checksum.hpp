// The canonical form of a changeset and its checksum: docs/checksums.md.
#pragma once

#include "changelog/changelog.hpp"

#include <string>

namespace changelog {

/// Form version 1.
std::string canonical_definition(const ChangeSet& changeset);

/// "1:" and the SHA-256 of the definition.
std::string checksum_of(const std::string& definition);

}  // namespace changelog
