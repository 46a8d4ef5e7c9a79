#include "review/file_edits.hpp"

#include "core/text.hpp"
#include "yaml/reader.hpp"

#include <algorithm>

namespace changelog::review {

namespace {

bool ends_with(const std::string& name, std::string_view ending) { return lower(name).ends_with(ending); }

const yaml::Node* find_map(const yaml::Node& node, Position at) {
    for (const yaml::Node& item : node.items)
        if (const yaml::Node* found = find_map(item, at)) return found;
    for (const yaml::Entry& entry : node.entries) {
        if (entry.key.at.line == at.line && entry.key.at.column == at.column) return &entry.value;
        if (const yaml::Node* found = find_map(entry.value, at)) return found;
    }
    return nullptr;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':';
}

}  // namespace

FileEdits::FileEdits(const SourceFile& file)
    : file_(file),
      is_xml_(ends_with(file.name, ".xml")),
      newline_(file.text.find("\r\n") == std::string::npos ? "\n" : "\r\n") {
    Diagnostics ignored;
    if (!is_xml_ && !is_sql()) root_ = yaml::read(file, ignored);
}

bool FileEdits::is_sql() const { return ends_with(file_.name, ".sql"); }

const yaml::Node* FileEdits::map_at(Position at) const { return root_ ? find_map(*root_, at) : nullptr; }

std::size_t FileEdits::offset_of(Position at) const {
    std::size_t begin = 0;
    for (std::uint32_t number = 1; number < at.line && begin < file_.text.size(); ++number)
        begin = std::min(file_.text.find('\n', begin), file_.text.size() - 1) + 1;
    return std::min(begin + at.column - 1, file_.text.size());
}

std::string_view FileEdits::line(std::uint32_t number) const {
    const std::size_t begin = offset_of({&file_, number, 1});
    const std::size_t end = std::min(file_.text.find('\n', begin), file_.text.size());
    std::string_view out = std::string_view(file_.text).substr(begin, end - begin);
    if (out.ends_with('\r')) out.remove_suffix(1);
    return out;
}

Edit FileEdits::edit(std::uint32_t line, std::uint32_t begin, std::uint32_t end, std::string text) const {
    return {file_.name, line, begin, line, end, std::move(text)};
}

std::optional<std::string> FileEdits::value(Position at, std::string_view key) const {
    const yaml::Node* map = map_at(at);
    const yaml::Node* found = map == nullptr ? nullptr : map->find(key);
    return found == nullptr || found->kind != yaml::Node::Kind::scalar ? std::nullopt
                                                                       : std::optional(found->raw);
}

std::optional<Edit> FileEdits::set(Position at, const std::string& key, const std::string& value) const {
    if (at.file != &file_) return std::nullopt;
    if (is_xml_) return set_attribute(at, key, value);
    const yaml::Node* map = map_at(at);
    if (map == nullptr || map->kind != yaml::Node::Kind::mapping || map->entries.empty()) return std::nullopt;
    if (const yaml::Node* now = map->find(key)) return replace(*now, value);
    return insert(at, *map, key, value);
}

std::optional<Edit> FileEdits::replace(const yaml::Node& scalar, const std::string& value) const {
    const std::string_view there = std::string_view(file_.text).substr(offset_of(scalar.at));
    if (scalar.kind != yaml::Node::Kind::scalar || scalar.quoted || scalar.raw.empty() ||
        scalar.raw == value || !there.starts_with(scalar.raw))
        return std::nullopt;
    const auto size = static_cast<std::uint32_t>(scalar.raw.size());
    return edit(scalar.at.line, scalar.at.column, scalar.at.column + size, value);
}

/// In front of the first key, which is the one place that is known whatever the form of the map.
std::optional<Edit> FileEdits::insert(Position at, const yaml::Node& map, const std::string& key,
                                      const std::string& value) const {
    const yaml::Node& first = map.entries.front().key;
    const std::size_t from = offset_of(at), to = offset_of(first.at);
    if (first.at.file != &file_ || to <= from) return std::nullopt;
    const std::string between = file_.text.substr(from, to - from);
    if (between.find_first_of("&*!#?|>[,") != std::string::npos) return std::nullopt;
    const bool quoted = file_.text[to] == '"' || file_.text[to] == '\'';
    const std::string name = quoted ? '"' + key + '"' : key;
    const std::uint32_t column = first.at.column;
    if (between.find('{') != std::string::npos)
        return edit(first.at.line, column, column, name + ": " + value + ", ");
    const std::string_view indent = line(first.at.line).substr(0, column - 1);
    if (first.at.line == at.line || indent.find_first_not_of(' ') != std::string_view::npos)
        return std::nullopt;
    return edit(first.at.line, column, column, name + ": " + value + newline_ + std::string(indent));
}

std::optional<Edit> FileEdits::set_attribute(Position at, const std::string& key,
                                             const std::string& value) const {
    const std::string_view text = line(at.line);
    std::size_t begin = at.column - 1;
    if (begin < text.size() && text[begin] == '<') ++begin;
    std::size_t end = begin;
    while (end < text.size() && is_name(text[end])) ++end;
    const std::size_t from = offset_of({&file_, at.line, static_cast<std::uint32_t>(begin) + 1});
    const std::string_view tag = std::string_view(file_.text).substr(from, file_.text.find('>', from) - from);
    if (end == begin || begin == 0 || text[begin - 1] != '<' || tag.find(key) != std::string_view::npos)
        return std::nullopt;
    const auto column = static_cast<std::uint32_t>(end) + 1;
    return edit(at.line, column, column, ' ' + key + "=\"" + value + '"');
}

std::optional<Edit> FileEdits::add_changeset(Position at, const std::string& keys, bool before) const {
    if (is_xml_ || is_sql() || at.file != &file_ || map_at(at) == nullptr) return std::nullopt;
    const std::string_view own = line(at.line);
    const std::size_t dash = own.find_first_not_of(' ');
    if (dash == std::string_view::npos || own[dash] != '-' ||
        own.substr(dash + 1, at.column - dash - 2).find_first_not_of(' ') != std::string_view::npos)
        return std::nullopt;
    std::string item = std::string(dash, ' ') + "- changeSet:";
    std::string_view rest = keys;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        item += newline_ + std::string(dash + 4, ' ') + std::string(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (before) return edit(at.line, 1, 1, item + newline_);
    const auto lines = static_cast<std::uint32_t>(std::count(file_.text.begin(), file_.text.end(), '\n')) + 1;
    std::uint32_t last = at.line;
    for (std::uint32_t number = at.line + 1; number <= lines; ++number) {
        const std::string_view text = line(number);
        if (is_blank(text)) continue;
        if (text.find_first_not_of(' ') <= dash) break;
        last = number;
    }
    const auto column = static_cast<std::uint32_t>(line(last).size()) + 1;
    return edit(last, column, column, newline_ + item);
}

}  // namespace changelog::review
