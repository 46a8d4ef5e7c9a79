// Edits of a changelog file that keep every other byte: a key of a change, a changeset more.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/position.hpp"

#include "yaml/node.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace changelog::review {

class FileEdits {
  public:
    explicit FileEdits(const SourceFile& file);

    /// Gives the key of the map whose own key (or element, in XML) stands at `at` this value, a plain word.
    /// Nothing where it has that value, or where it is not certain that the edit would be right: anchors and
    /// aliases, comments before the first key, a value that is quoted.
    std::optional<Edit> set(Position at, const std::string& key, const std::string& value) const;

    /// A scalar of the map whose key stands at `at`; nothing if it has none.
    std::optional<std::string> value(Position at, std::string_view key) const;

    /// A changeset behind, or before, the one whose key stands at `at`. Only where each changeset begins
    /// with its dash on a line of its own. `keys` are its lines, indented from 0.
    std::optional<Edit> add_changeset(Position at, const std::string& keys, bool before) const;

    bool is_sql() const;

  private:
    const yaml::Node* map_at(Position at) const;
    std::string_view line(std::uint32_t number) const;
    std::size_t offset_of(Position at) const;
    std::optional<Edit> set_attribute(Position at, const std::string& key, const std::string& value) const;
    std::optional<Edit> replace(const yaml::Node& scalar, const std::string& value) const;
    std::optional<Edit> insert(Position at, const yaml::Node& map, const std::string& key,
                               const std::string& value) const;
    Edit edit(std::uint32_t line, std::uint32_t begin, std::uint32_t end, std::string text) const;

    const SourceFile& file_;
    bool is_xml_;
    std::optional<yaml::Node> root_;
    std::string newline_;
};

}  // namespace changelog::review
