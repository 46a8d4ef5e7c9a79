#include "changelog/expressions.hpp"

#include "changelog/changelog.hpp"

#include "core/text.hpp"

namespace changelog {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// The operators split from the outside in: comma, then " or ", then " and ", then the prefixes. A comma
/// splits even inside parentheses, which is why one there is an error.
class Expression {
  public:
    using Holds = std::function<bool(std::string_view)>;

    /// Without contexts a negated name holds too, unless it is marked with '@'.
    explicit Expression(std::string_view text, bool no_contexts = false)
        : rest_(text), no_contexts_(no_contexts) {}

    bool evaluate(const Holds& holds) {
        holds_ = &holds;
        bool value = false;
        do value = any_of_terms() || value;
        while (take(','));
        skip();
        if (!rest_.empty())
            fail(rest_.front() == ')' ? "')' without '('" : "text after the end of the expression");
        return value;
    }

    const std::optional<std::string>& error() const { return error_; }

  private:
    void fail(std::string message) {
        if (!error_) error_ = std::move(message);
    }
    void skip() {
        while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
    }
    bool take(char c) {
        skip();
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// An operator is a word of its own: at its end stands a space or a parenthesis.
    bool at_word(std::string_view word) const {
        if (!starts_with_ignoring_case(rest_, word)) return false;
        if (rest_.size() == word.size()) return true;
        const char next = rest_[word.size()];
        return is_space(next) || next == '(' || next == ')' || next == ',';
    }
    bool take_word(std::string_view word) {
        skip();
        if (!at_word(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    bool any_of_terms() {
        bool value = all_of_factors();
        while (take_word("or")) value = all_of_factors() || value;
        return value;
    }

    bool all_of_factors() {
        bool value = factor();
        while (take_word("and")) value = factor() && value;
        return value;
    }

    bool factor() {
        if (take('!') || take_word("not")) {
            const int marked_before = marked_;
            const bool value = factor_below();
            return (no_contexts_ && marked_ == marked_before) || !value;
        }
        if (!take('(')) return (*holds_)(name());
        const bool value = [this] {
            if (++depth_ <= kDeepest) return any_of_terms();
            fail("parentheses nest too deep");
            rest_ = {};
            return false;
        }();
        --depth_;
        if (take(',')) fail("',' inside parentheses: Liquibase splits at commas first; write 'or'");
        if (!error_ && !take(')')) fail("'(' without ')'");
        return value;
    }

    bool factor_below() {
        if (++depth_ > kDeepest) {
            fail("too many negations");
            rest_ = {};
            return false;
        }
        const bool value = factor();
        --depth_;
        return value;
    }

    /// A name may have spaces in it; it ends at an operator.
    std::string_view name() {
        skip();
        const std::string_view begin = rest_;
        while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '(' && rest_.front() != ')') {
            if (is_space(rest_.front())) {
                const std::string_view before = rest_;
                skip();
                if (at_word("and") || at_word("or")) {
                    rest_ = before;
                    break;
                }
                continue;
            }
            rest_.remove_prefix(1);
        }
        std::string_view found = begin.substr(0, begin.size() - rest_.size());
        while (!found.empty() && is_space(found.back())) found.remove_suffix(1);
        if (found.starts_with('@')) ++marked_;
        if (found.empty()) fail("a name is missing");
        if (found.find("&&") != std::string_view::npos) fail("'&&' is no operator: write 'and'");
        if (found.find("||") != std::string_view::npos) fail("'||' is no operator: write 'or'");
        return found;
    }

    static constexpr int kDeepest = 100;

    std::string_view rest_;
    const Holds* holds_ = nullptr;
    bool no_contexts_ = false;
    int depth_ = 0, marked_ = 0;
    std::optional<std::string> error_;
};

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& other) { return equal_ignoring_case(other, word); });
}

bool is_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), is_space); }

}  // namespace

std::optional<std::string> expression_error(std::string_view text) {
    if (is_blank(text)) return std::nullopt;
    Expression expression(text);
    expression.evaluate([](std::string_view) { return true; });
    return expression.error();
}

bool context_holds(std::string_view text, const std::vector<std::string>& contexts) {
    if (is_blank(text)) return true;
    if (contexts.empty() && text.find('@') == std::string_view::npos) return true;
    if (contexts.empty()) {
        Expression marked(text, true);
        return marked.evaluate([](std::string_view name) { return !name.starts_with('@'); });
    }
    Expression expression(text);
    return expression.evaluate([&](std::string_view name) {
        if (name.starts_with('@')) name.remove_prefix(1);
        return contains(contexts, name);
    });
}

bool labels_match(std::string_view labels, std::string_view text) {
    const std::vector<std::string> list = split(labels, ',');
    if (list.empty() || is_blank(text)) return true;
    Expression expression(text);
    return expression.evaluate([&](std::string_view name) { return contains(list, name); });
}

bool dbms_allows_postgresql(std::string_view dbms) {
    const std::vector<std::string> names = split(dbms, ',');
    bool listed = false;
    for (const std::string& name : names) {
        if (equal_ignoring_case(name, "none") || equal_ignoring_case(name, "!postgresql")) return false;
        if (equal_ignoring_case(name, "all") || equal_ignoring_case(name, "postgresql")) return true;
        listed = listed || !name.starts_with('!');
    }
    return !listed;
}

std::optional<std::string> why_not_selected(const ChangeSet& changeset, const Selection& selection) {
    if (changeset.ignore) return "ignore: true";
    if (!dbms_allows_postgresql(changeset.dbms)) return fmt::format("dbms '{}'", changeset.dbms);
    for (const std::string& expression : changeset.contexts)
        if (!context_holds(expression, selection.contexts)) return fmt::format("context '{}'", expression);
    for (const std::string& labels : changeset.labels)
        if (!labels_match(labels, selection.labels)) return fmt::format("labels '{}'", labels);
    return std::nullopt;
}

}  // namespace changelog
