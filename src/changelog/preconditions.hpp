// preConditions of a changeSet or of a file: LIQUIBASE.md 1.5.
#pragma once

#include "changelog/changelog.hpp"

#include "operations/reader.hpp"

#include <optional>

namespace changelog {

/// Nothing for an empty block. Unknown conditions and attributes are reported.
std::optional<Preconditions> bind_preconditions(const Attribute& entry, const ReadSettings& settings,
                                                Diagnostics& diagnostics);

}  // namespace changelog
