#include "report/visible.hpp"

#include <fmt/format.h>

namespace changelog::report {

std::string visible(std::string_view text, Lines lines) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        if (lines == Lines::many && (byte == '\n' || byte == '\t'))
            out += text[i];
        else if (byte == '\n')
            out += "\\n";
        else if (byte < 0x20 || byte == 0x7F)
            out += fmt::format("\\x{:02x}", byte);
        else if (byte == 0xC2 && next >= 0x80 && next <= 0x9F)  // U+0080 to U+009F: control characters too
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
        else
            out += text[i];
    }
    return out;
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
