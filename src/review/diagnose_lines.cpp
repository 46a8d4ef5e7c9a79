#include "review/diagnose_lines.hpp"

#include "core/text.hpp"
#include "review/diagnose_masking.hpp"

#include <array>
#include <cctype>
#include <utility>

namespace changelog::review {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// The byte at which the character with this number, from 0, begins.
std::size_t byte_of(std::string_view text, std::size_t character) {
    std::size_t at = 0;
    for (; at < text.size() && character > 0; --character) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
}

/// Calls `act` with each line in [from, end) and its number until it gives a place.
template <typename Act>
std::optional<Location> in_lines(const SourceFile& file, std::uint32_t from, std::uint32_t end,
                                 const Act& act) {
    const std::string_view text = file.text;
    std::uint32_t number = 1;
    for (std::size_t at = 0; at < text.size(); ++number) {
        const std::size_t stop = std::min(text.find('\n', at), text.size());
        if (end != 0 && number >= end) break;
        if (number >= from) {
            const std::size_t column = act(text.substr(at, stop - at));
            if (column != npos)
                return without_data(locate(Position{&file, number, static_cast<std::uint32_t>(column + 1)}));
        }
        at = stop + 1;
    }
    return std::nullopt;
}

std::size_t whole_word(std::string_view line, std::string_view word) {
    for (std::size_t at = line.find(word); at != npos; at = line.find(word, at + 1)) {
        const bool begins = at == 0 || !is_word(line[at - 1]);
        const bool ends = at + word.size() >= line.size() || !is_word(line[at + word.size()]);
        if (begins && ends) return at;
    }
    return npos;
}

std::string unquoted(std::string_view text) {
    std::string out = trim(text);
    std::erase(out, '"');
    return out;
}

}  // namespace

ErrorLine error_line(const PastedError& error) {
    if (!error.line.empty()) return {error.line, error.line_offset};
    if (error.statement.empty() || error.position == 0) return {};
    const std::string_view text = error.statement;
    const std::size_t at = byte_of(text, error.position - 1);
    if (at >= text.size()) return {};
    std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1);
    begin = begin == npos ? 0 : begin + (at == 0 ? 0 : 1);
    while (begin < at && (text[begin] == ' ' || text[begin] == '\t')) ++begin;
    ErrorLine out;
    out.text = trim(text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin));
    for (std::size_t i = begin; i < at; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++out.offset;
    return out;
}

std::string collapsed(std::string_view sql) {
    std::string out;
    for (const char c : lower(sql)) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (c == '"' || (space && (out.empty() || out.back() == ' '))) continue;
        out += space ? ' ' : c;
    }
    for (std::size_t at = out.find("public."); at != npos; at = out.find("public.", at)) out.erase(at, 7);
    while (!out.empty() && (out.back() == ' ' || out.back() == ';')) out.pop_back();
    return out;
}

std::optional<Location> find_line(const SourceFile& file, std::uint32_t from, std::uint32_t end,
                                  const ErrorLine& wanted) {
    return in_lines(file, from, end, [&](std::string_view line) {
        const std::size_t at = line.find(wanted.text);
        return at == npos ? npos : at + byte_of(wanted.text, wanted.offset);
    });
}

std::optional<Location> find_word(const SourceFile& file, std::uint32_t from, std::uint32_t end,
                                  std::string_view word) {
    auto found = in_lines(file, from, end, [&](std::string_view line) { return whole_word(line, word); });
    if (found) found->length = static_cast<std::uint32_t>(word.size());
    return found;
}

std::vector<std::string> sql_files_named(const SourceFile& file, std::uint32_t from, std::uint32_t end) {
    std::vector<std::string> out;
    in_lines(file, from, end, [&](std::string_view line) {
        const std::size_t stop = line.find(".sql");
        if (stop == npos) return npos;
        std::size_t begin = stop;
        static constexpr std::string_view kBefore = " \t'\"{,:";
        while (begin > 0 && kBefore.find(line[begin - 1]) == npos) --begin;
        out.emplace_back(line.substr(begin, stop + 4 - begin));
        return npos;
    });
    return out;
}

Location without_data(Location where) {
    if (masked(where.excerpt) != where.excerpt) where.excerpt.clear();
    return where;
}

ObjectName name_in(std::string_view text, std::string_view schema) {
    const std::string name = unquoted(text);
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) return {std::string(schema), name};
    return {name.substr(0, dot), name.substr(dot + 1)};
}

ObjectRef object_in(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, ObjectKind>, 12> kKinds = {
        {{"table ", ObjectKind::table},
         {"materialized view ", ObjectKind::table},
         {"view ", ObjectKind::table},
         {"foreign table ", ObjectKind::table},
         {"index ", ObjectKind::index},
         {"sequence ", ObjectKind::sequence},
         {"type ", ObjectKind::type},
         {"function ", ObjectKind::function},
         {"schema ", ObjectKind::schema},
         {"extension ", ObjectKind::extension},
         {"column ", ObjectKind::column},
         {"constraint ", ObjectKind::constraint}}};
    for (const auto& [word, kind] : kKinds) {
        if (!text.starts_with(word)) continue;
        const std::string_view rest = text.substr(word.size());
        if (kind == ObjectKind::column || kind == ObjectKind::constraint) {
            const std::string_view between = kind == ObjectKind::column ? " of table " : " on table ";
            const std::size_t at = rest.find(between);
            if (at == npos) return {kind, {}, unquoted(rest)};
            return {kind, name_in(rest.substr(at + between.size()), ""), unquoted(rest.substr(0, at))};
        }
        return {kind, name_in(rest.substr(0, rest.find('(')), ""), ""};
    }
    return {};
}

}  // namespace changelog::review
