// One statement of SQL as it is looked at here: its tree, its tokens, and what in it is newer than the
// parser.
#pragma once

#include "hazards/newer_syntax.hpp"
#include "sql/ddl_text.hpp"
#include "sql/parse_tree.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace changelog::hazards {

using sql::child;
using sql::flag_of;
using sql::inside;
using sql::kind_of;
using sql::Node;
using sql::strings_of;
using sql::text_of;

/// The commands of ALTER TABLE (INDEX, VIEW, ...) as tokens [begin, end); empty for other statements.
std::vector<std::pair<std::size_t, std::size_t>> command_tokens(const sql::DdlText& text);

class Parsed {
  public:
    explicit Parsed(const std::string& sql);
    Parsed(const Parsed&) = delete;
    Parsed& operator=(const Parsed&) = delete;

    bool readable() const { return !tree_.statements.empty(); }
    /// "AlterTableStmt"; "" of one that is not readable.
    std::string kind() const { return readable() ? kind_of(tree_.statements.front()) : std::string(); }
    const Node& node() const;
    const std::string& sql() const { return older_.sql; }  ///< as the parser read it
    const sql::DdlText& text() const { return text_; }
    /// What this command of ALTER TABLE stands for, if that is newer than the parser.
    bool stands_for(std::size_t command, Newer what) const;
    /// Where this command of ALTER TABLE begins in the text that was given.
    std::size_t offset_of(std::size_t command) const;

  private:
    OlderText older_;
    sql::DdlText text_;
    sql::ParseTree tree_;
    std::vector<std::size_t> offsets_;
};

/// The tree of an expression that stands in the catalog as text; null if it cannot be read.
Node expression_tree(const std::string& text);

}  // namespace changelog::hazards
