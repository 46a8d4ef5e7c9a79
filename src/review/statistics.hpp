// What a review knows of a live database: sizes, counts and what is applied there; no data, no credentials.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/diagnostics.hpp"
#include "changelog/names.hpp"
#include "changelog/plan.hpp"

#include "postgres/sizes.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::review {

struct Statistics {
    std::string source;       ///< the file, or "database"
    std::string environment;  ///< "production"; empty: nobody said
    std::string taken;        ///< when, as ISO 8601 in UTC: "2026-11-22T08:15:00Z"
    int server_version = 0;   ///< as PQserverVersion; 0: not known
    std::map<ObjectName, postgres::RelationSize> relations;  ///< tables, materialized views, indexes
    std::map<ObjectName, long long> writes;  ///< rows inserted, updated and deleted since `since`
    std::string since;                       ///< when the counters began; empty: not known
    /// What is applied, without definitions. Nothing: the file does not say.
    std::optional<std::vector<AppliedChangeSet>> applied;

    /// Days since they were taken, at a date of the same form; nothing if that is not known.
    std::optional<int> age_in_days(std::string_view now) const;
};

/// The file as JSON of schemas/statistics.schema.json, keys in a fixed order so that it can be committed.
std::string to_json(const Statistics& statistics);

/// Reads it; reports CL0014 with the place of what is wrong. `name` is what the file is called in messages.
std::optional<Statistics> read_statistics(const std::string& name, const std::string& text,
                                          Diagnostics& diagnostics);

/// Adds the indexes of the catalog's tables that the statistics do not list: as many rows as their table, and
/// a part of the bytes of all its indexes. Takes out partitioned tables that the catalog takes for plain
/// ones: what their partitions hold is not known then.
void complete_sizes(std::map<ObjectName, postgres::RelationSize>& sizes, const catalog::Catalog& catalog);

/// The sizes that a plan over all these databases uses: of each relation the largest.
std::map<ObjectName, postgres::RelationSize> largest(const std::vector<Statistics>& all);

}  // namespace changelog::review
