// Where SQL text names relations, columns, types and constants: what a rename has to change in it, by
// PostgreSQL's own parser and not by guessing at words.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::sql {

struct Mention {
    enum class What { relation, column, type, constant };
    What what = What::column;
    std::vector<std::string> parts;  ///< as stored: {"public", "orders"}; of a constant its value
    std::size_t offset = 0;          ///< where its first part begins
    bool star = false;               ///< of a column: it ends with `*`
    bool output = false;             ///< of a column: it gives an unnamed output column its name
    bool target = false;             ///< of a relation: the text makes it
    std::string alias;               ///< of a relation
    std::string cast;                ///< of a constant: the type that it is cast to, without its schema
};

struct Mentions {
    std::vector<Mention> all;     ///< by offset
    std::set<std::string> names;  ///< that the text gives itself: aliases, WITH, output columns
    std::set<std::string> parts;  ///< taken out of composite values, or joined by USING: without a place
    bool nested = false;          ///< sub-queries, set operations, functions in FROM: one word, many scopes
    bool natural = false;         ///< a NATURAL JOIN
};

/// A whole statement, or an expression. Nothing where the parser cannot read it.
std::optional<Mentions> mentions_of_statement(const std::string& text);
std::optional<Mentions> mentions_of_expression(const std::string& text);

/// A change of a text: the part with this number of what begins at `offset` becomes `replacement`, with
/// `behind` after it; with `whole` everything from the first part on is replaced.
struct NameEdit {
    std::size_t offset = 0;
    std::size_t part = 0;
    std::string replacement;
    std::string behind = {};
    bool whole = false;
};

/// The text with all of them; edits may come in any order.
std::string with_edits(const std::string& text, std::vector<NameEdit> edits);

}  // namespace changelog::sql
