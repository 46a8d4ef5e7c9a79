#include "review/diagnose_fields.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace changelog::review {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t line_end(std::string_view text, std::size_t at) {
    return std::min(text.find('\n', at), text.size());
}

std::uint32_t number_at(std::string_view text, std::size_t at) {
    std::uint32_t out = 0;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0 && out < 100'000'000)
        out = out * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    return out;
}

/// What a label such as "DETAIL:" or "Statement  :" stands before, to the end of its line; nothing if there
/// is none. `at` gets where it begins.
std::string labelled(std::string_view text, std::string_view label, std::size_t* at = nullptr) {
    for (std::size_t found = text.find(label); found != npos; found = text.find(label, found + 1)) {
        if (found > 0 && is_word(text[found - 1])) continue;
        std::size_t behind = found + label.size();
        while (behind < text.size() && text[behind] == ' ') ++behind;
        if (behind >= text.size() || text[behind] != ':') continue;
        do {
            ++behind;
        } while (behind < text.size() && text[behind] == ' ');
        if (at != nullptr) *at = behind;
        return trim(text.substr(behind, line_end(text, behind) - behind));
    }
    return {};
}

std::string first_labelled(std::string_view text, std::initializer_list<std::string_view> labels) {
    for (const std::string_view label : labels)
        if (std::string out = labelled(text, label); !out.empty()) return out;
    return {};
}

/// A field of an object as node, Rust, JSON and psql's verbose form write it: detail: 'x', "detail":"x",
/// detail: Some("x"), TABLE NAME:  x.
std::string field(std::string_view text, std::string_view key) {
    for (std::size_t found = text.find(key); found != npos; found = text.find(key, found + 1)) {
        if (found > 0 && is_word(text[found - 1])) continue;
        std::size_t at = found + key.size();
        if (at < text.size() && text[at] == '"') ++at;
        if (at >= text.size() || (text[at] != ':' && text[at] != '=')) continue;
        do {
            ++at;
        } while (at < text.size() && text[at] == ' ');
        if (text.substr(at).starts_with("Some(")) at += 5;
        if (at >= text.size()) return {};
        const char quote = text[at];
        if (quote == '\'' || quote == '"') {
            const std::size_t end = text.find(quote, at + 1);
            return end == npos ? std::string() : std::string(text.substr(at + 1, end - at - 1));
        }
    }
    return {};
}

bool begins_log_line(std::string_view line) {
    return line.size() > 10 && std::isdigit(static_cast<unsigned char>(line[0])) != 0 &&
           std::isdigit(static_cast<unsigned char>(line[3])) != 0 && line[4] == '-' && line[7] == '-';
}

/// The lines of a statement that begins at `at`: up to an empty one, another label, or the next entry of a
/// log.
std::string statement_lines(std::string_view text, std::size_t at) {
    static constexpr std::array<std::string_view, 10> kOthers = {
        "DETAIL:",   "HINT:", "CONTEXT:", "LOCATION:", "ERROR:",
        "Caused by", "\tat ", "    at ",  "Position:", "(Background"};
    std::size_t end = at;
    for (bool first = true; end < text.size(); first = false) {
        const std::size_t stop = line_end(text, end);
        const std::string_view line = text.substr(end, stop - end);
        const bool other = std::any_of(kOthers.begin(), kOthers.end(),
                                       [&](std::string_view each) { return line.starts_with(each); });
        if (!first && (trim(line).empty() || other || begins_log_line(line))) break;
        end = std::min(stop + 1, text.size());
    }
    return trim(text.substr(at, end - at));
}

/// Up to the bracket that closes it at the end of a line.
std::string bracketed(std::string_view text, std::size_t at) {
    for (std::size_t end = text.find(']', at); end != npos; end = text.find(']', end + 1))
        if (end + 1 == text.size() || text[end + 1] == '\n' || text.substr(end + 1).starts_with(" ("))
            return trim(text.substr(at, end - at));
    return trim(text.substr(at, line_end(text, at) - at));
}

std::string failed_statement(std::string_view text) {
    if (std::size_t at = text.find("[Failed SQL:"); at != npos) {
        at += 12;
        while (at < text.size() && (text[at] == ' ' || text[at] == '(')) ++at;
        const std::size_t number = at;
        while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) ++at;
        at = at > number && at < text.size() && text[at] == ')' ? at + 1 : number;
        return bracketed(text, at);
    }
    if (const std::size_t at = text.find("[SQL: "); at != npos) return bracketed(text, at + 6);
    for (const std::string_view label : {"STATEMENT", "Statement", "QUERY"}) {
        std::size_t at = 0;
        if (!labelled(text, label, &at).empty()) return statement_lines(text, at);
    }
    return field(text, "query");
}

/// LINE 3: ...text... and the line with ^ below it.
void read_caret(std::string_view text, PastedError& error) {
    for (std::size_t at = text.find("LINE "); at != npos; at = text.find("LINE ", at + 1)) {
        std::size_t begin = at + 5;
        while (begin < text.size() && std::isdigit(static_cast<unsigned char>(text[begin])) != 0) ++begin;
        if (begin == at + 5 || !text.substr(begin).starts_with(": ")) continue;
        begin += 2;
        const std::size_t end = line_end(text, begin);
        const std::size_t line_start = at == 0 ? 0 : text.rfind('\n', at) + 1;
        std::string_view line = text.substr(begin, end - begin);
        const std::size_t caret = end < text.size() ? text.find('^', end) : npos;
        std::size_t offset = 0;
        if (caret != npos && trim(text.substr(end, caret - end)).empty()) {
            const std::size_t column = caret - end - 1;  // the caret's line has only spaces before it
            // They count characters where the line above has bytes.
            const std::string_view above = text.substr(line_start, begin - line_start);
            offset = column > above.size() ? column - above.size() : 0;
        }
        if (line.starts_with("...")) {
            line.remove_prefix(3);
            offset = offset > 3 ? offset - 3 : 0;
        }
        if (line.ends_with("...")) line.remove_suffix(3);
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
            line.remove_prefix(1);
            offset = offset > 0 ? offset - 1 : 0;
        }
        error.line = trim(line);
        error.line_offset = offset;
        return;
    }
}

