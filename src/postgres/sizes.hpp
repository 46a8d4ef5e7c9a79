// How much there is in the relations of a live database, as far as its statistics know.
#pragma once

#include "changelog/names.hpp"

#include "postgres/connection.hpp"

#include <map>
#include <set>

namespace changelog::postgres {

struct RelationSize {
    char kind = 0;           ///< pg_class.relkind; 0: there is no such relation
    long long rows = -1;     ///< reltuples; -1: not known, the relation was never analyzed
    long long heap = -1;     ///< bytes of its own file, which is what a scan reads
    long long table = -1;    ///< with TOAST
    long long indexes = -1;  ///< of all its indexes
    int index_count = 0;

    bool exists() const { return kind != 0; }
    bool is_table() const { return kind == 'r' || kind == 'm' || kind == 'p' || kind == 'f'; }
    long long bytes() const { return table < 0 ? -1 : table + (indexes < 0 ? 0 : indexes); }
};

/// The sizes of those that exist, by one query. A partitioned table and a partitioned index hold nothing
/// themselves. Throws DatabaseError.
std::map<ObjectName, RelationSize> relation_sizes(Connection& connection, const std::set<ObjectName>& names);

struct RelationActivity {
    RelationSize size;
    long long writes = 0;  ///< rows inserted, updated and deleted, as far as the server counts
};

/// Every table, materialized view and index that is no part of PostgreSQL and not in one of these schemas, by
/// one query. Throws DatabaseError.
std::map<ObjectName, RelationActivity> all_relation_sizes(Connection& connection,
                                                          const std::set<std::string>& except_schemas);

}  // namespace changelog::postgres
