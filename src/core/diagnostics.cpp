#include "changelog/diagnostics.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog {

namespace {

std::string_view line_of(std::string_view text, std::uint32_t line) {
    std::size_t begin = 0;
    for (std::uint32_t i = 1; i < line; ++i) {
        begin = text.find('\n', begin);
        if (begin == std::string_view::npos) return {};
        ++begin;
    }
    std::string_view found = text.substr(begin, text.find('\n', begin) - begin);
    if (found.ends_with('\r')) found.remove_suffix(1);
    return found;
}

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "error";
}

/// The line and the caret below it. A long line is cut around the caret; tabs become spaces so that the caret
/// fits.
std::string caret_lines(const Location& where, std::string_view advice) {
    constexpr std::size_t kWidth = 100;
    std::size_t column = where.column == 0 ? 0 : where.column - 1;
    std::string line = where.excerpt;
    column = std::min(column, line.size());
    if (line.size() > kWidth) {
        std::size_t from = column > kWidth / 2 ? column - kWidth / 2 : 0;
        while (from < line.size() && from > 0 && (static_cast<unsigned char>(line[from]) & 0xC0) == 0x80)
            ++from;
        line = clip_utf8(std::string_view(line).substr(from), kWidth);
        column -= from;
    }
    std::size_t shown = 0;  // characters, not bytes, stand before the caret
    for (std::size_t i = 0; i < column && i < line.size(); ++i)
        if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80) ++shown;
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    const std::size_t width = std::clamp<std::size_t>(
        where.length, 1, std::max<std::size_t>(1, line.size() - std::min(column, line.size())));
    std::string out = fmt::format("{:>5} | {}\n      | {}{}", where.line, line, std::string(shown, ' '),
                                  std::string(width, '^'));
    if (!advice.empty()) out += fmt::format(" {}", advice);
    return out + '\n';
}

}  // namespace

Location locate(Position position, std::size_t length) {
    Location where;
    if (position.file == nullptr) return where;
    where.file = position.file->name;
    where.line = position.line;
    where.column = position.column;
    where.length = static_cast<std::uint32_t>(length);
    if (position.line != 0) where.excerpt = line_of(position.file->text, position.line);
    return where;
}

Diagnostic& Diagnostics::add(Severity severity, std::string_view code, Location where, std::string title) {
    Diagnostic& item = items_.emplace_back();
    item.severity = severity;
    item.code = code;
    item.where = std::move(where);
    item.title = std::move(title);
    return item;
}

Diagnostic& Diagnostics::error(std::string_view code, Position at, std::string title, std::size_t length) {
    return add(Severity::error, code, locate(at, length), std::move(title));
}

Diagnostic& Diagnostics::warning(std::string_view code, Position at, std::string title, std::size_t length) {
    return add(Severity::warning, code, locate(at, length), std::move(title));
}

void Diagnostics::append(Diagnostics other) {
    for (Diagnostic& item : other.items_) items_.push_back(std::move(item));
}

bool Diagnostics::has_errors() const { return count(Severity::error) > 0; }

std::size_t Diagnostics::count(Severity severity) const {
    return static_cast<std::size_t>(std::count_if(
        items_.begin(), items_.end(), [&](const Diagnostic& item) { return item.severity == severity; }));
}

namespace {

/// Generated blocks and whole files need not stand in a message to be found.
std::string first_lines(const std::string& text) {
    constexpr std::size_t kMost = 12;
    std::size_t end = 0, lines = 0;
    for (; lines < kMost && end != std::string::npos; ++lines)
        end = text.find('\n', end + (lines > 0 ? 1 : 0));
    if (end == std::string::npos) return text;
    const auto more = std::count(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), '\n');
    return text.substr(0, end) + fmt::format("\n... {} more lines", more);
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic, bool colour) {
    const std::string_view paint = !colour                                  ? ""
                                   : diagnostic.severity == Severity::error ? "\033[1;31m"
                                                                            : "\033[1;33m";
    const std::string_view plain = colour ? "\033[0m" : "";
    std::string out;
    const Location& where = diagnostic.where;
    if (!where.file.empty()) {
        out += where.file;
        if (where.line != 0)
            out += fmt::format(":{}:{}", where.line, std::max<std::uint32_t>(1, where.column));
        out += ": ";
    }
    out += fmt::format("{}{} {}{}: {}\n", paint, name_of(diagnostic.severity), diagnostic.code, plain,
                       diagnostic.title);
    std::string advice;
    if (!diagnostic.did_you_mean.empty())
        advice = fmt::format("did you mean '{}'?", diagnostic.did_you_mean);
    else if (!diagnostic.expected.empty())
        advice = "expected " + join(diagnostic.expected, ", ");
    const auto indented = [&](std::string_view label, std::string_view text) {
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            out += fmt::format("      {}{}\n",
                               begin == 0      ? label
                               : label.empty() ? label
                                               : std::string_view("  "),
                               text.substr(begin, end - begin));
            begin = end + 1;
        }
    };
    if (where.line != 0)
        out += caret_lines(where, advice);
    else if (!advice.empty())
        indented("", advice);
    if (!diagnostic.why.empty()) indented("", diagnostic.why);
    if (diagnostic.server) {
        const ServerError& server = *diagnostic.server;
        if (!server.statement.empty()) indented("statement: ", first_lines(server.statement));
        if (!server.sqlstate.empty()) indented("SQLSTATE: ", server.sqlstate);
        if (!server.detail.empty()) indented("detail: ", server.detail);
        if (!server.hint.empty()) indented("hint: ", server.hint);
    }
    for (const std::string& step : diagnostic.next) indented("next: ", step);
    return out;
}

}  // namespace changelog