/// Which changeset or file the tool was running.
void read_place(std::string_view text, PastedError& error) {
    for (const std::string_view before : {"for changeset ", "for change set ", "changeset '", "ChangeSet "}) {
        const std::size_t at = text.find(before);
        if (at == npos) continue;
        const bool quoted = before.ends_with('\'');
        const std::size_t begin = at + before.size();
        std::size_t end = std::min(text.find_first_of(quoted ? "'\n" : "\n", begin), text.size());
        std::string name = trim(text.substr(begin, end - begin));
        if (!quoted && name.find("::") == std::string::npos) continue;
        if (!quoted)  // "path::id::author:" or "... encountered an exception"
            if (const std::size_t author = name.rfind("::"); author != std::string::npos)
                name.resize(std::min(name.find_first_of(" :", author + 2), name.size()));
        error.changeset = name;
        break;
    }
    if (const std::size_t at = text.find("psql:"); at != npos) {  // psql:migrations/1.sql:12: ERROR:
        const std::size_t colon = text.find(':', at + 5);
        if (colon != npos && colon < line_end(text, at)) {
            error.file = text.substr(at + 5, colon - at - 5);
            error.file_line = number_at(text, colon + 1);
        }
    }
    if (error.file.empty()) {
        error.file = first_labelled(text, {"Location"});  // Flyway; psql's LOCATION is in capitals
        error.file = trim(error.file.substr(0, error.file.find(" (")));
        error.file_line = number_at(first_labelled(text, {"Line"}), 0);
    }
    if (error.file.empty()) error.file = first_labelled(text, {"Migration name"});  // Prisma
}

void read_names(std::string_view text, PastedError& error) {
    static constexpr std::array<std::array<std::string_view, 3>, 5> kFields = {
        {{"schema", "schema", "SCHEMA NAME"},
         {"table", "table", "TABLE NAME"},
         {"column", "column", "COLUMN NAME"},
         {"constraint", "constraint", "CONSTRAINT NAME"},
         {"type", "dataType", "DATATYPE NAME"}}};
    for (const auto& [kind, key, label] : kFields) {
        std::string value = field(text, key);
        if (value.empty()) value = labelled(text, label);
        if (!value.empty()) error.names.try_emplace(std::string(kind), value);
    }
}

/// What a detail names: the columns of a key, the table on its other side.
void read_detail(PastedError& error) {
    const std::string_view detail = error.detail;
    if (const std::size_t at = detail.find("Key ("); at != npos) {
        const std::size_t end = std::min(detail.find(")=(", at), detail.find(") = (", at));
        if (end != npos) error.names.try_emplace("columns", std::string(detail.substr(at + 5, end - at - 5)));
    }
    for (const std::string_view before : {"is not present in table \"", "referenced from table \""}) {
        const std::size_t at = detail.find(before);
        const std::size_t end = at == npos ? npos : detail.find('"', at + before.size());
        if (end == npos) continue;
        const std::string kind = before.starts_with("is") ? "referenced" : "table";
        error.names.try_emplace(kind,
                                std::string(detail.substr(at + before.size(), end - at - before.size())));
    }
}

/// The lines behind the label that belong to it: psql and the log list dependents one below the other.
std::string detail_lines(std::string_view text) {
    for (const std::string_view label : {"DETAIL", "Detail"}) {
        std::size_t at = 0;
        if (labelled(text, label, &at).empty()) continue;
        std::size_t end = line_end(text, at);
        while (end < text.size()) {
            const std::size_t stop = line_end(text, end + 1);
            if (text.substr(end + 1, stop - end - 1).find(" depends on ") == npos) break;
            end = stop;
        }
        return trim(text.substr(at, end - at));
    }
    return field(text, "detail");
}

}  // namespace

std::string plain_text(std::string_view pasted) {
    const bool escaped = pasted.find("\\\"") != npos;
    std::string out;
    for (std::size_t at = 0; at < pasted.size(); ++at) {
        const char c = pasted[at], next = at + 1 < pasted.size() ? pasted[at + 1] : '\0';
        if (c == '\r') continue;
        if (c == '\x1b' && next == '[') {
            at = std::min(pasted.find_first_of("mKJH", at), pasted.size());
        } else if (c == '\\' && escaped && (next == '"' || next == 'n' || next == 't')) {
            out += next == '"' ? '"' : next == 'n' ? '\n' : ' ';
            ++at;
        } else {
            out += c;
        }
    }
    return out;
}

std::string shortened(std::string text) {
    constexpr std::size_t kMost = 2000;
    if (text.size() <= kMost) return text;
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

void read_fields(std::string_view part, PastedError& error) {
    error.detail = shortened(detail_lines(part));
    error.hint = first_labelled(part, {"HINT", "Hint"});
    if (error.hint.empty()) error.hint = field(part, "hint");
    error.hint = shortened(std::move(error.hint));
    error.statement = failed_statement(part);
    std::string position = first_labelled(part, {"Position"});
    if (position.empty()) position = field(part, "position");
    if (const std::size_t at = part.find(" at character "); position.empty() && at != npos)
        position = part.substr(at + 14, 9);
    error.position = number_at(position, 0);
    read_caret(part, error);
    read_place(part, error);
    read_names(part, error);
    read_detail(error);
}

}  // namespace changelog::review
