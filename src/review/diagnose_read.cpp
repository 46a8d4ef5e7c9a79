#include "review/diagnose_read.hpp"

#include "core/text.hpp"
#include "review/diagnose_conditions.hpp"
#include "review/diagnose_fields.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace changelog::review {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

struct Code {
    std::string sqlstate;
    std::size_t offset = 0;
    CodeSource source = CodeSource::code;
};

/// Prisma's own codes (P2002) have the shape, too.
bool is_sqlstate(std::string_view word) {
    if (word.size() != 5 || class_of(word).empty()) return false;
    return std::all_of(word.begin(), word.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0 || (c >= 'A' && c <= 'Z');
    });
}

/// A code right behind a label, past what drivers put between.
std::string code_behind(std::string_view text, std::size_t at) {
    static constexpr std::string_view kBetween = " :=([{'\"";
    std::size_t skipped = 0;
    while (at < text.size() && skipped < 8 && kBetween.find(text[at]) != npos) ++at, ++skipped;
    if (at < text.size() && text[at] == 'E' && is_sqlstate(text.substr(at + 1, 5))) ++at;  // Rust's enum
    const std::string_view word = text.substr(at, 5);
    const bool ends = at + 5 >= text.size() || !is_alnum(text[at + 5]);
    return skipped > 0 && ends && is_sqlstate(word) ? std::string(word) : std::string();
}

void labelled_codes(std::string_view text, std::vector<Code>& out) {
    static constexpr std::string_view kLabels[] = {
        "SQLSTATE", "SQL State", "SQLState", "SQL state", "SqlState", "sqlstate", "sqlState", "pgcode",
        "code", "Code", "\"code\"", "pg_code", "ERROR", "FATAL", "PANIC", "Exception (0x80004005)",
        // lc_messages
        "FEHLER", "PANIK", "ERREUR", "ERRORE", "ERRO", "FEL", "HATA", "CHYBA", "BŁĄD", "ОШИБКА", "ПОМИЛКА",
        "エラー", "错误", "錯誤", "오류"};
    for (const std::string_view label : kLabels)
        for (std::size_t at = text.find(label); at != npos; at = text.find(label, at + 1)) {
            std::size_t behind = at + label.size();
            while (behind < text.size() && text[behind] == ' ') ++behind;
            std::string code = code_behind(text, behind);
            if (code.empty() && behind > at + label.size()) code = code_behind(text, behind - 1);
            if (!code.empty()) out.push_back({code, at, CodeSource::code});
        }
}

/// psycopg2.errors.UniqueViolation, PG::UniqueViolation, asyncpg.exceptions.UniqueViolationError
void class_names(std::string_view text, std::vector<Code>& out) {
    for (const std::string_view before : {"errors.", "PG::", "exceptions."})
        for (std::size_t at = text.find(before); at != npos; at = text.find(before, at + 1)) {
            const std::size_t begin = at + before.size();
            std::size_t end = begin;
            while (end < text.size() && (is_alnum(text[end]) || text[end] == '_')) ++end;
            if (const SqlCondition* known = condition_named(text.substr(begin, end - begin)))
                out.push_back({std::string(known->sqlstate), at, CodeSource::name});
        }
}

/// A code that stands alone, if it cannot be a number.
void bare_codes(std::string_view text, std::vector<Code>& out) {
    const bool whole = trim(text).size() == 5;
    for (std::size_t at = 0; at + 5 <= text.size(); ++at) {
        const bool begins =
            at == 0 || (!is_alnum(text[at - 1]) && text[at - 1] != '_' && text[at - 1] != '-');
        const bool ends = at + 5 == text.size() || (!is_alnum(text[at + 5]) && text[at + 5] != '_');
        const std::string_view word = text.substr(at, 5);
        if (!begins || !ends || !is_sqlstate(word) || condition_of(word) == nullptr) continue;
        const bool number = std::all_of(word.begin(), word.end(), [](char c) {
            return std::isdigit(static_cast<unsigned char>(c)) != 0;
        });
        if (!number || whole) out.push_back({std::string(word), at, CodeSource::code});
    }
}

/// RAISE of somebody's own code, where neither text nor code is known.
void raised(std::string_view text, std::vector<Code>& out) {
    const std::size_t at = text.find("PL/pgSQL function ");
    if (at != npos && text.substr(at, text.find('\n', at) - at).find(" at RAISE") != npos)
        out.push_back({"P0001", at, CodeSource::message});
}

