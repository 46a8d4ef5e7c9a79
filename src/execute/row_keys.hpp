// Rows told apart by their keys, so that exactly these can be deleted later.
#pragma once

#include "changelog/statement.hpp"

#include "postgres/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace changelog::execute {

/// Rows of one table that fulfil a condition (on the alias t) now.
class RowKeys {
  public:
    /// Reads the table's primary key; throws DatabaseError.
    RowKeys(postgres::Connection& connection, std::uint64_t table, std::string name, std::string condition);

    /// Why the rows cannot be recorded, in words for Undo::losses; nothing if they can.
    std::optional<std::string> why_not();

    /// DELETE statements for exactly these rows, whatever is in the table by then: by primary key, or without
    /// one by the whole row, one for one.
    std::vector<Statement> deletes();

  private:
    std::vector<Statement> by_ranges();
    std::vector<Statement> by_values();
    std::vector<Statement> by_whole_rows();

    postgres::Connection& connection_;
    std::string name_, condition_;
    std::vector<std::string> columns_, types_;
    bool is_whole_number_ = false;
};

}  // namespace changelog::execute
