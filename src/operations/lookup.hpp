// Finding objects in the schema before an operation.
#pragma once

#include "changelog/catalog.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::operations {

/// The value of a key, or null.
template <typename Map>
const typename Map::mapped_type* find_in(const Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

template <typename Map>
typename Map::mapped_type* find_in(Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

/// The element of that name, or null: triggers and policies of a table, attributes of a type.
template <typename T>
const T* find_named(const std::vector<T>& items, std::string_view name) {
    for (const T& item : items)
        if (item.name == name) return &item;
    return nullptr;
}

template <typename T>
T* find_named(std::vector<T>& items, std::string_view name) {
    for (T& item : items)
        if (item.name == name) return &item;
    return nullptr;
}

/// The only function of that name, or the one with those identity arguments; null if there is none or a
/// choice.
const catalog::Function* find_function(const catalog::Catalog& catalog, const ObjectName& name,
                                       const std::optional<std::string>& arguments = std::nullopt);

/// Notes why the fold may differ from the database; the same reason is kept once.
void mark_uncertain(catalog::Catalog& catalog, std::string reason);

/// Comments are kept as PostgreSQL keeps them: an empty one is none.
std::optional<std::string> comment_of(const std::string& remarks);

}  // namespace changelog::operations
