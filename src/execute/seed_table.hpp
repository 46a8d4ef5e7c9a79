// A table as its catalog describes it to whoever wants to fill it.
#pragma once

#include "changelog/names.hpp"

#include "execute/seed_values.hpp"
#include "postgres/connection.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace changelog::execute {

struct SeedKey {
    std::string name;
    std::string parent;                        ///< the referenced table, for SQL
    bool own = false;                          ///< the table refers to itself
    std::vector<std::size_t> columns;          ///< positions in SeedTable::columns
    std::vector<std::string> referenced;       ///< names of the parent's columns
    std::vector<std::vector<std::string>> of;  ///< keys of rows that the parent has
};

struct SeedTable {
    ObjectName name;
    std::string oid;
    std::vector<SeedColumn> columns;
    std::vector<SeedKey> keys;
    std::map<std::string, std::vector<std::size_t>> conditions;  ///< columns by the constraint's name
};

/// Nothing for a table that is not there, holds no rows of its own or is a partition: its root is filled.
std::optional<SeedTable> describe_for_seed(const ObjectName& name, postgres::Connection& connection);

}  // namespace changelog::execute
