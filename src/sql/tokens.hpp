// Our own tokenizer of PostgreSQL's lexical structure (manual chapter 4.1). It does not change with a
// library, so checksums may rest on it; and it knows where statements end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::sql {

enum class TokenKind { word, quoted_word, string, number, op, punctuation, parameter, comment, space };

struct Token {
    TokenKind kind;
    std::string_view text;  ///< as written, a part of the tokenized text
};

/// All tokens, white space and comments included; nothing if a quote or comment is not closed.
/// Knows '...', E'...', U&'...', "...", $tag$...$tag$, nested /* */ and --.
std::optional<std::vector<Token>> tokenize(std::string_view text);

/// What is hashed of SQL text: its tokens with white space and comments dropped, unquoted words folded to
/// lower case, quoted text byte for byte, joined by single spaces. Text that does not tokenize comes back
/// with its line ends made "\n" and nothing else changed.
std::string token_stream(std::string_view text);

struct SplitOptions {
    bool split = true;
    bool strip_comments = false;
    std::string end_delimiter;  ///< empty: ";" and GO or / alone on a line
};

struct Piece {
    std::string sql;
    std::size_t offset = 0;  ///< where it begins in the text
};

/// Statements of `sql` and `sqlFile` text as Liquibase's splitter finds them (LIQUIBASE.md 2.5), and where
/// that would cut a dollar-quoted body or a nested comment, as PostgreSQL does.
std::vector<Piece> split_statements(std::string_view text, const SplitOptions& options);

/// pgjdbc's escapes, outside quotes and comments: `??` becomes `?` (LIQUIBASE.md fact 4), `{fn now()}`
/// becomes `now()`.
std::string unescape_jdbc(std::string_view text);

/// Removes -- and /* */ comments outside quotes.
std::string strip_comments(std::string_view text);

}  // namespace changelog::sql
