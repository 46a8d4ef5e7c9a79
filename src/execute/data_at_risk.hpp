// Which data the statements of a rollback would destroy.
#pragma once

#include "changelog/footprint.hpp"

#include "postgres/connection.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::execute {

/// Takes the statements in the order in which they would run.
class DataAtRisk {
  public:
    DataAtRisk(std::string default_schema, postgres::Connection& connection)
        : default_schema_(std::move(default_schema)), connection_(connection) {}

    /// "rows of public.orders", "values of public.orders.note": what the statement destroys and what the
    /// database holds now. Empty tables and columns that are NULL throughout are no loss, nor are views, nor
    /// what a statement before has made. `seen_through` becomes false where the statement runs code that
    /// cannot be read.
    std::vector<std::string> add(const std::string& statement, bool& seen_through);

  private:
    void add_one(const std::string& statement);
    void add_cascades(const std::string& statement, const ObjectName& table);
    void add_column(const ObjectRef& object, std::string_view which);
    void add_dropped(const ObjectRef& object);
    void note_made(const Footprint& footprint);

    std::string default_schema_;
    postgres::Connection& connection_;
    std::set<ObjectRef> made_;
    std::vector<std::string> found_;
    bool seen_through_ = true;
};

}  // namespace changelog::execute
