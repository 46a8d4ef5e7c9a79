#include "report/diagnose.hpp"

#include "report/json.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

namespace changelog::report {

namespace {

using review::CodeSource;
using review::Diagnosis;
using review::ErrorPlace;

constexpr std::size_t kWidth = 110, kIndent = 10;

std::string_view words_for(CodeSource source) {
    switch (source) {
        case CodeSource::code:
            return "code";
        case CodeSource::name:
            return "exception_name";
        case CodeSource::message:
            return "message";
    }
    return "";
}

/// A label with a text in lines behind it.
std::string paragraph(std::string_view label, const std::string& text) {
    std::string out = fmt::format("  {:<{}}", label, kIndent - 2);
    std::size_t at = kIndent, begin = 0;
    const std::string shown = visible(text);
    while (begin < shown.size()) {
        const std::size_t end = std::min(shown.find(' ', begin), shown.size());
        const std::string word = shown.substr(begin, end - begin);
        if (at > kIndent && at + 1 + characters(word) > kWidth) {
            out += '\n' + std::string(kIndent, ' ');
            at = kIndent;
        }
        if (at > kIndent) out += ' ';
        out += word;
        at += characters(word) + (at > kIndent ? 1 : 0);
        begin = end + 1;
    }
    return out + '\n';
}

std::string place_name(const Location& where) {
    if (where.file.empty()) return {};
    if (where.line == 0) return visible(where.file);
    return fmt::format("{}:{}:{}", visible(where.file), where.line, where.column);
}

std::string place_text(const ErrorPlace& place) {
    std::string text = place.certain ? "" : "a guess: ";
    const std::string name = place_name(place.where);
    text += name.empty() ? "" : name + ' ';
    text += place.what;
    if (!place.changeset.empty()) text += fmt::format(" (changeset {})", place.changeset);
    std::string out = paragraph("place", text);
    const Location& where = place.where;
    if (where.excerpt.empty() || where.excerpt.size() > kWidth - kIndent) return out;
    const std::string before = where.excerpt.substr(0, where.column == 0 ? 0 : where.column - 1);
    return out + fmt::format("{0}{1}\n{0}{2}{3}\n", std::string(kIndent, ' '), visible(where.excerpt),
                             std::string(characters(visible(before)), ' '), std::string(where.length, '^'));
}

std::string fix_text(const Fix& fix) {
    std::string out = paragraph("edit", fix.title + (fix.safe ? "" : " (only if that is what you mean)"));
    for (const Edit& edit : fix.edits) {
        const bool inserts = edit.start_line == edit.end_line && edit.start_column == edit.end_column;
        out += fmt::format("{}{}:{}:{}: {}\n", std::string(kIndent, ' '), visible(edit.file), edit.start_line,
                           edit.start_column, inserts ? "insert" : "replace by");
        std::size_t begin = 0;
        while (begin < edit.text.size()) {
            const std::size_t end = std::min(edit.text.find('\n', begin), edit.text.size());
            out += std::string(kIndent, ' ') + "+ " + visible(edit.text.substr(begin, end - begin)) + '\n';
            begin = end + 1;
        }
    }
    return out;
}

std::string one_text(const Diagnosis& it, bool colour) {
    const std::string title = visible(it.item.title);
    std::string out = colour ? fmt::format("\x1b[1m{}\x1b[0m\n", title) : title + '\n';
    std::string about = it.name;
    if (it.source == CodeSource::message)
        about += "; the text has no code: this one is that of messages of its form";
    if (it.source == CodeSource::name) about += "; by the name of the exception";
    if (!about.empty()) out += paragraph("error", it.sqlstate + ' ' + about);
    out += paragraph("cause", it.cause);
    if (!it.remedy.empty()) out += paragraph("remedy", it.remedy);
    if (it.item.server && !it.item.server->detail.empty()) out += paragraph("detail", it.item.server->detail);
    for (const ErrorPlace& place : it.places) out += place_text(place);
    if (!it.item.did_you_mean.empty()) out += paragraph("meant", fmt::format("'{}'?", it.item.did_you_mean));
    for (const Fix& fix : it.item.fixes) out += fix_text(fix);
    return out;
}

Json place_json(const ErrorPlace& place) {
    Json out = {{"what", place.what}, {"certain", place.certain}};
    put(out, "file", place.where.file);
    if (place.where.line != 0) {
        out["line"] = place.where.line;
        out["col"] = place.where.column;
    }
    put(out, "changeset", place.changeset);
    return out;
}

Json one_json(const Diagnosis& it) {
    Json out = to_json(it.item);
    out["sqlstate"] = it.sqlstate;
    put(out, "condition", it.name);
    out["sqlstate_from"] = words_for(it.source);
    out["cause"] = it.cause;
    put(out, "remedy", it.remedy);
    Json places = Json::array();
    for (const ErrorPlace& place : it.places) places.push_back(place_json(place));
    out["places"] = std::move(places);
    return out;
}

}  // namespace

std::string diagnose_text(const std::vector<Diagnosis>& diagnoses, bool colour) {
    std::string out;
    for (const Diagnosis& each : diagnoses) out += (out.empty() ? "" : "\n") + one_text(each, colour);
    return out;
}

std::string diagnose_json(const std::vector<Diagnosis>& diagnoses, bool looked_at,
                          const std::string& why_not) {
    Json out = {{"command", "diagnose"}, {"ok", true}};
    out["changelog"] = {{"looked_at", looked_at}};
    put(out["changelog"], "why_not", why_not);
    Json errors = Json::array();
    for (const Diagnosis& each : diagnoses) errors.push_back(one_json(each));
    out["errors"] = std::move(errors);
    return dump(out);
}

}  // namespace changelog::report
