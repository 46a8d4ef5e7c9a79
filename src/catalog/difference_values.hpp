// Values of the model's fields as text, and lists whose order does not count as sets.
#pragma once

#include "changelog/catalog.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace changelog::catalog {

/// Every right by itself: grantee, columns' name or "", privilege; and whether it may be passed on.
using GrantSet = std::map<std::tuple<std::string, std::string, std::string>, bool>;

GrantSet as_set(const std::vector<Grant>& grants);
std::set<ObjectRef> as_set(const std::vector<ObjectRef>& objects);
std::set<std::string> as_set(const std::vector<std::string>& names);

/// Different values give different texts; what is absent or empty gives "".
std::string text_of(const std::string& value);
std::string text_of(bool value);
std::string text_of(const std::optional<std::string>& value);
std::string text_of(const std::optional<int>& value);
std::string text_of(const std::vector<std::string>& values);
std::string text_of(const std::set<std::string>& values);
std::string text_of(const std::map<std::string, std::string>& values);
std::string text_of(const std::map<int, int>& values);
std::string text_of(Generated value);
std::string text_of(ConstraintKind value);
std::string text_of(TypeKind value);
std::string text_of(const ObjectName& value);
std::string text_of(const std::vector<ObjectName>& values);
std::string text_of(const ObjectRef& value);
std::string text_of(const std::optional<ObjectRef>& value);
std::string text_of(const std::set<ObjectRef>& values);
std::string text_of(const std::optional<Identity>& value);
std::string text_of(const std::vector<IndexKey>& values);
std::string text_of(const std::vector<TypeAttribute>& values);
std::string text_of(const GrantSet& grants);

/// Two texts, shortened to about `width` bytes around their first difference, in one line each.
struct TextPair {
    std::string before, after;
};
TextPair clipped_difference(const std::string& before, const std::string& after, std::size_t width);

}  // namespace changelog::catalog
