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

/// The token of the space behind `{fn`, or `at` if it does not stand there.
std::size_t end_of_function_escape(const std::vector<Token>& tokens, std::size_t at) {
    std::size_t i = at + 1;
    if (i < tokens.size() && tokens[i].kind == TokenKind::space) ++i;
    const bool found = i + 1 < tokens.size() && equal_ignoring_case(tokens[i].text, "fn") &&
                       tokens[i + 1].kind == TokenKind::space;
    return found ? i + 1 : at;
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

std::string unescape_jdbc(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    const std::vector<Token> tokens = tokenize_leniently(text);
    std::vector<bool> braces;  // whether each open one is that of a function
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.text == "{") {
            const std::size_t behind = end_of_function_escape(tokens, i);
            braces.push_back(behind != i);
            if (behind != i) {
                i = behind;
                continue;
            }
        } else if (token.text == "}" && !braces.empty()) {
            const bool escape = braces.back();
            braces.pop_back();
            if (escape) continue;
        }
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
