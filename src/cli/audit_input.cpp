#include "cli/audit_input.hpp"

#include "cli/arguments.hpp"
#include "cli/os_files.hpp"
#include "core/text.hpp"
#include "hazards/parsed.hpp"
#include "hazards/pieces.hpp"
#include "report/table.hpp"
#include "sql/lexer.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;
using sql::Token;
using sql::TokenKind;

constexpr std::string_view kAllow = "changelog:allow";

std::size_t line_end(std::string_view text, std::size_t at) {
    return std::min(text.find('\n', at), text.size());
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
        if (text[i] != '\n') text[i] = ' ';
}

/// Where the rows behind COPY ... FROM stdin end: behind a line `\.`, or with the text.
std::size_t rows_end(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const std::size_t end = line_end(text, at);
        const std::string line = trim(text.substr(at, end - at));
        at = std::min(end + 1, text.size());
        if (line == "\\.") break;
    }
    return at;
}

/// Blanks what psql reads itself; offsets stay.
class WithoutPsql {
  public:
    explicit WithoutPsql(std::string text) : text_(std::move(text)) {}

    std::string take() {
        if (text_.starts_with("\xEF\xBB\xBF")) blank(text_, 0, 3);
        const std::string given = text_;
        for (sql::Lexer lexer(given); !lexer.at_end();) {
            const std::size_t at = lexer.offset();
            if (given[at] == '\\') {
                command(lexer, given, at);
                continue;
            }
            const auto token = lexer.next();
            if (!token) break;
            if (const std::size_t end = read(*token, given, at)) skip(lexer, end);
        }
        return std::move(text_);
    }

  private:
    /// A command reaches to the end of its line. Some of them (\g, \gset, \gexec) also end a statement.
    void command(sql::Lexer& lexer, std::string_view given, std::size_t at) {
        const std::string_view name = given.substr(at + 1, 12);
        if (name.starts_with(';')) return skip(lexer, at + 1);  // \; only divides
        const bool ends =
            name.starts_with('g') || name.starts_with("crosstabview") || name.starts_with("watch");
        const std::size_t end = line_end(given, at);
        const std::string line = lower(given.substr(at, end - at));
        const bool rows = name.starts_with("copy") && line.find("from stdin") != std::string::npos;
        skip(lexer, rows ? rows_end(given, std::min(end + 1, given.size())) : end);
        if (!ends) return;
        text_[at] = ';';
        words_.clear();
    }

    void skip(sql::Lexer& lexer, std::size_t end) {
        blank(text_, lexer.offset(), end);
        lexer.skip_to(end);
    }

    /// Where rows that follow the token end; 0 if none follow.
    std::size_t read(const Token& token, std::string_view given, std::size_t at) {
        if (token.kind == TokenKind::space || token.kind == TokenKind::comment) return 0;
        if (token.text != ";") {
            words_.push_back(lower(token.text));
            return 0;
        }
        const bool copies = !words_.empty() && words_.front() == "copy" && copies_from_stdin();
        words_.clear();
        return copies ? rows_end(given, std::min(line_end(given, at) + 1, given.size())) : 0;
    }

    bool copies_from_stdin() const {
        for (std::size_t i = 1; i < words_.size(); ++i)
            if (words_[i - 1] == "from" && words_[i] == "stdin") return true;
        return false;
    }

    std::string text_;
    std::vector<std::string> words_;
};

bool begins_name(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '"' || c == '\'';
}

/// psql's :name, :'name' and :"name" read as what stands behind the colon; offsets stay.
std::string without_variables(const std::string& sql) {
    if (sql.find(':') == std::string::npos || hazards::Parsed(sql).readable()) return sql;
    std::string out = sql;
    for (sql::Lexer lexer(sql); !lexer.at_end();) {
        const std::size_t at = lexer.offset();
        const auto token = lexer.next();
        if (!token) return sql;
        if (token->text == ":" && at + 1 < sql.size() && begins_name(sql[at + 1])) out[at] = ' ';
    }
    return hazards::Parsed(out).readable() ? out : sql;
}

/// What a comment allows; without rules if it is another comment.
Allowance allowance(std::string_view comment) {
    Allowance out;
    std::string rest = trim(comment.substr(2));
    if (!starts_with_ignoring_case(rest, kAllow)) return out;
    rest = trim(std::string_view(rest).substr(kAllow.size()));
    const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
    out.rules = split(std::string_view(rest).substr(0, end), ',');
    if (out.rules.empty()) out.rules.emplace_back();
    out.reason = trim(std::string_view(rest).substr(end));
    return out;
}

