#include "sql/ddl_text.hpp"

#include "core/text.hpp"

namespace changelog::sql {

namespace {

int depth_change(const Token& token) {
    if (token.kind == TokenKind::string || token.kind == TokenKind::quoted_word) return 0;
    if (token.text == "(" || token.text == "[") return 1;
    return token.text == ")" || token.text == "]" ? -1 : 0;
}

}  // namespace

DdlText::DdlText(std::string_view text) : text_(text) {
    auto all = tokenize(text);
    if (!all) return;
    tokens_ = std::move(*all);
    std::erase_if(tokens_, [](const Token& token) {
        return token.kind == TokenKind::space || token.kind == TokenKind::comment;
    });
}

std::size_t DdlText::offset(std::size_t index) const {
    return index < tokens_.size() ? static_cast<std::size_t>(tokens_[index].text.data() - text_.data())
                                  : text_.size();
}

std::size_t DdlText::at(std::size_t offset) const {
    const char* wanted = text_.data() + std::min(offset, text_.size());
    const auto found =
        std::lower_bound(tokens_.begin(), tokens_.end(), wanted,
                         [](const Token& token, const char* place) { return token.text.data() < place; });
    return static_cast<std::size_t>(found - tokens_.begin());
}

std::size_t DdlText::at(const Node& located) const {
    const Node& location = child(located, "location");
    const int offset = location.is_number_integer() ? location.get<int>() : 0;
    return at(static_cast<std::size_t>(std::max(offset, 0)));
}

bool DdlText::is(std::size_t index, std::string_view word) const {
    if (index >= tokens_.size()) return false;
    const Token& token = tokens_[index];
    if (token.kind == TokenKind::string || token.kind == TokenKind::quoted_word) return false;
    return equal_ignoring_case(token.text, word);
}

bool DdlText::is_name(std::size_t index) const {
    return index < tokens_.size() &&
           (tokens_[index].kind == TokenKind::word || tokens_[index].kind == TokenKind::quoted_word);
}

std::size_t DdlText::find(std::string_view word, std::size_t from, std::size_t end) const {
    int depth = 0;
    for (std::size_t i = from; i < end && i < tokens_.size(); ++i) {
        if (depth == 0 && is(i, word)) return i;
        depth += depth_change(tokens_[i]);
    }
    return end;
}

std::size_t DdlText::close(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < tokens_.size(); ++i) {
        depth += depth_change(tokens_[i]);
        if (depth == 0) return i;
    }
    return tokens_.empty() ? 0 : tokens_.size() - 1;
}

std::size_t DdlText::item_end(std::size_t from, std::size_t end) const {
    int depth = 0;
    for (std::size_t i = from; i < end && i < tokens_.size(); ++i) {
        const int change = depth_change(tokens_[i]);
        if (depth == 0 && (change < 0 || is(i, ",") || is(i, ";"))) return i;
        depth += change;
    }
    return std::min(end, tokens_.size());
}

std::vector<std::pair<std::size_t, std::size_t>> DdlText::items(std::size_t from, std::size_t end) const {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    while (from < end) {
        const std::size_t stop = item_end(from, end);
        out.emplace_back(from, stop);
        if (!is(stop, ",")) break;
        from = stop + 1;
    }
    return out;
}

std::string DdlText::slice(std::size_t begin, std::size_t end) const {
    end = std::min(end, tokens_.size());
    if (begin >= end) return {};
    const std::string_view last = tokens_[end - 1].text;
    const std::size_t first = offset(begin);
    return std::string(text_.substr(first, offset(end - 1) + last.size() - first));
}

std::size_t DdlText::after_name(std::size_t index) const {
    if (!is_name(index)) return index;
    while (is(index + 1, ".") && is_name(index + 2)) index += 2;
    return index + 1;
}

}  // namespace changelog::sql
