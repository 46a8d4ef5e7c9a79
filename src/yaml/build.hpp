// Nodes that no YAML file was read for: what other formats become.
#pragma once

#include "yaml/node.hpp"

#include <string>
#include <utility>

namespace changelog::yaml {

inline Node make_text(std::string text, Position at) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.quoted = true;
    node.at = at;
    node.raw = std::move(text);
    return node;
}

inline Node make_map(Position at) {
    Node node;
    node.kind = Node::Kind::mapping;
    node.at = at;
    return node;
}

inline Node make_list(Position at) {
    Node node;
    node.kind = Node::Kind::sequence;
    node.at = at;
    return node;
}

inline void put(Node& map, std::string key, Position at, Node value) {
    map.entries.push_back({make_text(std::move(key), at), std::move(value)});
}

inline void put(Node& map, std::string key, Position at, std::string text) {
    put(map, std::move(key), at, make_text(std::move(text), at));
}

/// `- key: value`
inline void append(Node& list, std::string key, Position at, Node value) {
    Node item = make_map(at);
    put(item, std::move(key), at, std::move(value));
    list.items.push_back(std::move(item));
}

}  // namespace changelog::yaml
