// Reads one YAML (or JSON) document by yaml-cpp's event interface. The only file pair that knows yaml-cpp.
#pragma once

#include "changelog/diagnostics.hpp"

#include "yaml/node.hpp"

#include <optional>

namespace changelog::yaml {

/// Everything wrong with the document's form is reported: syntax, tabs, bad UTF-8, a second document, unknown
/// aliases, aliases that expand without bound, nesting that is too deep. Nothing if there is no usable tree.
/// Duplicate keys are kept in the tree; the binder reports them, since it knows which maps matter.
std::optional<Node> read(const SourceFile& file, Diagnostics& diagnostics);

/// An XML changelog as the tree that the same changelog in YAML would give: elements and attributes become
/// entries.
std::optional<Node> read_xml(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace changelog::yaml
