// ${...}: where its values come from and how text is expanded. LIQUIBASE.md 1.6.
#pragma once

#include "changelog/changelog.hpp"

#include "yaml/node.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// The `global: false` properties of one file, by lower-case name.
using LocalProperties = std::map<std::string, std::string, std::less<>>;

class Properties {
  public:
    explicit Properties(const LoadOptions& options);

    /// A `global: true` property; the first definition wins.
    void define(std::string_view name, std::string value);

    /// The value by precedence, or null: database.*, -D, global, local, environment (which comes first in
    /// Liquibase).
    const std::string* find(std::string_view name, const LocalProperties& locals) const;

    /// Replaces every ${name} that is known; unknown ones stay. Values are expanded in turn.
    std::string expand(std::string_view text, const LocalProperties& locals) const;

    /// Expands all scalar values below a node, keys excepted. What was replaced is text, whatever it looks
    /// like.
    void expand(yaml::Node& node, const LocalProperties& locals) const;

  private:
    std::map<std::string, std::string, std::less<>> environment_, database_, parameters_, globals_;
};

/// The entries of a Java .properties file, in order.
std::vector<std::pair<std::string, std::string>> parse_properties(std::string_view text);

}  // namespace changelog
