// Catalog queries that are asked again and again of other objects: the server reads and plans each only once
// for a session, which is most of what a look at a few objects costs.
#pragma once

#include "postgres/connection.hpp"

#include <set>
#include <string>
#include <vector>

namespace changelog::postgres {

class PreparedQueries {
  public:
    /// What the session has prepared it says itself: a changeset may have taken it away (DEALLOCATE,
    /// DISCARD). Throws DatabaseError.
    explicit PreparedQueries(Connection& connection);

    /// The query, with its arrays of oids (array_of()) as parameters. Throws DatabaseError.
    Rows run(const std::string& sql);
    /// A query with parameters $1, $2, ... of type text[].
    Rows run(const std::string& sql, const std::vector<std::vector<std::string>>& parameters);

  private:
    Rows run(const std::string& sql, const std::string& types, const std::string& values);

    Connection& connection_;
    std::set<std::string> known_;
};

}  // namespace changelog::postgres
