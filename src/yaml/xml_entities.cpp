// References in XML (&lt; &#10; &name;), which pugixml passes over where it does not know them.
#include "changelog/codes.hpp"

#include "yaml/scan.hpp"

#include <charconv>

namespace changelog::yaml {

namespace {

/// The end of a part of the file in which '&' means nothing: a comment, CDATA, a processing instruction, the
/// DOCTYPE. `begin` itself if none begins there.
std::size_t end_of_literal(std::string_view text, std::size_t begin) {
    const std::string_view rest = text.substr(begin);
    const auto behind = [&](std::string_view ending) {
        const std::size_t end = rest.find(ending);
        return end == std::string_view::npos ? text.size() : begin + end + ending.size();
    };
    if (rest.starts_with("<!--")) return behind("-->");
    if (rest.starts_with("<![CDATA[")) return behind("]]>");
    if (rest.starts_with("<?")) return behind("?>");
    if (!rest.starts_with("<!DOCTYPE")) return begin;
    const std::size_t subset = rest.find_first_of("[>");
    return subset != std::string_view::npos && rest[subset] == '[' ? behind("]") : behind(">");
}

/// Whether `#10` or `#x0A` is a character that XML allows.
bool is_character(std::string_view digits) {
    digits.remove_prefix(1);
    const bool hexadecimal = digits.starts_with('x');
    if (hexadecimal) digits.remove_prefix(1);
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc() || end != digits.data() + digits.size()) return false;
    if (value < 0x20) return value == '\t' || value == '\n' || value == '\r';
    return value < 0xD800 || (value >= 0xE000 && value <= 0x10FFFF && value != 0xFFFE && value != 0xFFFF);
}

/// What is wrong with the reference whose '&' stands at `at`; empty if nothing.
std::string problem_of(std::string_view text, std::size_t at, std::size_t length) {
    const std::string_view name = text.substr(at + 1, length);
    if (text.substr(at + 1 + length, 1) != ";" || name.empty()) return "'&' must be written '&amp;'";
    if (name.starts_with('#'))
        return is_character(name) ? std::string() : fmt::format("'&{};' is no character of XML", name);
    for (const std::string_view known : {"lt", "gt", "amp", "apos", "quot"})
        if (name == known) return {};
    if (text.find(fmt::format("<!ENTITY {} ", name)) != std::string_view::npos)
        return fmt::format("entities of the DOCTYPE are not expanded: write the text of '&{};' here", name);
    return fmt::format("entity '&{};' is not defined", name);
}

}  // namespace

bool has_known_entities(const SourceFile& file, Diagnostics& diagnostics) {
    const std::string_view text = file.text;
    for (std::size_t i = text.find_first_of("&<"); i != std::string_view::npos;
         i = text.find_first_of("&<", i)) {
        if (text[i] == '<') {
            i = std::max(i + 1, end_of_literal(text, i));
            continue;
        }
        const std::size_t end = std::min(text.find_first_of("; \t\r\n<>&\"'", i + 1), text.size());
        const std::string problem = problem_of(text, i, end - i - 1);
        if (!problem.empty()) {
            diagnostics.error(codes::xml_syntax, position_at(file, i), "XML syntax error: " + problem,
                              end - i);
            return false;
        }
        i = end;
    }
    return true;
}

}  // namespace changelog::yaml
