// Rows for tables that have none, so that NOT NULL, foreign keys and casts of later changesets meet some.
#pragma once

#include "execute/seed_table.hpp"
#include "execute/verify_state.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace changelog::execute {

class Seeder {
  public:
    explicit Seeder(postgres::Connection& connection) : connection_(connection) {}

    /// Gives the empty ones among these tables some rows, and columns that are NULL throughout a value.
    /// `rows`: what they hold now. The same tables get the same rows each time. Throws DatabaseError only if
    /// the session is lost.
    void fill(const std::map<ObjectName, RowSums>& rows);

    /// Takes the rows of tables that were filled, and of what refers to them, out again.
    bool empty_filled_tables();

    bool has_filled() const { return !filled_.empty(); }

    /// "public.t: why it has no rows"
    std::vector<std::string> unfilled() const;

  private:
    enum class Filled : std::uint8_t { yes, no, later };

    Filled fill_table(SeedTable& table);
    bool read_parents(SeedTable& table);
    std::string insert_row(const SeedTable& table, int row, std::vector<std::size_t>& choices);
    void fill_columns(SeedTable& table, const RowSums& sums);

    postgres::Connection& connection_;
    std::set<std::string> filled_;            ///< oids
    std::map<ObjectName, std::string> left_;  ///< why not
};

}  // namespace changelog::execute
