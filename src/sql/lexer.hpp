// Reads one token after the other; the rules are those of the PostgreSQL manual, chapter 4.1.
#pragma once

#include "sql/tokens.hpp"

#include <optional>
#include <string_view>

namespace changelog::sql {

enum class Backslashes {
    literal,  ///< as PostgreSQL reads '...' and "..."
    escape,   ///< a backslash keeps the next character from ending a quote, as Liquibase's splitter tolerates
};

class Lexer {
  public:
    explicit Lexer(std::string_view text, Backslashes backslashes = Backslashes::literal)
        : text_(text), backslashes_(backslashes) {}

    bool at_end() const { return at_ >= text_.size(); }
    std::size_t offset() const { return at_; }
    void skip_to(std::size_t offset) { at_ = offset; }

    /// The next token, or nothing where a quote or a comment is not closed; then nothing has been read.
    std::optional<Token> next();

  private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    Token take(TokenKind kind, std::size_t end);

    std::optional<Token> dollar();
    std::optional<Token> quoted(TokenKind kind, std::size_t prefix, bool escapes);
    std::optional<Token> word();
    std::optional<Token> block_comment();
    Token number();
    Token operators();

    std::string_view text_;
    std::size_t at_ = 0;
    Backslashes backslashes_;
    bool escape_string_may_go_on_ = false;  ///< only white space since the end of an E'...'
};

/// All tokens as PostgreSQL reads them; else as Liquibase does; else all from an open quote on is one token.
std::vector<Token> tokenize_leniently(std::string_view text);

}  // namespace changelog::sql
