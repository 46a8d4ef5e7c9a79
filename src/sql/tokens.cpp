// What is read off the tokens of a text: its canonical stream, its comments, its question marks.
#include "sql/tokens.hpp"

#include "core/text.hpp"
#include "sql/lexer.hpp"

namespace changelog::sql {

namespace {

std::optional<std::vector<Token>> tokenize_as(std::string_view text, Backslashes backslashes) {
    std::vector<Token> tokens;
    for (Lexer lexer(text, backslashes); !lexer.at_end();) {
        const std::optional<Token> token = lexer.next();
        if (!token) return std::nullopt;
        tokens.push_back(*token);
    }
    return tokens;
}

std::string with_plain_line_ends(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
            out += text[i];
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
            out += '\n';
        }
    }
    return out;
}

std::string single_question_marks(std::string_view op) {
    std::string out;
    for (std::size_t i = 0; i < op.size(); ++i) {
        out += op[i];
        if (op[i] == '?' && i + 1 < op.size() && op[i + 1] == '?') ++i;
    }
    return out;
}

}  // namespace

std::optional<std::vector<Token>> tokenize(std::string_view text) {
    return tokenize_as(text, Backslashes::literal);
}

std::vector<Token> tokenize_leniently(std::string_view text) {
    if (auto tokens = tokenize_as(text, Backslashes::literal)) return *std::move(tokens);
    if (auto tokens = tokenize_as(text, Backslashes::escape)) return *std::move(tokens);
    std::vector<Token> tokens;
    for (Lexer lexer(text); !lexer.at_end();) {
        if (const std::optional<Token> token = lexer.next()) {
            tokens.push_back(*token);
            continue;
        }
        // From an open quote or comment on nothing is certain, so the rest stays in one piece.
        tokens.push_back({TokenKind::string, text.substr(lexer.offset())});
        break;
    }
    return tokens;
}

std::string token_stream(std::string_view text) {
    const auto tokens = tokenize(text);
    if (!tokens) return with_plain_line_ends(text);
    std::string out;
    out.reserve(text.size());
    for (const Token& token : *tokens) {
        if (token.kind == TokenKind::space || token.kind == TokenKind::comment) continue;
        if (!out.empty()) out += ' ';
        if (token.kind == TokenKind::word) {
            out += lower(token.text);
        } else {
            out += token.text;
        }
    }
    return out;
}

std::string unescape_question_marks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const Token& token : tokenize_leniently(text)) {
        if (token.kind == TokenKind::op) {
            out += single_question_marks(token.text);
        } else {
            out += token.text;
        }
    }
    return out;
}

std::string strip_comments(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool pending_space = false;  // a comment counts as white space, so its neighbours must stay apart
    for (const Token& token : tokenize_leniently(text)) {
        if (token.kind == TokenKind::comment) {
            pending_space = !out.empty() && out.back() != ' ' && out.back() != '\n' && out.back() != '\t';
            continue;
        }
        if (pending_space && token.kind != TokenKind::space) out += ' ';
        pending_space = false;
        out += token.text;
    }
    return out;
}

}  // namespace changelog::sql
