// The author's text of DDL by its tokens, addressed by the byte offsets that a parse tree gives. A parse tree
// tells where a node begins but not where it ends, and it leaves out what the grammar drops (signs of
// numbers); the tokens know both.
#pragma once

#include "sql/parse_tree.hpp"
#include "sql/tokens.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::sql {

class DdlText {
  public:
    /// `text` must outlive it. Without tokens if a quote or comment is not closed.
    explicit DdlText(std::string_view text);

    std::size_t size() const { return tokens_.size(); }
    std::string_view operator[](std::size_t index) const {
        return index < tokens_.size() ? tokens_[index].text : std::string_view();
    }
    std::size_t offset(std::size_t index) const;

    /// The first token at or behind a byte offset.
    std::size_t at(std::size_t offset) const;
    /// The token at which a node with a `location` begins.
    std::size_t at(const Node& located) const;

    /// Whether the token is this word, unquoted and in any case, or this sign.
    bool is(std::size_t index, std::string_view word) const;
    bool is_name(std::size_t index) const;

    /// The first token in [from, end) that is the word and not within brackets that open there; else `end`.
    std::size_t find(std::string_view word, std::size_t from, std::size_t end) const;
    /// The bracket that closes the one at `open`, or the last token.
    std::size_t close(std::size_t open) const;
    /// The first comma, semicolon or closing bracket that ends what begins at `from`; else `end`.
    std::size_t item_end(std::size_t from, std::size_t end) const;
    /// What a list of items between `from` and `end` consists of: begin and end of each.
    std::vector<std::pair<std::size_t, std::size_t>> items(std::size_t from, std::size_t end) const;

    /// The text from the first to the last token of [begin, end), without white space at its ends.
    std::string slice(std::size_t begin, std::size_t end) const;
    /// What stands within the brackets at `open`.
    std::string within(std::size_t open) const { return slice(open + 1, close(open)); }

    /// One past the name ("a", "a.b", "\"A\".b") that begins at `index`.
    std::size_t after_name(std::size_t index) const;

  private:
    std::string_view text_;
    std::vector<Token> tokens_;  ///< without white space and comments
};

}  // namespace changelog::sql
