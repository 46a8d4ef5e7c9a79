// Binds a map of a document to something described: the strict reader.
#pragma once

#include "changelog/diagnostics.hpp"

#include "operations/fields.hpp"
#include "yaml/node.hpp"

#include <string>
#include <vector>

namespace changelog {

/// One key of a map, or of a list of maps that Liquibase merges into one (LIQUIBASE.md 1.1, "Node model").
struct Attribute {
    const yaml::Node* key = nullptr;
    const yaml::Node* value = nullptr;
};

/// The attributes of a node however it was written: map, list of one-key maps, or null (none).
std::vector<Attribute> attributes_of(const yaml::Node& node);

struct ReadSettings {
    bool lenient = false;            ///< unknown keys are warnings
    std::string changeset;           ///< its id, for messages
    std::string pointer;             ///< JSON pointer of the node, for messages
    std::size_t* ignored = nullptr;  ///< counts the keys that lenient reading passed over
};

/// attributes_of() with duplicate keys reported; the last one of them stays.
std::vector<Attribute> unique_attributes(const std::vector<Attribute>& all, std::string_view what,
                                         const ReadSettings& settings, Diagnostics& diagnostics);
std::vector<Attribute> unique_attributes(const yaml::Node& node, std::string_view what,
                                         const ReadSettings& settings, Diagnostics& diagnostics);

/// Reports a key that nothing reads, with the nearest known one and the edit that renames it. A warning when
/// lenient.
Diagnostic& report_unknown_key(const Attribute& attribute, std::string_view what,
                               const std::vector<std::string_view>& known, const ReadSettings& settings,
                               Diagnostics& diagnostics);

/// The edit that puts `text` in the place of a scalar; without edits where the scalar does not stand on one
/// line.
Fix replacement(const yaml::Node& scalar, const std::string& text);

/// Reads `node` into `target`: unknown and duplicate keys, missing ones and wrong types are reported with
/// positions. `what` names it in messages ("addColumn"). A scalar node is the short form.
void read_fields(const yaml::Node& node, Position key_at, std::string_view what, Described& target,
                 const ReadSettings& settings, Diagnostics& diagnostics);

/// The same for keys that were sorted out of a map before. `others` are keys that someone else reads, for
/// suggestions.
void read_attributes(std::vector<Attribute> attributes, Position key_at, std::string_view what,
                     Described& target, const std::vector<std::string_view>& others,
                     const ReadSettings& settings, Diagnostics& diagnostics);

/// Whether a description has a field of that name, in any case.
bool reads_key(Described& target, std::string_view key);

/// "a number", "a date": what a plain scalar was taken for.
std::string_view describe(yaml::ScalarType type);

}  // namespace changelog
