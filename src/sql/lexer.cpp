#include "sql/lexer.hpp"

namespace changelog::sql {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool in_word(char c) { return begins_word(c) || is_digit(c) || c == '$'; }
bool is_operator(char c) { return c != '\0' && std::string_view("+-*/<>=~!@#%^&|`?").find(c) != npos; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Digits with single underscores between them (PostgreSQL 16).
std::size_t end_of_digits(std::string_view text, std::size_t at, bool (*digit)(char)) {
    while (at < text.size() &&
           (digit(text[at]) || (text[at] == '_' && at + 1 < text.size() && digit(text[at + 1]))))
        ++at;
    return at;
}

/// The end of an exponent at `at`, or `at` if there is none.
std::size_t end_of_exponent(std::string_view text, std::size_t at) {
    if (at >= text.size() || (text[at] != 'e' && text[at] != 'E')) return at;
    std::size_t digits = at + 1;
    if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) ++digits;
    const std::size_t end = end_of_digits(text, digits, is_digit);
    return end == digits ? at : end;
}

/// A longer operator ends in + or - only if it holds one of these characters (manual, 4.1.3).
bool may_end_in_sign(std::string_view op) { return op.find_first_of("~!@#%^&|`?") != npos; }

}  // namespace

Token Lexer::take(TokenKind kind, std::size_t end) {
    const Token token{kind, text_.substr(at_, end - at_)};
    at_ = end;
    return token;
}

std::optional<Token> Lexer::next() {
    const char c = peek();
    const bool after_escape_string = std::exchange(escape_string_may_go_on_, false);
    if (is_space(c)) {
        std::size_t end = at_;
        while (end < text_.size() && is_space(text_[end])) ++end;
        escape_string_may_go_on_ = after_escape_string;
        return take(TokenKind::space, end);
    }
    if (c == '-' && peek(1) == '-') {
        escape_string_may_go_on_ = after_escape_string;
        return take(TokenKind::comment, std::min(text_.find_first_of("\r\n", at_), text_.size()));
    }
    if (c == '/' && peek(1) == '*') return block_comment();
    if (c == '\'') return quoted(TokenKind::string, 0, after_escape_string);
    if (c == '"') return quoted(TokenKind::quoted_word, 0, false);
    if (c == '$') return dollar();
    if (begins_word(c)) return word();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (is_operator(c)) return operators();
    const bool pair = (c == ':' && (peek(1) == ':' || peek(1) == '=')) || (c == '.' && peek(1) == '.');
    return take(pair ? TokenKind::op : TokenKind::punctuation, at_ + (pair ? 2 : 1));
}

std::optional<Token> Lexer::quoted(TokenKind kind, std::size_t prefix, bool escapes) {
    const char quote = text_[at_ + prefix];
    const bool skips = escapes || backslashes_ == Backslashes::escape;
    for (std::size_t i = at_ + prefix + 1; i < text_.size(); ++i) {
        if (skips && text_[i] == '\\') {
            ++i;
        } else if (text_[i] == quote) {
            if (i + 1 < text_.size() && text_[i + 1] == quote) {
                ++i;
                continue;
            }
            escape_string_may_go_on_ = escapes;
            return take(kind, i + 1);
        }
    }
    return std::nullopt;
}

std::optional<Token> Lexer::dollar() {
    if (is_digit(peek(1))) return take(TokenKind::parameter, end_of_digits(text_, at_ + 1, is_digit));
    std::size_t tag_end = at_ + 1;
    while (tag_end < text_.size() && text_[tag_end] != '$' && in_word(text_[tag_end])) ++tag_end;
    if (tag_end >= text_.size() || text_[tag_end] != '$') return take(TokenKind::punctuation, at_ + 1);
    const std::string_view tag = text_.substr(at_, tag_end + 1 - at_);
    const std::size_t close = text_.find(tag, tag_end + 1);
    if (close == npos) return std::nullopt;
    return take(TokenKind::string, close + tag.size());
}

std::optional<Token> Lexer::word() {
    const char c = peek();
    if (peek(1) == '\'' && std::string_view("bBxXnNeE").find(c) != npos)
        return quoted(TokenKind::string, 1, c == 'e' || c == 'E');
    if ((c == 'u' || c == 'U') && peek(1) == '&' && peek(2) == '\'')
        return quoted(TokenKind::string, 2, false);
    if ((c == 'u' || c == 'U') && peek(1) == '&' && peek(2) == '"')
        return quoted(TokenKind::quoted_word, 2, false);
    std::size_t end = at_;
    while (end < text_.size() && in_word(text_[end])) ++end;
    return take(TokenKind::word, end);
}

std::optional<Token> Lexer::block_comment() {
    std::size_t depth = 0;
    for (std::size_t i = at_; i + 1 < text_.size(); ++i) {
        if (text_[i] == '/' && text_[i + 1] == '*') {
            ++depth;
            ++i;
        } else if (text_[i] == '*' && text_[i + 1] == '/') {
            ++i;
            if (--depth == 0) return take(TokenKind::comment, i + 1);
        }
    }
    return std::nullopt;
}

Token Lexer::number() {
    if (peek() == '0' && std::string_view("xXoObB").find(peek(1)) != npos && peek(1) != '\0' &&
        is_hex_digit(peek(2)))
        return take(TokenKind::number, end_of_digits(text_, at_ + 2, is_hex_digit));
    std::size_t end = end_of_digits(text_, at_, is_digit);
    const bool range =
        end + 1 < text_.size() && text_[end] == '.' && text_[end + 1] == '.';  // 1..10 of PL/pgSQL
    if (!range && end < text_.size() && text_[end] == '.') end = end_of_digits(text_, end + 1, is_digit);
    return take(TokenKind::number, end_of_exponent(text_, end));
}

Token Lexer::operators() {
    std::size_t end = at_;
    while (end < text_.size() && is_operator(text_[end])) ++end;
    std::string_view op = text_.substr(at_, end - at_);
    op = op.substr(0, std::min({op.size(), op.find("--"), op.find("/*")}));
    while (op.size() > 1 && (op.back() == '+' || op.back() == '-') && !may_end_in_sign(op))
        op.remove_suffix(1);
    return take(TokenKind::op, at_ + op.size());
}

}  // namespace changelog::sql
