#include "sql/nesting.hpp"

#include "core/text.hpp"
#include "sql/lexer.hpp"

#include <unordered_set>

namespace changelog::sql {

namespace {

/// `1 + 1 + 1` and `a UNION b UNION c` nest once for each operator; AND and OR do not.
class Depth {
  public:
    void take(const Token& token) {
        if (token.text == "(" || token.text == "[") {
            levels_.emplace_back();
            ++total_;
        } else if (token.text == ")" || token.text == "]") {
            close();
        } else if (token.text == ";" && levels_.size() == 1) {
            total_ = 0;
            levels_.back() = {};
        } else if (token.text == ",") {
            forget_operators();
        } else if (token.kind == TokenKind::op) {
            ++levels_.back().operators;
            ++total_;
        } else if (token.kind == TokenKind::word) {
            word(lower(token.text));
        }
    }

    std::size_t total() const { return total_; }

  private:
    struct Level {
        std::size_t operators = 0, joints = 0;
    };

    void close() {
        if (levels_.size() == 1) return;
        total_ -= levels_.back().operators + levels_.back().joints + 1;
        levels_.pop_back();
    }

    void forget_operators() {
        total_ -= levels_.back().operators;
        levels_.back().operators = 0;
    }

    void word(const std::string& text) {
        static const std::unordered_set<std::string> joints = {"union", "intersect", "except", "join",
                                                               "case"};
        static const std::unordered_set<std::string> operators = {
            "not", "is", "in", "like", "ilike", "collate", "between", "at", "similar"};
        static const std::unordered_set<std::string> ends = {"and", "or", "select", "from", "where", "on"};
        Level& level = levels_.back();
        if (text == "end" && level.joints > 0) {
            --level.joints;
            --total_;
        } else if (joints.contains(text)) {
            forget_operators();
            ++level.joints;
            ++total_;
        } else if (operators.contains(text)) {
            ++level.operators;
            ++total_;
        } else if (ends.contains(text)) {
            forget_operators();
        }
    }

    std::vector<Level> levels_ = std::vector<Level>(1);
    std::size_t total_ = 0;
};

/// PostgreSQL's scanner reads a chain of operators again for each comment that begins in it.
bool comments_nest_deeply(std::string_view text, std::size_t most) {
    constexpr std::string_view kOperators = "+-*/<>=~!@#%^&|`?";
    std::size_t begun = 0, behind = 0;
    for (std::size_t at = text.find("/*"); at != std::string_view::npos; at = text.find("/*", behind)) {
        const bool chained =
            text.substr(behind, at - behind).find_first_not_of(kOperators) == std::string_view::npos;
        begun = chained ? begun + 1 : 1;
        if (begun > most) return true;
        behind = at + 2;
    }
    return false;
}

}  // namespace

bool nests_deeply(std::string_view text, std::size_t most) {
    if (text.size() <= most) return false;  // a level takes a character at least
    Depth depth;
    for (Lexer lexer(text); !lexer.at_end();) {
        const std::optional<Token> token = lexer.next();
        if (!token) return comments_nest_deeply(text.substr(lexer.offset()), most);
        if (token->kind == TokenKind::comment && comments_nest_deeply(token->text, most)) return true;
        depth.take(*token);
        if (depth.total() > most) return true;
    }
    return false;
}

}  // namespace changelog::sql