/// The comments that stand alone on their lines in [begin, end).
void read_allowances(AuditInput& input, std::size_t begin, std::size_t end, std::size_t statement) {
    bool at_line_start = begin == 0;
    const std::string_view gap = std::string_view(input.text).substr(begin, end - begin);
    for (sql::Lexer lexer(gap); !lexer.at_end();) {
        const std::size_t at = lexer.offset();
        const auto token = lexer.next();
        if (!token) return;
        if (token->kind == TokenKind::comment && token->text.starts_with("--") && at_line_start) {
            Allowance found = allowance(token->text);
            found.offset = begin + at;
            found.statement = statement;
            if (!found.rules.empty()) input.allowances.push_back(std::move(found));
        }
        if (token->kind == TokenKind::space || token->kind == TokenKind::comment)
            at_line_start = at_line_start || token->text.find('\n') != std::string_view::npos;
        else
            at_line_start = false;
    }
}

std::string shown_name(const std::string& path) {
    if (path == "-") return "<stdin>";
    const fs::path given(path);
    std::error_code error;
    const fs::path relative = given.is_absolute() ? given.lexically_relative(fs::current_path(error)) : given;
    const bool below = !relative.empty() && *relative.begin() != "..";
    return (below ? relative : given).lexically_normal().generic_string();
}

std::string read_stdin(std::size_t limit) {
    std::string out;
    char buffer[1 << 16];
    while (out.size() <= limit && std::cin) {
        std::cin.read(buffer, sizeof buffer);
        out.append(buffer, static_cast<std::size_t>(std::cin.gcount()));
    }
    return out;
}

}  // namespace

std::string read_input(const std::string& path, std::size_t limit) {
    if (path == "-") return read_stdin(limit);
    try {
        OsFiles files({fs::path(path).is_absolute() ? "/" : "."}, limit);
        if (auto text = files.read(fs::path(path).relative_path().string())) return *std::move(text);
    } catch (const std::system_error& error) {
        throw UsageError(fmt::format("cannot read '{}': {}", path, error.code().message()));
    }
    throw UsageError(fmt::format("there is no file '{}'", path));
}

report::Region AuditInput::region(std::size_t begin, std::size_t end) const {
    if (line_starts_.empty()) {
        line_starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
    const auto line_of = [&](std::size_t at) {
        return static_cast<std::size_t>(std::upper_bound(line_starts_.begin(), line_starts_.end(), at) -
                                        line_starts_.begin());
    };
    begin = std::min(begin, text.size());
    end = std::clamp(end, begin, text.size());
    report::Region out;
    out.begin.file = name;
    const std::size_t first = line_of(begin), last = line_of(end);
    const std::size_t start = line_starts_[first - 1], stop = line_end(text, begin);
    out.begin.line = static_cast<std::uint32_t>(first);
    out.begin.column = static_cast<std::uint32_t>(begin - start + 1);
    out.begin.excerpt = text.substr(start, stop - start);
    if (out.begin.excerpt.ends_with('\r')) out.begin.excerpt.pop_back();
    const auto characters = [&](std::size_t from, std::size_t to) {
        return static_cast<std::uint32_t>(report::characters(std::string_view(text).substr(from, to - from)));
    };
    const std::size_t shown = std::max(begin, std::min(end, start + out.begin.excerpt.size()));
    out.begin.length = std::max<std::uint32_t>(1, characters(begin, shown));
    out.end_line = static_cast<std::uint32_t>(last);
    out.end_column = static_cast<std::uint32_t>(end - line_starts_[last - 1] + 1);
    out.character = characters(start, begin) + 1;
    out.end_character = characters(line_starts_[last - 1], end) + 1;
    return out;
}

report::Region AuditInput::region_of(std::size_t statement, std::size_t from) const {
    const hazards::MigrationStatement& it = statements.at(statement);
    const std::size_t end = it.offset + it.sql.size();
    return region(std::clamp(from, it.offset, end), end);
}

AuditInput audit_input(std::string name, std::string text) {
    AuditInput out;
    out.name = std::move(name);
    out.text = WithoutPsql(std::move(text)).take();
    if (trim(out.text).empty()) return out;
    for (hazards::MigrationStatement& each : hazards::single_statements({out.text, 0}))
        if (!trim(each.sql).empty() && !trim(sql::strip_comments(each.sql)).empty()) {
            each.sql = without_variables(each.sql);
            out.statements.push_back(std::move(each));
        }
    std::size_t behind = 0;
    for (std::size_t i = 0; i < out.statements.size(); ++i) {
        read_allowances(out, behind, out.statements[i].offset, i);
        behind = out.statements[i].offset + out.statements[i].sql.size();
    }
    return out;
}

AuditInput read_audit_input(const std::string& path, std::size_t max_file_bytes) {
    std::string text = read_input(path, max_file_bytes);
    const std::string name = shown_name(path);
    if (text.size() > max_file_bytes)
        throw UsageError(fmt::format("'{}' is too large", name), {}, "--max-file-size N raises the limit.");
    if (first_invalid_utf8(text) != std::string::npos)
        throw UsageError(fmt::format("'{}' is not UTF-8", name));
    if (text.find('\0') != std::string::npos)
        throw UsageError(fmt::format("'{}' has a byte 0, which is no text", name));
    return audit_input(name, std::move(text));
}

}  // namespace changelog::cli
