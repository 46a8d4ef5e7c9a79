// A document as a tree with positions: what a YAML, JSON or XML file says before anything is made of it.
#pragma once

#include "changelog/position.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::yaml {

/// What a plain scalar is in YAML 1.1 (SnakeYAML 2.2, which Liquibase uses: LIQUIBASE.md 1.2).
enum class ScalarType : std::uint8_t { text, null, boolean, integer, real, timestamp };

struct Entry;

struct Node {
    enum class Kind : std::uint8_t { null, scalar, sequence, mapping };

    Kind kind = Kind::null;
    bool quoted = false;  ///< a quoted or block scalar: always text
    Position at;
    std::string raw;             ///< a scalar as written, escapes resolved
    std::vector<Node> items;     ///< of a sequence
    std::vector<Entry> entries;  ///< of a mapping, in file order, merge keys (<<) applied, duplicates kept

    const Node* find(std::string_view key) const;  ///< the last entry of that key, as Liquibase takes it
};

struct Entry {
    Node key;
    Node value;
};

inline const Node* Node::find(std::string_view key) const {
    const Node* found = nullptr;
    for (const Entry& entry : entries)
        if (entry.key.raw == key) found = &entry.value;
    return found;
}

/// The YAML 1.1 type of a scalar node; quoted scalars are text.
ScalarType scalar_type(const Node& node);

/// The text that Liquibase makes of a scalar: octal, sexagesimal, floats and dates as Java prints them.
/// `001` gives "1", `yes` "true", `1.10` "1.1", `2020-01-01` "Wed Jan 01 00:00:00 UTC 2020". Null gives "".
std::string scalar_text(const Node& node);

/// As `scalar_text`, but a date or timestamp keeps an ISO form ("2020-01-02 00:00:00").
std::string scalar_date_text(const Node& node);

}  // namespace changelog::yaml
