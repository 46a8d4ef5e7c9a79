#include "cli/yaml_text.hpp"

#include "core/text.hpp"

namespace changelog::cli {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_plain(std::string_view text) {
    static const std::set<std::string> words = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    if (text.empty() || !is_letter(text.front()) || text.back() == ' ' || words.contains(lower(text)))
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') ||
               std::string_view(" -.,()<>@/").find(c) != std::string_view::npos;
    });
}

/// Ids such as 20261122-1015-add-note begin with digits, and are text as long as something follows that no
/// number has.
bool is_plain_id(std::string_view text) {
    const bool digits_first = !text.empty() && text.front() >= '0' && text.front() <= '9';
    const bool has_letter = std::any_of(
        text.begin(), text.end(), [](char c) { return is_letter(c) && c != 'e' && c != 'E' && c != '_'; });
    return digits_first && has_letter && is_plain("a" + std::string(text)) &&
           text.find('-') != std::string_view::npos;
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
    if (is_plain(text) || is_plain_id(text)) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += fmt::format("\\{}", c);
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + "\"";
}

void YamlText::line(std::string_view content) {
    text_ += fmt::format("{}{}\n", std::string(depth_ * 2, ' '), content);
}

YamlText& YamlText::key(std::string_view name) { return line(fmt::format("{}:", name)), *this; }

YamlText& YamlText::pair(std::string_view name, std::string_view value) {
    return line(fmt::format("{}: {}", name, yaml_scalar(value))), *this;
}

YamlText& YamlText::word(std::string_view name, std::string_view word) {
    return line(fmt::format("{}: {}", name, word)), *this;
}

YamlText& YamlText::item(std::string_view name) {
    line(fmt::format("- {}:", name));
    depth_ += 2;
    return *this;
}

YamlText& YamlText::block(std::string_view name, std::string_view text) {
    line(fmt::format("{}: |", name));
    ++depth_;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        line(text.substr(begin, end - begin));
        begin = end + 1;
    }
    --depth_;
    return *this;
}

}  // namespace changelog::cli
