#include "review/diagnose_forms.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace changelog::review {

namespace {

constexpr MessageForm kForms[] = {
#define FORM(sqlstate, message, cause, remedy) {sqlstate, message, cause, remedy},
#include "review/diagnose_forms.def"
#include "review/diagnose_forms_more.def"
#undef FORM
};

constexpr std::size_t kLongest = 400;  // of what stands in one place

/// Places whose content is more than one word even without quotes.
bool takes_spaces(std::string_view place) {
    return place == "type" || place == "word" || place == "function" || place == "object" || place == "any" ||
           place == "value";
}

/// A text in pieces: fixed, place, fixed, place, ..., fixed.
std::vector<std::string_view> pieces_of(std::string_view message) {
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t open = message.find('{');
        out.push_back(message.substr(0, open));
        if (open == std::string_view::npos) return out;
        const std::size_t close = message.find('}', open);
        out.push_back(message.substr(open + 1, close - open - 1));
        message.remove_prefix(close + 1);
    }
}

std::size_t fixed_size(std::string_view message) {
    std::size_t out = 0;
    const auto pieces = pieces_of(message);
    for (std::size_t i = 0; i < pieces.size(); i += 2) out += pieces[i].size();
    return out;
}

/// Where a message ends whose last words are a place of several words: before what drivers put behind it.
std::size_t end_of_words(std::string_view text, std::size_t at) {
    static constexpr std::string_view kBehind[] = {
        "\n", "\"", "'", " (SQLSTATE", " (seqno", " [", "; ", " at character ", "  "};
    std::size_t end = text.size();
    for (const std::string_view behind : kBehind) end = std::min(end, text.find(behind, at));
    while (end > at && (text[end - 1] == '.' || text[end - 1] == ' ' || text[end - 1] == ':')) --end;
    return end;
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
    return std::min(text.find_first_of(" \t\n\"',;)]", at), text.size());
}

bool may_hold(std::string_view place, std::string_view content, bool quoted) {
    if (content.empty() || content.size() > kLongest || content.find('\n') != std::string_view::npos)
        return place == "value" && content.size() <= kLongest && content.find('\n') == std::string_view::npos;
    if (quoted || place == "value" || place == "any") return true;
    if (content.find('"') != std::string_view::npos && place != "object" && place != "type") return false;
    return takes_spaces(place) || content.find(' ') == std::string_view::npos;
}

bool match_at(std::string_view text, std::size_t at, const std::vector<std::string_view>& pieces,
              FormMatch& out) {
    out.offset = at;
    at += pieces.front().size();
    for (std::size_t i = 1; i + 1 < pieces.size(); i += 2) {
        const std::string_view place = pieces[i], behind = pieces[i + 1];
        if (behind.starts_with('"') && place != "value" && text.substr(at).starts_with('"')) return false;
        // A text may be long, and hold many beginnings.
        const std::string_view near = text.substr(0, at + kLongest + behind.size());
        const std::size_t end = !behind.empty()       ? near.find(behind, at)
                                : takes_spaces(place) ? end_of_words(near, at)
                                                      : end_of_word(near, at);
        if (end == std::string_view::npos) return false;
        const std::string_view content = text.substr(at, end - at);
        if (!may_hold(place, content, behind.starts_with('"'))) return false;
        out.names.emplace_back(place, content);
        at = end + behind.size();
    }
    out.end = at;
    return true;
}

void find_form(std::string_view text, const MessageForm& form, std::vector<FormMatch>& out) {
    const auto pieces = pieces_of(form.message);
    // A form that begins with a place is found by what comes behind it.
    if (pieces.front().empty()) {
        for (std::size_t at = text.find(pieces[2]); at != std::string_view::npos;
             at = text.find(pieces[2], at + 1)) {
            std::size_t begin = at;
            static constexpr std::string_view kBefore = "\n\"'";
            while (begin > 0 && kBefore.find(text[begin - 1]) == std::string_view::npos &&
                   !(text[begin - 1] == ' ' && begin > 1 && text[begin - 2] == ':'))
                --begin;
            FormMatch match{&form, 0, 0, {}};
            if (begin < at && match_at(text, begin, pieces, match)) out.push_back(std::move(match));
        }
        return;
    }
    for (std::size_t at = text.find(pieces.front()); at != std::string_view::npos;
         at = text.find(pieces.front(), at + 1)) {
        const auto before = at == 0 ? ' ' : text[at - 1];
        if (std::isalnum(static_cast<unsigned char>(before)) != 0 && pieces.front().front() != '"') continue;
        FormMatch match{&form, 0, 0, {}};
        if (match_at(text, at, pieces, match)) out.push_back(std::move(match));
    }
}

/// What a place may show: names do, data do not.
std::string shown(std::string_view place, const std::string& content) {
    return place == "value" || place == "any" ? "***" : content;
}

}  // namespace

std::span<const MessageForm> message_forms() { return kForms; }

std::string FormMatch::name(std::string_view place) const {
    for (const auto& [known, content] : names)
        if (known == place) return content;
    return {};
}

std::string FormMatch::message() const {
    if (form == nullptr) return {};
    const auto pieces = pieces_of(form->message);
    std::string out(pieces.front());
    for (std::size_t i = 0; i < names.size(); ++i)
        out += shown(names[i].first, names[i].second) + std::string(pieces[2 * i + 2]);
    return out;
}

std::vector<FormMatch> find_forms(std::string_view text) {
    std::vector<FormMatch> all;
    for (const MessageForm& form : kForms) find_form(text, form, all);
    std::stable_sort(all.begin(), all.end(), [](const FormMatch& a, const FormMatch& b) {
        return fixed_size(a.form->message) > fixed_size(b.form->message);
    });
    std::vector<FormMatch> out;
    std::map<std::size_t, std::size_t> taken;  // ends by beginnings; they do not overlap
    for (FormMatch& each : all) {
        const auto next = taken.lower_bound(each.end);
        if (next != taken.begin() && std::prev(next)->second > each.offset) continue;
        taken.emplace(each.offset, each.end);
        out.push_back(std::move(each));
    }
    std::sort(out.begin(), out.end(),
              [](const FormMatch& a, const FormMatch& b) { return a.offset < b.offset; });
    return out;
}

std::string with_names(std::string_view text, const FormMatch& match) {
    const auto pieces = pieces_of(text);
    std::string out(pieces.front());
    for (std::size_t i = 1; i + 1 < pieces.size(); i += 2) {
        const std::string name = match.name(pieces[i]);
        out += (name.empty() ? "the object" : shown(pieces[i], name)) + std::string(pieces[i + 1]);
    }
    return out;
}

}  // namespace changelog::review
