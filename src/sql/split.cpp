// Divides SQL text into statements, as Liquibase does, but for what it would cut in two: dollar-quoted
// bodies, nested comments, E'' strings, parentheses (CREATE RULE ... DO ALSO (a; b)) and CASE ... END within
// BEGIN ATOMIC.
#include "core/text.hpp"
#include "sql/delimiter.hpp"
#include "sql/lexer.hpp"
#include "sql/tokens.hpp"

namespace changelog::sql {

namespace {

enum class OpenQuote { fail, take_rest };

/// How deep a place is in BEGIN ... END and in parentheses.
class Nesting {
  public:
    void enter(const Token& token, const Lexer& behind) {
        if (token.text == "(") ++parentheses_;
        if (token.text == ")" && parentheses_ > 0) --parentheses_;
        if (token.kind != TokenKind::word) return;
        if (equal_ignoring_case(token.text, "begin")) open_block(behind);
        if (equal_ignoring_case(token.text, "end")) close_block();
        if (atomic_ && equal_ignoring_case(token.text, "case")) ++blocks_;
    }

    bool allows(const Delimiter& delimiter) const {
        if (delimiter.at_top_level) return blocks_ == 0 && parentheses_ == 0;
        return !delimiter.outside_parentheses || parentheses_ == 0;
    }

  private:
    /// BEGIN with a transaction's mode behind it begins a transaction, and no block.
    void open_block(Lexer behind) {
        std::optional<Token> next;
        do {
            next = behind.at_end() ? std::nullopt : behind.next();
        } while (next && (next->kind == TokenKind::space || next->kind == TokenKind::comment));
        const std::string word = next ? lower(next->text) : std::string();
        for (const std::string_view mode :
             {"transaction", "tran", "work", "isolation", "read", "deferrable", "not"})
            if (word == mode) return;
        if (blocks_++ == 0) atomic_ = word == "atomic";
    }

    void close_block() {
        if (blocks_ > 0) --blocks_;
        if (blocks_ == 0) atomic_ = false;
    }

    std::size_t blocks_ = 0, parentheses_ = 0;
    bool atomic_ = false;
};

class Splitter {
  public:
    Splitter(std::string_view text, const SplitOptions& options)
        : text_(text), options_(options), delimiters_(delimiters(options.end_delimiter)) {}

    /// Nothing if a quote is not closed and that is to fail.
    std::optional<std::vector<Piece>> run(Backslashes backslashes, OpenQuote open_quote) {
        for (Lexer lexer(text_, backslashes); !lexer.at_end();) {
            const std::size_t at = lexer.offset();
            if (const std::size_t length = delimiter_length(at)) {
                finish();
                lexer.skip_to(at + length);
                continue;
            }
            const std::optional<Token> token = lexer.next();
            if (!token && open_quote == OpenQuote::fail) return std::nullopt;
            if (!token) {
                add(text_.substr(at), at);
                break;
            }
            nesting_.enter(*token, lexer);
            add(*token, at);
        }
        finish();
        return std::move(pieces_);
    }

  private:
    std::size_t delimiter_length(std::size_t at) const {
        if (!options_.split) return 0;
        for (const Delimiter& delimiter : delimiters_)
            if (nesting_.allows(delimiter) && stands_at(delimiter, text_, at)) return delimiter.text.size();
        return 0;
    }

    void add(const Token& token, std::size_t at) {
        if (token.kind == TokenKind::comment && options_.strip_comments) {
            after_comment_ = true;
            return;
        }
        const bool glued = after_comment_ && !current_.empty() && token.kind != TokenKind::space;
        if (glued && current_.back() != ' ' && current_.back() != '\n') current_ += ' ';
        after_comment_ = false;
        if (token.kind == TokenKind::space) {
            current_ += token.text;
        } else {
            add(token.text, at);
        }
    }

    void add(std::string_view sql, std::size_t at) {
        if (!begins_) begins_ = at;
        current_ += sql;
    }

    void finish() {
        std::erase(current_, '\r');
        std::string sql = trim(current_);
        if (begins_ && !sql.empty()) pieces_.push_back({std::move(sql), *begins_});
        current_.clear();
        begins_.reset();
        nesting_ = {};
        after_comment_ = false;
    }

    std::string_view text_;
    const SplitOptions& options_;
    std::vector<Delimiter> delimiters_;
    std::vector<Piece> pieces_;
    Nesting nesting_;
    std::string current_;
    std::optional<std::size_t> begins_;
    bool after_comment_ = false;
};

}  // namespace

std::vector<Piece> split_statements(std::string_view text, const SplitOptions& options) {
    using enum Backslashes;
    if (auto pieces = Splitter(text, options).run(literal, OpenQuote::fail)) return *std::move(pieces);
    if (auto pieces = Splitter(text, options).run(escape, OpenQuote::fail)) return *std::move(pieces);
    return *Splitter(text, options).run(literal, OpenQuote::take_rest);
}

}  // namespace changelog::sql
