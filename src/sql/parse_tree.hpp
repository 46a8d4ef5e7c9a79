// The parse tree of libpg_query as JSON, and the few ways in which it is read. Fields that are absent, as
// they are for zero values and in other versions of the grammar, read as null, "" or false.
#pragma once

#include "sql/parse.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace changelog::sql {

using Node = nlohmann::json;

/// Where a statement stands in the parsed text, in bytes.
struct Extent {
    std::size_t begin = 0, end = 0;
};

struct ParseTree {
    std::vector<Node> statements;  ///< each an object with one key, its kind: {"SelectStmt": {...}}
    std::vector<Extent> extents;   ///< of each statement, without its semicolon
    std::optional<SyntaxError> error;
    bool too_deep = false;  ///< nested too deeply to be read; then there are no statements
};

ParseTree parse_tree(const std::string& text);

const Node& child(const Node& node, const char* key);
std::string text_of(const Node& node, const char* key);
bool flag_of(const Node& node, const char* key);

/// The kind of a wrapped node ("RangeVar"), or "" if it is none; and what is inside.
std::string kind_of(const Node& wrapped);
const Node& inside(const Node& wrapped);

/// The strings of a list of String nodes; also of one that is itself wrapped in a List node.
std::vector<std::string> strings_of(const Node& list);

/// The text of a string constant, seen through casts.
std::optional<std::string> constant_of(const Node& wrapped);

/// The argument of the option of this name in a list of DefElem nodes.
const Node& option_of(const Node& options, const char* name);

}  // namespace changelog::sql
