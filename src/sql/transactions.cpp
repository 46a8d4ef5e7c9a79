// Which statements of a text begin and end transactions: read off the tokens, so that it holds for text that
// the parser does not know.
#include "core/text.hpp"
#include "sql/lexer.hpp"
#include "sql/parse.hpp"

namespace changelog::sql {

namespace {

enum class Effect { none, begins, ends, chains };

Effect effect_of(const std::vector<std::string>& words) {
    const auto word = [&](std::size_t i) {
        return i < words.size() ? std::string_view(words[i]) : std::string_view();
    };
    if (word(0) == "begin") return Effect::begins;
    if (word(0) == "start" && word(1) == "transaction") return Effect::begins;
    if (word(0) == "prepare") return word(1) == "transaction" ? Effect::ends : Effect::none;
    if (word(0) != "commit" && word(0) != "end" && word(0) != "rollback" && word(0) != "abort")
        return Effect::none;
    const std::size_t next = word(1) == "work" || word(1) == "transaction" ? 2 : 1;
    if (word(0) == "rollback" && word(next) == "to") return Effect::none;
    const bool chains = word(next) == "and" && word(next + 1) == "chain";
    return chains ? Effect::chains : Effect::ends;
}

/// The first words of each statement at the top level: not in parentheses, and not in BEGIN ATOMIC ... END.
class Statements {
  public:
    template <typename Take>
    void read(const std::string& text, Take&& take) {
        for (Lexer lexer(text); !lexer.at_end();) {
            const std::optional<Token> token = lexer.next();
            if (!token) break;
            if (token->kind == TokenKind::space || token->kind == TokenKind::comment) continue;
            if (token->text == ";" && parentheses_ == 0 && blocks_ == 0) {
                take(effect_of(words_));
                words_.clear();
                goes_on_ = true;
                previous_.clear();
                continue;
            }
            nest(*token);
            if (goes_on_) first_words(*token);
        }
        take(effect_of(words_));
    }

  private:
    void first_words(const Token& token) {
        goes_on_ = token.kind == TokenKind::word && words_.size() < 4;
        if (goes_on_) words_.push_back(lower(token.text));
    }

    void nest(const Token& token) {
        if (token.text == "(") ++parentheses_;
        if (token.text == ")" && parentheses_ > 0) --parentheses_;
        if (token.kind != TokenKind::word) return previous_.clear();
        const std::string word = lower(token.text);
        if (word == "atomic" && previous_ == "begin" && blocks_ == 0 && words_.size() > 1) blocks_ = 1;
        if (blocks_ > 0 && word == "case") ++blocks_;
        if (blocks_ > 0 && word == "end") --blocks_;
        previous_ = word;
    }

    std::vector<std::string> words_;
    std::string previous_;
    std::size_t parentheses_ = 0, blocks_ = 0;
    bool goes_on_ = true;
};

}  // namespace

bool controls_transaction(const std::string& text) {
    bool found = false;
    Statements().read(text, [&](Effect effect) { found = found || effect != Effect::none; });
    return found;
}

bool leaves_transaction_open(const std::string& text, bool open_before) {
    bool open = open_before;
    Statements().read(text, [&](Effect effect) {
        if (effect != Effect::none) open = effect == Effect::begins || (effect == Effect::chains && open);
    });
    return open;
}

}  // namespace changelog::sql
