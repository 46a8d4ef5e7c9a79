#include "report/visible.hpp"

#include "core/text.hpp"
#include "report/table.hpp"

#include <fmt/format.h>

namespace changelog::report {

namespace {

/// A character that is not seen, or that turns around or breaks the line that it stands in (Unicode TR 36):
/// its code point and its length, or 0.
struct Unseen {
    unsigned code = 0;
    std::size_t bytes = 0;
};

Unseen unseen(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
    if (at(0) == 0xD8 && at(1) == 0x9C) return {0x061C, 2};
    if (at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF) return {0xFEFF, 3};
    if (at(0) != 0xE2 || (at(1) != 0x80 && at(1) != 0x81)) return {};
    const unsigned code = 0x2000U + (at(1) - 0x80U) * 0x40U + (at(2) & 0x3FU);
    const bool hidden = code == 0x200B || code == 0x200E || code == 0x200F ||
                        (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x2069);
    return hidden ? Unseen{code, 3} : Unseen{};
}

}  // namespace

std::string visible(std::string_view text, Lines lines) {
    std::string out;
    out.reserve(text.size());
    std::size_t invalid = first_invalid_utf8(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        if (i == invalid) {
            out += fmt::format("\\x{:02x}", byte);
            const std::size_t after = first_invalid_utf8(text.substr(i + 1));
            invalid = after == std::string_view::npos ? after : i + 1 + after;
        } else if (lines == Lines::many && (byte == '\n' || byte == '\t')) {
            out += text[i];
        } else if (byte == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) {  // U+0080 to U+009F: control characters
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
        } else if (const Unseen hidden = unseen(text.substr(i, 3)); hidden.bytes > 0) {
            out += fmt::format("\\u{:04x}", hidden.code);
            i += hidden.bytes - 1;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string visible_start(std::string_view text, std::size_t most) {
    // A character has at most four bytes, so there is one more than fits.
    return shorten(visible(clip_utf8(text, 4 * most + 4)), most);
}

Diagnostic visible(Diagnostic item) {
    for (std::string* text : {&item.title, &item.where.file, &item.changeset, &item.got, &item.did_you_mean})
        *text = visible(*text);
    for (std::string& text : item.expected) text = visible(text);
    for (std::string& text : item.next) text = visible(text);
    item.why = visible(item.why, Lines::many);
    if (!item.server) return item;
    ServerError& server = *item.server;
    for (std::string* text :
         {&server.sqlstate, &server.message, &server.detail, &server.hint, &server.statement})
        *text = visible(*text, Lines::many);
    return item;
}

}  // namespace changelog::report
