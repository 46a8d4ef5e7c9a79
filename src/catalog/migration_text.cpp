#include "catalog/migration_text.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/lexer.hpp"
#include "sql/literal.hpp"
#include "sql/tokens.hpp"

#include <vector>

namespace changelog::catalog {

namespace {

using sql::Token;
using sql::TokenKind;

bool is_word(const Token& token) {
    return token.kind == TokenKind::word || token.kind == TokenKind::quoted_word;
}

bool is_space(const Token& token) {
    return token.kind == TokenKind::space || token.kind == TokenKind::comment;
}

/// The tokens that mean something, and where they stand among all of them. They point into the text.
struct Text {
    std::vector<Token> all;
    std::vector<std::size_t> meaning;

    explicit Text(std::string_view text) {
        auto tokens = sql::tokenize(text);
        if (!tokens) return;
        all = *std::move(tokens);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (!is_space(all[i])) meaning.push_back(i);
    }
    explicit Text(std::string&&) = delete;
    std::size_t size() const { return meaning.size(); }
    const Token& operator[](std::size_t i) const { return all[meaning[i]]; }
    std::string_view text(std::size_t i) const { return i < size() ? (*this)[i].text : std::string_view(); }
    bool word(std::size_t i) const { return i < size() && is_word((*this)[i]); }
    bool keyword(std::size_t i, std::string_view name) const {
        return i < size() && (*this)[i].kind == TokenKind::word && equal_ignoring_case((*this)[i].text, name);
    }
    std::string name(std::size_t i) const { return sql::from_sql((*this)[i].text); }
    /// "a.b", and nothing before it that would make it "x.a.b".
    bool pair(std::size_t i) const {
        return word(i) && text(i + 1) == "." && word(i + 2) && (i == 0 || text(i - 1) != ".");
    }
};

/// The tokens joined again, some of them replaced.
struct Edit {
    const Text& text;
    std::vector<std::string> parts;

    explicit Edit(const Text& edited) : text(edited) {
        for (const Token& token : text.all) parts.emplace_back(token.text);
    }
    void set(std::size_t i, std::string part) { parts[text.meaning[i]] = std::move(part); }
    std::string joined() const {
        std::string out;
        for (const std::string& part : parts) out += part;
        return out;
    }
};

/// What stands between the quotes of a plain '...'.
std::string inside_quotes(std::string_view token) {
    std::string out;
    if (token.size() < 2 || token.front() != '\'') return out;
    for (std::size_t i = 1; i + 1 < token.size(); ++i) {
        out += token[i];
        if (token[i] == '\'' && token[i + 1] == '\'') ++i;
    }
    return out;
}

/// Whether what follows token `i` is a cast to one of the types that name objects.
bool is_registered(const Text& text, std::size_t i) {
    if (i >= text.size() || text[i].kind != TokenKind::string) return false;
    while (text.text(i + 1) == ":" || text.text(i + 1) == "::") ++i;
    return text.text(i + 1).starts_with("reg") || text.text(i + 3).starts_with("reg");
}

/// A pre-check: most texts do not have the name at all. One with a quote in it is written with two.
bool may_name(std::string_view text, const std::string& name) {
    return name.find('"') != std::string::npos || lower(text).find(lower(name)) != std::string::npos;
}

void collect_words(std::string_view text, std::set<std::string>& out, int depth) {
    constexpr int kDeepest = 4;
    for (const Token& token : sql::tokenize_leniently(text)) {
        if (is_word(token)) out.insert(sql::from_sql(token.text));
        if (token.kind != TokenKind::string || depth == kDeepest) continue;
        const bool dollar = token.text.starts_with("$");
        const std::size_t begin = token.text.find(dollar ? '$' : '\'', dollar ? 1 : 0);
        if (begin == std::string_view::npos || begin + 1 >= token.text.size()) continue;
        std::string_view body = token.text.substr(begin + 1);
        body.remove_suffix(std::min(body.size(), dollar ? begin + 1 : std::size_t{1}));
        collect_words(body, out, depth + 1);
    }
}

}  // namespace

std::set<ObjectName> qualified_names(std::string_view text) {
    const Text tokens(text);
    std::set<ObjectName> out;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens.pair(i)) out.insert({tokens.name(i), tokens.name(i + 2)});
        if (!is_registered(tokens, i)) continue;
        const std::string quoted = inside_quotes(tokens.text(i));
        const Text inner(quoted);
        if (inner.pair(0)) out.insert({inner.name(0), inner.name(2)});
    }
    return out;
}

