// Rows told apart by their keys, so that exactly these can be deleted later.
#pragma once

#include "changelog/statement.hpp"

#include "postgres/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace changelog::execute {

/// The keys of some rows of one table, as they are now. The table is known by its oid and its columns by
/// their numbers, so that renames do not matter.
class RowKeys {
  public:
    /// Reads the keys of the rows that fulfil a condition (on the alias t): of the primary key, or whole rows
    /// where there is none. Throws DatabaseError.
    RowKeys(postgres::Connection& connection, std::uint64_t table, const std::string& condition);

    /// Why the rows are not recorded, in words for Undo::losses; empty if they are.
    const std::string& why_not() const { return why_not_; }

    std::uint64_t table() const { return table_; }

    /// DELETE statements for exactly these rows, whatever is in the table by then; names are those of now.
    /// None where the table is gone.
    std::vector<Statement> deletes(postgres::Connection& connection) const;

  private:
    struct Names {
        std::string table;
        std::vector<std::string> columns, types;
        bool is_whole_number = false;
    };
    Names names(postgres::Connection& connection) const;
    std::vector<Statement> by_ranges(const Names& now) const;
    std::vector<Statement> by_values(const Names& now) const;
    std::vector<Statement> by_whole_rows(const Names& now) const;

    std::uint64_t table_;
    std::vector<std::string> key_;    ///< numbers of the key's columns, or of all
    std::vector<std::string> types_;  ///< of these, as the session called them when the keys were read
    bool whole_ = false;              ///< there is no primary key
    std::string why_not_;
    std::vector<std::pair<std::string, std::string>> ranges_;
    std::vector<std::vector<std::optional<std::string>>> values_;
};

}  // namespace changelog::execute
