// Attached files: their encodings, and reading them in pieces.
#include "operations/files.hpp"

#include "core/text.hpp"

namespace changelog {

namespace {

enum class Encoding : std::uint8_t { utf8, latin1, windows1252, utf16, utf16le, utf16be };

std::optional<Encoding> encoding_of(std::string_view name) {
    std::string plain = upper(name);
    std::erase_if(plain, [](char c) { return c == '-' || c == '_' || c == ' '; });
    if (plain.empty() || plain == "UTF8" || plain == "USASCII" || plain == "ASCII") return Encoding::utf8;
    if (plain == "ISO88591" || plain == "LATIN1") return Encoding::latin1;
    if (plain == "WINDOWS1252" || plain == "CP1252") return Encoding::windows1252;
    if (plain == "UTF16") return Encoding::utf16;
    if (plain == "UTF16LE") return Encoding::utf16le;
    if (plain == "UTF16BE") return Encoding::utf16be;
    return std::nullopt;
}

void append_utf8(std::string& out, char32_t c) {
    const auto byte = [&](char32_t value) { out += static_cast<char>(value); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | (c >> 6));
        byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        byte(0xE0 | (c >> 12));
        byte(0x80 | ((c >> 6) & 0x3F));
        byte(0x80 | (c & 0x3F));
    } else {
        byte(0xF0 | (c >> 18));
        byte(0x80 | ((c >> 12) & 0x3F));
        byte(0x80 | ((c >> 6) & 0x3F));
        byte(0x80 | (c & 0x3F));
    }
}

/// What windows-1252 has at 0x80 to 0x9F; 0 where it has nothing.
constexpr char32_t kWindows1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                       0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::optional<std::string> from_single_bytes(std::string_view bytes, bool windows) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        char32_t value = static_cast<unsigned char>(c);
        if (windows && value >= 0x80 && value < 0xA0) value = kWindows1252[value - 0x80];
        if (value == 0 && c != '\0') return std::nullopt;
        append_utf8(out, value);
    }
    return out;
}

std::optional<std::string> from_utf16(std::string_view bytes, bool big_endian) {
    if (bytes.size() % 2 != 0) return std::nullopt;
    std::string out;
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(bytes[at]),
                   second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
    };
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        char32_t c = unit(i);
        if (c >= 0xDC00 && c < 0xE000) return std::nullopt;
        if (c >= 0xD800 && c < 0xDC00) {
            if (i + 4 > bytes.size()) return std::nullopt;
            const char32_t low = unit(i + 2);
            if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        }
        append_utf8(out, c);
    }
    return out;
}

std::optional<std::string> from_marked_utf16(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), false);
    if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), true);
    return from_utf16(bytes, true);  // Java's UTF-16 without a mark is big endian
}

}  // namespace

bool is_known_encoding(std::string_view encoding) { return encoding_of(encoding).has_value(); }

std::optional<std::string> to_utf8(std::string_view bytes, std::string_view encoding) {
    const auto known = encoding_of(encoding);
    if (!known) return std::nullopt;
    switch (*known) {
        case Encoding::latin1:
            return from_single_bytes(bytes, false);
        case Encoding::windows1252:
            return from_single_bytes(bytes, true);
        case Encoding::utf16:
            return from_marked_utf16(bytes);
        case Encoding::utf16le:
            return from_utf16(bytes.starts_with("\xFF\xFE") ? bytes.substr(2) : bytes, false);
        case Encoding::utf16be:
            return from_utf16(bytes.starts_with("\xFE\xFF") ? bytes.substr(2) : bytes, true);
        case Encoding::utf8:
            break;
    }
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (first_invalid_utf8(bytes) != std::string_view::npos) return std::nullopt;
    return std::string(bytes);
}

bool FileSource::stream(const std::string& path, const std::function<bool(std::string_view)>& take) {
    const std::optional<std::string> text = read(path);
    if (text) take(*text);
    return text.has_value();
}

bool AttachedFile::stream(const std::function<bool(std::string_view)>& take) const {
    return source != nullptr && source->stream(path, take);
}

}  // namespace changelog
