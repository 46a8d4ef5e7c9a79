// The canonical form: what a changeset means, as compact JSON with sorted keys. Its SHA-256 is the checksum.
#pragma once

#include "operations/fields.hpp"

#include <string>

namespace changelog {

/// Escaped and quoted for JSON; text that is not UTF-8 cannot reach it.
std::string json_string(std::string_view text);

/// The fields as a JSON object: keys sorted, fields at their default left out, cosmetic ones left out, SQL as
/// its token stream. Version 1 of the form; it never changes (docs/checksums.md).
std::string canonical_fields(Described& value);

}  // namespace changelog
