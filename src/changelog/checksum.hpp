// The canonical form of a changeset and its checksum: docs/checksums.md.
#pragma once

#include "changelog/changelog.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// One version of the canonical form. Histories hold its checksums, so it never changes: what is to be hashed
/// otherwise becomes another version, and this one is still computed.
struct CanonicalForm {
    int version = 1;
    std::function<std::string(const ChangeSet&)> definition;
};

/// Oldest first; the last one is what new rows get.
using CanonicalForms = std::vector<CanonicalForm>;

/// All versions that this program knows.
const CanonicalForms& canonical_forms();

/// In the newest version.
std::string canonical_definition(const ChangeSet& changeset, const CanonicalForms& forms = canonical_forms());

/// "<newest version>:" and the SHA-256 of a definition in that version.
std::string checksum_of(const std::string& definition, const CanonicalForms& forms = canonical_forms());

/// The definition, and the checksum, in one version; nothing if this program does not know it.
std::optional<std::string> definition_of(const ChangeSet& changeset, int version,
                                         const CanonicalForms& forms = canonical_forms());
std::optional<std::string> checksum_of(const ChangeSet& changeset, int version,
                                       const CanonicalForms& forms = canonical_forms());

/// The number before the colon; nothing if there is none.
std::optional<int> checksum_version(std::string_view checksum);

enum class ChecksumMatch : std::uint8_t {
    same,
    edited,
    newer,    ///< of a version that only a newer program knows: nothing can be said
    foreign,  ///< no checksum of ours: of Liquibase, or none at all
};

/// How a changeset compares with the checksum that it was applied with, in the version of that checksum.
ChecksumMatch match_checksum(const ChangeSet& changeset, std::string_view stored,
                             const CanonicalForms& forms = canonical_forms());

}  // namespace changelog
