#include "yaml/scan.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"

namespace changelog::yaml {

namespace {

bool is_forbidden(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

std::string_view utf16_advice(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return "It begins like UTF-16: save it as UTF-8.";
    return "Save the file as UTF-8; `iconv -f WINDOWS-1252 -t UTF-8` converts the usual other encoding.";
}

}  // namespace

Position position_at(const SourceFile& file, std::size_t offset) {
    const std::string_view before = std::string_view(file.text).substr(0, offset);
    Position at{&file, 1, 0};
    std::size_t line_begin = 0;
    for (std::size_t end = before.find('\n'); end != std::string_view::npos;
         end = before.find('\n', line_begin)) {
        ++at.line;
        line_begin = end + 1;
    }
    at.column = static_cast<std::uint32_t>(before.size() - line_begin + 1);
    return at;
}

bool has_clean_characters(const SourceFile& file, Diagnostics& diagnostics) {
    if (const std::size_t bad = first_invalid_utf8(file.text); bad != std::string_view::npos) {
        auto& error = diagnostics.error(codes::not_utf8, position_at(file, bad), "file is not UTF-8");
        error.why = utf16_advice(file.text);
        error.got = fmt::format("byte 0x{:02X}", static_cast<unsigned char>(file.text[bad]));
        return false;
    }
    for (std::size_t i = 0; i < file.text.size(); ++i) {
        if (!is_forbidden(file.text[i])) continue;
        const auto byte = static_cast<unsigned char>(file.text[i]);
        diagnostics.error(codes::yaml_syntax, position_at(file, i),
                          fmt::format("control character 0x{:02X} in a text file", byte));
        return false;
    }
    return true;
}

}  // namespace changelog::yaml