std::set<std::string> all_words(std::string_view text) {
    std::set<std::string> out;
    collect_words(text, out, 0);
    return out;
}

std::string rename_object_in(std::string_view text, const ObjectName& from, const ObjectName& to,
                             bool as_qualifier) {
    if (!may_name(text, from.name)) return std::string(text);
    const Text tokens(text);
    if (tokens.size() == 0) return std::string(text);
    Edit edit(tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const bool after_point = i > 0 && tokens.text(i - 1) == ".";
        if (tokens.pair(i) && tokens.name(i) == from.schema && tokens.name(i + 2) == from.name) {
            edit.set(i, sql::identifier(to.schema));
            edit.set(i + 2, sql::identifier(to.name));
            i += 2;
        } else if (as_qualifier && tokens.word(i) && !after_point && tokens.text(i + 1) == "." &&
                   tokens.name(i) == from.name) {
            edit.set(i, sql::identifier(to.name));
        } else if (is_registered(tokens, i)) {
            const std::string inner = inside_quotes(tokens.text(i));
            edit.set(i, sql::literal(rename_object_in(inner, from, to, false)));
        }
    }
    return edit.joined();
}

std::string rename_schema_in(std::string_view text, const std::string& from, const std::string& to) {
    if (!may_name(text, from)) return std::string(text);
    const Text tokens(text);
    if (tokens.size() == 0) return std::string(text);
    Edit edit(tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens.pair(i) && tokens.name(i) == from) edit.set(i, sql::identifier(to));
        if (is_registered(tokens, i))
            edit.set(i, sql::literal(rename_schema_in(inside_quotes(tokens.text(i)), from, to)));
    }
    return edit.joined();
}

std::string rename_label_in(std::string_view text, const ObjectName& type, const std::string& from,
                            const std::string& to) {
    if (!may_name(text, type.name)) return std::string(text);
    const Text tokens(text);
    if (tokens.size() == 0) return std::string(text);
    Edit edit(tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind != TokenKind::string || inside_quotes(tokens.text(i)) != from) continue;
        std::size_t next = i + 1;
        while (tokens.text(next) == ":" || tokens.text(next) == "::") ++next;
        if (next > i + 1 && tokens.pair(next) && tokens.name(next) == type.schema &&
            tokens.name(next + 2) == type.name)
            edit.set(i, sql::literal(to));
    }
    return edit.joined();
}

namespace {

/// Whether a token lies directly in a list of what a query selects, and is the last of its item.
bool ends_item(const Text& tokens, std::size_t i) {
    return tokens.text(i + 1) == "," || tokens.keyword(i + 1, "FROM") || i + 1 == tokens.size();
}

}  // namespace

std::string rename_column_in_query(std::string_view text, const std::string& relation,
                                   const std::string& from, const std::string& to) {
    if (!may_name(text, from)) return std::string(text);
    const Text tokens(text);
    if (tokens.size() == 0) return std::string(text);
    Edit edit(tokens);
    std::vector<bool> selecting = {false};  // for each open parenthesis, whether between SELECT and FROM
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens.text(i) == "(") selecting.push_back(false);
        if (tokens.text(i) == ")" && selecting.size() > 1) selecting.pop_back();
        if (tokens.keyword(i, "SELECT")) selecting.back() = true;
        if (tokens.keyword(i, "FROM")) selecting.back() = false;
        if (!tokens.pair(i) || tokens.name(i) != relation || tokens.name(i + 2) != from) continue;
        const bool whole = i > 0 && (tokens.text(i - 1) == "," || tokens.keyword(i - 1, "SELECT"));
        std::string named = sql::identifier(to);
        if (selecting.back() && whole && ends_item(tokens, i + 2)) named += " AS " + sql::identifier(from);
        if (selecting.back() && whole && tokens.keyword(i + 3, "AS") && tokens.word(i + 4) &&
            tokens.name(i + 4) == to) {
            edit.set(i + 3, "");
            edit.set(i + 4, "");
        }
        edit.set(i + 2, named);
    }
    return edit.joined();
}

std::string rename_after_keyword(std::string_view text, std::string_view keyword, const std::string& to) {
    const Text tokens(text);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (!tokens.keyword(i, keyword)) continue;
        Edit edit(tokens);
        edit.set(i + 1, sql::identifier(to));
        return edit.joined();
    }
    return std::string(text);
}

bool same_sql(const std::string& a, const std::string& b) {
    return a == b || sql::token_stream(a) == sql::token_stream(b);
}

bool has_string(std::string_view text, const std::string& value) {
    return text.find(sql::literal(value)) != std::string_view::npos;
}

}  // namespace changelog::catalog
