// A document's tree as bytes, so that an unchanged file need not be parsed again.
#pragma once

#include "yaml/node.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace changelog::yaml {

/// Compact bytes of a tree. They are only ever read back by the same version of this program.
std::string to_bytes(const Node& root);

/// The tree again, with positions in `file`; nothing if the bytes are damaged or of another version.
std::optional<Node> from_bytes(std::string_view bytes, const SourceFile& file);

}  // namespace changelog::yaml