std::vector<Code> codes_of(std::string_view text, bool form_known) {
    std::vector<Code> out;
    labelled_codes(text, out);
    if (out.empty()) bare_codes(text, out);
    class_names(text, out);
    if (out.empty() && !form_known) raised(text, out);
    std::stable_sort(out.begin(), out.end(),
                     [](const Code& a, const Code& b) { return a.offset < b.offset; });
    return out;
}

/// The line of an unknown message, without its severity and code.
std::string message_line(std::string_view text, std::string_view sqlstate) {
    std::size_t begin = npos;
    for (const std::string_view before : {"ERROR:", "FATAL:", "PANIC:"}) {
        const std::size_t at = text.find(before);
        if (at != npos) begin = std::min(begin, at + before.size());
    }
    if (begin == npos) return {};
    std::string out = trim(text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin));
    if (out.starts_with(sqlstate)) out = trim(std::string_view(out).substr(5));
    if (out.starts_with(":")) out = trim(std::string_view(out).substr(1));
    return shortened(out);
}

struct Draft {
    PastedError error;
    std::size_t begin = 0;
};

/// The same error again: drivers and tools repeat it in every layer of a stack trace.
bool is_same(const PastedError& known, const PastedError& other) {
    if (known.sqlstate != other.sqlstate) return false;
    return known.match.form == nullptr || other.match.form == nullptr || other.match.names.empty() ||
           (known.match.form == other.match.form && known.match.names == other.match.names);
}

/// A log of many errors: those that nobody is shown are not told apart.
constexpr std::size_t kMostDrafts = 200;

void add(std::vector<Draft>& drafts, Draft next) {
    for (Draft& known : drafts) {
        if (!is_same(known.error, next.error)) continue;
        known.begin = std::min(known.begin, next.begin);
        if (known.error.match.form == nullptr || known.error.match.names.empty()) {
            if (next.error.match.form != nullptr) known.error.match = next.error.match;
        }
        known.error.source = std::min(known.error.source, next.error.source);
        return;
    }
    if (drafts.size() < kMostDrafts) drafts.push_back(std::move(next));
}

std::vector<Draft> drafts_of(std::string_view text) {
    std::vector<FormMatch> forms = find_forms(text);
    const std::vector<Code> codes = codes_of(text, !forms.empty());
    std::vector<Draft> out;
    // One message and one code belong together, even where the form is known with another code.
    const bool one = !codes.empty() && forms.size() == 1 &&
                     std::all_of(codes.begin(), codes.end(),
                                 [&](const Code& each) { return each.sqlstate == codes.front().sqlstate; });
    for (FormMatch& match : forms) {
        Draft draft;
        draft.begin = match.offset;
        draft.error.sqlstate = one ? codes.front().sqlstate : std::string(match.form->sqlstate);
        draft.error.match = std::move(match);
        add(out, std::move(draft));
    }
    for (const Code& code : codes) {
        Draft draft;
        draft.begin = code.offset;
        draft.error.sqlstate = code.sqlstate;
        draft.error.source = code.source;
        add(out, std::move(draft));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Draft& a, const Draft& b) { return a.begin < b.begin; });
    return out;
}

}  // namespace

std::string PastedError::name(const std::string& kind) const {
    const auto found = names.find(kind);
    return found == names.end() ? std::string() : found->second;
}

std::vector<PastedError> read_errors(std::string_view pasted) {
    const std::string text = plain_text(pasted);
    std::vector<Draft> drafts = drafts_of(text);
    std::vector<PastedError> out;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        PastedError& error = drafts[i].error;
        // What stands before the first error (the tool's own words) belongs to it.
        const std::size_t begin = i == 0 ? 0 : drafts[i].begin;
        const std::size_t end = i + 1 < drafts.size() ? drafts[i + 1].begin : text.size();
        const std::string_view part = std::string_view(text).substr(begin, end - begin);
        for (const auto& [place, content] : error.match.names)
            error.names.try_emplace(std::string(place), content);
        if (error.match.form == nullptr) error.message = message_line(part, error.sqlstate);
        read_fields(part, error);
        out.push_back(std::move(error));
    }
    return out;
}

}  // namespace changelog::review
