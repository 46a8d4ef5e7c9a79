// Writes the YAML of a scaffolded changeset.
#pragma once

#include <string>
#include <string_view>

namespace changelog::cli {

/// A scalar that YAML 1.1 reads back as this very text: quoted where it would be something else.
std::string yaml_scalar(std::string_view text);

/// Builds nested block YAML line by line.
class YamlText {
  public:
    explicit YamlText(std::size_t depth = 0) : depth_(depth) {}

    YamlText& key(std::string_view name);                           ///< "name:"
    YamlText& pair(std::string_view name, std::string_view value);  ///< "name: value"
    YamlText& word(std::string_view name, std::string_view word);   ///< "name: true", written as it is
    YamlText& item(std::string_view name);  ///< "- name:" one level deeper; its keys follow
    YamlText& block(std::string_view name, std::string_view text);  ///< "name: |" and the lines of the text
    YamlText& in() { return ++depth_, *this; }
    YamlText& out(std::size_t levels = 1) { return depth_ -= levels, *this; }
    const std::string& text() const { return text_; }

  private:
    void line(std::string_view content);

    std::size_t depth_;
    std::string text_;
};

}  // namespace changelog::cli
