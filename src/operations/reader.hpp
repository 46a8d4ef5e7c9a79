// Binds a map of a document to something described: the strict reader.
#pragma once

#include <string>
#include <vector>

#include "changelog/diagnostics.hpp"
#include "operations/fields.hpp"
#include "yaml/node.hpp"

namespace changelog {

/// One key of a map, or of a list of maps that Liquibase merges into one (LIQUIBASE.md 1.1, "Node model").
struct Attribute {
    const yaml::Node* key = nullptr;
    const yaml::Node* value = nullptr;
};

/// The attributes of a node however it was written: map, list of one-key maps, or null (none).
std::vector<Attribute> attributes_of(const yaml::Node& node);

struct ReadSettings {
    bool lenient = false;  ///< unknown keys are warnings
    std::string changeset;  ///< its id, for messages
    std::string pointer;    ///< JSON pointer of the node, for messages
    std::size_t* ignored = nullptr;  ///< counts the keys that lenient reading passed over
};

/// Reads `node` into `target`: unknown and duplicate keys, missing ones and wrong types are reported with positions.
/// `what` names it in messages ("addColumn"). A scalar node is the short form.
void read_fields(const yaml::Node& node, Position key_at, std::string_view what, Described& target,
                 const ReadSettings& settings, Diagnostics& diagnostics);

}  // namespace changelog
